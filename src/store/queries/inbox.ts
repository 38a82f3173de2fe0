import { type ReferenceExpression, sql } from 'kysely'
import type { InboxRow, InboxView, PageKey } from '../../inbox/contract.ts'
import { missingCase } from '../../lib/assert.ts'
import { day } from '../../lib/durations.ts'
import type { Database } from '../schema.ts'
import type { ReadStore } from '../store.ts'
import { labelsOf } from './labels.ts'

/** Who looks, and when: views depend on both. `me` is null while nobody said who sits there. */
export type Viewer = { readonly now: number; readonly me: number | null }

export type InboxPage = { readonly rows: InboxRow[]; readonly next: PageKey | null }

/**
 * One page of a view. Every view reads one index from the place where the page before ended, so a page costs the same
 * wherever it is and however many leads there are.
 */
export async function listLeads(
  store: ReadStore,
  view: InboxView,
  viewer: Viewer,
  page: { readonly after: PageKey | null; readonly limit: number },
): Promise<InboxPage> {
  if ((view === 'mine' || view === 'mentions') && viewer.me === null) return { rows: [], next: null }
  const found = await pageOf(store, view, viewer, page).execute()
  const rows = found.slice(0, page.limit)
  const last = found.length > page.limit ? rows.at(-1) : undefined
  return {
    rows: await asRows(store, rows),
    next: last ? { sortKey: Number(last[orderOf(view).column]), leadId: last.leadId } : null,
  }
}

/** The statement of a page, for {@link listLeads} and for the tests of its plan. */
export function pageOf(
  store: ReadStore,
  view: InboxView,
  viewer: Viewer,
  { after, limit }: { readonly after: PageKey | null; readonly limit: number },
) {
  const { column, direction } = orderOf(view)
  const key = sql.ref(`lead.${column}`)
  const beyond = sql.raw(direction === 'asc' ? '>' : '<')
  return leadRows(store)
    .where(conditionOf(view, viewer))
    .$if(after !== null, (query) =>
      query.where(sql<boolean>`(${key}, lead.id) ${beyond} (${after?.sortKey ?? 0}, ${after?.leadId ?? 0})`),
    )
    .orderBy(`lead.${column}` as ReferenceExpression<Database, 'lead'>, direction)
    .orderBy('lead.id', direction)
    .limit(limit + 1)
}

