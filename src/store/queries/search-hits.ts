import { sql } from 'kysely'
import type { ChannelKind, SearchHit } from '../../inbox/contract.ts'
import type { SearchQuery } from '../../inbox/search-query.ts'
import type { ReadStore } from '../store.ts'
import type { Viewer } from './inbox.ts'
import { listFound } from './inbox-found.ts'
import { filterOf, isAboutMessages } from './search-filter.ts'
import { type FoundPerson, findPeople } from './search-find-people.ts'
import { leadFilterOf } from './search-leads.ts'
import { type FoundMessage, type MessagePage, messagePage, newestFound } from './search-messages.ts'
import { markEnd, markStart, markTerms, snippetOf } from './search-snippet.ts'
import {
  exactly,
  indexOfTerm,
  matchAll,
  matchAny,
  numberInText,
  type SearchWords,
  type Term,
  understand,
  wordsOf,
} from './search-words.ts'

export type SearchInput = {
  readonly text: string
  readonly query: SearchQuery
  readonly limit: number
  /** Key of the page before. */
  readonly after: string | null
  /** ISO 3166, to read numbers typed without a prefix. */
  readonly country: string
  readonly viewer: Viewer
}
export type SearchAnswer = {
  readonly hits: readonly SearchHit[]
  readonly next: string | null
  readonly about: 'messages' | 'leads'
}

/**
 * Finds people and what was said, over everything a person would see. People first, then messages: the better match
 * and the newer one before the others. A search that names neither word nor message finds leads.
 */
export async function searchAll(store: ReadStore, input: SearchInput): Promise<SearchAnswer> {
  const { query, viewer, limit, after } = input
  const nothing: SearchAnswer = { hits: [], next: null, about: 'messages' }
  if (query.clauses.length === 0) return nothing
  if (!isAboutMessages(query)) return leadHits(store, input)
  const filter = await filterOf(store, query, viewer)
  const words = filter.plain ? understand(input.text) : null
  if (words && (words.address !== null || words.digits !== null)) {
    return { ...nothing, hits: await byHandleOrMention(store, words, input) }
  }
  const people = words && after === null ? await findPeople(store, words, Math.max(5, Math.floor(limit / 2))) : []
  const found = await messagePage(store, filter, after, { limit, now: viewer.now })
  const more = words && after === null && found.end === null ? await namesToo(store, words, found, limit) : []
  const total = found.messages.length + more.length
  const shownPeople = people.slice(0, Math.max(Math.ceil(limit / 2), limit - total))
  const messages = found.messages.slice(0, limit - shownPeople.length)
  const cut = messages.length < found.messages.length
  const rest = cut ? [] : more.slice(0, limit - shownPeople.length - messages.length)
  return {
    hits: [
      ...shownPeople.map((it) => personHit(it, filter.terms, null)),
      ...(await messageHits(store, [...messages.map((it) => it.message), ...rest], filter.terms)),
    ],
    next: cut ? (messages.at(-1)?.behind ?? found.end) : found.end,
    about: 'messages',
  }
}

async function leadHits(store: ReadStore, { query, viewer, limit, after }: SearchInput): Promise<SearchAnswer> {
  const filter = await leadFilterOf(store, query, viewer, 'due')
  const key = /^l:(\d{1,17}):(\d{1,16})$/.exec(after ?? '')
  const page = { after: key ? { sortKey: Number(key[1]), leadId: Number(key[2]) } : null, limit }
  const { rows, next } = await listFound(store, { filter, sort: 'due' }, viewer, page)
  return {
    hits: rows.map(({ personId, name, company, preview, channel, lastAt }) => ({
      ...{ personId, name, company, channel, at: lastAt },
      interactionId: null,
      snippet: preview.replace(/[\uE000\uE001]/g, ''),
    })),
    next: next ? `l:${next.sortKey}:${next.leadId}` : null,
    about: 'leads',
  }
}

/** The whole search is one address or one number: who has it, and who speaks of it. */
async function byHandleOrMention(
  store: ReadStore,
  words: SearchWords,
  input: SearchInput,
): Promise<readonly SearchHit[]> {
  const { text, country, limit } = input
  const people = await findPeople(store, words, Math.max(5, Math.floor(limit / 2)))
  const ways = words.digits ? numberInText(text, country) : words.terms
  const found = words.digits
    ? await newestFound(store, matchAny(ways), candidates)
    : await mentioning(store, words.address ?? '')
  const messages = await messageHits(store, found.slice(0, limit), ways)
  const room = Math.max(Math.ceil(limit / 2), limit - messages.length)
  return [...people.slice(0, room).map((it) => personHit(it, words.terms, words.digits)), ...messages].slice(0, limit)
}

type Texts = { readonly subject: string; readonly text: string; readonly quoted: string | null }
type Shown = Texts & {
  readonly id: number
  readonly personId: number
  readonly name: string
  readonly company: string | null
  readonly channel: ChannelKind
}

