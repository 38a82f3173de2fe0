import { minute, second } from '../../lib/durations.ts'
import { conflict, toErrorBody } from '../../rpc/errors.ts'
import type { Channel, ChannelContext, SendOutcome } from '../channel.ts'
import type { TwilioSettings } from '../contract.ts'
import { createAnnounced } from './announced.ts'
import { createTwilioClient, type TwilioClient } from './client.ts'
import { TwilioError } from './failure.ts'
import { fetchKeptBack } from './fetch-file.ts'
import { find } from './find.ts'
import type { Look } from './look.ts'
import { listNumbers, markFiled, noteAbilities, numbersOf, readWatched } from './own-numbers.ts'
import { createOwnSends } from './own-sends.ts'
import { asTyped } from './phone.ts'
import { pollCalls } from './poll-calls.ts'
import { pollMessages } from './poll-messages.ts'
import { listPrepared } from './prepared.ts'
import { problemOf } from './problems.ts'
import { send } from './send.ts'

export type TwilioChannelOptions = {
  readonly fetch: typeof fetch
  readonly timing?: Partial<Timing>
}

/** Milliseconds. */
export type Timing = {
  /** Between two looks. Two to four requests each: far below Twilio's limit on concurrency. */
  readonly pollEvery: number
  /** Between two full looks over the whole window. */
  readonly fullEvery: number
  /** Longest wait between attempts while something is wrong. */
  readonly longestBackOff: number
  /** Per request. */
  readonly timeout: number
  /** How long an outgoing item nobody claims waits before it counts as sent by another program (`own-sends.ts`). */
  readonly grace: number
  /** How long a send of unknown outcome may still be under way inside Twilio (`find.ts`). */
  readonly settle: number
}

const usual: Timing = {
  pollEvery: 15 * second,
  fullEvery: 10 * minute,
  longestBackOff: 10 * minute,
  timeout: 20 * second,
  grace: minute,
  settle: 10 * second,
}

const confirmEvery = 5 * minute
const connected = 'Connected. Calls and texts are fetched every 15 seconds.'
const lost = (numbers: readonly string[]) =>
  numbers.length === 0
    ? connected
    : `${numbers.join(', ')} ${numbers.length === 1 ? 'is' : 'are'} not in your Twilio account any more: nothing comes in there, and answers leave from another number. Choose your numbers again in Settings → Channels.`
const noToken = {
  state: 'auth-failed',
  message: 'The Twilio auth token is missing. Paste it again in Settings → Channels.',
} as const

/**
 * The numbers of a Twilio account as a channel. Twilio's logs are the truth, so they are read over and over: nothing needs a public
 * address, and nothing is lost while the machine sleeps.
 *
 * Back-off: time-outs, 429 (`Retry-After` honoured) and 5xx wait longer each time, with jitter; a refused token stops
 * everything until somebody acts, since repeating it may lock the account.
 */
