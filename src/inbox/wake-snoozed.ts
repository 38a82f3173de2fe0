import { sql } from 'kysely'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { recordEvent } from '../store/queries/events.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import type { Store } from '../store/store.ts'

export type SnoozeAlarm = {
  /** Wakes what came due while nobody ran, then waits for the next. */
  readonly start: () => Promise<void>
  /** Something may have been snoozed or woken: look again when the next is due. Call after each commit on leads. */
  readonly lookAgain: () => void
  readonly stop: () => Promise<void>
}

/** Brings snoozed leads back into the list at their time, so that windows show them without asking. */
export function makeSnoozeAlarm({
  store,
  clock,
  log,
}: {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
}): SnoozeAlarm {
  let cancel = () => {}
  let stopped = false
  let work: Promise<void> = Promise.resolve()

  const wakeAndArm = async () => {
    if (stopped) return
    await wakeDue(store, clock.now())
    const next = await nextWake(store)
    cancel()
    if (next !== null && !stopped) cancel = clock.after(Math.max(0, next - clock.now()), lookAgain)
  }
  const lookAgain = () => {
    work = work.then(wakeAndArm).catch((error: unknown) => log.error({ err: error }, 'waking snoozed leads failed'))
  }

  return {
    start: () => {
      lookAgain()
      return work
    },
    lookAgain,
    stop: () => {
      stopped = true
      cancel()
      return work
    },
  }
}

async function nextWake(store: Store): Promise<number | null> {
  const row = await snoozed(store).select('snoozed_until').orderBy('snoozed_until').limit(1).executeTakeFirst()
  return row?.snoozed_until ?? null
}

async function wakeDue(store: Store, now: number): Promise<void> {
  const due = await snoozed(store).select(['id', 'person_id']).where('snoozed_until', '<=', now).execute()
  if (due.length === 0) return
  await store.write(async (tx) => {
    for (const lead of due) {
      const { numUpdatedRows } = await tx.db
        .updateTable('lead')
        .set({ snoozed_until: null })
        .where('id', '=', lead.id)
        // Snoozed again, or woken by a message, since it was read.
        .where('snoozed_until', '<=', now)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) continue
      await recordEvent(tx, {
        at: now,
        type: 'lead.woke',
        personId: lead.person_id,
        leadId: lead.id,
        text: 'Back from snooze',
      })
      await refreshLeadRow(tx, lead.id)
    }
  })
}

// The condition is written out so that the partial index of the snoozed leads is taken.
const snoozed = (store: Store) =>
  store.read.db.selectFrom('lead').where(sql<boolean>`status = 'open' and snoozed_until is not null`)
