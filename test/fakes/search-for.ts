import { makeReadTimeSpan } from '../../src/inbox/search-dates.ts'
import { parseSearch } from '../../src/inbox/search-query.ts'
import { searchAll } from '../../src/store/queries/search-hits.ts'
import type { ReadStore } from '../../src/store/store.ts'
import { tuesdayMorning } from './fake-clock.ts'

/** What the search field would find, as its first few hits. */
export async function searchFor(store: ReadStore, text: string, now = tuesdayMorning) {
  const query = parseSearch(text, makeReadTimeSpan({ now, zone: 'utc' }))
  const viewer = { now, me: null }
  const { hits } = await searchAll(store, { text, query, limit: 9, after: null, country: 'US', viewer })
  return hits
}
