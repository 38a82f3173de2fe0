import {
  type DateStyle,
  guessDateStyle,
  guessNumberStyle,
  isMissing,
  type NumberStyle,
  readDate,
  readNumber,
} from './read-cell.ts'
import type { Cell, Column } from './table.ts'

/** How a column is read, at training and at every prediction after it. Plain data, part of the stored model. */
export type ColumnPlan =
  | { readonly name: string; readonly kind: 'number'; readonly style: NumberStyle }
  | { readonly name: string; readonly kind: 'date'; readonly style: DateStyle; readonly hasTime: boolean }
  /** `levels` are all values seen, by how often they were. */
  | { readonly name: string; readonly kind: 'category' | 'flag'; readonly levels: readonly string[] }
  | { readonly name: string; readonly kind: 'text' }
export type DropReason = 'excluded' | 'empty' | 'constant' | 'id' | 'copy'
export type DroppedColumn = { readonly name: string; readonly reason: DropReason; readonly detail: string }

// Among many numbers or dates a few cells may be something else; they are then not known.
const mostlyShare = 0.98
// Fewer rows than this say nothing about what an id looks like.
const fewestForId = 20
const idName = /(^|[\s_-])(id|ids|uuid|guid|key|number|no|nr|ref|reference)$|[a-z]I[dD]$/i

/** What a column holds, or why nothing can be learnt from it. */
export function planColumn({ name, cells }: Column): ColumnPlan | DroppedColumn {
  const drop = (reason: DropReason, detail: string): DroppedColumn => ({ name, reason, detail })
  const counts = new Map<string, number>()
  const present: Cell[] = []
  for (const cell of cells) {
    if (isMissing(cell)) continue
    present.push(cell)
    const level = levelOf(cell)
    counts.set(level, (counts.get(level) ?? 0) + 1)
  }
  if (present.length === 0) return drop('empty', 'no row has a value')
  if (counts.size === 1 && present.length === cells.length) return drop('constant', 'every row has the same value')

  const dateStyle = guessDateStyle(present)
  if (mostly(present, (cell) => readDate(cell, dateStyle))) {
    const hasTime = present.some((cell) => readDate(cell, dateStyle) % 86_400_000 !== 0)
    return { name, kind: 'date', style: dateStyle, hasTime }
  }
  const numberStyle = guessNumberStyle(present)
  const isCode = present.some((cell) => typeof cell === 'string' && /^\s*0\d/.test(cell))
  const isFlag = counts.size <= 2 && present.some((cell) => typeof cell === 'boolean')
  if (!isCode && !isFlag && mostly(present, (cell) => readNumber(cell, numberStyle))) {
    const numbers = present.map((cell) => readNumber(cell, numberStyle))
    if (counts.size === present.length && isRunningNumber(name, numbers, cells.length)) {
      return drop('id', 'a number of its own in every row')
    }
    return { name, kind: 'number', style: numberStyle }
  }
  const wordiness =
    present.reduce<number>((sum, cell) => sum + String(cell).trim().split(/\s+/).length, 0) / present.length
  const distinctShare = counts.size / present.length
  if (present.length >= fewestForId && distinctShare > 0.5) {
    if (wordiness >= 4) return { name, kind: 'text' }
    return drop('id', `${counts.size} different values in ${present.length} rows`)
  }
  const levels = [...counts].sort(([a, ofA], [b, ofB]) => ofB - ofA || (a < b ? -1 : 1)).map(([level]) => level)
  return { name, kind: counts.size <= 2 ? 'flag' : 'category', levels }
}

/** The spelling under which equal values meet: without outer blanks and case. */
export function levelOf(cell: Cell): string {
  return String(cell).trim().toLowerCase()
}

function mostly(cells: readonly Cell[], read: (cell: Cell) => number): boolean {
  const allowed = cells.length * (1 - mostlyShare)
  let wrong = 0
  for (const cell of cells) {
    if (Number.isNaN(read(cell)) && ++wrong > allowed) return false
  }
  return true
}

/** Whole numbers, each once: an id when they rise or fall with the rows, lie close together or are called so. */
function isRunningNumber(name: string, numbers: readonly number[], rowCount: number): boolean {
  if (numbers.length < fewestForId || numbers.length < rowCount || !numbers.every(Number.isInteger)) return false
  const steps = numbers.slice(1).map((value, at) => value > (numbers[at] as number))
  const isOrdered = steps.every((up) => up === steps[0])
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of numbers) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return isOrdered || high - low < numbers.length * 2 || idName.test(name.trim())
}
