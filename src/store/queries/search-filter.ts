import type { SearchAtom, SearchFactor, SearchQuery } from '../../inbox/search-query.ts'
import type { ReadStore } from '../store.ts'
import type { Viewer } from './inbox.ts'
import { type Around, isAddress, isIndexed, isUs, lookAround, matchOfAtom } from './search-around.ts'
import { anyOf, type Condition, onMessage } from './search-conditions.ts'
import type { Term } from './search-words.ts'

/** A search for messages with its names looked up, ready to become SQL. */
export type SearchFilter = {
  /** FTS5 expression of the words that must or must not be there; null when no word must be. */
  readonly match: string | null
  readonly terms: readonly Term[]
  /** Everything else, about one message (`interaction`). */
  readonly messages: readonly Condition[]
  /** People that all messages found are with; null when that is not known. */
  readonly personIds: readonly number[] | null
  /** When all messages found were, ms UTC. */
  readonly from: number
  readonly to: number
  /** Only words that all must be there: what people type without knowing of operators. */
  readonly plain: boolean
}

/** Looks up who is meant and writes the conditions. Nothing typed becomes SQL text: values are bound, words quoted. */
export async function filterOf(store: ReadStore, query: SearchQuery, viewer: Viewer): Promise<SearchFilter> {
  const around = await lookAround(store, query, viewer, true)
  const inIndex = query.clauses.filter((it) => it.every(({ atom }) => isIndexed(atom)))
  // FTS5 knows "and not", no "not" alone and none inside an "or".
  const wanted = inIndex.filter((it) => it.every((factor) => !factor.not))
  const unwanted = wanted.length === 0 ? [] : inIndex.filter((it) => it.length === 1 && it[0]?.not)
  const rest = query.clauses.filter((it) => !wanted.includes(it) && !unwanted.includes(it))
  return {
    match: wanted.length === 0 ? null : matchOf(wanted, unwanted, around),
    terms: wanted.flatMap((it) => it.flatMap(({ atom }) => around.terms.get(atom) ?? [])),
    messages: rest.map((it) => anyOf(it, (atom) => onMessage(atom, around))),
    personIds: namedIn(query, around.people),
    ...spanOf(query),
    plain: query.clauses.every((it) => it.length === 1 && it.every(({ not, atom }) => !not && atom.kind === 'words')),
  }
}

/** Whether it asks for messages at all; else for leads only. */
export const isAboutMessages = (query: SearchQuery) =>
  query.clauses.some((it) => it.some(({ atom }) => isAboutMessage(atom)))

type Clauses = SearchQuery['clauses']

function matchOf(wanted: Clauses, unwanted: Clauses, around: Around): string {
  const anyIn = (clause: readonly SearchFactor[]) =>
    `(${clause.map(({ atom }) => matchOfAtom(atom, around)).join(' OR ')})`
  const all = wanted.map(anyIn).join(' AND ')
  return unwanted.length === 0 ? all : `(${all}) NOT (${unwanted.map(anyIn).join(' OR ')})`
}

function isAboutMessage(atom: SearchAtom): boolean {
  switch (atom.kind) {
    case 'words':
    case 'subject':
    case 'from':
    case 'to':
    case 'time':
    case 'intent':
    case 'channel':
      return true
    case 'has':
      return atom.what !== 'phone' && atom.what !== 'email'
    default:
      return false
  }
}

/** One clause that names people narrows everything to them, unless an address may stand in mail of others. */
function namedIn(query: SearchQuery, people: Around['people']): readonly number[] | null {
  for (const clause of query.clauses) {
    const [only, ...more] = clause
    if (!only || more.length > 0 || only.not || (only.atom.kind !== 'from' && only.atom.kind !== 'to')) continue
    if (isUs(only.atom.text) || isAddress(only.atom.text)) continue
    return people.get(only.atom) ?? []
  }
  return null
}

function spanOf(query: SearchQuery): { readonly from: number; readonly to: number } {
  let from = 0
  let to = Number.MAX_SAFE_INTEGER
  for (const clause of query.clauses) {
    const [only, ...more] = clause
    if (!only || more.length > 0 || only.not || only.atom.kind !== 'time') continue
    from = Math.max(from, only.atom.from ?? from)
    to = Math.min(to, only.atom.to ?? to)
  }
  return { from, to }
}
