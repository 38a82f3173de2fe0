import { sql } from 'kysely'
import { day } from '../../lib/durations.ts'
import { readSettings } from '../../store/queries/settings.ts'
import type { ReadStore } from '../../store/store.ts'
import type { ListedTask, Task } from './contract.ts'

/** Not done, not taken away, and its lead is not over; a lead that is opened again brings its tasks back. */
export const isOpenTask = sql<boolean>`task.done_at is null and task.removed_at is null
  and (lead.id is null or lead.status = 'open' or (lead.status = 'done' and task.created_at > lead.done_at))`

const taskRows = (store: ReadStore) =>
  store.db
    .selectFrom('task')
    .innerJoin('person', 'person.id', 'task.person_id')
    .leftJoin('lead', 'lead.id', 'task.lead_id')
    .leftJoin('member', (join) => join.on(sql<boolean>`member.id = coalesce(task.owner_id, lead.owner_id)`))
    .select([
      'task.id',
      'task.person_id as personId',
      'task.kind',
      'task.words',
      'task.due_at as dueAt',
      'task.owner_id',
      'task.origin',
      'task.why',
      'task.created_at as createdAt',
      'task.done_at as doneAt',
      'person.name',
      'person.company',
      'member.id as memberId',
      'member.name as memberName',
    ])

type Row = Awaited<ReturnType<ReturnType<typeof taskRows>['execute']>>[number]

const asTask = (row: Row): Task => ({
  id: row.id,
  personId: row.personId,
  kind: row.kind,
  words: row.words,
  dueAt: row.dueAt,
  owner: row.memberId === null ? null : { id: row.memberId, name: row.memberName ?? '' },
  withLead: row.owner_id === null,
  origin: row.origin,
  why: row.why,
  createdAt: row.createdAt,
  doneAt: row.doneAt,
})

// Far more than anybody has, and a bound all the same.
const mostOfPerson = 200

/** What is open, soonest first; then what was done in the last week, newest first. */
export async function tasksOfPerson(store: ReadStore, personId: number, now: number): Promise<Task[]> {
  const rows = await taskRows(store)
    .where('task.person_id', '=', personId)
    .where((it) =>
      it.or([isOpenTask, it.and([it('task.done_at', '>', now - 7 * day), it('task.removed_at', 'is', null)])]),
    )
    .orderBy(sql`task.done_at is not null`)
    .orderBy('task.done_at', 'desc')
    // Without a time: the first task, which the deadline of the lead speaks for, then the rest.
    .orderBy(sql`coalesce(task.due_at, iif(task.origin = 'rule', 0, 9e15))`)
    .orderBy('task.id')
    .limit(mostOfPerson)
    .execute()
  return rows.map(asTask)
}

type Whose = { readonly whose: 'mine' | 'everybody'; readonly limit: number }

/** Open tasks that people wrote down, soonest first, those without a time last. */
export async function listTasks(
  store: ReadStore,
  { whose, limit }: Whose,
): Promise<{ tasks: ListedTask[]; more: boolean }> {
  const { me } = await readSettings(store)
  const found = await listQuery(store, { me: whose === 'mine' ? me : null, limit }).execute()
  const tasks = found.slice(0, limit).map((row) => ({ ...asTask(row), name: row.name, company: row.company }))
  return { tasks, more: found.length > limit }
}

/** The statement of a list, for its test. `me` null: everybody's. */
export const listQuery = (store: ReadStore, { me, limit }: { readonly me: number | null; readonly limit: number }) =>
  taskRows(store)
    .where('task.origin', '=', 'hand')
    .where(isOpenTask)
    .$if(me !== null, (query) => query.where(sql<boolean>`coalesce(task.owner_id, lead.owner_id) = ${me}`))
    .orderBy(sql`coalesce(task.due_at, 9e15)`)
    .orderBy('task.id')
    .limit(limit + 1)

const mostCounted = 1000

/** How many have come due. */
export async function countTasks(store: ReadStore, now: number): Promise<{ mine: number; everybody: number }> {
  const { me } = await readSettings(store)
  const rows = await dueQuery(store, now).execute()
  return { mine: rows.filter((it) => me !== null && it.ownerId === me).length, everybody: rows.length }
}

export const dueQuery = (store: ReadStore, now: number) =>
  store.db
    .selectFrom('task')
    .leftJoin('lead', 'lead.id', 'task.lead_id')
    .select(sql<number | null>`coalesce(task.owner_id, lead.owner_id)`.as('ownerId'))
    .where(isOpenTask)
    .where('task.due_at', '<=', now)
    .limit(mostCounted)