async function messageHits(
  store: ReadStore,
  messages: readonly FoundMessage[],
  terms: readonly Term[],
): Promise<readonly SearchHit[]> {
  const shown = await shownOf(store, messages)
  return messages.flatMap(({ id, at }) => {
    const message = shown.get(id)
    if (!message) return []
    const { personId, name, company, channel, subject, text, quoted } = message
    const marked = snippetOf([text, subject, quoted ?? ''], terms)
    const snippet = marked || startOf(subject, text)
    return [{ personId, name, company, interactionId: id, channel, at, snippet }]
  })
}

const longestStart = 160

/** What to show of a message that was found by something else than its words. */
const startOf = (subject: string, text: string) =>
  [subject, text]
    .filter((it) => it.trim() !== '')
    .join(' · ')
    .replace(/[\uE000\uE001]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, longestStart)

const candidates = 400

/** Who and what together, where the words alone found too little. */
async function namesToo(
  store: ReadStore,
  { terms }: SearchWords,
  found: MessagePage,
  limit: number,
): Promise<readonly FoundMessage[]> {
  if (terms.length < 2 || found.messages.length >= limit) return []
  const known = new Set(found.messages.map((it) => it.message.id))
  return (await byNameAndWords(store, terms)).filter((it) => !known.has(it.id))
}

/** Messages with exactly this address: the index knows it as words that other addresses share. */
async function mentioning(store: ReadStore, address: string): Promise<readonly FoundMessage[]> {
  const messages = await newestFound(store, matchAll([exactly(address)]), candidates)
  const shown = await shownOf(store, messages)
  return messages.filter(({ id }) => {
    const { subject = '', text = '', quoted = null } = shown.get(id) ?? {}
    return [subject, text, quoted ?? ''].some((it) => holdsAddress(it.toLowerCase(), address))
  })
}

function holdsAddress(text: string, address: string): boolean {
  for (let at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + 1)) {
    const before = text.charAt(at - 1)
    const after = text.slice(at + address.length, at + address.length + 2)
    // A dot that ends the sentence is not part of the address.
    if (!/[\p{L}\p{N}._%+@-]/u.test(before) && !/^(?:[\p{L}\p{N}_%+@-]|\.[\p{L}\p{N}])/u.test(after)) return true
  }
  return false
}

const mostNamesakes = 50
const latestOfThem = 1000

/** "ana lopez kitchen": one or two words are who, the others what. Reads what they said instead of all the kitchens. */
async function byNameAndWords(store: ReadStore, terms: readonly Term[]): Promise<FoundMessage[]> {
  const found = new Map<number, FoundMessage>()
  const names = terms.flatMap((term, at) => [[term], terms.slice(at, at + 2)]).filter((it) => it.length < terms.length)
  for (const name of names) {
    const what = terms.filter((it) => !name.includes(it))
    const people = await findPeople(store, { terms: name, address: null, digits: null }, mostNamesakes)
    if (people.length === 0) continue
    const { rows } = await sql<FoundMessage & Texts>`
      select interaction.id, interaction.at, interaction.subject, interaction.text, interaction.quoted
      from interaction where interaction.person_id in (select value from json_each(${JSON.stringify(people.map((it) => it.personId))}))
        and interaction.delivery != 'cancelled'
      order by interaction.at desc limit ${latestOfThem}`.execute(store.db)
    for (const { id, at, subject, text, quoted } of rows) {
      const said = wordsOf(`${subject} ${text} ${quoted ?? ''}`)
      if (what.every((term) => indexOfTerm(said, term) >= 0)) found.set(id, { id, at })
    }
  }
  return [...found.values()]
}

/** What is shown of messages, looked up for those of a page alone. */
async function shownOf(
  store: ReadStore,
  messages: readonly Pick<FoundMessage, 'id'>[],
): Promise<ReadonlyMap<number, Shown>> {
  const { rows } = await sql<Shown>`
    select interaction.id, interaction.person_id as "personId", person.name, person.company, interaction.channel,
      interaction.subject, interaction.text, interaction.quoted
    from json_each(${JSON.stringify(messages.map((it) => it.id))}) as asked
    cross join interaction on interaction.id = asked.value cross join person on person.id = interaction.person_id`.execute(
    store.db,
  )
  return new Map(rows.map((row) => [row.id, row]))
}

function personHit(
  { personId, name, company, handles }: FoundPerson,
  terms: readonly Term[],
  digits: string | null,
): SearchHit {
  const parts = [company, ...handles.map((it) => it.value)].filter((it) => it !== null)
  const marked = parts.map((it) =>
    digits && it.startsWith('+') && it.includes(digits) ? `${markStart}${it}${markEnd}` : markTerms(it, terms),
  )
  // Of many addresses the one that matched is the one to see.
  const shown = [...marked.filter((it) => it.includes(markStart)), ...marked].slice(0, 2)
  return {
    personId,
    name,
    company,
    interactionId: null,
    channel: null,
    at: null,
    snippet: [...new Set(shown)].join(' · '),
  }
}
