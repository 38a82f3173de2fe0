import { sql } from 'kysely'
import type { Clock } from '../../lib/clock.ts'
import { hour, second } from '../../lib/durations.ts'
import type { Log } from '../../lib/log.ts'
import { type LookTimer, makeLookTimer } from '../../lib/look-timer.ts'
import type { ReadCalendars } from '../../store/queries/calendars.ts'
import { readSettings } from '../../store/queries/settings.ts'
import type { ReadStore, Store, WriteStore } from '../../store/store.ts'
import type { Clocks } from '../clocks.ts'
import { readLadder } from '../ladder-settings.ts'
import { wakeLead } from '../wake-lead.ts'
import { readListening } from '../who-listens.ts'
import { isOpenTask } from './read-tasks.ts'

export type TaskTimerDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly clocks: Pick<Clocks, 'resumed'>
  readonly readCalendars: ReadCalendars
}

// A promise to call at three may be late by this after the computer slept.
const longestWait = 15 * second
const atOnce = 200
/** More tasks than this at one moment are told as one: nobody reads a wall of notifications. */
const mostApart = 3
// Nobody is ever there, as far as the calendars know: look again.
const whenUnknown = hour

/**
 * When the time of a task comes: puts its lead where it belongs in the list, awake if it was snoozed, and tells whoever
 * sits here, unless they are not to be disturbed; then later.
 */
export function makeTaskTimer({ store, clock, log, clocks, readCalendars }: TaskTimerDeps): LookTimer {
  const nextDue = async () => {
    const { at } = await store.read.db
      .selectFrom('task')
      .select((it) => it.fn.min('due_at').as('at'))
      .where('called_at', 'is', null)
      .where('done_at', 'is', null)
      .where('removed_at', 'is', null)
      .where('due_at', 'is not', null)
      .executeTakeFirstOrThrow()
    return at ?? Number.POSITIVE_INFINITY
  }
  /** Answers when somebody may be told of what waits. */
  const speak = async (now: number) => {
    if ((await untold(store.read, null).limit(1).execute()).length === 0) return Number.POSITIVE_INFINITY
    const { me } = await readSettings(store.read)
    const waiting = await untold(store.read, me).execute()
    const { mutedUntil } = (await readLadder(store.read)).alerts
    if (mutedUntil !== null && mutedUntil > now) return mutedUntil
    const { hears, hearsAt } = await readListening(store.read, await readCalendars(store.read), now)
    if (waiting.some((it) => hears(it.owner_id))) {
      await store.write(async (tx) =>
        tell(
          tx,
          (await untold(tx, me).execute()).filter((it) => hears(it.owner_id)),
          now,
        ),
      )
    }
    const later = waiting.filter((it) => !hears(it.owner_id)).map((it) => hearsAt(it.owner_id) ?? now + whenUnknown)
    return Math.min(Number.POSITIVE_INFINITY, ...later)
  }
  const look = async () => {
    const now = clock.now()
    if ((await nextDue()) <= now) await store.write((tx) => callDue(tx, now, clocks))
    return Math.min(await speak(now), await nextDue())
  }
  const failed = (error: unknown) => log.error({ error: String(error) }, 'tasks could not be looked at')
  return makeLookTimer({ clock, look, failed, longestWait, calmly: 0 })
}

async function callDue(tx: WriteStore, now: number, clocks: TaskTimerDeps['clocks']): Promise<void> {
  const due = await tx.db
    .selectFrom('task')
    .leftJoin('lead', 'lead.id', 'task.lead_id')
    .select(['task.id', 'task.person_id', 'task.words', 'task.lead_id'])
    .select((it) =>
      it.and([isOpenTask, it('lead.status', '=', 'open'), it('lead.snoozed_until', '>', now)]).as('wakes'),
    )
    .where('task.called_at', 'is', null)
    .where('task.done_at', 'is', null)
    .where('task.removed_at', 'is', null)
    .where('task.due_at', '<=', now)
    .orderBy('task.due_at')
    .limit(atOnce)
    .execute()
  const woken = new Set<number>()
  for (const { id, person_id, words, lead_id, wakes } of due) {
    await tx.db.updateTable('task').set({ called_at: now }).where('id', '=', id).execute()
    tx.changed('lead', person_id)
    if (!wakes || lead_id === null || woken.has(lead_id)) continue
    woken.add(lead_id)
    await wakeLead(
      tx,
      { id: lead_id, person_id },
      { at: now, text: `Back from snooze: it is time for “${words}”` },
      clocks,
    )
  }
}

type Untold = Awaited<ReturnType<ReturnType<typeof untold>['execute']>>[number]

/** Tasks whose time came and that whoever sits here was not told of: theirs and nobody's. `me` null: everybody's. */
export const untold = (store: ReadStore, me: number | null) =>
  store.db
    .selectFrom('task')
    .innerJoin('person', 'person.id', 'task.person_id')
    .leftJoin('lead', 'lead.id', 'task.lead_id')
    .select(['task.id', 'task.person_id', 'task.words', 'task.due_at', 'person.name'])
    .select(sql<number | null>`coalesce(task.owner_id, lead.owner_id)`.as('owner_id'))
    .where(isOpenTask)
    .where('task.called_at', 'is not', null)
    .where('task.told_at', 'is', null)
    .$if(me !== null, (query) => query.where(sql<boolean>`coalesce(task.owner_id, lead.owner_id, ${me}) = ${me}`))
    .limit(atOnce)

async function tell(tx: WriteStore, tasks: readonly Untold[], now: number): Promise<void> {
  for (const { id } of tasks) await tx.db.updateTable('task').set({ told_at: now }).where('id', '=', id).execute()
  const soonest = tasks.toSorted((a, b) => (a.due_at ?? 0) - (b.due_at ?? 0) || a.id - b.id)
  for (const it of tasks.length > mostApart ? soonest.slice(0, 1) : soonest) {
    tx.announce('task.due', {
      taskId: it.id,
      personId: it.person_id,
      name: it.name,
      words: it.words,
      dueAt: it.due_at ?? now,
      ownerId: it.owner_id,
      count: tasks.length > mostApart ? tasks.length : 1,
    })
  }
}
