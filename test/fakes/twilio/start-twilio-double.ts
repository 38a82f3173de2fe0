import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer } from './answers.ts'
import { refusal } from './answers.ts'
import type { Calls } from './calls.ts'
import { createCalls } from './calls.ts'
import type { FaultBox } from './faults.ts'
import { createFaultBox, faultAnswer } from './faults.ts'
import { answer } from './routes.ts'
import type { Json } from './shapes.ts'
import type { Texts } from './texts.ts'
import { createTexts } from './texts.ts'
import type { World, WorldOptions } from './world.ts'
import { createWorld, firstNumber } from './world.ts'

/** One request as it arrived, with what was answered (`status` is null when nothing was). */
export type RequestRecord = {
  readonly at: number
  readonly method: string
  readonly path: string
  /** Raw query string, without the question mark. */
  readonly query: string
  readonly form: Readonly<Record<string, string>>
  status: number | null
  body: Json | null
}

export type TwilioDouble = {
  /** `http://127.0.0.1:PORT`: what a test gives the adapter as base URL. */
  readonly url: string
  readonly accountSid: string
  readonly authToken: string
  /** The account's first number. */
  readonly number: string
  readonly world: World
  readonly texts: Texts
  readonly calls: Calls
  readonly faults: FaultBox
  readonly requests: RequestRecord[]
  /** Its time-out comes the moment this double keeps an answer back (`hang`): no test waits for, or fears, a real one. */
  readonly fetch: typeof fetch
  /** How many requests came, by method and a part of the path: `count('POST', '/Messages.json')`. */
  readonly count: (method: string, path: string) => number
  /** The most requests ever open at one time: Twilio's own limit is on concurrency. */
  readonly peak: () => number
  readonly stop: () => Promise<void>
}

export type DoubleOptions = WorldOptions & {
  readonly port?: number
  /** Changes what a list answers: rows twice, rows in another order. */
  readonly disturb?: (body: Json) => Json
}

/**
 * Starts a stateful double of Twilio's published REST API on loopback, for one account.
 * It remembers what it is sent, so that a test can ask what a customer would have received.
 */
export async function startTwilioDouble(options: DoubleOptions = {}): Promise<TwilioDouble> {
  const world = createWorld(options)
  const faults = createFaultBox()
  const requests: RequestRecord[] = []
  const underWay = new Set<AbortController>()
  const timeOut = () => {
    for (const it of underWay) it.abort(new DOMException('The double keeps silent.', 'TimeoutError'))
  }
  const impatient: typeof fetch = (input, init) => {
    const silence = new AbortController()
    underWay.add(silence)
    const signal = init?.signal ? AbortSignal.any([init.signal, silence.signal]) : silence.signal
    return fetch(input, { ...init, signal }).finally(() => underWay.delete(silence))
  }
  let open = 0
  let peak = 0
  const server = createServer((request, response) => {
    open += 1
    peak = Math.max(peak, open)
    response.once('close', () => {
      open -= 1
    })
    void serve(request, response).catch(() => response.destroy())
  })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`)
    const form = new URLSearchParams(await text(request))
    const method = request.method ?? 'GET'
    const record: RequestRecord = {
      at: world.now(),
      method,
      path: url.pathname,
      query: url.search.slice(1),
      form: Object.fromEntries(form),
      status: null,
      body: null,
    }
    requests.push(record)
    const trouble = faults.take(method, url.pathname)
    if (trouble?.kind === 'hang') return timeOut()
    if (trouble?.kind === 'cut') {
      response.destroy()
      return
    }
    const reply =
      (trouble === undefined ? undefined : faultAnswer(trouble)) ??
      (authorised(world, request.headers.authorization) ? answer(world, { method, url, form }) : refusal(401, 20003))
    if (trouble?.kind === 'hang-after-accepting') return timeOut()
    if (trouble?.kind === 'cut-after-accepting') {
      response.destroy()
      return
    }
    const json = reply.json && options.disturb ? options.disturb(reply.json) : reply.json
    record.status = reply.status
    record.body = json ?? null
    write(response, json === undefined ? reply : { ...reply, json }, world.now())
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    accountSid: world.account.sid,
    authToken: world.account.authToken,
    number: firstNumber(world),
    world,
    texts: createTexts(world),
    calls: createCalls(world),
    faults,
    requests,
    fetch: impatient,
    count: (method, path) => requests.filter((one) => one.method === method && one.path.includes(path)).length,
    peak: () => peak,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)))
        server.closeAllConnections()
      }),
  }
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function authorised(world: World, header: string | undefined): boolean {
  const expected = Buffer.from(`${world.account.sid}:${world.account.authToken}`).toString('base64')
  return header === `Basic ${expected}`
}

function write(response: ServerResponse, reply: Answer, now: number): void {
  const body = reply.bytes ?? new TextEncoder().encode(JSON.stringify(reply.json ?? {}))
  response.writeHead(reply.status, {
    'content-type': 'application/json;charset=utf-8',
    date: new Date(now).toUTCString(),
    'content-length': String(body.byteLength),
    ...reply.headers,
  })
  response.end(body)
}
