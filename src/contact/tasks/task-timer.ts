import type { Clock } from '../../lib/clock.ts'
import { second } from '../../lib/durations.ts'
import type { Log } from '../../lib/log.ts'
import { type LookTimer, makeLookTimer } from '../../lib/look-timer.ts'
import type { Store, WriteStore } from '../../store/store.ts'
import { isOpenTask } from './read-tasks.ts'

export type TaskTimerDeps = { readonly store: Store; readonly clock: Clock; readonly log: Log }

// A promise to call at three may be late by this after the computer slept.
const longestWait = 15 * second
const atOnce = 200

/** Puts a lead where it belongs in the list when the time of one of its tasks comes, and says so. */
export function makeTaskTimer({ store, clock, log }: TaskTimerDeps): LookTimer {
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
  const look = async () => {
    const next = await nextDue()
    if (next > clock.now()) return next
    await store.write((tx) => callDue(tx, clock.now()))
    return nextDue()
  }
  const failed = (error: unknown) => log.error({ error: String(error) }, 'tasks could not be looked at')
  return makeLookTimer({ clock, look, failed, longestWait, calmly: 0 })
}

async function callDue(tx: WriteStore, now: number): Promise<void> {
  const due = await tx.db
    .selectFrom('task')
    .innerJoin('person', 'person.id', 'task.person_id')
    .leftJoin('lead', 'lead.id', 'task.lead_id')
    .select(['task.id', 'task.person_id', 'task.words', 'task.due_at', 'person.name'])
    .select((it) => it.fn.coalesce('task.owner_id', 'lead.owner_id').as('owner_id'))
    .select(isOpenTask.as('isOpen'))
    .where('task.called_at', 'is', null)
    .where('task.done_at', 'is', null)
    .where('task.removed_at', 'is', null)
    .where('task.due_at', '<=', now)
    .orderBy('task.due_at')
    .limit(atOnce)
    .execute()
  for (const { id, person_id, words, due_at, name, owner_id, isOpen } of due) {
    await tx.db.updateTable('task').set({ called_at: now }).where('id', '=', id).execute()
    tx.changed('lead', person_id)
    if (!isOpen || due_at === null) continue
    tx.announce('task.due', { taskId: id, personId: person_id, name, words, dueAt: due_at, ownerId: owner_id })
  }
}
