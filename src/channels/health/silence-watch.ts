import type { BusinessTime } from '../../lib/business-time.ts'
import type { Clock } from '../../lib/clock.ts'
import { day, minute } from '../../lib/durations.ts'
import type { Log } from '../../lib/log.ts'
import { conflict } from '../../rpc/errors.ts'
import type { ReadStore, Store, WriteStore } from '../../store/store.ts'
import { type AccountRow, readAccounts } from '../accounts.ts'
import { type Rhythm, rhythmOf } from '../rhythm.ts'
import { readArrivals } from './arrivals.ts'

export type SilenceWatchParts = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** The opening time of the business as it is set now. */
  readonly businessTime: () => Promise<BusinessTime>
}

/** Tells when a channel brings nothing for longer than its own past makes plausible. */
export type SilenceWatch = {
  readonly start: () => void
  /** Resolves when nothing of it runs any more. */
  readonly stop: () => Promise<void>
}

const lookEvery = 15 * minute
// What came while the computer was off or asleep is fetched first: until then every channel looks quiet.
const settleFirst = 10 * minute
/** How long "it is fine" holds. */
const askAgainAfter = 7 * day

/** A silence is written down as it is announced: once, also across restarts. */
export function makeSilenceWatch({ store, clock, log, businessTime }: SilenceWatchParts): SilenceWatch {
  let started = false
  let cancel = () => {}
  let running: Promise<void> = Promise.resolve()

  const arm = (wait: number) => {
    const due = clock.now() + wait
    cancel = clock.after(wait, () => {
      // Timers stand still while a computer sleeps: this one is late by as long as it slept.
      const slept = clock.now() - due > lookEvery
      running = slept ? Promise.resolve() : look()
      void running.then(() => started && arm(slept ? settleFirst : lookEvery))
    })
  }

  const look = async (): Promise<void> => {
    try {
      const time = await businessTime()
      for (const account of await readAccounts(store.read)) await judge(store, account, time, clock.now())
    } catch (error) {
      log.error({ err: error }, 'the rhythm of the channels could not be looked at')
    }
  }

  return {
    start: () => {
      started = true
      arm(settleFirst)
    },
    stop: async () => {
      started = false
      cancel()
      await running
    },
  }
}

async function judge(store: Store, account: AccountRow, time: BusinessTime, now: number): Promise<void> {
  // One that is broken says so itself. The sample business lives in the past.
  if (account.state !== 'ok' || account.kind === 'sample') return
  const { last, rhythm } = await readRhythm(store.read, account.id, time, now)
  const open = await openSilence(store.read, account.id)
  if (open && last !== null && last > open.since) {
    await store.write((tx) => endSilence(tx, account.id, open.since, last))
    return
  }
  if (last === null || rhythm === null || rhythm.quietAt > now) return
  if (open && (open.ask_again_at === null || open.ask_again_at > now)) return
  await store.write(async (tx) => {
    await tx.db
      .insertInto('silence')
      .values({
        account_id: account.id,
        since: last,
        announced_at: now,
        accepted_at: null,
        ask_again_at: null,
        ended_at: null,
      })
      .onConflict((conflict) =>
        conflict.columns(['account_id', 'since']).doUpdateSet({ announced_at: now, ask_again_at: null }),
      )
      .execute()
    const { id: accountId, kind, label } = account
    tx.announce('channel.quiet', { accountId, kind, label, since: last, usualMs: rhythm.usual })
    tx.changed('account')
  })
}

/** What came, and the rhythm that it makes. */
export async function readRhythm(
  store: ReadStore,
  accountId: number,
  time: BusinessTime,
  now: number,
): Promise<{ readonly known: number; readonly last: number | null; readonly rhythm: Rhythm | null }> {
  const times = await readArrivals(store, accountId, now)
  const failures = await store.db
    .selectFrom('silence')
    .select('since')
    .where('account_id', '=', accountId)
    .where('ended_at', 'is not', null)
    .where('accepted_at', 'is', null)
    .execute()
  return {
    known: times.length,
    last: times.at(-1) ?? null,
    rhythm: rhythmOf(times, time, new Set(failures.map(({ since }) => since))),
  }
}

/** The silence of an account that has not ended; null when there is none. */
export async function openSilence(store: ReadStore, accountId: number) {
  const query = store.db
    .selectFrom('silence')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .orderBy('since', 'desc')
  return (await query.executeTakeFirst()) ?? null
}

async function endSilence(tx: WriteStore, accountId: number, since: number, at: number): Promise<void> {
  await tx.db
    .updateTable('silence')
    .set({ ended_at: at })
    .where('account_id', '=', accountId)
    .where('since', '=', since)
    .execute()
  tx.changed('account')
}

/** "It is fine." @throws DeskbellError `CONFLICT` when something came meanwhile */
export async function acceptSilence(tx: WriteStore, accountId: number, now: number): Promise<void> {
  const open = await openSilence(tx, accountId)
  if (!open) throw conflict('This channel is not quiet any more.')
  await tx.db
    .updateTable('silence')
    .set({ accepted_at: now, ask_again_at: now + askAgainAfter })
    .where('account_id', '=', accountId)
    .where('since', '=', open.since)
    .execute()
  tx.changed('account')
}
