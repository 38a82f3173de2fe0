import type { Cell } from './table.ts'

/** How the numbers of one column are written. */
export type NumberStyle = { readonly decimal: '.' | ',' }
/** How the dates of one column are written, for those like 3/4/2025. */
export type DateStyle = { readonly dayFirst: boolean }

const missingWords = new Set(['', '-', '--', '?', 'na', 'n/a', '#n/a', 'nan', 'null', 'nil', 'undefined', '#value!'])
const longestMissingWord = 9

/** Whether nothing is known here: empty, a spelling of "none", or a number that is none. */
export function isMissing(cell: Cell | undefined): boolean {
  if (cell === null || cell === undefined) return true
  if (typeof cell === 'number') return !Number.isFinite(cell)
  if (typeof cell === 'boolean') return false
  if (cell.length > longestMissingWord && !/^\s/.test(cell)) return false
  return missingWords.has(cell.trim().toLowerCase())
}

/** The number in a cell: with currency, per cent or thousands marks too. NaN when it is none. */
export function readNumber(cell: Cell | undefined, { decimal }: NumberStyle): number {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : Number.NaN
  if (typeof cell === 'boolean') return cell ? 1 : 0
  if (cell === null || cell === undefined) return Number.NaN
  const plain = plainNumber.test(cell) ? cell : tidyNumber(cell, decimal)
  if (plain === '') return Number.NaN
  const value = Number(plain)
  return Number.isFinite(value) ? value : Number.NaN
}

// Of one spelling in every country: digits with at most one point.
const plainNumber = /^-?\d+(\.\d+)?$/
const anyNumber = /^[-+]?\d[\d., ]*(e[-+]?\d+)?$|^[-+]?[.,]\d+$/i

function tidyNumber(text: string, decimal: '.' | ','): string {
  const bare = text.replace(/[$€£¥₹%]|\u00a0|\u202f/g, '').trim()
  if (!anyNumber.test(bare)) return ''
  const [thousands, point] = decimal === '.' ? [/[, ](?=\d{3}(\D|$))/g, '.'] : [/[. ](?=\d{3}(\D|$))/g, ',']
  return bare.replace(thousands, '').replace(point, '.')
}

/** "12,5" without any "12.5" beside it is how half of Europe writes; "1,200" is a thousand. */
export function guessNumberStyle(cells: readonly Cell[]): NumberStyle {
  let commas = 0
  for (const cell of cells) {
    if (typeof cell !== 'string') continue
    if (/^\D*\d[\d.]*,(\d{1,2}|\d{4,})\D*$/.test(cell)) commas++
    else if (/\d\.\d{1,2}\D*$/.test(cell)) return { decimal: '.' }
  }
  return { decimal: commas > 0 ? ',' : '.' }
}

// Numbers within these are moments in ms: from 2000 to 2100.
const momentsFrom = Date.UTC(2000, 0)
const momentsTo = Date.UTC(2100, 0)
const isoDate = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[-+]\d{2}:?\d{2})?)?$/
const slashDate = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:[, ]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]m)?)?$/i

/** The moment in a cell, ms UTC (a time without a zone is taken as UTC), or NaN when it is no date. */
export function readDate(cell: Cell | undefined, { dayFirst }: DateStyle): number {
  if (typeof cell === 'number') return cell >= momentsFrom && cell < momentsTo ? cell : Number.NaN
  if (typeof cell !== 'string') return Number.NaN
  const text = cell.trim()
  const iso = isoDate.exec(text)
  if (iso) {
    const [, year, month, day, hour = '0', minute = '0', second = '0', zone = 'Z'] = iso
    return moment(Number(year), Number(month), Number(day), [hour, minute, second]) - zoneOffset(zone)
  }
  const slash = slashDate.exec(text)
  if (!slash) return Number.NaN
  const [, first, , second, year, hour = '0', minute = '0', seconds = '0', half] = slash
  const [day, month] = dayFirst ? [first, second] : [second, first]
  const hours = half ? (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : Number(hour)
  return moment(Number(year), Number(month), Number(day), [String(hours), minute, seconds])
}

/** Day or month first: told by the first part that can be no month. Day first when nothing tells. */
export function guessDateStyle(cells: readonly Cell[]): DateStyle {
  for (const cell of cells) {
    const slash = typeof cell === 'string' ? slashDate.exec(cell.trim()) : null
    if (!slash) continue
    if (Number(slash[1]) > 12) return { dayFirst: true }
    if (Number(slash[3]) > 12) return { dayFirst: false }
  }
  return { dayFirst: true }
}

function moment(year: number, month: number, day: number, [hour, minute, second]: readonly string[]): number {
  const at = Date.UTC(year, month - 1, day, Number(hour), Number(minute), Number(second))
  const read = new Date(Date.UTC(year, month - 1, day))
  return read.getUTCMonth() === month - 1 && read.getUTCDate() === day ? at : Number.NaN
}

function zoneOffset(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}
