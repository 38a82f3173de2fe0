import { sql } from 'kysely'
import type { PageKey } from '../../inbox/contract.ts'
import type { ReadStore } from '../store.ts'
import { asRows, type InboxPage, isNewest, leadRows } from './inbox.ts'
import { nameKey } from './name-key.ts'

/** One page of everybody who ever was a lead, by name, from the first whose name is not before `from`. */
export async function listByName(
  store: ReadStore,
  from: string,
  page: { readonly after: PageKey | null; readonly limit: number },
): Promise<InboxPage> {
  const found = await byNameQuery(store, from, page).execute()
  const rows = found.slice(0, page.limit)
  const last = found.length > page.limit ? rows.at(-1) : undefined
  return { rows: await asRows(store, rows), next: last ? { sortKey: last.nameKey ?? '', leadId: last.leadId } : null }
}

/** The statement of a page, for {@link listByName} and for the test of its plan. */
export function byNameQuery(
  store: ReadStore,
  from: string,
  { after, limit }: { readonly after: PageKey | null; readonly limit: number },
) {
  // In people's order, so that the page is read from where the one before ended; the cross join keeps it so.
  const begin = after
    ? sql`(person.name_key, person.id) > (${String(after.sortKey)}, (select person_id from lead where id = ${after.leadId}))`
    : sql`person.name_key >= ${from.trim() === '' ? '' : nameKey(from)}`
  const ids = sql`select lead.id from person cross join lead on lead.person_id = person.id
    where person.merged_into is null and ${begin} and lead.merged_into is null and ${isNewest}
    order by person.name_key, person.id limit ${limit + 1}`
  return leadRows(store)
    .select('person.name_key as nameKey')
    .where(sql<boolean>`lead.id in (${ids})`)
    .orderBy('person.name_key')
    .orderBy('person.id')
}
