import Papa from 'papaparse'
import { normalizeEmail } from '../../lib/handles.ts'
import { meaningOfField } from '../../vocabulary/field-names.ts'
import { trackingKey } from '../../vocabulary/tracking.ts'
import type { CsvShape, ImportEncoding, ImportField } from '../contract.ts'
import { decodeText, detectEncoding } from './decode-text.ts'
import { type Row, separatorLine, splitRows } from './split-rows.ts'

const previewRows = 20
const delimiters = [',', ';', '\t', '|']

export type Preview = { readonly names: string[]; readonly rows: string[][] }
/** What the user chose instead of the guess. */
export type Chosen = Pick<CsvShape, 'encoding' | 'delimiter' | 'hasHeader'>

/** How a CSV file is best read, and its first rows read that way. */
export function guessShape(
  bytes: Uint8Array,
  chosen: Chosen | null = null,
): { readonly shape: CsvShape; readonly preview: Preview } {
  const encoding = chosen?.encoding ?? detectEncoding(bytes)
  const delimiter = chosen?.delimiter ?? guessDelimiter(bytes, encoding)
  const rows = firstRows(bytes, encoding, delimiter, previewRows + 1).map((row) => [...row.cells])
  const hasHeader = chosen?.hasHeader ?? looksLikeHeader(rows)
  const width = Math.max(0, ...rows.map((row) => row.length))
  const header = hasHeader ? (rows[0] ?? []) : []
  const names = Array.from({ length: width }, (_, at) => header[at]?.trim() || `Column ${at + 1}`)
  const body = rows.slice(hasHeader ? 1 : 0).slice(0, previewRows)
  const columns = names.map((name, at) => {
    const cells = body.map((row) => row[at]?.trim() ?? '').filter((cell) => cell !== '')
    return (hasHeader ? fieldOfName(name) : null) ?? fieldOfCells(cells)
  })
  return { shape: { encoding, delimiter, hasHeader, columns: onlyOneName(columns) }, preview: { names, rows: body } }
}

function guessDelimiter(bytes: Uint8Array, encoding: ImportEncoding): string {
  const [text = ''] = decodeText(bytes, encoding)
  const said = separatorLine.exec(text)?.[1]
  if (said) return said
  const sample = text.slice(0, 64 * 1024)
  const { meta } = Papa.parse<string[]>(sample, {
    delimitersToGuess: delimiters,
    preview: previewRows,
    // The empty line after the last one has no column, and would speak against every sign in a short file.
    skipEmptyLines: true,
  })
  return delimiters.includes(meta.delimiter) ? meta.delimiter : ','
}

function firstRows(bytes: Uint8Array, encoding: ImportEncoding, delimiter: string, count: number): Row[] {
  const rows: Row[] = []
  for (const row of splitRows(decodeText(bytes, encoding), delimiter)) {
    if (row.cells.every((cell) => cell.trim() === '')) continue
    rows.push(row)
    if (rows.length === count) break
  }
  return rows
}

/** Names of columns: words that differ, none of them an address or a number, and at least one that we know. */
function looksLikeHeader(rows: readonly (readonly string[])[]): boolean {
  const cells = (rows[0] ?? []).map((cell) => cell.trim()).filter((cell) => cell !== '')
  if (cells.length === 0 || cells.some((cell) => normalizeEmail(cell) !== null || isNumber(cell))) return false
  if (new Set(cells.map((cell) => cell.toLowerCase())).size < cells.length) return false
  return cells.some((cell) => fieldOfName(cell) !== null)
}

// What only lists have: address books number their columns and say what a number is for.
const ownNames: readonly (readonly [RegExp, ImportField])[] = [
  [/^e?mail\d*(address)?\d*(value)?$|^(work|home|business|private|personal|other)e?mail(address)?\d*$/, 'email'],
  [/^(phone|tel|telephone|mobile|cell|fon)(number|no)?\d*(value)?$/, 'phone'],
  [/^(work|home|business|private|main|other|office|mobile|company)(tele)?phone(number)?\d*$|^telefonnummer$/, 'phone'],
  [/^(job|organi[sz]ation\d*)?title$|^position$|^role$|^funktion$|^jobposition$/, 'title'],
  [/^organi[sz]ation\d*(name)?$|^account(name)?$|^employer$|^unternehmen$/, 'company'],
  [/^(contact|customer|lead|client|display|file)(name|as)?$|^kunde$/, 'name'],
  [/^(lead)?source$|^origin$|^quelle$|^herkunft$/, 'source'],
  [/^(lead|deal)?(outcome|result|status|stage)$|^(is)?(won|converted)$|^ergebnis$/, 'outcome'],
  // A name may say the currency: Value (EUR).
  [
    /^((deal|won|contract|order|sales?)?(value|amount|revenue)|umsatz|auftragswert)(in)?(eur|gbp|usd|cad|aud|chf)?$/,
    'value',
  ],
  [/^(note|remark|comment|bemerkung|notiz)s?(en)?$/, 'note'],
]

function fieldOfName(name: string): ImportField | null {
  if (trackingKey([name])) return 'tracking'
  const plain = name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  const own = ownNames.find(([pattern]) => pattern.test(plain))
  if (own) return own[1]
  const meaning = meaningOfField([name])
  switch (meaning) {
    case 'message':
    case 'budget':
    case 'timeline':
    case 'postcode':
      return 'note'
    default:
      return meaning
  }
}

/** A column without a name that says anything: addresses and numbers show themselves. */
function fieldOfCells(cells: readonly string[]): ImportField | null {
  const share = (test: (cell: string) => boolean) => cells.filter(test).length / Math.max(1, cells.length)
  if (share((cell) => normalizeEmail(cell) !== null) > 0.6) return 'email'
  return share(isNumber) > 0.6 ? 'phone' : null
}

const isNumber = (cell: string) => /^\+?[\d\s()./-]{7,}$/.test(cell) && cell.replace(/\D/g, '').length >= 7

/** First and last name say more than a column that repeats both; of two columns for one thing the first counts. */
function onlyOneName(columns: readonly (ImportField | null)[]): (ImportField | null)[] {
  const hasBoth = columns.includes('firstName') && columns.includes('lastName')
  const once: readonly ImportField[] = [
    'name',
    'firstName',
    'lastName',
    'company',
    'title',
    'source',
    'outcome',
    'value',
  ]
  return columns.map((field, at) => {
    if (field === 'name' && hasBoth) return null
    return field !== null && once.includes(field) && columns.indexOf(field) < at ? null : field
  })
}
