import { sql } from 'kysely'
import { day } from '../../lib/durations.ts'
import type { ReadStore } from '../store.ts'
import type { Condition } from './search-conditions.ts'
import type { SearchFilter } from './search-filter.ts'

export type FoundMessage = { readonly id: number; readonly at: number }
/** Messages of a page, each with the key behind it; `end` goes on behind all that was looked at, null at the last. */
export type MessagePage = {
  readonly messages: readonly { readonly message: FoundMessage; readonly behind: string }[]
  readonly end: string | null
}

// Matches are ranked among the newest of this many: who finds more needs another word, not an older mail.
const rankedTogether = 200
// With filters more are looked at, the more the fewer passed: one in a thousand is still found.
const filteredTogether = [1000, 2000, 4000, 6000, 7000] as const
const scannedTogether = 20_000
// A page never looks at more: rather a short page with a key to go on than a field that hangs.
const mostWindows = 5

/** The best first among each lot of matches, the newest lots first. @param after key of an earlier page, or null */
export function messagePage(
  store: ReadStore,
  filter: SearchFilter,
  after: string | null,
  page: { readonly limit: number; readonly now: number },
): Promise<MessagePage> {
  if (filter.match !== null) return byWords(store, filter, filter.match, after, page)
  const key = /^t:(\d{1,16}):(\d{1,16})$/.exec(after ?? '')
  return byTime(store, filter, key ? [Number(key[1]), Number(key[2])] : [filter.to, 0], page.limit)
}

/** The page goes on in a lot of matches: its newest, how many there are in it, and how many of the best were shown. */
type Place = { readonly top: number; readonly size: number; readonly shown: number }

const keyOf = ({ top, size, shown }: Place) => `w:${top}:${size}:${shown}`

function placeOf(after: string | null, size: number): Place {
  const found = /^w:(\d{1,16}):(\d{1,5}):(\d{1,5})$/.exec(after ?? '')
  if (!found) return { top: Number.MAX_SAFE_INTEGER, size, shown: 0 }
  return { top: Number(found[1]), size: Math.min(Number(found[2]), largestLot), shown: Number(found[3]) }
}

const largestLot = Math.max(...filteredTogether)

/** `hits`: JSON of {@link Hit}s; as rows they would take longer to hand over than to find. */
type Lot = { readonly low: number | null; readonly top: number | null; readonly size: number; readonly hits: string }
type Hit = readonly [id: number, at: number, worth: number]

async function byWords(
  store: ReadStore,
  filter: SearchFilter,
  match: string,
  after: string | null,
  { limit, now }: { readonly limit: number; readonly now: number },
): Promise<MessagePage> {
  const sizes = filter.messages.length > 0 ? filteredTogether : [rankedTogether]
  const messages: MessagePage['messages'][number][] = []
  let place = placeOf(after, sizes[0] ?? rankedTogether)
  for (let lots = 0; lots < mostWindows; lots++) {
    const { rows } = await lotQuery(match, filter.messages, place.top, place.size).execute(store.db)
    const lot = rows[0]
    if (!lot || lot.top === null || lot.low === null) return { messages, end: null }
    const top = lot.top
    const ranked = hitsOf(lot)
      .map(([id, at, worth]) => ({ id, at, score: worth * freshness(at, now) }))
      .sort((a, b) => b.score - a.score || b.id - a.id)
    for (const [rank, { id, at }] of ranked.entries()) {
      if (rank < place.shown) continue
      if (messages.length === limit) return { messages, end: messages.at(-1)?.behind ?? null }
      messages.push({ message: { id, at }, behind: keyOf({ ...place, top, shown: rank + 1 }) })
    }
    if (lot.size < place.size) return { messages, end: null }
    place = { top: lot.low - 1, size: sizes[lots + 1] ?? place.size, shown: 0 }
    if (messages.length >= limit) break
  }
  return { messages, end: keyOf(place) }
}

const hitsOf = ({ hits }: Lot) => JSON.parse(hits) as readonly Hit[]

/** All that was found in a lot, newest first. */
export async function newestFound(store: ReadStore, match: string, size: number): Promise<readonly FoundMessage[]> {
  const { rows } = await lotQuery(match, [], Number.MAX_SAFE_INTEGER, size).execute(store.db)
  const found = rows.flatMap((it) => hitsOf(it).map(([id, at]) => ({ id, at })))
  return found.sort((a, b) => b.at - a.at)
}

// A message of today counts three times one that is years old.
const freshness = (at: number, now: number) => 0.5 + 1 / (1 + Math.max(0, now - at) / (30 * day))

