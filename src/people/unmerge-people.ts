import { must } from '../lib/assert.ts'
import { conflict, notFound } from '../rpc/errors.ts'
import { recordEvent } from '../store/queries/events.ts'
import { insertRow } from '../store/queries/insert-row.ts'
import { personById } from '../store/queries/person.ts'
import { indexPerson } from '../store/queries/search.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { WriteStore } from '../store/store.ts'
import { carryAlerts, ringAgain } from './carry-alerts.ts'
import { joinClocks, type MergeDeps, mergePeople, setAll, settlePerson } from './merge-people.ts'
import { type Folded, leadRows, type MergeRecord, personRows } from './merge-record.ts'
import { type ToldApart, tellApart } from './who-is-it.ts'

/**
 * Takes a merge back: both people get what they had, and what came since goes to whose address or number it names.
 * Merges of the same person that are newer are taken back and done again around it.
 * @throws DeskbellError `NOT_FOUND`; `CONFLICT` when it was taken back before, or the person was merged on since
 */
export async function unmergePeople(tx: WriteStore, deps: MergeDeps, mergeId: number, at: number): Promise<void> {
  const merge = await mergeById(tx, mergeId)
  if (!merge) throw notFound('This merge')
  if (merge.undone_at !== null) throw conflict('This merge was taken back before.')
  const kept = must(await personById(tx, merge.kept_id), 'the kept person')
  if (kept.merged_into !== null) {
    const into = await personById(tx, kept.merged_into)
    throw conflict(`${kept.name} was merged with ${into?.name ?? 'somebody'} since. Take that back first.`)
  }
  const newer = await tx.db
    .selectFrom('person_merge')
    .select(['id', 'gone_id', 'data'])
    .where('kept_id', '=', merge.kept_id)
    .where('undone_at', 'is', null)
    .where('id', '>', mergeId)
    .orderBy('id', 'desc')
    .execute()
  for (const it of newer) await takeBack(tx, deps, it.id, at)
  await takeBack(tx, deps, mergeId, at)
  await keepApart(tx, merge.kept_id, merge.gone_id, at)
  for (const it of newer.reverse()) {
    const { chosen } = JSON.parse(it.data) as MergeRecord
    await mergePeople(tx, deps, { keptId: merge.kept_id, goneId: it.gone_id, chosen }, at)
  }
}

/** Somebody said that these two are not the same: they are not suggested again. */
export async function keepApart(tx: WriteStore, a: number, b: number, at: number): Promise<void> {
  await tx.db
    .insertInto('distinct_people')
    .values({ low_id: Math.min(a, b), high_id: Math.max(a, b), at })
    .onConflict((it) => it.doNothing())
    .execute()
  tx.changed('person', a)
  tx.changed('person', b)
}

/** That was said by mistake: they may be suggested again. */
export async function mayBeSame(tx: WriteStore, a: number, b: number): Promise<void> {
  await tx.db
    .deleteFrom('distinct_people')
    .where('low_id', '=', Math.min(a, b))
    .where('high_id', '=', Math.max(a, b))
    .execute()
  tx.changed('person', a)
  tx.changed('person', b)
}

const mergeById = ({ db }: WriteStore, mergeId: number) =>
  db.selectFrom('person_merge').selectAll().where('id', '=', mergeId).executeTakeFirst()

/** The newest merge of its person, alone. */
async function takeBack(tx: WriteStore, deps: MergeDeps, mergeId: number, at: number): Promise<void> {
  const merge = must(await mergeById(tx, mergeId), 'the merge')
  const { kept_id: keptId, gone_id: goneId } = merge
  const record = JSON.parse(merge.data) as MergeRecord
  const { business, me } = await readSettings(tx)
  await tx.db.updateTable('person').set({ merged_into: null }).where('id', '=', goneId).execute()
  const apart = await tellApart(tx, {
    keptId,
    after: newest(record, 'interaction'),
    handles: record.rows.handle,
    newestHandle: newest(record, 'handle'),
    threads: await threadsOf(tx, record.rows.interaction),
    country: business.country,
  })
  for (const table of personRows) await setAll(tx, table, 'person_id', record.rows[table] ?? [], goneId)
  await setAll(tx, 'handle', 'person_id', apart.newHandles, goneId)
  await setAll(tx, 'interaction', 'person_id', [...apart.theirs], goneId)
  await setAll(tx, 'source_touch', 'referrer_id', record.referred, goneId)
  if (record.folded) await unfold(tx, record.folded, at)
  await sortLeads(tx, deps, { keptId, goneId, record, apart })
  await followInteractions(tx, { keptId, goneId, record })
  await restoreValues(tx, keptId, record, at)
  await tx.db.updateTable('person_merge').set({ undone_at: at }).where('id', '=', mergeId).execute()
  for (const personId of [keptId, goneId]) {
    const other = await personById(tx, personId === keptId ? goneId : keptId)
    const text = `No longer merged with ${other?.name ?? 'somebody'}`
    await recordEvent(tx, { at, type: 'person.unmerged', personId, authorId: me, text, data: { mergeId } })
    await settlePerson(tx, deps, personId, at)
  }
  await indexPerson(tx, goneId)
}

