import { day } from '../lib/durations.ts'
import type { WriteStore } from '../store/store.ts'
import { type Pauses, timesOf } from './clock-times.ts'
import type { SlaSettings } from './sla-settings.ts'

// Reports look back a year; what is older stays as it was decided.
const lookBack = 400 * day
const atOnce = 1000

/**
 * Gives clocks that ended the deadline and verdict of the calendars as they are now: a holiday that was entered late was
 * a holiday all the same. What was decided then stays beside it.
 * @returns how many verdicts changed
 */
export async function recalculateEnded(tx: WriteStore, { calendars }: SlaSettings, now: number): Promise<number> {
  let changed = 0
  for (let after = 0; ; ) {
    const ended = await tx.db
      .selectFrom('clock')
      .select(['id', 'started_at', 'target_ms', 'calendar', 'pauses', 'due_at', 'state', 'stopped_at'])
      .where('id', '>', after)
      .where('state', 'in', ['met', 'missed'])
      .where('started_at', '>', now - lookBack)
      .orderBy('id')
      .limit(atOnce)
      .execute()
    for (const it of ended) {
      const pauses = JSON.parse(it.pauses) as Pauses
      const times = timesOf(calendars.timeOf(it.calendar), it.started_at, it.target_ms, pauses)
      if (times.due_at === it.due_at) continue
      const state = (it.stopped_at ?? times.due_at) <= times.due_at ? 'met' : 'missed'
      if (state !== it.state) changed += 1
      await tx.db
        .updateTable('clock')
        .set({ ...times, state })
        .where('id', '=', it.id)
        .execute()
    }
    const last = ended.at(-1)
    if (!last || ended.length < atOnce) return changed
    after = last.id
  }
}
