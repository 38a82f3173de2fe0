import type { Channel, SendOutcome } from '../channels/channel.ts'
import type { Channels } from '../channels/registry.ts'
import type { Clock } from '../lib/clock.ts'
import { minute, second } from '../lib/durations.ts'
import type { Log } from '../lib/log.ts'
import { toErrorBody } from '../rpc/errors.ts'
import type { Store, WriteStore } from '../store/store.ts'
import type { Clocks } from './clocks.ts'
import { withBytes } from './outbound-payload.ts'
import { type Claim, callFreshMs, claimJob, commitJob, type OpenJob, openJobs } from './outbox-claim.ts'
import { lookUpJob } from './outbox-look-up.ts'
import { failJob, followClock, markFailed, markSent, markUnknown, release, type Settling } from './outbox-settle.ts'

/*
 * The life of a job. Every arrow is one transaction; the words on it say what causes it.
 *
 *            taken back (undo window, or any time before the point of no return)
 *        ┌──────────────────────────┬────────────────────────────────────────▶ cancelled
 *        │                          │
 *      queued ──claimed─────────▶ sending ──hooks.committing()──▶ committing ──provider has it──▶ sent
 *        ▲ │                      │  │ │                          │ │ │ ▲                         ▲
 *        │ │ opted out, number    │  │ │ certainly not sent,      │ │ │ └─ unknown: waits and     │
 *        │ │ wrong, account gone  │  │ │ no use to retry          │ │ │    asks the provider ─────┘
 *        │ └──────────────────────│──│─┴──────────────────────────│─┴─│─────────────────────────▶ failed
 *        │                        │  │                            │   │                            │
 *        ├── crash, closing ──────┘  │                            │   │ not found, and it is a call│
 *        ├── certainly not sent, may pass (at most 6 times) ──────┤   └────────────────────────────┘
 *        └── provider asked twice after a rest, does not have it ─┘          a person retries: failed ──▶ queued
 *
 * Why nothing is sent twice: a provider is only ever asked to send by an attempt that turned `sending` into
 * `committing` itself, and a job comes back from `committing` only by the provider's own word that it has nothing.
 * Why nothing is lost: every state but the three on the right is looked at again, after a crash from the database alone.
 */

export type OutboxOptions = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly channels: Pick<Channels, 'of'>
  readonly clocks: Clocks
  /** 0 ≤ x < 1, for jitter. */
  readonly random: () => number
  /** How long something of unknown outcome rests before the provider is asked for it, ms: it may still be on its way. */
  readonly reconcileAfterMs?: number
}

export type Outbox = {
  /** Takes up what an earlier run left and works from then on. */
  readonly start: () => Promise<void>
  /** Begins nothing new, keeps what has not left, resolves when the sends under way are written down. */
  readonly stop: () => Promise<void>
  /** There is something new, or an account came back: look now. */
  readonly nudge: () => void
}

const restBeforeLookUp = 20 * second
const waitForChannel = 5 * second
const waitAfterTrouble = 5 * second
// Channels have limits of their own; this one keeps a bug in one of them from blocking its account for ever. A mail with
// large files on a slow line takes its time.
const longestSend = 20 * minute
const longestLookUp = minute
const longestStop = 10 * second
// Clocks are corrected by seconds all the time.
const clockTolerance = minute

type Resting = { dueAt: number; misses: number; tries: number }

