import { createHash } from 'node:crypto'
import { unpackEnvelope } from '../../relay/envelope.ts'
import { openOpener } from '../../relay/sealed-box.ts'
import type { PullOutput } from '../../relay/wire.ts'
import { badInput, DeskbellError, toErrorBody } from '../../rpc/errors.ts'
import type { Channel, ChannelContext, StateReport } from '../channel.ts'
import type { RelaySettings } from '../contract.ts'
import { deliveriesPerPull, type RelayTiming, relayTiming } from './limits.ts'
import { makeRelayClient, type RelayClient } from './relay-client.ts'
import { parseRelaySecret, type RelaySecret } from './relay-secret.ts'
import { type RelaySurroundings, type Taken, takeDelivery } from './take-delivery.ts'

export type RelayChannelParts = {
  readonly settings: RelaySettings
  readonly context: ChannelContext
  readonly around: RelaySurroundings
  readonly fetch: typeof fetch
  readonly timing?: Partial<RelayTiming>
}

const seqScope = 'seq'
const connected = 'Connected. What arrives at your public addresses is here at once.'

/**
 * The relay as a channel: fetches what websites, Twilio and mail programs left there while this computer slept, and
 * tells the relay to forget it once it is stored here. What is fetched twice is stored once: each thing keeps its name.
 */