const newest = ({ newest: ids }: MergeRecord, table: keyof MergeRecord['newest']) => ids[table][0] ?? 0

async function threadsOf({ db }: WriteStore, interactionIds: readonly number[]): Promise<Set<number>> {
  const threads = new Set<number>()
  for (let from = 0; from < interactionIds.length; from += 500) {
    const rows = await db
      .selectFrom('mail')
      .select('thread_id')
      .where('interaction_id', 'in', interactionIds.slice(from, from + 500))
      .execute()
    for (const row of rows) threads.add(row.thread_id)
  }
  return threads
}

/** The lead that went on in another one goes on by itself again, unless that one was closed since: then both are. */
async function unfold(
  tx: WriteStore,
  { leadId, into, rows, goneBefore, keptBefore, keptAfter, clocks }: Folded,
  at: number,
) {
  // Merges of an earlier version know of no tasks.
  for (const table of leadRows) await setAll(tx, table, 'lead_id', rows[table] ?? [], leadId)
  await carryAlerts(tx, into, leadId, rows.clock)
  for (const { before, after } of clocks) {
    const now = await tx.db.selectFrom('clock').selectAll().where('id', '=', after.id).executeTakeFirst()
    if (now?.state !== after.state || now.stopped_at !== after.stopped_at) continue
    const { id, lead_id: _, ...values } = before
    await tx.db.updateTable('clock').set(values).where('id', '=', id).execute()
    await ringAgain(tx, id, at)
  }
  const kept = await tx.db.selectFrom('lead').selectAll().where('id', '=', into).executeTakeFirstOrThrow()
  const closed = kept.status !== 'open' && { status: kept.status, done_at: kept.done_at, snoozed_until: null }
  await tx.db
    .updateTable('lead')
    .set({ ...goneBefore, ...closed, merged_into: null })
    .where('id', '=', leadId)
    .execute()
  const back = Object.fromEntries(
    Object.entries(keptBefore).filter(
      ([key]) => kept[key as keyof typeof keptAfter] === keptAfter[key as keyof typeof keptAfter],
    ),
  )
  if (Object.keys(back).length > 0) await tx.db.updateTable('lead').set(back).where('id', '=', into).execute()
}

type Sorting = {
  readonly keptId: number
  readonly goneId: number
  readonly record: MergeRecord
  readonly apart: ToldApart
}

/** Every message into a lead of its own person: the lead it is in when that is theirs, their open one, or a new one. */
async function sortLeads(tx: WriteStore, { clocks }: MergeDeps, { keptId, goneId, record, apart }: Sorting) {
  const said = apart.all.filter((it) => it.direction !== 'internal')
  const since = await tx.db
    .selectFrom('lead')
    .select('id')
    .where('person_id', '=', keptId)
    .where('id', '>', newest(record, 'lead'))
    .execute()
  for (const { id } of since) {
    const inside = said.filter((it) => it.lead_id === id)
    const isTheirs = inside.length > 0 && inside.every((it) => apart.theirs.has(it.id))
    if (isTheirs) await tx.db.updateTable('lead').set({ person_id: goneId }).where('id', '=', id).execute()
  }
  const moved = new Map<number, number>()
  for (const it of apart.all) {
    if (it.lead_id === null) continue
    const personId = apart.theirs.has(it.id) ? goneId : keptId
    const lead = await leadRow(tx, it.lead_id)
    if (lead.person_id === personId) continue
    const leadId = await leadLike(tx, lead, personId, it.at)
    await tx.db.updateTable('interaction').set({ lead_id: leadId }).where('id', '=', it.id).execute()
    await tx.db
      .updateTable('clock')
      .set({ lead_id: leadId })
      .where('lead_id', '=', lead.id)
      .where('id', '>', newest(record, 'clock'))
      .where('started_at', '=', it.at)
      .execute()
    moved.set(it.id, leadId)
  }
  for (const it of apart.all) if (it.answers === 1) await forgetAnswer(tx, moved.get(it.id) ?? it.lead_id, it)
  for (const it of apart.all.toSorted((a, b) => a.at - b.at)) await replay(tx, clocks, moved, it)
}

/** An answer that was given to the other one: what it stopped there is owed again, from when it was asked. */
async function forgetAnswer(tx: WriteStore, leadId: number | null, answer: ToldApart['all'][number]): Promise<void> {
  const elsewhere = await tx.db
    .selectFrom('clock')
    .select('lead_id')
    .distinct()
    .where('stopped_by', '=', answer.id)
    .where('lead_id', 'is not', leadId)
    .execute()
  for (const { lead_id } of elsewhere) {
    await tx.db
      .updateTable('clock')
      .set((it) => ({ state: 'running', stopped_at: null, stopped_by: null, next_at: it.ref('due_at') }))
      .where('lead_id', '=', lead_id)
      .where('stopped_by', '=', answer.id)
      .execute()
    await joinClocks(tx, lead_id, answer.at)
  }
  if (answer.lead_id !== null && answer.lead_id !== leadId) await forgetFirst(tx, answer.lead_id, answer)
}

