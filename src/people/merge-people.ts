import { sql } from 'kysely'
import type { Clocks } from '../contact/clocks.ts'
import { badInput, conflict, notFound } from '../rpc/errors.ts'
import type { ScoreLead } from '../score/score-lead.ts'
import { recordEvent } from '../store/queries/events.ts'
import { insertRow } from '../store/queries/insert-row.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import { personById } from '../store/queries/person.ts'
import { indexPerson } from '../store/queries/search.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { WriteStore } from '../store/store.ts'
import { carryAlerts, keepRinging } from './carry-alerts.ts'
import { typedByUser } from './edit-person.ts'
import {
  type Chosen,
  type Folded,
  leadRows,
  type MergeRecord,
  type PersonValues,
  personRows,
  type RowIds,
} from './merge-record.ts'

export type MergeDeps = { readonly scoreLead: ScoreLead; readonly clocks: Clocks }

/**
 * Makes two people one: everything of the one who goes moves to the one who stays, with what the user chose of both.
 * Of two open leads one goes on, with all that was said in both.
 * @returns the id that {@link unmergePeople} takes
 * @throws DeskbellError `NOT_FOUND`, `BAD_INPUT`
 */
export async function mergePeople(
  tx: WriteStore,
  deps: MergeDeps,
  { keptId, goneId, chosen }: { readonly keptId: number; readonly goneId: number; readonly chosen: Chosen | null },
  at: number,
): Promise<number> {
  if (keptId === goneId) throw badInput('These are the same person already.')
  const kept = await personById(tx, keptId)
  const gone = await personById(tx, goneId)
  if (!kept || !gone) throw notFound('One of these people')
  if (kept.merged_into !== null || gone.merged_into !== null) {
    throw conflict('One of these people was merged already. Open the list again.')
  }
  if (chosen?.name === '') throw badInput('Please choose a name.')
  const { me } = await readSettings(tx)
  const folded = await foldLeads(tx, keptId, goneId, at)
  const rows = await idsOf(tx, personRows, 'person_id', goneId)
  const own = folded ? { ...rows, lead: rows.lead.filter((id) => id !== folded.leadId) } : rows
  const newest = await newestIds(tx)
  for (const table of personRows) await setAll(tx, table, 'person_id', own[table], keptId)
  const referred = await referredBy(tx, goneId)
  await setAll(tx, 'source_touch', 'referrer_id', referred, keptId)

  const { name, company, title } = chosen ?? best(kept, gone)
  const after: PersonValues = {
    name,
    name_rank: chosen ? typedByUser : Math.max(kept.name_rank, gone.name_rank),
    company,
    title,
    region: kept.region ?? gone.region,
    zone: kept.zone ?? gone.zone,
  }
  const before: PersonValues = {
    name: kept.name,
    name_rank: kept.name_rank,
    company: kept.company,
    title: kept.title,
    region: kept.region,
    zone: kept.zone,
  }
  await tx.db
    .updateTable('person')
    .set({ ...after, updated_at: at })
    .where('id', '=', keptId)
    .execute()
  await tx.db.updateTable('person').set({ merged_into: keptId }).where('id', '=', goneId).execute()
  const record: MergeRecord = { rows: own, referred, newest, before, after, folded, chosen }
  const mergeId = await insertRow(tx, 'person_merge', {
    kept_id: keptId,
    gone_id: goneId,
    at,
    author_id: me,
    data: JSON.stringify(record),
    undone_at: null,
  })
  const text = `Merged with ${gone.name}`
  await recordEvent(tx, { at, type: 'person.merged', personId: keptId, authorId: me, text, data: { mergeId } })
  await settlePerson(tx, deps, keptId, at)
  if (folded) await keepRinging(tx, folded, at)
  await indexPerson(tx, goneId)
  tx.changed('person', goneId)
  return mergeId
}

type Named = {
  readonly name: string
  readonly name_rank: number
  readonly company: string | null
  readonly title: string | null
}

/** Nobody chose: the name that may be trusted more, and what only one of them has. */
const best = (kept: Named, gone: Named): Chosen => ({
  name: gone.name_rank > kept.name_rank ? gone.name : kept.name,
  company: kept.company ?? gone.company,
  title: kept.title ?? gone.title,
})

