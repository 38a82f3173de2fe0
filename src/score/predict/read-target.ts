import { levelOf } from './plan-columns.ts'
import { isMissing } from './read-cell.ts'
import { type Cell, type Table, TableProblem } from './table.ts'

/** What is to be foreseen: the rows where it is known, and 1 where it came true. */
export type Target = {
  readonly column: string
  /** The value that counts as success, as it is spelt in the table. */
  readonly positive: string
  readonly negative: string
  /** Rows of the table whose outcome is known. */
  readonly rows: Int32Array
  /** By place in `rows`. */
  readonly outcomes: Uint8Array
}

const successWords = [
  '1',
  'true',
  'yes',
  'y',
  't',
  'won',
  'win',
  'closed won',
  'converted',
  'success',
  'qualified',
  'positive',
  'good',
  'ja',
  'oui',
  'si',
  'sí',
  'sim',
]
const failureWords = [
  '0',
  '-1',
  'false',
  'no',
  'n',
  'f',
  'lost',
  'closed lost',
  'not converted',
  'failure',
  'disqualified',
  'unqualified',
  'negative',
  'bad',
  'nein',
  'non',
  'não',
  'nao',
]

/**
 * The outcome column, of two values in any spelling. When neither word is known the rarer value is the success.
 * @param positive the value that counts as success, when the user says so
 * @throws TableProblem when the column is not there or does not hold exactly two values
 */
export function readTarget(table: Table, column: string, positive?: string): Target {
  const cells = table.columns.find(({ name }) => name === column)?.cells
  if (!cells) {
    const names = table.columns.map(({ name }) => name).join(', ')
    throw new TableProblem(`There is no column "${column}". The table has: ${names}.`)
  }
  const counts = new Map<string, { spelling: string; count: number }>()
  const rows: number[] = []
  cells.forEach((cell, row) => {
    if (isMissing(cell)) return
    rows.push(row)
    const level = outcomeLevel(cell)
    const seen = counts.get(level)
    if (seen) seen.count++
    else counts.set(level, { spelling: String(cell).trim(), count: 1 })
  })
  if (counts.size !== 2)
    throw new TableProblem(
      wrongCount(
        column,
        [...counts.values()].map(({ spelling }) => spelling),
      ),
    )
  const levels = [...counts]
    .sort(([a, ofA], [b, ofB]) => ofA.count - ofB.count || (a < b ? 1 : -1))
    .map(([level]) => level)
  const success = chooseSuccess(levels, column, positive)
  const spelling = (level: string | undefined) => counts.get(level ?? '')?.spelling ?? ''
  return {
    column,
    positive: spelling(success),
    negative: spelling(levels.find((level) => level !== success)),
    rows: Int32Array.from(rows),
    outcomes: Uint8Array.from(rows, (row) => (outcomeLevel(cells[row] ?? null) === success ? 1 : 0)),
  }
}

function chooseSuccess(levels: readonly string[], column: string, positive: string | undefined): string | undefined {
  if (positive !== undefined) {
    const asked = outcomeLevel(positive)
    if (levels.includes(asked)) return asked
    throw new TableProblem(`"${positive}" is not a value of "${column}", which holds: ${levels.join(', ')}.`)
  }
  return (
    levels.find((level) => successWords.includes(level)) ??
    levels.find((level) => failureWords.includes(levels.find((other) => other !== level) ?? '')) ??
    levels[0]
  )
}

/** 1, 1.0 and "1" are one value. */
function outcomeLevel(cell: Cell): string {
  const level = levelOf(cell)
  return /^-?\d+(\.0+)?$/.test(level) ? String(Number(level)) : level
}

function wrongCount(column: string, spellings: readonly string[]): string {
  if (spellings.length === 0) return `"${column}" is empty in every row: there is no outcome to learn from.`
  if (spellings.length === 1) return `"${column}" is "${spellings[0]}" in every row: learning needs both outcomes.`
  const some = spellings.slice(0, 5).join(', ')
  return `"${column}" holds ${spellings.length} different values (${some} ...). An outcome has two, like won and lost.`
}
