import type { CsvShape } from '../contract.ts'
import { cellText, type RawRow } from './candidate.ts'
import { decodeText } from './decode-text.ts'
import { splitRows } from './split-rows.ts'
import { readCards } from './vcard.ts'

/**
 * Everybody in a file, in its order; rows without anything in them are counted and left out.
 * @param shape null for vCard
 */
export function* readRows(bytes: Uint8Array, shape: CsvShape | null): Generator<RawRow> {
  if (shape === null) yield* readCards(bytes)
  else yield* readCsv(bytes, shape)
}

function* readCsv(bytes: Uint8Array, { encoding, delimiter, hasHeader, columns }: CsvShape): Generator<RawRow> {
  let names: readonly string[] | null = hasHeader ? null : []
  for (const { line, cells, broken } of splitRows(decodeText(bytes, encoding), delimiter)) {
    if (cells.every((cell) => cell.trim() === '')) continue
    if (names === null) {
      names = cells
      continue
    }
    const labels = names
    const values = columns.flatMap((field, at) => {
      const value = field === null ? '' : cellText(cells[at] ?? '')
      return field === null || value === '' ? [] : [{ field, label: labels[at]?.trim() ?? '', value }]
    })
    yield { line, values, broken: broken === null ? null : 'A quotation mark in this row is never closed.' }
  }
}
