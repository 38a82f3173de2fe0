import { createHash, timingSafeEqual } from 'node:crypto'
import type { Server } from 'node:http'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import type { Clock } from '../../lib/clock.ts'
import { second } from '../../lib/durations.ts'
import type { Log } from '../../lib/log.ts'
import { makeRateLimit } from '../../lib/rate-limit.ts'
import { DeskbellError } from '../../rpc/errors.ts'
import {
  answerAddress,
  answerChallenge,
  answerPreflight,
  answerRefused,
  answerTaken,
  answerUnknown,
} from './answers.ts'
import type { FormLimits } from './limits.ts'
import type { Post } from './post.ts'
import { readBytes, readerOf } from './read-body.ts'
import { Refusal } from './refusal.ts'

export type Endpoint = {
  readonly accountId: number
  readonly token: string
  /** Resolves when the submission is stored. @throws Refusal */
  readonly receive: (post: Post) => Promise<{ readonly next: string | null }>
  /** A post to it was not taken; for the counts. */
  readonly refused: (status: Refusal['status']) => void
  /** The answer when a provider asks whether the address is ours; null to refuse. */
  readonly handshake: (query: URLSearchParams) => string | null
}

/** The one HTTP listener for all forms, on this computer only. It listens while there is at least one endpoint. */
export type FormsListener = {
  /** From now on the endpoint gets what is handed over; posts of this computer once the listener listens. */
  readonly add: (endpoint: Endpoint) => void
  /** Starts listening if it did not yet. @throws DeskbellError `CONFLICT` when its port is taken by another program */
  readonly listen: () => Promise<void>
  /** Resolves when the posts under way to it are answered. */
  readonly remove: (token: string) => Promise<void>
  /**
   * A post that something else took for this computer. `taken` when it is stored, `refused` when it can never be,
   * `unknown` when no form has this address.
   * @throws when it cannot be stored now: it must come again
   */
  readonly handOver: (token: string, post: Post) => Promise<'taken' | 'refused' | 'unknown'>
  /** Starts listening if it did not yet. Answers the origin also when the port is taken right now: that passes. */
  readonly ready: () => Promise<string | null>
  /** `http://127.0.0.1:4850`: where it listens, or will listen again; null when no port was ever chosen. */
  readonly origin: () => Promise<string | null>
}

export type ListenerParts = {
  readonly clock: Clock
  readonly log: Log
  readonly limits: FormLimits
  readonly ports: PortChoice
}

/** Which port to listen on. A form's address must not change, so the first that worked is kept. */
export type PortChoice = {
  /** In the order to try. A single one when it was chosen before. */
  readonly candidates: () => Promise<readonly number[]>
  readonly chosen: (port: number) => Promise<void>
}

export const pathOfToken = (token: string): string => `/f/${token}`

