import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { normalizePhone } from '../../lib/handles.ts'
import { onlyDigits } from './search.ts'

/** One thing that must be found: words that follow each other. */
export type Term = {
  readonly words: readonly string[]
  /** The last word may be the beginning of a longer one: the user is still typing. */
  readonly begins: boolean
  /** The words of the messages that it may be the beginning of; left out where the index is asked for all of them. */
  readonly endings?: readonly string[]
}

/** What a user typed into the search field, understood. */
export type SearchWords = {
  readonly terms: readonly Term[]
  /** The whole text is one e-mail address. */
  readonly address: string | null
  /** The whole text is (the beginning or end of) one telephone number: its digits. */
  readonly digits: string | null
}

const shortestNumber = 5
const mostTerms = 12

export function understand(text: string): SearchWords {
  const clean = text.replace(/\p{Cc}/gu, ' ').trim()
  const found = [...clean.matchAll(/"([^"]*)"?|[^\s"]+/gu)]
    .map((it) => ({ words: wordsOf(it[1] ?? it[0]), exact: it[1] !== undefined }))
    .filter((it) => it.words.length > 0)
    .slice(0, mostTerms)
  return {
    terms: found.map(({ words, exact }, at) => ({ words, begins: at === found.length - 1 && !exact })),
    address: /^[^\s@"]+@[^\s@"]+\.[^\s@".]+$/.test(clean) ? clean.toLowerCase() : null,
    digits: isNumber(clean) ? onlyDigits(clean) : null,
  }
}

/** The FTS5 expression of terms. What the user types is never syntax: each word is quoted, and holds no quote. */
export const matchAll = (terms: readonly Term[]) => terms.map(matchTerm).join(' AND ')
export const matchAny = (terms: readonly Term[]) => terms.map(matchTerm).join(' OR ')

const matchTerm = ({ words, begins, endings }: Term) => {
  if (endings === undefined) return `${quoted(words)}${begins ? ' *' : ''}`
  const before = words.slice(0, -1)
  return `(${endings.map((ending) => quoted([...before, ending])).join(' OR ')})`
}

const quoted = (words: readonly string[]) => `"${words.join(' ')}"`

export const exactly = (text: string): Term => ({ words: wordsOf(text), begins: false })

/** Ways in which a number may be written in a text: as one word, or in the groups of its country. */
export function numberInText(typed: string, country: string): Term[] {
  const parsed = parsePhoneNumberFromString(normalizePhone(typed, country) ?? '')
  const ways = parsed ? [parsed.number, parsed.nationalNumber, parsed.formatNational()] : []
  const written = [onlyDigits(typed), typed, ...ways].map((it) => wordsOf(it).join(' '))
  return [...new Set(written)].map(exactly)
}

/** Where in the words of a text a term stands, else -1. */
export function indexOfTerm(text: readonly string[], { words, begins }: Term): number {
  const last = words.length - 1
  return text.findIndex((_, start) =>
    words.every((word, at) => {
      const there = text[start + at] ?? ''
      return at === last && begins ? there.startsWith(word) : there === word
    }),
  )
}

/** Words as the index sees them: lower case, no accents. */
export const wordsOf = (text: string): string[] => (text.match(wordPattern) ?? []).map(fold).filter((it) => it !== '')

/** A word as the tokenizer of the index cuts it; marks belong to the letter before them. */
export const wordPattern = /[\p{L}\p{N}\p{M}\p{Co}]+/gu

export const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const isNumber = (text: string) => /^[+(]?[\d\s()./-]+$/.test(text) && onlyDigits(text).length >= shortestNumber
