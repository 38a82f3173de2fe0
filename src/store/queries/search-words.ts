import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { normalizePhone } from '../../lib/handles.ts'
import { onlyDigits } from './search.ts'

/** What a user typed into the search field, understood. Every `match` is a safe FTS5 expression. */
export type SearchWords = {
  /** Each thing that must be found, as one expression; the last is a beginning unless it was put in quotes. */
  readonly terms: readonly string[]
  /** The same as words for marking, folded. */
  readonly words: readonly string[]
  /** The whole text is one e-mail address. */
  readonly address: string | null
  /** The whole text is (the beginning or end of) one telephone number: its digits. */
  readonly digits: string | null
}

const shortestNumber = 5
const mostTerms = 12

/** What the user types is never syntax: no word of theirs can be an operator, a column or a broken quote. */
export function understand(text: string): SearchWords {
  const clean = text.replace(/\p{Cc}/gu, ' ').trim()
  const found = [...clean.matchAll(/"([^"]*)"?|[^\s"]+/gu)]
    .map((it) => ({ text: it[1] ?? it[0], exact: it[1] !== undefined }))
    .filter((it) => hasWord(it.text))
    .slice(0, mostTerms)
  return {
    terms: found.map((it, at) => quoted(it.text) + (at === found.length - 1 && !it.exact ? ' *' : '')),
    words: found.flatMap((it) => wordsOf(it.text)),
    address: /^[^\s@"]+@[^\s@"]+\.[^\s@".]+$/.test(clean) ? clean.toLowerCase() : null,
    digits: isNumber(clean) ? onlyDigits(clean) : null,
  }
}

export const allOf = (terms: readonly string[]) => terms.join(' AND ')

/** Ways in which a number may be written in a text: as one word, or in the groups of its country. */
export function numberInText(digits: string, typed: string, country: string): string {
  const parsed = parsePhoneNumberFromString(normalizePhone(typed, country) ?? '')
  const ways = parsed
    ? [digits, onlyDigits(parsed.number), parsed.nationalNumber, parsed.formatNational()]
    : [digits, typed]
  return [...new Set(ways.filter(hasWord).map(quoted))].join(' OR ')
}

export const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

/** Words as the index sees them: lower case, no accents. */
export const wordsOf = (text: string): string[] => fold(text).match(/[\p{L}\p{N}\p{Co}]+/gu) ?? []

export const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const hasWord = (text: string) => /[\p{L}\p{N}]/u.test(text)

const isNumber = (text: string) => /^[+(]?[\d\s()./-]+$/.test(text) && onlyDigits(text).length >= shortestNumber
