import type { SearchAtom, SearchQuery } from '../../inbox/search-query.ts'
import type { ReadStore } from '../store.ts'
import type { Viewer } from './inbox.ts'
import { labelsLike } from './labels.ts'
import { completeTerm } from './search-complete.ts'
import { findPeople } from './search-find-people.ts'
import { matchAll, type Term, understand, wordsOf } from './search-words.ts'

/** Whom and what the words of a search mean in this workspace. */
export type Around = {
  readonly viewer: Viewer
  /** Of from: and to:. */
  readonly people: ReadonlyMap<SearchAtom, readonly number[]>
  /** Of label:. */
  readonly labels: ReadonlyMap<SearchAtom, readonly number[]>
  /** What words and subject: stand for in the index. */
  readonly terms: ReadonlyMap<SearchAtom, readonly Term[]>
  /** Leads are listed in the order of what is due. */
  readonly byDue: boolean
}

const mostPeople = 300

export async function lookAround(
  store: ReadStore,
  query: SearchQuery,
  viewer: Viewer,
  byDue: boolean,
): Promise<Around> {
  const people = new Map<SearchAtom, readonly number[]>()
  const labels = new Map<SearchAtom, readonly number[]>()
  const terms = new Map<SearchAtom, readonly Term[]>()
  for (const { atom } of query.clauses.flat()) {
    if ((atom.kind === 'from' || atom.kind === 'to') && !isUs(atom.text)) {
      const found = await findPeople(store, understand(atom.text.replace(/^@/, '')), mostPeople)
      people.set(
        atom,
        found.map((it) => it.personId),
      )
    } else if (atom.kind === 'label') {
      labels.set(atom, await labelsLike(store, atom.text))
    } else if (isIndexed(atom)) {
      const complete: Term[] = []
      for (const term of termsOf(atom)) complete.push(await completeTerm(store, term))
      terms.set(atom, complete)
    }
  }
  return { viewer, people, labels, terms, byDue }
}

type Indexed = Extract<SearchAtom, { kind: 'words' | 'subject' }>

/** What the full-text index answers. */
export const isIndexed = (atom: SearchAtom): atom is Indexed => atom.kind === 'words' || atom.kind === 'subject'

export function termsOf(atom: Indexed): readonly Term[] {
  const words = wordsOf(atom.text)
  return words.length === 0 ? [] : [{ words, begins: atom.last && !atom.exact }]
}

/** The FTS5 expression of one such thing. */
export function matchOfAtom(atom: SearchAtom, { terms }: Around): string {
  const all = matchAll(terms.get(atom) ?? [])
  return atom.kind === 'subject' ? `{subject} : (${all})` : all
}

export const isUs = (who: string) => ['me', 'us'].includes(who.toLowerCase())
export const isAddress = (who: string) => /^[^\s@"]+@[^\s@"]+$/.test(who)
