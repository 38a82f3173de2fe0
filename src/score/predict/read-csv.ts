import Papa from 'papaparse'
import { type Cell, type Table, TableProblem } from './table.ts'

/** A table out of a CSV text, and how many of its rows had more or fewer cells than the header. */
export type CsvTable = { readonly table: Table; readonly raggedRows: number }

/**
 * The first line names the columns. Two columns of one name become "name" and "name (2)"; a cell too few is not known,
 * a cell too many is left out.
 * @throws TableProblem when there is no header
 */
export function readCsv(text: string): CsvTable {
  const { data } = Papa.parse<string[]>(text.replace(/^\ufeff/, ''), { skipEmptyLines: 'greedy' })
  const [header, ...rows] = data
  if (!header || header.every((name) => name.trim() === '')) {
    throw new TableProblem('The file is empty. Its first line must name the columns.')
  }
  const names = uniqueNames(header.map((name, at) => name.trim() || `Column ${at + 1}`))
  const columns = names.map((name, at) => ({ name, cells: rows.map((row): Cell => row[at] ?? null) }))
  const raggedRows = rows.filter((row) => row.length !== header.length).length
  return { table: { rowCount: rows.length, columns }, raggedRows }
}

function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let free = name
    for (let count = 2; taken.has(free); count++) free = `${name} (${count})`
    taken.add(free)
    return free
  })
}
