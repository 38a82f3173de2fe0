import { sql } from 'kysely'
import type { PageKey, ViewSort } from '../../inbox/contract.ts'
import type { ReadStore } from '../store.ts'
import { asRows, type InboxPage, leadRows, type Viewer } from './inbox.ts'
import type { Condition } from './search-conditions.ts'
import type { LeadFilter } from './search-leads.ts'

/** Leads that a search finds, in an order. */
export type FoundList = { readonly filter: LeadFilter; readonly sort: ViewSort }

/** One page of the leads that a filter finds. Each order has an index, which the page is read from. */
export async function listFound(
  store: ReadStore,
  list: FoundList,
  viewer: Viewer,
  page: { readonly after: PageKey | null; readonly limit: number },
): Promise<InboxPage> {
  const found = await foundPageOf(store, list, viewer, page).execute()
  const rows = found.slice(0, page.limit)
  const last = found.length > page.limit ? rows.at(-1) : undefined
  return {
    rows: await asRows(store, rows),
    next: last ? { sortKey: last.sortKey, leadId: last.leadId } : null,
  }
}

// Written as their indexes are. Where points are not counted there is neither fit nor engagement: such leads come last.
const orders = {
  due: { key: sql<number>`lead.sort_key`, direction: 'asc' },
  newest: { key: sql<number>`lead.last_at`, direction: 'desc' },
  score: { key: sql<number>`lead.score`, direction: 'desc' },
  fit: { key: sql<number>`coalesce(lead.fit, -1)`, direction: 'desc' },
  /** Of what is closed nothing is due, and what happened last is its end. */
  closed: { key: sql<number>`lead.done_at`, direction: 'desc' },
  engagement: { key: sql<number>`coalesce(lead.engagement, -1)`, direction: 'desc' },
} as const

/** The statement of a page, for {@link listFound} and for the tests of its plan. */
export function foundPageOf(
  store: ReadStore,
  { filter, sort }: FoundList,
  viewer: Viewer,
  { after, limit }: { readonly after: PageKey | null; readonly limit: number },
) {
  const order = filter.closed && (sort === 'newest' || sort === 'due') ? 'closed' : sort
  const { key: indexed, direction } = orders[order]
  // Of few leads the plus sign keeps the planner from walking the order to find them.
  const key = filter.few === null ? indexed : sql<number>`+${indexed}`
  const [up, beyond] = [sql.raw(direction), sql.raw(direction === 'asc' ? '>' : '<')]
  const begin = after === null ? sql`` : sql`and (${key}, lead.id) ${beyond} (${after.sortKey}, ${after.leadId})`
  // Whatever is closed has it; the index of the order wants it said.
  const ended = order === 'closed' ? sql`and lead.done_at is not null` : sql``
  const all = sql<boolean>`${conditionOf(filter, viewer)} ${ended} ${begin}`
  // They are sorted before everything that a row shows is fetched for them.
  const ofFew = sql<boolean>`lead.id in (
    select lead.id from lead where ${all} order by ${key} ${up}, lead.id ${up} limit ${limit + 1})`
  return leadRows(store)
    .select(key.as('sortKey'))
    .where(filter.few === null ? all : ofFew)
    .orderBy(key, direction)
    .orderBy('lead.id', direction)
    .limit(limit + 1)
}

/** How many leads a filter finds; counting stops at `most`. */
export async function countFound(store: ReadStore, filter: LeadFilter, viewer: Viewer, most: number): Promise<number> {
  const { rows } = await countFoundQuery(filter, viewer, most).execute(store.db)
  return rows[0]?.count ?? 0
}

export const countFoundQuery = (filter: LeadFilter, viewer: Viewer, most: number) =>
  sql<{ readonly count: number }>`select count(*) as count from (
    select 1 from lead where ${conditionOf(filter, viewer)} limit ${most})`

/** All leads that a filter finds, for an action on all of them. */
export async function idsFound(
  store: ReadStore,
  filter: LeadFilter,
  viewer: Viewer,
  most: number,
): Promise<readonly number[]> {
  const { rows } = await sql<{ readonly id: number }>`
    select lead.id from lead where ${conditionOf(filter, viewer)} limit ${most}`.execute(store.db)
  return rows.map((it) => it.id)
}

/** One row a person: what is open and awake, unless the search says which state it wants. */
function conditionOf(filter: LeadFilter, { now }: Viewer): Condition {
  const few = filter.few === null ? [] : [filter.few]
  const scope =
    filter.scope === 'open'
      ? sql<boolean>`lead.status = 'open' and (lead.snoozed_until is null or lead.snoozed_until <= ${now})`
      : sql<boolean>`lead.merged_into is null and not exists (
          select 1 from lead as newer where newer.person_id = lead.person_id and newer.id > lead.id)`
  return sql<boolean>`${sql.join([...few, scope, ...filter.conditions], sql` and `)}`
}
