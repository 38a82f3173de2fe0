import { sql } from 'kysely'
import type { ChannelKind } from '../../inbox/contract.ts'
import { day } from '../../lib/durations.ts'
import type { ReadStore } from '../store.ts'
import type { Condition, SearchFilter } from './search-filter.ts'

export type FoundMessage = {
  readonly id: number
  readonly personId: number
  readonly name: string
  readonly company: string | null
  readonly channel: ChannelKind
  readonly at: number
  readonly rank: number
}
/** Messages of a page, each with the key behind it; `end` goes on behind all that was looked at, null at the last. */
export type MessagePage = {
  readonly messages: readonly { readonly message: FoundMessage; readonly behind: string }[]
  readonly end: string | null
}

// Matches are ranked among the newest of this many: who finds more needs another word, not an older mail. With filters
// more are looked at, for most of them fall through.
const rankedTogether = 400
const filteredTogether = 4000
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
  if (filter.match !== null) return byWords(store, filter, filter.match, keyOf(after, 'w') ?? [newestId, 0], page)
  return byTime(store, filter, keyOf(after, 't') ?? [filter.to, 0], page.limit)
}

const newestId = Number.MAX_SAFE_INTEGER

const keyOf = (text: string | null, kind: 'w' | 't'): readonly [number, number] | null => {
  const found = new RegExp(`^${kind}:(\\d{1,16}):(\\d{1,16})$`).exec(text ?? '')
  return found ? [Number(found[1]), Number(found[2])] : null
}

type Window = { readonly low: number | null; readonly top: number | null; readonly size: number }

async function byWords(
  store: ReadStore,
  filter: SearchFilter,
  match: string,
  [from, skip]: readonly [number, number],
  { limit, now }: { readonly limit: number; readonly now: number },
): Promise<MessagePage> {
  const size = filter.messages.length > 0 ? filteredTogether : rankedTogether
  const messages: MessagePage['messages'][number][] = []
  let top = from
  let passed = skip
  for (let windows = 0; windows < mostWindows; windows++) {
    const rows = await matchWindow(store, match, filter.messages, top, size)
    const window = rows[0]
    if (!window || window.top === null || window.low === null) return { messages, end: null }
    const start = window.top
    const ranked = rows
      .flatMap((it) => (it.id === null ? [] : [it as FoundMessage]))
      .sort((a, b) => scoreOf(b, now) - scoreOf(a, now) || b.id - a.id)
    const last = window.size < size
    const next = last ? null : `w:${window.low - 1}:0`
    for (const [at, message] of ranked.entries()) {
      if (at < passed) continue
      if (messages.length === limit) return { messages, end: messages.at(-1)?.behind ?? null }
      messages.push({ message, behind: `w:${start}:${at + 1}` })
    }
    if (next === null) return { messages, end: null }
    top = window.low - 1
    passed = 0
    if (messages.length >= limit) return { messages, end: next }
  }
  return { messages, end: `w:${top}:0` }
}

// bm25 is smaller for better. A message of today counts three times one that is years old.
const scoreOf = ({ rank, at }: FoundMessage, now: number) =>
  -rank * (0.5 + 1 / (1 + Math.max(0, now - at) / (30 * day)))

/** A lot of matches, newest first; at least one row, so that it says where the lot ended when none passed the filters. */
export function matchWindowQuery(match: string, conditions: readonly Condition[], top: number, size: number) {
  // A subject counts more than a text, and both more than what was only quoted.
  return sql<Window & { readonly [K in keyof FoundMessage]: FoundMessage[K] | null }>`
    with found as materialized (
      select rowid as id, bm25(interaction_search, 4.0, 2.0, 0.5) as rank from interaction_search
      where interaction_search match ${match} and rowid <= ${top} order by rowid desc limit ${size}
    )
    select lot.low, lot.top, lot.size, hit.id, hit.rank, hit."personId", hit.channel, hit.at, hit.name, hit.company
    from (select min(id) as low, max(id) as top, count(*) as size from found) as lot
    left join (
      select found.id, found.rank, interaction.person_id as "personId", interaction.channel, interaction.at,
        person.name, person.company
      from found cross join interaction on interaction.id = found.id cross join person on person.id = interaction.person_id
      where ${allOf(conditions)}
    ) as hit on true`
}

async function matchWindow(
  store: ReadStore,
  match: string,
  conditions: readonly Condition[],
  top: number,
  size: number,
) {
  const { rows } = await matchWindowQuery(match, conditions, top, size).execute(store.db)
  return rows
}

const allOf = (conditions: readonly Condition[]): Condition =>
  sql<boolean>`interaction.delivery != 'cancelled' and ${sql.join([sql<boolean>`true`, ...conditions], sql` and `)}`

type Dated = Omit<FoundMessage, 'rank'>

/** No word to look for: newest first. */
async function byTime(
  store: ReadStore,
  filter: SearchFilter,
  start: readonly [number, number],
  limit: number,
): Promise<MessagePage> {
  const messages: MessagePage['messages'][number][] = []
  const take = (rows: readonly Dated[]) => {
    for (const row of rows.slice(0, limit - messages.length)) {
      messages.push({ message: { ...row, rank: -1 }, behind: `t:${row.at}:${row.id}` })
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
    const hits = rows.flatMap((it) => (it.id === null ? [] : [it as Dated]))
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
  return sql<TimeWindow & { readonly [K in keyof Dated]: Dated[K] | null }>`
    with span as materialized (
      select id, at from interaction where (at, id) < (${at}, ${id}) and at >= ${filter.from}
      order by at desc, id desc limit ${size}
    ),
    lot as (select at as "lastAt", id as "lastId", (select count(*) from span) as size from span order by at, id limit 1)
    select lot."lastAt", lot."lastId", lot.size, hit.id, hit."personId", hit.channel, hit.at, hit.name, hit.company
    from lot left join (
      select interaction.id, interaction.person_id as "personId", interaction.channel, interaction.at,
        person.name, person.company
      from span cross join interaction on interaction.id = span.id cross join person on person.id = interaction.person_id
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
): Promise<readonly Dated[]> {
  const { rows } = await sql<Dated>`
    select interaction.id, interaction.person_id as "personId", interaction.channel, interaction.at,
      person.name, person.company
    from interaction join person on person.id = interaction.person_id
    where interaction.person_id in (select value from json_each(${JSON.stringify(personIds)}))
      and (interaction.at, interaction.id) < (${at}, ${id}) and interaction.at >= ${filter.from} and ${allOf(filter.messages)}
    order by interaction.at desc, interaction.id desc limit ${limit}`.execute(store.db)
  return rows
}
