import type { CsvShape, ImportEncoding, ImportField, ImportRun } from '../../src/capture/contract.ts'

/** More columns than this are never read. The same limit as in the contract. */
export const mostColumns = 500

export const fieldNames: Readonly<Record<ImportField, string>> = {
  name: 'Full name',
  firstName: 'First name',
  lastName: 'Last name',
  email: 'E-mail',
  phone: 'Phone',
  company: 'Company',
  title: 'Job title',
  note: 'Note',
  source: 'Where they come from',
  outcome: 'Won or lost',
  value: 'Value of what was won',
  tracking: 'Ad tracking',
}

export const encodingNames: Readonly<Record<ImportEncoding, string>> = {
  'utf-8': 'UTF-8 (most files)',
  'windows-1252': 'Western European (older Excel)',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16, big endian',
}

export const delimiterNames: Readonly<Record<string, string>> = {
  ',': 'Comma ,',
  ';': 'Semicolon ;',
  '\t': 'Tab',
  '|': 'Bar |',
}

type Columns = CsvShape['columns']

/** A row has one of these; any number of columns may be an e-mail address, a number, a note or tracking. */
const once: readonly ImportField[] = ['name', 'firstName', 'lastName', 'company', 'title', 'source', 'outcome', 'value']

/** What keeps the columns from being read in, as a sentence; null when nothing does. */
export function columnsProblem(columns: Columns): string | null {
  const reachable = columns.some((it) => it === 'email' || it === 'phone')
  return reachable ? null : 'Choose which column has the e-mail address or the phone number.'
}

/** What of the choice has no effect, one sentence each. */
export function columnsWarnings(columns: Columns): readonly string[] {
  const warnings = once
    .filter((field) => columns.filter((it) => it === field).length > 1)
    .map(
      (field) => `“${fieldNames[field]}” is chosen for more than one column. Only the first that is filled in counts.`,
    )
  const twoNames = columns.includes('name') && (columns.includes('firstName') || columns.includes('lastName'))
  if (twoNames) warnings.push('Where the full name is filled in, first and last name are not used.')
  return warnings
}

/** The choice for one column changed; the others stay. */
export function withColumn(columns: Columns, at: number, field: ImportField | null): Columns {
  return columns.map((it, index) => (index === at ? field : it))
}

/** The columns to show, by their place in the file. */
export function shownColumns(columns: Columns, onlyUsed: boolean): readonly number[] {
  const all = columns.map((_, at) => at)
  return onlyUsed ? all.filter((at) => columns[at] !== null) : all
}

/** How far the step under way is, 0 to 100. Null while nobody knows how long it takes. */
export function percent({ done, total }: Pick<ImportRun, 'done' | 'total'>): number | null {
  // The total is a guess until the file was read once; never more than everything.
  return total <= 0 ? null : Math.min(100, Math.floor((done / total) * 100))
}
