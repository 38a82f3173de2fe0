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
  // Everything below looks at different cells once: most columns repeat a few of them.
  const counts = new Map<Cell, number>()
  let present = 0
  for (const cell of cells) {
    const seen = counts.get(cell)
    if (seen === undefined && isMissing(cell)) continue
    counts.set(cell, (seen ?? 0) + 1)
    present++
  }
  const different = [...counts.keys()]
  if (present === 0) return drop('empty', 'no row has a value')

  const dateStyle = guessDateStyle(different)
  if (mostly(counts, present, (cell) => readDate(cell, dateStyle))) {
    if (counts.size === 1 && present === cells.length) return drop('constant', sameEverywhere)
    const hasTime = different.some((cell) => readDate(cell, dateStyle) % 86_400_000 !== 0)
    return { name, kind: 'date', style: dateStyle, hasTime }
  }
  const numberStyle = guessNumberStyle(different)
  const isCode = different.some((cell) => typeof cell === 'string' && /^\s*0\d/.test(cell))
  const isFlag = counts.size <= 2 && different.some((cell) => typeof cell === 'boolean')
  if (!isCode && !isFlag && mostly(counts, present, (cell) => readNumber(cell, numberStyle))) {
    if (counts.size === 1 && present === cells.length) return drop('constant', sameEverywhere)
    if (
      counts.size === cells.length &&
      isRunningNumber(
        name,
        different.map((cell) => readNumber(cell, numberStyle)),
      )
    ) {
      return drop('id', 'a number of its own in every row')
    }
    return { name, kind: 'number', style: numberStyle }
  }

  const byLevel = new Map<string, number>()
  for (const [cell, count] of counts) byLevel.set(levelOf(cell), (byLevel.get(levelOf(cell)) ?? 0) + count)
  if (byLevel.size === 1 && present === cells.length) return drop('constant', sameEverywhere)
  if (present >= fewestForId && byLevel.size / present > 0.5) {
    const words = different.reduce<number>((sum, cell) => sum + String(cell).trim().split(/\s+/).length, 0)
    if (words / different.length >= 4) return { name, kind: 'text' }
    return drop('id', `${byLevel.size} different values in ${present} rows`)
  }
  const levels = [...byLevel].sort(([a, ofA], [b, ofB]) => ofB - ofA || (a < b ? -1 : 1)).map(([level]) => level)
  return { name, kind: levels.length <= 2 ? 'flag' : 'category', levels }
}

const sameEverywhere = 'every row has the same value'

/** The spelling under which equal values meet: without outer blanks and case. */
export function levelOf(cell: Cell): string {
  return String(cell).trim().toLowerCase()
}

function mostly(counts: ReadonlyMap<Cell, number>, present: number, read: (cell: Cell) => number): boolean {
  const allowed = present * (1 - mostlyShare)
  let wrong = 0
  for (const [cell, count] of counts) {
    if (!Number.isNaN(read(cell))) continue
    wrong += count
    if (wrong > allowed) return false
  }
  return true
}

/** Whole numbers, each once: an id when they rise or fall with the rows, lie close together or are called so. */
function isRunningNumber(name: string, numbers: readonly number[]): boolean {
  if (numbers.length < fewestForId || !numbers.every(Number.isInteger)) return false
  const isRising = (numbers[1] as number) > (numbers[0] as number)
  const isOrdered = numbers.every((value, at) => at === 0 || value > (numbers[at - 1] as number) === isRising)
  const low = numbers.reduce((least, value) => Math.min(least, value))
  const high = numbers.reduce((most, value) => Math.max(most, value))
  return isOrdered || high - low < numbers.length * 2 || idName.test(name.trim())
}