export function createTwilioChannel(
  settings: TwilioSettings,
  context: ChannelContext,
  options: TwilioChannelOptions,
): Channel {
  const { clock, log } = context
  const timing = { ...usual, ...options.timing }
  const numbers = numbersOf(settings)
  const number = asTyped(settings.number)
  const ownSends = createOwnSends(clock, timing.grace)
  const announced = createAnnounced(clock, context)
  const stopping = new AbortController()
  const sends = new Set<Promise<unknown>>()
  let client: { readonly token: string; readonly api: TwilioClient } | null = null
  let cancelTimer: (() => void) | null = null
  let running: Promise<void> | null = null
  let waiting: Promise<void> | null = null
  let failures = 0
  let lastFull: number | null = null
  let gone: readonly string[] = []
  let reported: { readonly state: string; readonly message: string; readonly at: number } | null = null

  async function connect(): Promise<TwilioClient | null> {
    const token = await context.secret()
    if (token === null || token === '') return null
    // The client is kept while the token is the same: it knows how far Twilio's clock is from ours.
    if (client?.token !== token) {
      const access = { accountSid: settings.accountSid, authToken: token, baseUrl: settings.baseUrl }
      const api = createTwilioClient({
        access,
        fetch: options.fetch,
        clock,
        timeoutMs: timing.timeout,
        stopped: stopping.signal,
      })
      client = { token, api }
    }
    return client.api
  }

  /**
   * When the account was connected, by Twilio's clock; asked once, kept for ever. It counts from the first attempt: who
   * writes while the token is wrong is a lead, and not history.
   */
  async function connectedAt(api: TwilioClient): Promise<number> {
    const stored = await context.cursor('connected')
    if (stored !== null) return Number(stored)
    const tried = await context.cursor('tried')
    const since = tried === null ? clock.now() : Number(tried)
    try {
      await api.get('.json')
    } catch (error) {
      if (tried === null) await context.deliver([], [{ scope: 'tried', value: String(since) }])
      throw error
    }
    // Only an answer tells how far the clocks are apart.
    const at = tried === null ? api.twilioNow() : since + api.twilioNow() - clock.now()
    await context.deliver([], [{ scope: 'connected', value: String(at) }])
    return at
  }

  async function look(): Promise<void> {
    const api = await connect()
    if (api === null) {
      await report(noToken)
      return
    }
    const startedAt = clock.now()
    const watched = await readWatched(numbers, await connectedAt(api), api, context)
    const due = lastFull === null || startedAt - lastFull >= timing.fullEvery
    const depth = due || watched.fresh.size > 0 ? 'full' : 'quick'
    const now: Look = { client: api, context, watched, ownSends, announced, depth }
    try {
      await pollMessages(now)
      await pollCalls(now)
      await markFiled(context, watched.fresh)
      if (depth === 'full') gone = await noteAbilities(numbers, await listNumbers(api, log), context)
      await announced.settle()
    } catch (error) {
      // A look that broke off may have left a gap that a quick one would not notice.
      lastFull = null
      throw error
    }
    if (depth === 'full') lastFull = startedAt
    failures = 0
    await report({ state: 'ok', message: lost(gone) })
    schedule(timing.pollEvery)
  }

  async function attempt(): Promise<void> {
    try {
      await look()
    } catch (error) {
      if (stopping.signal.aborted) return
      await fail(error)
    }
  }

  async function fail(error: unknown): Promise<void> {
    const problem =
      error instanceof TwilioError ? problemOf(error.failure) : { error: toErrorBody(error), retryAfterMs: null }
    const detail = problem.error.detail === undefined ? {} : { detail: problem.error.detail }
    log.warn({ accountId: context.accountId, code: problem.error.code, ...detail }, 'looking at Twilio failed')
    try {
      if (problem.error.code === 'AUTH_FAILED') {
        await report({ state: 'auth-failed', message: problem.error.message, ...detail })
        return
      }
      failures += 1
      const backOff = Math.min(timing.pollEvery * 2 ** (failures - 1), timing.longestBackOff)
      // Half of it is left to chance: seats that failed together must not come back together.
      const jittered = backOff * (0.5 + context.random() / 2)
      const asked = error instanceof TwilioError && error.failure.kind === 'refused' ? error.failure.retryAfterMs : null
      const wait = Math.max(jittered, asked ?? 0)
      schedule(wait)
      await report({
        state: 'backing-off',
        message: problem.error.message,
        ...detail,
        nextRetryAt: clock.now() + wait,
      })
    } catch (reportError) {
      // The store is what fails (disk full): the timer is set, the next look tries again.
      log.error({ accountId: context.accountId, detail: String(reportError) }, 'could not store the state of Twilio')
    }
  }

  /** Stored on every change; while all is well once in a while is enough to tell that it still is. */
  async function report(state: Parameters<ChannelContext['report']>[0]): Promise<void> {
    const now = clock.now()
    const same = reported?.state === state.state && reported.message === state.message
    if (state.state === 'ok' && same && reported !== null && now - reported.at < confirmEvery) return
    await context.report(state)
    reported = { state: state.state, message: state.message, at: now }
  }

  function schedule(delay: number): void {
    cancelTimer?.()
    cancelTimer = stopping.signal.aborted ? null : clock.after(delay, () => void poll())
  }

  /**
   * One look at a time; who asks during one gets another after it, since it may already have passed the news. All who
   * ask meanwhile get the same one: a burst of webhooks is one look, not hundreds.
   */
  function poll(): Promise<void> {
    if (stopping.signal.aborted) return running ?? Promise.resolve()
    cancelTimer?.()
    cancelTimer = null
    if (running === null) {
      running = attempt().finally(() => {
        running = null
      })
      return running
    }
    waiting ??= running.then(() => {
      waiting = null
      return stopping.signal.aborted ? undefined : poll()
    })
    return waiting
  }

  async function tracked<T>(work: Promise<T>): Promise<T> {
    sends.add(work)
    try {
      return await work
    } finally {
      sends.delete(work)
    }
  }

  async function notConnected(): Promise<SendOutcome> {
    return {
      kind: 'failed',
      error: { code: 'NOT_CONNECTED', message: noToken.message, fault: 'user', retryable: false },
      retryAfterMs: null,
    }
  }

  return {
    start: async () => {
      await report({ state: 'connecting', message: 'Connecting to Twilio…' })
      schedule(0)
    },
    stop: async () => {
      cancelTimer?.()
      cancelTimer = null
      stopping.abort()
      await Promise.allSettled([running, waiting, ...sends])
    },
    poll,
    hint: announced.hinted,
    send: async (outbound, hooks) => {
      const api = await connect()
      if (api === null) return notConnected()
      return tracked(send({ client: api, number, ownSends }, outbound, hooks))
    },
    find: async (outbound, since, isTaken) => {
      const api = await connect()
      if (api === null) return { kind: 'unreachable', detail: noToken.message }
      const deps = { client: api, number, ownSends, log, now: clock.now, settleMs: timing.settle }
      return find(deps, outbound, since, isTaken)
    },
    fetchFile: async (asked) => {
      const api = await connect()
      if (api === null) throw conflict(noToken.message)
      return tracked(fetchKeptBack(api, context, asked))
    },
    prepared: async () => {
      const api = await connect()
      if (api === null) throw conflict(noToken.message)
      return tracked(listPrepared(api, log))
    },
    hangUp: async (externalId) => {
      const api = await connect()
      if (api === null) return
      try {
        await api.post(`/Calls/${externalId}.json`, { Status: 'completed' })
      } catch (error) {
        // 21220 and 404: it is over already, which is what was asked for.
        const failure = error instanceof TwilioError ? error.failure : null
        if (failure?.kind === 'refused' && (failure.code === 21220 || failure.status === 404)) return
        throw error
      }
    },
  }
}
