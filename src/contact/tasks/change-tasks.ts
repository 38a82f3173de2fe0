import type { Updateable } from 'kysely'
import { badInput, notFound } from '../../rpc/errors.ts'
import { recordEvent } from '../../store/queries/events.ts'
import { insertRow } from '../../store/queries/insert-row.ts'
import { readSettings } from '../../store/queries/settings.ts'
import type { TaskTable } from '../../store/schema.ts'
import type { ReadStore, WriteStore } from '../../store/store.ts'
import { personOf } from '../surroundings.ts'
import type { TaskKind } from './contract.ts'

export type NewTask = {
  readonly personId: number
  readonly kind: TaskKind
  readonly words: string
  readonly dueAt: number | null
  readonly ownerId: number | null
  /** The call in which it was promised; saying something else of that call takes the task away. */
  readonly callId?: number
}

/** @throws DeskbellError `NOT_FOUND` */
export async function addTask(tx: WriteStore, task: NewTask, at: number): Promise<{ taskId: number }> {
  const { personId, kind, words, dueAt, ownerId, callId } = task
  await personOf(tx, personId)
  await mustBeMember(tx, ownerId)
  const { me } = await readSettings(tx)
  const leadId = await leadFor(tx, personId)
  const taskId = await insertRow(tx, 'task', {
    person_id: personId,
    lead_id: leadId,
    kind,
    words,
    due_at: dueAt,
    owner_id: ownerId,
    origin: 'hand',
    created_at: at,
    author_id: me,
  })
  await recordEvent(tx, {
    at,
    type: 'task.added',
    personId,
    leadId,
    authorId: me,
    text: `Task: ${words}`,
    data: { taskId, ...(callId !== undefined && { callId }) },
  })
  tx.changed('lead', personId)
  return { taskId }
}

export type TaskChange = {
  readonly kind?: TaskKind | undefined
  readonly words?: string | undefined
  readonly dueAt?: number | null | undefined
  readonly ownerId?: number | null | undefined
}

/** @throws DeskbellError `NOT_FOUND` */
export async function editTask(tx: WriteStore, taskId: number, change: TaskChange): Promise<void> {
  const { kind, words, dueAt, ownerId } = change
  if (ownerId !== undefined) await mustBeMember(tx, ownerId)
  await update(tx, taskId, {
    ...(kind !== undefined && { kind }),
    ...(words !== undefined && { words }),
    // It has to come due anew.
    ...(dueAt !== undefined && { due_at: dueAt, called_at: null, told_at: null }),
    ...(ownerId !== undefined && { owner_id: ownerId }),
  })
}

/** Ticks a task off, or takes that back. */
export async function tickTask(tx: WriteStore, taskId: number, done: boolean, at: number): Promise<void> {
  const task = await tx.db.selectFrom('task').select('done_at').where('id', '=', taskId).executeTakeFirst()
  if (!task) throw notFound('This task')
  if ((task.done_at !== null) === done) return
  const { me } = await readSettings(tx)
  const ended = done ? ({ done_at: at, done_by: me, ended_by: 'hand' } as const) : notDone
  const { person_id, lead_id, words } = await update(tx, taskId, ended)
  if (done) {
    const event = { at, type: 'task.done', personId: person_id, leadId: lead_id, authorId: me, data: { taskId } }
    await recordEvent(tx, { ...event, text: `Task done: ${words}` })
    return
  }
  // What was taken back is no longer told in the timeline.
  await tx.db
    .updateTable('event')
    .set({ undone_at: at })
    .where('person_id', '=', person_id)
    .where('type', '=', 'task.done')
    .where((it) => it(it.fn<number>('json_extract', ['data', it.val('$.taskId')]), '=', taskId))
    .where('undone_at', 'is', null)
    .execute()
}

const notDone = { done_at: null, done_by: null, ended_by: null } as const

/** Takes a task away, or brings it back. */
export async function showTask(tx: WriteStore, taskId: number, shown: boolean, at: number): Promise<void> {
  await update(tx, taskId, { removed_at: shown ? null : at })
}

/** "They asked to be called back" was said by mistake: what was promised in this call is taken away, unless done. */
export async function dropPromise(tx: WriteStore, personId: number, callId: number, at: number): Promise<void> {
  const events = await tx.db
    .selectFrom('event')
    .select('data')
    .where('person_id', '=', personId)
    .where('type', '=', 'task.added')
    .execute()
  for (const { data } of events) {
    const { taskId, callId: of } = JSON.parse(data) as { readonly taskId: number; readonly callId?: number }
    if (of !== callId) continue
    await tx.db
      .updateTable('task')
      .set({ removed_at: at })
      .where('id', '=', taskId)
      .where('done_at', 'is', null)
      .execute()
  }
}

type Values = Updateable<TaskTable>

async function update(tx: WriteStore, taskId: number, values: Values) {
  if (Object.keys(values).length === 0) throw badInput('Nothing was changed.')
  const row = await tx.db
    .updateTable('task')
    .set(values)
    .where('id', '=', taskId)
    .returning(['person_id', 'lead_id', 'words'])
    .executeTakeFirst()
  if (!row) throw notFound('This task')
  tx.changed('lead', row.person_id)
  return row
}

/** The open lead, else the last one unless it was no lead: what a task belongs to. */
async function leadFor(store: ReadStore, personId: number): Promise<number | null> {
  const leads = await store.db
    .selectFrom('lead')
    .select(['id', 'status'])
    .where('person_id', '=', personId)
    .where('merged_into', 'is', null)
    .orderBy('opened_at', 'desc')
    .execute()
  const lead = leads.find((it) => it.status === 'open') ?? leads[0]
  return lead && lead.status !== 'not_lead' ? lead.id : null
}

async function mustBeMember(store: ReadStore, memberId: number | null): Promise<void> {
  if (memberId === null) return
  const member = await store.db
    .selectFrom('member')
    .select('id')
    .where('id', '=', memberId)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (!member) throw notFound('This person of the team')
}
