import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../lib/clock.ts'
import { minute, second } from '../lib/durations.ts'
import type { Log } from '../lib/log.ts'
import { makeLookTimer } from '../lib/look-timer.ts'
import { type Answer, plain, refused, unknownAddress } from './answers.ts'
import { makeChatRoutes } from './chat-routes.ts'
import { makeDesktopRoutes } from './desktop-routes.ts'
import { makeHookCache } from './hook-cache.ts'
import { makeHookRoutes } from './hook-routes.ts'
import { makeIntake } from './intake.ts'
import type { RelayLimits } from './limits.ts'
import type { Queue } from './queue/queue.ts'
import { Hungup, Refused, wantsPage } from './request.ts'
import { makeWaiters } from './waiters.ts'
import { readWidget } from './widget-source.ts'

export type RelayParts = {
  readonly queue: Queue
  readonly clock: Clock
  readonly log: Log
  readonly limits: RelayLimits
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** Null: `http://host:port`, for a relay that is tried out on one machine. */
  readonly publicUrl: string | null
  readonly behindProxy: boolean
  readonly adminHash: Buffer | null
}

export type Relay = {
  readonly port: number
  readonly publicUrl: string
  /** Takes nothing new, answers what is under way, closes the queue. */
  readonly stop: () => Promise<void>
}

const closeWithin = 10 * second

/** Starts the relay. Log lines hold counts and kinds, never an address, a payload or a sender. */
export async function startRelay(parts: RelayParts): Promise<Relay> {
  const { queue, clock, log, limits } = parts
  const widget = readWidget()
  const server = makeServer(limits)
  await listen(server, parts.port, parts.host)
  const { port } = server.address() as AddressInfo
  const publicUrl = parts.publicUrl?.replace(/\/+$/, '') ?? `http://${parts.host}:${port}`
  const intake = makeIntake(queue, limits, clock)
  const known = makeHookCache(queue, limits, clock)
  const waiters = makeWaiters()
  queue.onArrival(waiters.wake)
  const hooks = makeHookRoutes({ ...parts, publicUrl, intake, hooks: known })
  const chats = makeChatRoutes({ ...parts, publicUrl, intake, hooks: known, waiters, widget })
  const desktops = makeDesktopRoutes({ ...parts, publicUrl, waiters, hooks: known })
  const counts = new Map<string, number>()
  let stopping = false

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const url = request.url ?? ''
    if (url.startsWith('/h/') || url.startsWith('/f/')) return hooks(request)
    if (url.startsWith('/chat/')) return chats.answer(request)
    if (url.startsWith('/v1/')) return desktops.answer(request)
    if (url === '/healthz') {
      await queue.workspace('')
      return plain(200, 'ok\n')
    }
    return unknownAddress
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let reply: Answer
    try {
      reply = await answer(request)
    } catch (error) {
      if (error instanceof Hungup) return
      reply = toAnswer(error, wantsPage(request))
    }
    const key = `${kindOf(request.url ?? '')} ${reply.status}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
    // Else a connection that is kept open would hold up the end.
    if (stopping) response.setHeader('connection', 'close')
    respond(request, response, reply)
  }

  const toAnswer = (error: unknown, asPage: boolean): Answer => {
    if (error instanceof Refused) return refused(asPage, error.status, error.message, error.headers)
    const later = { 'retry-after': String(limits.retryAfterSeconds) }
    // The message of an error of the queue names tables, never values.
    log.error({ err: error instanceof Error ? error.message : String(error) }, 'a request could not be served')
    if (isFull(error))
      return refused(asPage, 507, 'The disk of this server is full. Please send it again later.', later)
    return refused(asPage, 503, 'This cannot be stored right now. Please send it again later.', later)
  }

  server.on('request', (request, response) => void handle(request, response))

  const cleaning = makeLookTimer({
    clock,
    look: async () => {
      const dropped = await queue.purge(clock.now() - limits.keepFor, limits.purgeItems)
      if (dropped > 0) log.warn({ dropped }, 'deliveries that nobody fetched were dropped: too old')
      return clock.now() + limits.purgeEvery
    },
    failed: (error) => log.error({ err: error instanceof Error ? error.message : String(error) }, 'could not clean up'),
    longestWait: limits.purgeEvery,
    calmly: 0,
  })
  void cleaning.start()

  const report = () => {
    if (counts.size > 0) log.info(Object.fromEntries(counts), 'answers in the last minute')
    counts.clear()
    cancelReport = clock.after(minute, report)
  }
  let cancelReport = clock.after(minute, report)

  log.info({ port, publicUrl }, 'relay runs')
  return {
    port,
    publicUrl,
    stop: async () => {
      stopping = true
      cancelReport()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      desktops.stop()
      chats.stop()
      waiters.wakeAll()
      server.closeIdleConnections()
      const giveUp = clock.after(closeWithin, () => server.closeAllConnections())
      await closed
      giveUp()
      await intake.idle()
      await cleaning.stop()
      await queue.close()
    },
  }
}

const kindOf = (url: string) => (url.startsWith('/v1/') ? 'call' : url.startsWith('/chat/') ? 'chat' : 'post')

function makeServer(limits: RelayLimits): Server {
  const server = createServer({
    headersTimeout: limits.headersWithin,
    requestTimeout: limits.requestWithin,
    keepAliveTimeout: limits.idleWithin,
    connectionsCheckingInterval: Math.min(second, limits.headersWithin),
    maxHeaderSize: limits.headerBytes,
  })
  server.maxConnections = limits.connections
  return server
}

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })

function respond(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  const length = Buffer.byteLength(body)
  const hasBody = status !== 204 && status !== 304
  response.writeHead(status, { ...headers, ...(hasBody ? { 'content-length': String(length) } : {}) })
  response.end(request.method === 'HEAD' ? undefined : body, () => {
    // What is still coming of a body that is too large must not keep the connection.
    if (!request.complete) request.socket.destroySoon()
  })
}

function isFull(error: unknown): boolean {
  const code = codeOf(error) || codeOf(error instanceof Error ? error.cause : null)
  // 53100 is PostgreSQL's disk_full.
  return ['SQLITE_FULL', 'ENOSPC', 'DISK_FULL', '53100'].includes(code)
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')