/** The row of a person: the open lead, else the newest. Null for a person who never was a lead. */
export async function leadOfPerson(store: ReadStore, personId: number): Promise<InboxRow | null> {
  const row = await leadRows(store)
    .where('lead.person_id', '=', personId)
    .orderBy(sql`lead.status = 'open'`, 'desc')
    .orderBy('lead.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? ((await asRows(store, [row]))[0] ?? null) : null
}

/** The open lead whose deadline is next (or longest past), leaving out what was snoozed. */
export async function mostUrgent(store: ReadStore, now: number): Promise<InboxRow | null> {
  const row = await pageOf(store, 'due', { now, me: null }, { after: null, limit: 0 }).executeTakeFirst()
  return row ? ((await asRows(store, [row]))[0] ?? null) : null
}

/** Every lead of a view, for an action on all of them. */
export async function idsOfView(
  store: ReadStore,
  view: InboxView,
  viewer: Viewer,
  most: number,
): Promise<readonly number[]> {
  if ((view === 'mine' || view === 'mentions') && viewer.me === null) return []
  const rows = await store.db
    .selectFrom('lead')
    .select('lead.id')
    .where(conditionOf(view, viewer))
    .limit(most)
    .execute()
  return rows.map((it) => it.id)
}

type Order = {
  readonly column: 'sort_key' | 'to_do_key' | 'rests_until' | 'snoozed_until' | 'done_at'
  readonly direction: 'asc' | 'desc'
}

function orderOf(view: InboxView): Order {
  // In the order of the others; only the index of what is to be done has it.
  if (view === 'inbox') return { column: 'to_do_key', direction: 'asc' }
  // Whom to try again first, then whom we wrote to last.
  if (view === 'waiting') return { column: 'rests_until', direction: 'asc' }
  // What comes back first, first.
  if (view === 'snoozed') return { column: 'snoozed_until', direction: 'asc' }
  // What was done last, first.
  if (view === 'done') return { column: 'done_at', direction: 'desc' }
  return { column: 'sort_key', direction: 'asc' }
}

// Conditions are written out, not bound: SQLite takes a partial index only for a condition that it can read.
const open = sql<boolean>`lead.status = 'open'`
const hasClock = sql<boolean>`lead.due_at is not null`
const isMissedCall = sql<boolean>`lead.missed_call = 1`
/** Somebody must act, now or when a second try is due. */
const isToDo = sql<boolean>`lead.to_do_key < 9000000000000000`
const rests = sql<boolean>`lead.rests_until > 0`
const wasSnoozed = sql<boolean>`lead.snoozed_until is not null`
/** A person may come back after an older lead was done; the list has one row a person. */
export const isNewest = sql<boolean>`not exists (
  select 1 from lead as newer where newer.person_id = lead.person_id and newer.id > lead.id)`

const seenStays = 3 * day

function conditionOf(view: InboxView, { now, me }: Viewer) {
  const awake = sql<boolean>`(lead.snoozed_until is null or lead.snoozed_until <= ${now})`
  switch (view) {
    case 'inbox':
      return sql<boolean>`${open} and ${isToDo} and lead.rests_until <= ${now} and ${awake}`
    case 'hot':
      return sql<boolean>`${open} and lead.tier = 'hot' and ${awake}`
    case 'due':
      return sql<boolean>`${open} and ${hasClock} and ${awake}`
    case 'waiting':
      return sql<boolean>`${open} and ${rests} and lead.rests_until > ${now} and ${awake}`
    case 'mine':
      return sql<boolean>`${open} and lead.owner_id = ${me} and ${awake}`
    case 'unassigned':
      return sql<boolean>`${open} and lead.owner_id is null and ${awake}`
    case 'calls':
      return sql<boolean>`${open} and ${isMissedCall} and ${awake}`
    case 'snoozed':
      return sql<boolean>`${open} and ${wasSnoozed} and lead.snoozed_until > ${now}`
    case 'done':
      return sql<boolean>`lead.done_at is not null and ${isNewest}`
    case 'all':
      return sql<boolean>`lead.merged_into is null and ${isNewest}`
    case 'mentions':
      // Few, so they are looked up first. What was seen stays for a while: it is still to be done.
      return sql<boolean>`lead.merged_into is null and ${isNewest} and lead.person_id in (
        select interaction.person_id from mention cross join interaction on interaction.id = mention.interaction_id
        where mention.member_id = ${me} and (mention.seen_at is null or mention.seen_at > ${now - seenStays}))`
    default:
      return missingCase(view)
  }
}

/** Everything a row of the list shows; asRow makes it one. */
export function leadRows(store: ReadStore) {
  return (
    store.db
      .selectFrom('lead')
      // Left joins keep the lead as the outer loop whatever the statistics say: its index is the order of the page.
      .leftJoin('person', 'person.id', 'lead.person_id')
      .leftJoin('member', 'member.id', 'lead.owner_id')
      .select([
        'lead.id as leadId',
        'lead.person_id as personId',
        'person.name as name',
        'person.company as company',
        'lead.status as status',
        'lead.score as score',
        'lead.tier as tier',
        'lead.grade as grade',
        'lead.qualification as qualification',
        'lead.source as source',
        'lead.owner_id as ownerId',
        'member.name as ownerName',
        'lead.preview as preview',
        'lead.last_channel as channel',
        'lead.last_direction as direction',
        'lead.missed_call as missedCall',
        'lead.last_at as lastAt',
        'lead.clock_kind as clockKind',
        'lead.clock_started_at as startedAt',
        'lead.risk_at as riskAt',
        'lead.due_at',
        'lead.snoozed_until',
        'lead.done_at',
        'lead.sort_key',
        'lead.to_do_key',
        'lead.rests_until',
        'lead.task_due_at as taskDueAt',
        'lead.outbox as outbox',
      ])
  )
}

type LeadRow = Awaited<ReturnType<ReturnType<typeof leadRows>['execute']>>[number]

/** Rows as the window shows them, with the labels of their people. */
export async function asRows(store: ReadStore, rows: readonly LeadRow[]): Promise<InboxRow[]> {
  const labels = await labelsOf(
    store,
    rows.map((it) => it.personId),
  )
  return rows.map((row) => asRow(row, labels.get(row.personId) ?? []))
}

function asRow(row: LeadRow, labels: readonly string[]): InboxRow {
  const { clockKind, startedAt, riskAt, due_at: dueAt } = row
  const hasClock = clockKind !== null && startedAt !== null && riskAt !== null && dueAt !== null
  return {
    leadId: row.leadId,
    personId: row.personId,
    name: row.name ?? '',
    company: row.company,
    status: row.status,
    score: row.score,
    tier: row.tier,
    grade: row.grade,
    qualification: row.qualification,
    source: row.source,
    owner: row.ownerId === null ? null : { id: row.ownerId, name: row.ownerName ?? '' },
    preview: row.preview,
    channel: row.channel,
    direction: row.direction,
    missedCall: row.missedCall === 1,
    lastAt: row.lastAt,
    clock: hasClock ? { kind: clockKind, startedAt, riskAt, dueAt } : null,
    snoozedUntil: row.snoozed_until,
    taskDueAt: row.taskDueAt,
    labels: [...labels],
    outbox: row.outbox,
  }
}
