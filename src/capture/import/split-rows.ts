import Papa from 'papaparse'

/** A row of a file; `broken` when its quotes make no sense, with the text as it stands there. */
export type Row = { readonly line: number; readonly cells: readonly string[]; readonly broken: string | null }

// A quote that is never closed would make one row of the rest of the file.
const longestRow = 1024 * 1024

/**
 * The rows of a CSV text, numbered from 1 as a spreadsheet numbers them. A row with a quote in the wrong place costs
 * that row only.
 * @param pieces with `\n` as line end, cut anywhere
 */
export function* splitRows(pieces: Iterable<string>, delimiter: string): Generator<Row> {
  let rest = ''
  let line = 0
  let isFirst = true
  const found: Row[] = []
  const add = (cells: readonly string[], broken: string | null = null) => found.push({ line: ++line, cells, broken })

  const take = (final: boolean) => {
    while (rest !== '') {
      const { data, cursor, badRow } = parse(rest, delimiter, final)
      const isEndless = badRow === null && rest.length - cursor > longestRow
      if (badRow === null && !isEndless) {
        for (const cells of data) add(cells)
        rest = rest.slice(cursor)
        return
      }
      const good = badRow === null ? { data, cursor } : parse(rest, delimiter, final, badRow)
      for (const cells of good.data) add(cells)
      const end = rest.indexOf('\n', good.cursor)
      if (end < 0 && !final && !isEndless) {
        // The rest of this line is in the next piece.
        rest = rest.slice(good.cursor)
        return
      }
      const text = rest.slice(good.cursor, end < 0 ? undefined : end)
      add(text.split(delimiter), text.slice(0, 200))
      rest = end < 0 ? '' : rest.slice(end + 1)
    }
  }

  for (const piece of pieces) {
    rest += isFirst ? piece.replace(separatorLine, '') : piece
    isFirst = false
    take(false)
    yield* found.splice(0)
  }
  take(true)
  yield* found.splice(0)
}

/** "sep=;" in front tells spreadsheets the delimiter; it is no row. */
export const separatorLine = /^sep=(.)\n/i

type Parsed = { readonly data: readonly string[][]; readonly cursor: number; readonly badRow: number | null }
type Answer = {
  readonly data: string[][]
  readonly errors: readonly { readonly type: string; readonly row?: number }[]
  readonly meta: { readonly cursor: number }
}

/** @param rows at most so many, 0 for none */
function parse(text: string, delimiter: string, final: boolean, rows?: number): Parsed {
  if (rows === 0) return { data: [], cursor: 0, badRow: null }
  const parser = new Papa.Parser({ delimiter, newline: '\n', quoteChar: '"', ...(rows && { preview: rows }) })
  const { data, errors, meta } = parser.parse(text, 0, !final) as Answer
  const badRow = errors.find((error) => error.type === 'Quotes')?.row ?? null
  // The end of the last line is no row of its own.
  const isTail = final && rows === undefined && data.length > 0 && text.endsWith('\n') && data.at(-1)?.join('') === ''
  return { data: isTail ? data.slice(0, -1) : data, cursor: meta.cursor, badRow }
}