/** One job at a time for each account, accounts beside each other. */
export function makeOutbox(options: OutboxOptions): Outbox {
  const { store, clock, log, channels, clocks, random } = options
  const rest = options.reconcileAfterMs ?? restBeforeLookUp
  const lanes = new Map<number, Promise<void>>()
  const pausedUntil = new Map<number, number>()
  // What is known of lookups beyond the job's state; losing it in a crash only means asking again.
  const resting = new Map<number, Resting>()
  let running = false
  let looking: Promise<void> | null = null
  let lookAgain = false
  let cancelTimer = () => {}

  const settle = <T>(work: (tx: WriteStore, settling: Settling) => Promise<T>): Promise<T> =>
    store.write((tx) => work(tx, { now: clock.now(), clocks, random }))

  const nudge = () => {
    if (!running) return
    if (looking) {
      lookAgain = true
      return
    }
    looking = look()
      .catch((error: unknown) => {
        log.error({ err: error }, 'the outbox could not be read')
        wakeIn(waitAfterTrouble)
      })
      .finally(() => {
        looking = null
        if (!lookAgain) return
        lookAgain = false
        nudge()
      })
  }

  const wakeIn = (delay: number) => {
    cancelTimer()
    if (running) cancelTimer = clock.after(Math.max(0, delay), nudge)
  }

  const look = async () => {
    const jobs = await openJobs(store.read)
    if (!running) return
    const now = clock.now()
    const ahead = jobs.filter((job) => job.updatedAt > now + clockTolerance && !lanes.has(job.accountId))
    if (ahead.length > 0) {
      const ids = ahead.map((job) => job.id)
      await settle((tx) => followClock(tx, ids, now))
      for (const id of ids) resting.delete(id)
      lookAgain = true
      return
    }
    // What a poll settled was not ours to forget.
    for (const id of resting.keys()) {
      if (!jobs.some((job) => job.id === id && job.state === 'committing')) resting.delete(id)
    }
    let next = Number.POSITIVE_INFINITY
    for (const job of jobs) {
      if (lanes.has(job.accountId)) continue
      const dueAt = Math.max(dueTime(job, jobs, now), pausedUntil.get(job.accountId) ?? 0)
      if (dueAt <= now) open(job)
      else next = Math.min(next, dueAt)
    }
    if (next < Number.POSITIVE_INFINITY) wakeIn(next - now)
  }

  const dueTime = (job: OpenJob, jobs: readonly OpenJob[], now: number): number => {
    // Left over by a run that died before the point of no return, or whose end could not be written down.
    if (job.state === 'sending') return now
    if (job.state === 'committing') return resting.get(job.id)?.dueAt ?? job.updatedAt + rest
    if (jobs.some((other) => holdsBack(other, job))) return Number.POSITIVE_INFINITY
    const connected = job.accountGone || channels.of(job.accountId) !== null
    if (connected || (job.kind === 'call' && now > job.createdAt + callFreshMs)) return job.notBefore
    return Math.max(job.notBefore, now + waitForChannel)
  }

  const open = (job: OpenJob) => {
    const work = workOn(job)
      .catch((error: unknown) => {
        // The job's state says what to do next; a rest keeps a full disk from being asked a thousand times a second.
        log.error({ err: error, jobId: job.id }, 'the outbox could not go on')
        pausedUntil.set(job.accountId, clock.now() + waitAfterTrouble)
      })
      .finally(() => {
        lanes.delete(job.accountId)
        nudge()
      })
    lanes.set(job.accountId, work)
  }

  const workOn = async (job: OpenJob): Promise<void> => {
    switch (job.state) {
      case 'queued':
        return attempt(job)
      case 'committing':
        return lookUp(job)
      case 'sending':
        return settle((tx, settling) => release(tx, job.id, settling))
    }
  }

  const attempt = async (job: OpenJob) => {
    const claim = await settle((tx, settling) => claimJob(tx, job.id, settling))
    if (!claim) return
    const channel = running ? channels.of(job.accountId) : null
    if (!channel) return settle((tx, settling) => release(tx, claim.jobId, settling))
    const outcome = await send(channel, claim)
    await writeDown(claim, outcome)
  }

  const send = async (channel: Channel, claim: Claim): Promise<SendOutcome> => {
    let outbound: Parameters<Channel['send']>[0]
    try {
      outbound = await withBytes(claim.stored, store.blobs)
    } catch (error) {
      return { kind: 'failed', error: toErrorBody(error), retryAfterMs: null }
    }
    let refused = false
    const committing = once(async () => {
      try {
        if (!running) throw new Error('Deskbell is closing')
        await store.write((tx) => commitJob(tx, claim, clock.now()))
      } catch (error) {
        refused = true
        throw error
      }
    })
    const sending = channel.send(outbound, { committing }).then(
      // What a channel makes of our refusal is not the provider's word: the job's state knows better.
      (outcome) => (refused && outcome.kind === 'failed' ? ({ kind: 'unknown', detail: 'refused' } as const) : outcome),
      (error: unknown): SendOutcome => ({ kind: 'unknown', detail: String(error) }),
    )
    const outcome = await within(longestSend, sending)
    if (outcome) return outcome
    // It may still end after all; then what it says is worth more than any lookup.
    void sending
      .then((late) => (late.kind === 'sent' ? writeDown(claim, late) : undefined))
      .catch((error: unknown) => log.error({ err: error, jobId: claim.jobId }, 'a late answer was lost'))
    return { kind: 'unknown', detail: 'no answer' }
  }

  const writeDown = ({ jobId, attempt }: Claim, outcome: SendOutcome): Promise<void> =>
    settle(async (tx, settling) => {
      switch (outcome.kind) {
        case 'sent':
          return markSent(tx, jobId, outcome, settling)
        case 'failed':
          return markFailed(tx, jobId, attempt, outcome, settling)
        case 'unknown':
          if (!running) await release(tx, jobId, settling)
          return markUnknown(tx, jobId, attempt, outcome.detail, settling)
      }
    })

  const lookUp = async (job: OpenJob) => {
    const state = resting.get(job.id) ?? { dueAt: 0, misses: 0, tries: 0 }
    const channel = channels.of(job.accountId)
    const find = channel && ((...asked: Parameters<Channel['find']>) => within(longestLookUp, channel.find(...asked)))
    const next = await lookUpJob({ store, settle, random, now: clock.now }, job, state, find)
    if (next) resting.set(job.id, next)
    else resting.delete(job.id)
  }

  /** Null when it takes longer. */
  const within = <T>(limit: number, work: Promise<T>): Promise<T | null> =>
    new Promise((resolve, reject) => {
      const cancel = clock.after(limit, () => resolve(null))
      work.then(resolve, reject).finally(cancel)
    })

  return {
    nudge,
    start: async () => {
      // A phone must not ring minutes later. What else an earlier run left is taken up by the first look.
      for (const job of await openJobs(store.read)) {
        if (job.kind !== 'call' || job.state !== 'queued') continue
        await settle((tx, settling) => failJob(tx, job.id, calledTooLate, settling))
      }
      running = true
      nudge()
    },
    stop: async () => {
      running = false
      cancelTimer()
      await within(longestStop, Promise.allSettled([looking, ...lanes.values()]))
    },
  }
}

const calledTooLate = 'The call was not placed because Deskbell was closed. Please dial again.'

/**
 * While it is open whether one message arrived, no other one may leave that a lookup could take for it: a second text
 * to the same person, or any second call (all ring the same phone of ours first).
 */
function holdsBack(other: OpenJob, job: OpenJob): boolean {
  if (other.state !== 'committing' || other.accountId !== job.accountId || other.id === job.id) return false
  return other.personId === job.personId || (other.kind === 'call' && job.kind === 'call')
}

/** A channel may announce the point of no return once or twice; it is passed once. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null
  return () => {
    done ??= work()
    return done
  }
}
