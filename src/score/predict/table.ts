/** What one field of one lead holds. Times are numbers (ms UTC) or text; null is "not known". */
export type Cell = string | number | boolean | null
export type Column = { readonly name: string; readonly cells: readonly Cell[] }
/** A table by columns, all of the same length. Plain data: it can be posted to a worker. */
export type Table = { readonly rowCount: number; readonly columns: readonly Column[] }

/** The table is not one that can be learnt from; the message is meant for the user. */
export class TableProblem extends Error {
  override readonly name = 'TableProblem'
}

/** One record a lead; a field that a record lacks is not known. Columns stand in the order in which they first appear. */
export function tableFromRecords(records: readonly Readonly<Record<string, Cell>>[]): Table {
  const cells = new Map<string, Cell[]>()
  records.forEach((record, row) => {
    for (const [name, cell] of Object.entries(record)) {
      let column = cells.get(name)
      if (!column) {
        column = new Array<Cell>(records.length).fill(null)
        cells.set(name, column)
      }
      column[row] = cell
    }
  })
  return { rowCount: records.length, columns: [...cells].map(([name, column]) => ({ name, cells: column })) }
}