async function foldLeads(tx: WriteStore, keptId: number, goneId: number, at: number): Promise<Folded | null> {
  const open = await tx.db
    .selectFrom('lead')
    .selectAll()
    .where('person_id', 'in', [keptId, goneId])
    .where('status', '=', 'open')
    .execute()
  const kept = open.find((it) => it.person_id === keptId)
  const gone = open.find((it) => it.person_id === goneId)
  if (!kept || !gone) return null
  const rows = await idsOf(tx, leadRows, 'lead_id', gone.id)
  for (const table of leadRows) await setAll(tx, table, 'lead_id', rows[table], kept.id)
  await carryAlerts(tx, gone.id, kept.id, rows.clock)
  const clocks = await joinClocks(tx, kept.id, at)
  const first = gone.opened_at < kept.opened_at ? gone : kept
  const earlier = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.min(a, b))
  const keptAfter = {
    opened_at: first.opened_at,
    source: first.source,
    source_detail: first.source_detail,
    first_auto_at: earlier(kept.first_auto_at, gone.first_auto_at),
    first_human_at: earlier(kept.first_human_at, gone.first_human_at),
    // Whichever is awake wants to be seen.
    snoozed_until:
      kept.snoozed_until === null || gone.snoozed_until === null
        ? null
        : Math.min(kept.snoozed_until, gone.snoozed_until),
    owner_id: kept.owner_id ?? gone.owner_id,
    owner_reason: kept.owner_id === null ? gone.owner_reason : kept.owner_reason,
  }
  const keptBefore = Object.fromEntries(Object.keys(keptAfter).map((key) => [key, kept[key as keyof typeof keptAfter]]))
  await tx.db.updateTable('lead').set(keptAfter).where('id', '=', kept.id).execute()
  const goneBefore = {
    status: gone.status,
    done_at: gone.done_at,
    snoozed_until: gone.snoozed_until,
    merged_into: null,
  }
  // Neither open nor done at any time: it is shown nowhere and counted nowhere.
  await tx.db
    .updateTable('lead')
    .set({
      status: 'done',
      done_at: null,
      snoozed_until: null,
      merged_into: kept.id,
      clock_kind: null,
      clock_started_at: null,
      risk_at: null,
      due_at: null,
    })
    .where('id', '=', gone.id)
    .execute()
  return { leadId: gone.id, into: kept.id, rows, goneBefore, keptBefore, keptAfter, clocks }
}

/** One promise of a kind is enough: the one that is owed longer stays. */
export async function joinClocks(tx: WriteStore, leadId: number, at: number): Promise<Folded['clocks']> {
  const running = await tx.db
    .selectFrom('clock')
    .selectAll()
    .where('lead_id', '=', leadId)
    .where('state', '=', 'running')
    .orderBy('started_at')
    .orderBy('id')
    .execute()
  const changes: { before: Folded['clocks'][number]['before']; after: Folded['clocks'][number]['after'] }[] = []
  const seen = new Set<string>()
  for (const before of running) {
    if (!seen.has(before.kind)) {
      seen.add(before.kind)
      continue
    }
    const after = { ...before, state: 'cancelled' as const, stopped_at: at, next_at: null }
    const { id, ...values } = after
    await tx.db.updateTable('clock').set(values).where('id', '=', id).execute()
    changes.push({ before, after })
  }
  return changes
}

/** Everything that follows from other people and other words under one lead: score, deadlines, rows, search. */
export async function settlePerson(tx: WriteStore, { scoreLead, clocks }: MergeDeps, personId: number, at: number) {
  const settings = await readSettings(tx)
  await clocks.reached(tx, personId, at)
  const leads = await tx.db.selectFrom('lead').select(['id', 'status']).where('person_id', '=', personId).execute()
  for (const { id, status } of leads) {
    if (status === 'open') {
      const { tierChanged } = await scoreLead(tx, id, settings, at)
      if (tierChanged) await clocks.retargeted(tx, id)
    }
    await refreshLeadRow(tx, id)
  }
  await indexPerson(tx, personId)
  tx.changed('person', personId)
  tx.changed('interaction', personId)
}

export async function idsOf<T extends string>(
  { db }: WriteStore,
  tables: readonly T[],
  column: 'person_id' | 'lead_id',
  id: number,
): Promise<RowIds<T>> {
  const found: [T, number[]][] = []
  for (const table of tables) {
    const { rows } = await sql<{ readonly id: number }>`
      select id from ${sql.table(table)} where ${sql.ref(column)} = ${id} order by id`.execute(db)
    found.push([table, rows.map((row) => row.id)])
  }
  return Object.fromEntries(found) as Record<T, number[]>
}

async function referredBy({ db }: WriteStore, personId: number): Promise<number[]> {
  const rows = await db.selectFrom('source_touch').select('id').where('referrer_id', '=', personId).execute()
  return rows.map((row) => row.id)
}

async function newestIds({ db }: WriteStore): Promise<MergeRecord['newest']> {
  const newest = async (table: string) => {
    const { rows } = await sql<{ readonly id: number }>`
      select coalesce(max(id), 0) as id from ${sql.table(table)}`.execute(db)
    return rows.map((row) => row.id)
  }
  return {
    handle: await newest('handle'),
    interaction: await newest('interaction'),
    event: await newest('event'),
    lead: await newest('lead'),
    clock: await newest('clock'),
  }
}

export async function setAll(
  { db }: WriteStore,
  table: string,
  column: 'person_id' | 'lead_id' | 'referrer_id',
  ids: readonly number[],
  value: number | null,
): Promise<void> {
  if (ids.length === 0) return
  await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${value}
    where id in (select value from json_each(${JSON.stringify(ids)}))`.execute(db)
}
