import { normalizeEmail, normalizePhone } from '../../lib/handles.ts'
import { readAmount } from '../../lib/read-amount.ts'
import { trackingKey } from '../../vocabulary/tracking.ts'
import type { HandleKey } from '../batch.ts'
import type { ImportField } from '../contract.ts'
import { cleanName } from '../names.ts'
import { type EndedAs, readEnd } from './read-end.ts'

/** One value of a row, with what its column is and is called. */
export type RawValue = { readonly field: ImportField; readonly label: string; readonly value: string }

/** A row or a card as it came, before anything is made of it. */
export type RawRow = {
  /** As a spreadsheet counts; of a card its number. */
  readonly line: number
  readonly values: readonly RawValue[]
  /** Why the row cannot be read at all. */
  readonly broken: string | null
}

/** Somebody in a list, in the form in which people are stored. */
export type Candidate = {
  readonly line: number
  readonly name: string | null
  readonly keys: readonly HandleKey[]
  readonly company: string | null
  readonly title: string | null
  readonly note: string | null
  readonly source: string | null
  /** How it ended, where the list says so: then nobody has to act on it. */
  readonly outcome: EndedAs | null
  /** Of what was won, in units of the currency. */
  readonly value: number | null
  /** How that amount was written, and what its column is called: where a currency may be named. */
  readonly valueWords: readonly string[]
  /** utm_*, click ids and the like, raw. */
  readonly detail: Readonly<Record<string, string>>
  /** Sentences about values that are no use and are left out. */
  readonly problems: readonly string[]
  readonly broken: string | null
}

const longestText = 200
const longestNote = 20_000

/** @param country of the business, for numbers without a prefix */
export function toCandidate({ line, values, broken }: RawRow, country: string): Candidate {
  const problems: string[] = []
  const keys = new Set<HandleKey>()
  for (const { field, value } of values) {
    if (field === 'email') for (const written of value.split(/[;,|\n]+/)) addEmails(written, keys, problems)
    if (field === 'phone') for (const number of value.split(/[;|\n]+/)) addPhone(number, country, keys, problems)
  }
  const first = (field: ImportField) => values.find((it) => it.field === field)?.value ?? ''
  const whole = first('name') || [first('firstName'), first('lastName')].filter(Boolean).join(' ')
  const notes = values.filter((it) => it.field === 'note')
  const note = notes.map(({ label, value }) => (notes.length > 1 && label ? `${label}: ${value}` : value)).join('\n')
  return {
    line,
    name: cleanName(whole, ''),
    keys: [...keys],
    company: first('company').slice(0, longestText) || null,
    title: first('title').slice(0, longestText) || null,
    note: note.slice(0, longestNote) || null,
    source: first('source').slice(0, 100) || null,
    outcome: readEnd(first('outcome')),
    value: readAmount(first('value')) ?? null,
    valueWords: values.filter((it) => it.field === 'value').flatMap((it) => [it.value, it.label]),
    detail: Object.fromEntries(
      values.flatMap(({ field, label, value }) =>
        field === 'tracking' ? [[trackingKey([label]) ?? label, value] as const] : [],
      ),
    ),
    problems,
    broken,
  }
}

/** A cell without what spreadsheets put around it: blanks, `="0171"`, a leading apostrophe. */
export const cellText = (cell: string) =>
  cell
    .trim()
    .replace(/^="(.*)"$/s, '$1')
    .replace(/^'(?=[+\d])/, '')
    .trim()

function addEmails(written: string, keys: Set<HandleKey>, problems: string[]): void {
  if (written.trim() === '') return
  const found = written.split(/\s+/).flatMap((it) => normalizeEmail(it) ?? [])
  for (const value of found) keys.add(`email:${value}`)
  if (found.length === 0) problems.push(`“${short(written.trim())}” is no e-mail address.`)
}

function addPhone(written: string, country: string, keys: Set<HandleKey>, problems: string[]): void {
  const plain = written.trim()
  if (plain === '') return
  if (/^\d([.,]\d+)?E\+?\d+$/i.test(plain)) {
    problems.push(`“${short(plain)}” is a number that a spreadsheet has cut short.`)
    return
  }
  const value = normalizePhone(plain, country)
  // A short code is no person, and three digits in a list are an extension or a mistake.
  if (value?.startsWith('+')) keys.add(`phone:${value}`)
  else problems.push(`“${short(plain)}” is no phone number.`)
}

const short = (text: string) => (text.length > 40 ? `${text.slice(0, 39)}…` : text)