/** When they were first answered, without an answer that was none. */
async function forgetFirst(tx: WriteStore, leadId: number, answer: ToldApart['all'][number]): Promise<void> {
  const column = answer.automatic === 1 ? 'first_auto_at' : 'first_human_at'
  const other = await tx.db
    .selectFrom('interaction')
    .select((it) => it.fn.min('at').as('at'))
    .where('lead_id', '=', leadId)
    .where('direction', '=', 'out')
    .where('automatic', '=', answer.automatic)
    .where('delivery', 'in', ['sent', 'delivered'])
    .executeTakeFirst()
  await tx.db
    .updateTable('lead')
    .set({ [column]: other?.at ?? null })
    .where('id', '=', leadId)
    .where(column, '=', answer.at)
    .execute()
}

/** What it means for the clocks of the lead it is in now. */
async function replay(
  tx: WriteStore,
  clocks: MergeDeps['clocks'],
  moved: ReadonlyMap<number, number>,
  it: ToldApart['all'][number],
): Promise<void> {
  const { id: interactionId, at, answers, automatic, direction } = it
  const leadId = moved.get(it.id) ?? it.lead_id
  if (leadId === null) return
  if (answers === 1) return clocks.answered(tx, leadId, { at, interactionId, human: automatic === 0 })
  if (direction !== 'in') return
  const { status } = await leadRow(tx, leadId)
  // Under one lead one promise stood for the questions of both.
  const covered = await tx.db
    .selectFrom('clock')
    .select('id')
    .where('lead_id', '=', leadId)
    .where('kind', 'in', ['first_contact', 'next_reply'])
    .where('state', '!=', 'cancelled')
    .where('started_at', '<=', at)
    .where((where) => where.or([where('stopped_at', 'is', null), where('stopped_at', '>=', at)]))
    .executeTakeFirst()
  if (status === 'open' && !covered) await clocks.asked(tx, leadId, at)
}

type Lead = Awaited<ReturnType<typeof leadRow>>
const leadRow = ({ db }: WriteStore, id: number) =>
  db.selectFrom('lead').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** The open lead of a person, else the newest of theirs when the other is over, else one like the other. */
async function leadLike(tx: WriteStore, like: Lead, personId: number, at: number): Promise<number> {
  const own = await tx.db
    .selectFrom('lead')
    .select(['id', 'status'])
    .where('person_id', '=', personId)
    .where('merged_into', 'is', null)
    .orderBy('id', 'desc')
    .execute()
  const known = own.find((it) => it.status === 'open') ?? (like.status === 'open' ? undefined : own[0])
  if (known) return known.id
  const { id: _, sort_key: __, stage: ___, rests_until: ____, to_do_key: _____, ...values } = like
  return insertRow(tx, 'lead', {
    ...values,
    person_id: personId,
    opened_at: at,
    first_auto_at: null,
    first_human_at: null,
    clock_kind: null,
    clock_started_at: null,
    risk_at: null,
    due_at: null,
    task_due_at: null,
    missed_call: 0,
    outbox: 'idle',
  })
}

/** Touches, jobs and events since then belong to whomever the message or the lead belongs to that they are about. */
async function followInteractions(
  { db }: WriteStore,
  { keptId, goneId, record }: Pick<Sorting, 'keptId' | 'goneId' | 'record'>,
) {
  for (const table of ['source_touch', 'job'] as const) {
    await db
      .updateTable(table)
      .set({ person_id: goneId })
      .where('person_id', '=', keptId)
      .where('interaction_id', 'in', (it) => it.selectFrom('interaction').select('id').where('person_id', '=', goneId))
      .execute()
  }
  await db
    .updateTable('source_touch')
    .set((it) => ({
      lead_id: it
        .selectFrom('interaction')
        .select('interaction.lead_id')
        .whereRef('interaction.id', '=', 'source_touch.interaction_id'),
    }))
    .where('person_id', 'in', [keptId, goneId])
    .where('interaction_id', '>', newest(record, 'interaction'))
    .execute()
  await db
    .updateTable('event')
    .set({ person_id: goneId })
    .where('person_id', '=', keptId)
    .where('id', '>', newest(record, 'event'))
    .where('lead_id', 'in', (it) => it.selectFrom('lead').select('id').where('person_id', '=', goneId))
    .execute()
}

/** What nobody changed since is as it was before. */
async function restoreValues(tx: WriteStore, keptId: number, { before, after }: MergeRecord, at: number) {
  const now = must(await personById(tx, keptId), 'the kept person')
  const back = Object.fromEntries(
    Object.entries(before).filter(([key]) => now[key as keyof typeof after] === after[key as keyof typeof after]),
  )
  await tx.db
    .updateTable('person')
    .set({ ...back, updated_at: at })
    .where('id', '=', keptId)
    .execute()
}