export function makeRelayChannel({ settings, context, around, fetch, timing: some }: RelayChannelParts): Channel {
  const { clock, log } = context
  const timing = { ...relayTiming, ...some }
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  let wake = () => {}
  let failures = 0
  let missing = 0
  let reported: { readonly message: string; readonly at: number } | null = null

  const secret = async (): Promise<RelaySecret> => {
    const known = parseRelaySecret(await context.secret())
    if (!known) throw noKey
    return known
  }

  const look = async (): Promise<void> => {
    const { key, privateKey } = await secret()
    const client = makeRelayClient({
      url: settings.url,
      bearer: key,
      fetch,
      clock,
      timeout: timing.timeout,
      stopped: stopping.signal,
    })
    // After trouble the first answer must come at once, so that the state is right again.
    const waitMs = failures > 0 || reported === null ? 0 : timing.wait
    const answer = await client.pull({ consumer: consumerOf(privateKey), waitMs, max: deliveriesPerPull })
    await take(client, answer, privateKey)
    failures = 0
    await reportWell()
  }

  const take = async (client: RelayClient, answer: PullOutput, privateKey: Buffer): Promise<void> => {
    const open = openOpener(privateKey)
    const before = Number((await context.cursor(seqScope)) ?? 0)
    let seen = Math.min(before, answer.lastSeq)
    let done = 0
    const left = new Map<string, number>()
    const leaveOut = (count: number, reason: string) => void left.set(reason, (left.get(reason) ?? 0) + count)
    try {
      for (const { seq, box } of answer.deliveries) {
        if (stopping.signal.aborted) break
        const outcome = await takeBox(open(settings.workspace, Buffer.from(box, 'base64')), privateKey)
        if (outcome.kind === 'skipped') leaveOut(1, outcome.reason)
        if (seq > seen + 1) noteMissing(seq - seen - 1, leaveOut)
        seen = Math.max(seen, seq)
        done = seq
      }
      // Nothing waits and yet there was more than was seen: it grew too old at the relay.
      if (answer.waiting === 0 && answer.lastSeq > seen) {
        noteMissing(answer.lastSeq - seen, leaveOut)
        seen = answer.lastSeq
      }
    } finally {
      // Also when one in the middle has to wait: what came before it is stored and must not come again.
      await remember(seen === before ? null : seen, left)
      if (done > 0) await client.acknowledge({ consumer: consumerOf(privateKey), upTo: done })
    }
  }

  const takeBox = (opened: ReturnType<ReturnType<typeof openOpener>>, privateKey: Buffer): Promise<Taken> => {
    if (opened.kind === 'other-key') throw otherKey
    const envelope = opened.kind === 'opened' ? unpackEnvelope(opened.plaintext) : null
    if (opened.kind === 'damaged' || !envelope) {
      log.error({ accountId: context.accountId }, 'a delivery of the relay is damaged')
      return Promise.resolve({ kind: 'skipped', reason: 'damaged on its way: it could not be opened' })
    }
    return takeDelivery({ settings, privateKey, context, around }, opened.boxId.toString('hex'), envelope)
  }

  const noteMissing = (count: number, leaveOut: (count: number, reason: string) => void) => {
    missing += count
    log.warn({ accountId: context.accountId, count }, 'the relay dropped deliveries before they were fetched')
    leaveOut(count, 'dropped by the relay: nobody had fetched it for too long')
  }

  const remember = async (seen: number | null, left: ReadonlyMap<string, number>): Promise<void> => {
    const cursors = seen === null ? [] : [{ scope: seqScope, value: String(seen) }]
    const [first, ...others] = [...left].map(([reason, skipped]) => ({ skipped, reason }))
    if (cursors.length > 0 || first) await context.deliver([], cursors, first)
    for (const counts of others) await context.deliver([], [], counts)
  }

  const reportWell = async (): Promise<void> => {
    const lost = missing === 1 ? 'One post was' : `${missing} posts were`
    const message =
      missing === 0 ? connected : `${connected} ${lost} dropped there: this computer was away for too long.`
    const now = clock.now()
    if (reported?.message === message && now - reported.at < timing.confirmEvery) return
    await context.report({ state: 'ok', message })
    reported = { message, at: now }
  }

  /** How long to rest before the next look, ms; null: until somebody acts. */
  const fail = async (error: unknown): Promise<number | null> => {
    const body = toErrorBody(error)
    const detail = body.detail === undefined ? {} : { detail: body.detail }
    log.warn({ accountId: context.accountId, code: body.code, ...detail }, 'looking at the relay failed')
    reported = null
    failures += 1
    // A key that was refused is not shown again by itself: it would only be refused again.
    const rests = body.code === 'AUTH_FAILED'
    const backOff = Math.min(timing.firstBackOff * 2 ** (failures - 1), timing.longestBackOff)
    // Half of it is left to chance: seats that failed together must not come back together.
    const wait = Math.round(backOff * (0.5 + context.random() / 2))
    const report: StateReport = rests
      ? { state: 'auth-failed', message: body.message, ...detail }
      : { state: 'backing-off', message: body.message, ...detail, nextRetryAt: clock.now() + wait }
    await context.report(report)
    return rests ? null : wait
  }

  const rest = (ms: number | null): Promise<void> =>
    new Promise((resolve) => {
      if (stopping.signal.aborted) {
        resolve()
        return
      }
      const cancel = ms === null ? () => {} : clock.after(ms, resolve)
      wake = () => {
        cancel()
        resolve()
      }
    })

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await look()
      } catch (error) {
        if (stopping.signal.aborted) return
        await rest(await fail(error))
      }
    }
  }

  return {
    start: async () => {
      running = run()
    },
    stop: async () => {
      stopping.abort()
      wake()
      await running
    },
    // While all is well a question already waits at the relay; poll only ends a rest.
    poll: async () => wake(),
    send: async () => ({ kind: 'failed', error: cannotSend.body, retryAfterMs: null }),
    find: async () => ({ kind: 'not-found' }),
  }
}

/** The same after every restart of this computer, and not the key itself. */
const consumerOf = (privateKey: Buffer): string =>
  createHash('sha256').update('consumer').update(privateKey).digest('hex').slice(0, 32)

const cannotSend = badInput('The relay only takes messages. Answer by e-mail or text.')

const keyTrouble = (message: string, detail: string) =>
  new DeskbellError({ code: 'AUTH_FAILED', message, fault: 'user', retryable: false, detail })

const noKey = keyTrouble(
  'The key of the relay is gone from this computer, so what arrives there cannot be read. Ask for a new invite and connect again.',
  'no secret',
)
const otherKey = keyTrouble(
  'What waits at the relay was locked for another key than this computer has. Restore the key it was connected with; nothing is deleted meanwhile.',
  'sealed to another key',
)
