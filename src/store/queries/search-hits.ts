import { sql } from 'kysely'
import type { ChannelKind, SearchHit } from '../../inbox/contract.ts'
import { day } from '../../lib/durations.ts'
import type { ReadStore } from '../store.ts'
import { type FoundPerson, findPeople } from './search-find-people.ts'
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
  readonly limit: number
  /** ISO 3166, to read numbers typed without a prefix. */
  readonly country: string
  readonly now: number
}

/**
 * Finds people and what was said, over everything a person would see. People first, then messages: the better match
 * and the newer one before the others.
 */
export async function searchAll(store: ReadStore, input: SearchInput): Promise<SearchHit[]> {
  const words = understand(input.text)
  if (words.terms.length === 0) return []
  const people = await findPeople(store, words, Math.max(5, Math.floor(input.limit / 2)))
  const messages = await findMessages(store, words, input)
  const room = Math.max(Math.ceil(input.limit / 2), input.limit - messages.length)
  return [...people.slice(0, room).map((it) => personHit(it, words)), ...messages].slice(0, input.limit)
}

type Message = {
  readonly id: number
  readonly personId: number
  readonly name: string
  readonly company: string | null
  readonly channel: ChannelKind
  readonly at: number
  readonly rank: number
}
type Texts = { readonly id: number; readonly subject: string; readonly text: string; readonly quoted: string | null }

async function findMessages(store: ReadStore, words: SearchWords, input: SearchInput): Promise<SearchHit[]> {
  const { terms, messages } = await candidatesFor(store, words, input)
  const best = messages.sort((a, b) => score(b, input.now) - score(a, input.now)).slice(0, input.limit)
  const texts = await textsOf(store, best)
  return best.map(({ id, personId, name, company, channel, at }) => {
    const { subject = '', text = '', quoted = null } = texts.get(id) ?? {}
    const snippet = snippetOf([text, subject, quoted ?? ''], terms)
    return { personId, name, company, interactionId: id, channel, at, snippet }
  })
}

/** What may be shown, and the terms to mark in it. */
async function candidatesFor(
  store: ReadStore,
  { terms, address, digits }: SearchWords,
  { text, country, limit }: SearchInput,
): Promise<{ readonly terms: readonly Term[]; readonly messages: Message[] }> {
  if (digits) {
    const ways = numberInText(text, country)
    return { terms: ways, messages: await matching(store, matchAny(ways)) }
  }
  if (address) return { terms, messages: await mentioning(store, address) }
  const messages = await matching(store, matchAll(terms))
  if (messages.length >= limit || terms.length < 2) return { terms, messages }
  const known = new Set(messages.map((it) => it.id))
  const more = (await byNameAndWords(store, terms)).filter((it) => !known.has(it.id))
  return { terms, messages: [...messages, ...more] }
}

// bm25 is smaller for better. A message of today counts three times one that is years old.
const score = ({ rank, at }: Message, now: number) => -rank * (0.5 + 1 / (1 + Math.max(0, now - at) / (30 * day)))

// Past this many matches the newest are ranked: who finds more needs another word, not an older mail.
const candidates = 400

/** A subject counts more than a text, and both more than what was only quoted. */
async function matching(store: ReadStore, match: string): Promise<Message[]> {
  const { rows } = await sql<Message>`
    with found as materialized (
      select rowid as id, bm25(interaction_search, 4.0, 2.0, 0.5) as rank from interaction_search
      where interaction_search match ${match} order by rowid desc limit ${candidates}
    )
    select found.id, found.rank, interaction.person_id as "personId", interaction.channel, interaction.at,
      person.name, person.company
    from found join interaction on interaction.id = found.id join person on person.id = interaction.person_id
    where interaction.delivery != 'cancelled'`.execute(store.db)
  return rows
}

/** Messages with exactly this address: the index knows it as words that other addresses share. */
async function mentioning(store: ReadStore, address: string): Promise<Message[]> {
  const messages = await matching(store, matchAll([exactly(address)]))
  const texts = await textsOf(store, messages)
  return messages.filter(({ id }) => {
    const { subject = '', text = '', quoted = null } = texts.get(id) ?? {}
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
async function byNameAndWords(store: ReadStore, terms: readonly Term[]): Promise<Message[]> {
  const found = new Map<number, Message>()
  const names = terms.flatMap((term, at) => [[term], terms.slice(at, at + 2)]).filter((it) => it.length < terms.length)
  for (const name of names) {
    const what = terms.filter((it) => !name.includes(it))
    const people = await findPeople(store, { terms: name, address: null, digits: null }, mostNamesakes)
    if (people.length === 0) continue
    const { rows } = await sql<Omit<Message, 'rank'> & Texts>`
      select interaction.id, interaction.person_id as "personId", interaction.channel, interaction.at,
        person.name, person.company, interaction.subject, interaction.text, interaction.quoted
      from interaction join person on person.id = interaction.person_id
      where interaction.person_id in (select value from json_each(${JSON.stringify(people.map((it) => it.personId))}))
        and interaction.delivery != 'cancelled'
      order by interaction.at desc limit ${latestOfThem}`.execute(store.db)
    for (const { subject, text, quoted, ...message } of rows) {
      const said = wordsOf(`${subject} ${text} ${quoted ?? ''}`)
      if (what.every((term) => indexOfTerm(said, term) >= 0)) found.set(message.id, { ...message, rank: -1 })
    }
  }
  return [...found.values()]
}

async function textsOf(store: ReadStore, messages: readonly Message[]): Promise<ReadonlyMap<number, Texts>> {
  const { rows } = await sql<Texts>`select id, subject, text, quoted from interaction
    where id in (select value from json_each(${JSON.stringify(messages.map((it) => it.id))}))`.execute(store.db)
  return new Map(rows.map((row) => [row.id, row]))
}

function personHit({ personId, name, company, handles }: FoundPerson, { terms, digits }: SearchWords): SearchHit {
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