// All words in the subject, in what was written, or some of them only in what was quoted.
const worth = { subject: 4, text: 2, quoted: 0.5 } as const

/**
 * A lot of matches; it says where it ended also when none passed the filters. Where the words stand is all that ranks
 * them: how rare a word is would be the same for each, and asking the index for it (bm25) reads every message that has
 * the word.
 */
export function lotQuery(match: string, conditions: readonly Condition[], top: number, size: number) {
  const inColumns = (columns: string) => sql`select rowid from interaction_search
    where interaction_search match ${`{${columns}} : (${match})`} and rowid <= ${top} and rowid >= (select low from lot)`
  return sql<Lot>`
    with found as materialized (
      select rowid as id from interaction_search
      where interaction_search match ${match} and rowid <= ${top} order by rowid desc limit ${size}
    ),
    lot as materialized (select min(id) as low, max(id) as top, count(*) as size from found)
    select lot.low, lot.top, lot.size, (
      select json_group_array(json_array(found.id, interaction.at, case
        when found.id in (${inColumns('subject')}) then ${worth.subject}
        when found.id in (${inColumns('subject text')}) then ${worth.text} else ${worth.quoted} end))
      from found cross join interaction on interaction.id = found.id
      where ${allOf(conditions)}
    ) as hits from lot`
}

const allOf = (conditions: readonly Condition[]): Condition =>
  sql<boolean>`interaction.delivery != 'cancelled' and ${sql.join([sql<boolean>`true`, ...conditions], sql` and `)}`

/** No word to look for: newest first. */
async function byTime(
  store: ReadStore,
  filter: SearchFilter,
  start: readonly [number, number],
  limit: number,
): Promise<MessagePage> {
  const messages: MessagePage['messages'][number][] = []
  const take = (rows: readonly FoundMessage[]) => {
    for (const row of rows.slice(0, limit - messages.length)) {
      messages.push({ message: { id: row.id, at: row.at }, behind: `t:${row.at}:${row.id}` })
    }
  }
  if (filter.personIds) {
    const rows = await ofPeople(store, filter, filter.personIds, start, limit + 1)
    take(rows)
    return { messages, end: rows.length > limit ? (messages.at(-1)?.behind ?? null) : null }
  }
  let key = start
  for (let windows = 0; windows < mostWindows; windows++) {
    const { rows } = await timeWindowQuery(filter, key, scannedTogether).execute(store.db)
    const window = rows[0]
    if (!window || window.lastAt === null || window.lastId === null) return { messages, end: null }
    const hits = rows.flatMap((it) => (it.id === null ? [] : [it as FoundMessage]))
    const room = limit - messages.length
    take(hits)
    if (hits.length > room) return { messages, end: messages.at(-1)?.behind ?? null }
    if (window.size < scannedTogether) return { messages, end: null }
    key = [window.lastAt, window.lastId]
    if (messages.length === limit) break
  }
  return { messages, end: `t:${key[0]}:${key[1]}` }
}

type TimeWindow = { readonly lastAt: number | null; readonly lastId: number | null; readonly size: number }

export function timeWindowQuery(filter: SearchFilter, [at, id]: readonly [number, number], size: number) {
  return sql<TimeWindow & { readonly [K in keyof FoundMessage]: FoundMessage[K] | null }>`
    with span as materialized (
      select id, at from interaction where (at, id) < (${at}, ${id}) and at >= ${filter.from}
      order by at desc, id desc limit ${size}
    ),
    lot as (select at as "lastAt", id as "lastId", (select count(*) from span) as size from span order by at, id limit 1)
    select lot."lastAt", lot."lastId", lot.size, hit.id, hit.at
    from lot left join (
      select interaction.id, interaction.at from span cross join interaction on interaction.id = span.id
      where ${allOf(filter.messages)}
    ) as hit on true
    order by hit.at desc, hit.id desc`
}

async function ofPeople(
  store: ReadStore,
  filter: SearchFilter,
  personIds: readonly number[],
  [at, id]: readonly [number, number],
  limit: number,
): Promise<readonly FoundMessage[]> {
  const { rows } = await sql<FoundMessage>`
    select interaction.id, interaction.at from interaction
    where interaction.person_id in (select value from json_each(${JSON.stringify(personIds)}))
      and (interaction.at, interaction.id) < (${at}, ${id}) and interaction.at >= ${filter.from} and ${allOf(filter.messages)}
    order by interaction.at desc, interaction.id desc limit ${limit}`.execute(store.db)
  return rows
}