export function makeFormsListener({ clock, log, limits, ports }: ListenerParts): FormsListener {
  const endpoints = new Map<string, Endpoint>()
  const underWay = new Map<string, Set<Promise<unknown>>>()
  const perForm = makeRateLimit(limits.perForm, 1000)
  const perSender = makeRateLimit(limits.perSender, limits.senders)
  let listening: Promise<Server> | null = null
  let port: number | null = null

  const handle = async (c: Context<{ Bindings: HttpBindings }>): Promise<Response> => {
    const endpoint = findEndpoint(endpoints, c.req.param('token') ?? '')
    if (!endpoint) return answerUnknown()
    const request = c.req.raw
    try {
      switch (request.method) {
        case 'OPTIONS':
          return answerPreflight()
        case 'GET':
        case 'HEAD':
          return answerVisit(endpoint, new URL(request.url).searchParams)
        case 'POST':
          return await take(endpoint, request, senderOf(c))
        default:
          throw new Refusal(405, 'Send the form with POST.', { allow: 'GET, HEAD, POST, OPTIONS' })
      }
    } catch (error) {
      if (error instanceof Refusal) {
        log.info({ accountId: endpoint.accountId, status: error.status }, 'a form post was refused')
        endpoint.refused(error.status)
        return answerRefused(request, error.status, error.message, error.headers)
      }
      // The sender must keep it: whatever is wrong here, it is not the fault of what was sent.
      log.error({ accountId: endpoint.accountId, err: error }, 'a form post could not be stored')
      return answerRefused(request, 503, 'This cannot be stored right now. Please send it again later.', {
        'retry-after': String(limits.retryAfterSeconds),
      })
    }
  }

  const take = async (endpoint: Endpoint, request: Request, sender: string): Promise<Response> => {
    const now = clock.now()
    const wait = perForm.take(endpoint.token, now) || perSender.take(sender, now)
    if (wait > 0)
      throw new Refusal(429, 'Too many posts at once. Please send it again later.', { 'retry-after': String(wait) })
    const contentType = request.headers.get('content-type')
    if (!readerOf(contentType) || isCompressed(request)) {
      throw new Refusal(
        415,
        'This address takes uncompressed JSON, application/x-www-form-urlencoded and multipart/form-data. Nothing was taken.',
        { connection: 'close' },
      )
    }
    // Before the body: the server forgets a request's headers as it is read.
    const headers = Object.fromEntries(request.headers)
    const bytes = await readBytes(request, limits.bodyBytes)
    const { next } = await endpoint.receive({ bytes, headers, at: now })
    return answerTaken(request, next)
  }

  const underWayAt = <T>(token: string, work: Promise<T>): Promise<T> => {
    const set = underWay.get(token)
    set?.add(work)
    const done = () => void set?.delete(work)
    work.then(done, done)
    return work
  }

  const app = new Hono<{ Bindings: HttpBindings }>()
  app.all('/f/:token', (c) => underWayAt(c.req.param('token'), handle(c)))
  app.notFound(() => answerUnknown())

  const listen = async (): Promise<Server> => {
    for (const candidate of await ports.candidates()) {
      const server = await tryListen(app, candidate, limits)
      if (!server) continue
      const address = server.address()
      port = typeof address === 'object' && address ? address.port : candidate
      await ports.chosen(port)
      log.info({ port }, 'forms are taken on this computer')
      return server
    }
    throw portTaken()
  }

  const ensureListening = async (): Promise<void> => {
    listening ??= listen()
    try {
      await listening
    } catch (error) {
      listening = null
      throw error
    }
  }

  const origin = async (): Promise<string | null> => {
    const kept = port === null ? await ports.candidates() : [port]
    return kept.length === 1 && kept[0] ? `http://127.0.0.1:${kept[0]}` : null
  }

  return {
    origin,
    ready: async () => {
      await ensureListening().catch((error: unknown) => log.warn({ err: error }, 'forms cannot be taken yet'))
      return origin()
    },
    listen: ensureListening,
    add: (endpoint) => {
      endpoints.set(endpoint.token, endpoint)
      underWay.set(endpoint.token, underWay.get(endpoint.token) ?? new Set())
    },
    handOver: async (token, post) => {
      const endpoint = findEndpoint(endpoints, token)
      if (!endpoint) return 'unknown'
      try {
        await underWayAt(token, endpoint.receive(post))
        return 'taken'
      } catch (error) {
        if (!(error instanceof Refusal) || error.status === 503) throw error
        log.info({ accountId: endpoint.accountId, status: error.status }, 'a form post was refused')
        endpoint.refused(error.status)
        return 'refused'
      }
    },
    remove: async (token) => {
      if (!endpoints.delete(token)) return
      await Promise.allSettled(underWay.get(token) ?? [])
      underWay.delete(token)
      if (endpoints.size > 0 || !listening) return
      const server = await listening.catch(() => null)
      // Somebody else may have been added while the last one left.
      if (endpoints.size > 0 || !server) return
      listening = null
      await closeServer(server, clock)
    },
  }
}

function answerVisit(endpoint: Endpoint, query: URLSearchParams): Response {
  if (!query.has('hub.mode')) return answerAddress()
  const answer = endpoint.handshake(query)
  if (answer === null)
    throw new Refusal(403, 'The verify token is the last part of this address. Check what was entered.')
  return answerChallenge(answer)
}

/** Every token is compared, each in constant time: how long a 404 takes says nothing about the tokens there are. */
function findEndpoint(endpoints: ReadonlyMap<string, Endpoint>, token: string): Endpoint | null {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const asked = digest(token)
  let found: Endpoint | null = null
  for (const endpoint of endpoints.values()) {
    if (timingSafeEqual(asked, digest(endpoint.token))) found = endpoint
  }
  return found
}

/** The visitor's address. Behind a tunnel the last hop it wrote down is the only one that it saw itself. */
function senderOf(c: Context<{ Bindings: HttpBindings }>): string {
  const forwarded = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
  return forwarded || c.env.incoming.socket.remoteAddress || 'unknown'
}

const isCompressed = (request: Request): boolean =>
  !['', 'identity'].includes(request.headers.get('content-encoding') ?? '')

function tryListen(app: Hono<{ Bindings: HttpBindings }>, port: number, limits: FormLimits): Promise<Server | null> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      headersTimeout: limits.headersWithin,
      requestTimeout: limits.requestWithin,
      keepAliveTimeout: limits.idleWithin,
      connectionsCheckingInterval: Math.min(second, limits.headersWithin),
      maxHeaderSize: limits.headerBytes,
    },
  }) as Server
  server.maxConnections = limits.connections
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null)
      else reject(error)
    })
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

const closeWithin = 5 * second

function closeServer(server: Server, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const giveUp = clock.after(closeWithin, () => server.closeAllConnections())
    server.close(() => {
      giveUp()
      resolve()
    })
    server.closeIdleConnections()
  })
}

const portTaken = () =>
  new DeskbellError({
    code: 'CONFLICT',
    message:
      'Another program on this computer uses the address of your forms, so posts cannot come in. Close that program; Deskbell tries again by itself.',
    fault: 'user',
    retryable: true,
    detail: 'the port of the forms listener is in use',
  })
