import { sql } from 'kysely'
import type { ChannelKind, SearchHit } from '../../inbox/contract.ts'
import { day } from '../../lib/durations.ts'
import type { ReadStore } from '../store.ts'
import { type FoundPerson, findPeople } from './search-find-people.ts'
import { allOf, fold, numberInText, quoted, type SearchWords, understand } from './search-words.ts'

export type SearchInput = {
  readonly text: string
  readonly limit: number
  /** ISO 3166, to read numbers typed without a prefix. */
  readonly country: string
  readonly now: number
}

// Marks around a match in a snippet: private-use characters, so that the window needs no HTML.
export const markStart = '\uE000'
export const markEnd = '\uE001'
const snippetWords = 18

/**
 * Finds people and what was said, over everything a person would see. People first, then messages: the better match
 * and the newer one before the others.
 */
export async function searchAll(store: ReadStore, input: SearchInput): Promise<SearchHit[]> {
  const words = understand(input.text)
  if (words.terms.length === 0) return []
  const people = await findPeople(store, words, Math.max(5, Math.floor(input.limit / 2)))
  const messages = await findMessages(store, words, input, people)
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
  /** The expression that found it, for the snippet. */
  readonly match: string
}

async function findMessages(
  store: ReadStore,
  words: SearchWords,
  input: SearchInput,
  people: readonly FoundPerson[],
): Promise<SearchHit[]> {
  const found = new Map<number, Message>()
  const take = (messages: readonly Message[]) => {
    for (const message of messages) if (!found.has(message.id)) found.set(message.id, message)
  }
  if (words.digits) take(await matching(store, numberInText(words.digits, input.text, input.country)))
  else if (words.address) take(await mentioning(store, words.address))
  else take(await matching(store, allOf(words.terms)))
  if (words.terms.length > 1 && !words.digits && found.size < input.limit && people.length === 0) {
    take(await byNameAndWords(store, words))
  }
  const best = [...found.values()].sort((a, b) => score(b, input.now) - score(a, input.now)).slice(0, input.limit)
  const snippets = await snippetsOf(store, best)
  return best.map(({ id, personId, name, company, channel, at }) => ({
    personId,
    name,
    company,
    interactionId: id,
    channel,
    at,
    snippet: snippets.get(id) ?? '',
  }))
}

// bm25 is smaller for better. A message of today counts three times one that is years old.
const score = ({ rank, at }: Message, now: number) => -rank * (0.5 + 1 / (1 + Math.max(0, now - at) / (30 * day)))

// Past this many matches the newest are ranked: who finds more needs another word, not an older mail.
const candidates = 400

/** A subject counts more than a text, and both more than what was only quoted. */
async function matching(store: ReadStore, match: string, personIds: readonly number[] | null = null) {
  const { rows } = await sql<Omit<Message, 'match'>>`
    with found as materialized (
      select rowid as id, bm25(interaction_search, 4.0, 2.0, 0.5) as rank from interaction_search
      where interaction_search match ${match} order by rowid desc limit ${personIds ? -1 : candidates}
    )
    select found.id, found.rank, interaction.person_id as "personId", interaction.channel, interaction.at,
      person.name, person.company
    from found join interaction on interaction.id = found.id join person on person.id = interaction.person_id
    where interaction.delivery != 'cancelled'
      and (${personIds === null ? 1 : 0} or interaction.person_id in (select value from json_each(${JSON.stringify(personIds ?? [])})))
  `.execute(store.db)
  return rows.map((row) => ({ ...row, match }))
}

/** Messages with exactly this address: the index knows it as three words that other addresses share. */
async function mentioning(store: ReadStore, address: string): Promise<Message[]> {
  const messages = await matching(store, quoted(address))
  const { rows } = await sql<{ id: number; text: string }>`
    select id, subject || ' ' || text || ' ' || coalesce(quoted, '') as text from interaction
    where id in (select value from json_each(${JSON.stringify(messages.map((it) => it.id))}))`.execute(store.db)
  const inside = /[\p{L}\p{N}._%+@-]/u
  const mentions = new Set(
    rows
      .filter(({ text }) => {
        const folded = text.toLowerCase()
        for (let at = folded.indexOf(address); at >= 0; at = folded.indexOf(address, at + 1)) {
          const before = folded.charAt(at - 1)
          const after = folded.slice(at + address.length, at + address.length + 2)
          // A dot that ends the sentence is not part of the address.
          if (!inside.test(before) && !/^(?:[\p{L}\p{N}_%+@-]|\.[\p{L}\p{N}])/u.test(after)) return true
        }
        return false
      })
      .map((it) => it.id),
  )
  return messages.filter((it) => mentions.has(it.id))
}

const mostNamesakes = 50

/** "ana kitchen": one word is who, the others are what. */
async function byNameAndWords(store: ReadStore, words: SearchWords): Promise<Message[]> {
  const messages: Message[] = []
  for (const [at, term] of words.terms.entries()) {
    const rest = words.terms.filter((_, other) => other !== at)
    const who = await findPeople(store, { ...words, terms: [term], address: null, digits: null }, mostNamesakes)
    if (who.length === 0) continue
    const ids = who.map((it) => it.personId)
    messages.push(...(await matching(store, allOf(rest), ids)))
  }
  return messages
}

async function snippetsOf(store: ReadStore, messages: readonly Message[]): Promise<ReadonlyMap<number, string>> {
  const snippets = new Map<number, string>()
  for (const match of new Set(messages.map((it) => it.match))) {
    const ids = JSON.stringify(messages.filter((it) => it.match === match).map((it) => it.id))
    const { rows } = await sql<{ id: number; snippet: string | null }>`
      select rowid as id, snippet(interaction_search, -1, ${markStart}, ${markEnd}, '…', ${snippetWords}) as snippet
      from interaction_search
      where interaction_search match ${match} and rowid in (select value from json_each(${ids}))`.execute(store.db)
    for (const row of rows) snippets.set(row.id, (row.snippet ?? '').replace(/\s+/g, ' ').trim())
  }
  return snippets
}

function personHit({ personId, name, company, handles }: FoundPerson, words: SearchWords): SearchHit {
  const parts = [company, ...handles.map((it) => it.value)].filter((it) => it !== null)
  const marked = parts.map((it) => markWords(it, words))
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

function markWords(text: string, { words, digits }: SearchWords): string {
  if (digits && text.startsWith('+') && text.includes(digits)) return `${markStart}${text}${markEnd}`
  return text.replace(/[\p{L}\p{N}\p{M}]+/gu, (word) =>
    words.some((it) => fold(word).startsWith(it)) ? `${markStart}${word}${markEnd}` : word,
  )
}
