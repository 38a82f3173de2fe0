import { type ColumnPlan, levelOf } from './plan-columns.ts'
import { isMissing, readDate, readNumber } from './read-cell.ts'
import type { Cell, Table } from './table.ts'

/** Where a value of the model comes from. One column may give several: a date gives day, weekday and hour. */
export type FeatureSource = {
  readonly column: string
  readonly part: 'value' | 'day' | 'weekday' | 'hour' | 'length'
  /** Of a category: how many values were seen at training; a value beyond them has this very number as its code. */
  readonly levelCount: number | null
}
/** NaN is "not known"; categories are codes, the place in `ColumnPlan.levels`. */
export type Feature = FeatureSource & { readonly values: Float64Array }

const day = 86_400_000

/** The features which the planned columns give, in a fixed order. */
function featureSources(plans: readonly ColumnPlan[]): FeatureSource[] {
  return plans.flatMap((plan): FeatureSource[] => {
    const source = (part: FeatureSource['part'], levelCount: number | null = null): FeatureSource => ({
      column: plan.name,
      part,
      levelCount,
    })
    switch (plan.kind) {
      case 'number':
        return [source('value')]
      case 'date':
        return [source('day'), source('weekday', 7), ...(plan.hasTime ? [source('hour')] : [])]
      case 'text':
        return [source('length')]
      default:
        return [source('value', plan.levels.length)]
    }
  })
}

/** Reads what the plan asks for out of a table; a column that the table lacks is not known in every row. */
export function readFeatures(plans: readonly ColumnPlan[], table: Table): Feature[] {
  const byName = new Map(table.columns.map((column) => [column.name, column.cells]))
  return plans.flatMap((plan) => {
    const cells = byName.get(plan.name) ?? []
    const reads = reader(plan)
    return featureSources([plan]).map((source, at): Feature => {
      const read = reads[at]
      const values = new Float64Array(table.rowCount)
      for (let row = 0; row < table.rowCount; row++) values[row] = read?.(cells[row] ?? null) ?? Number.NaN
      return { ...source, values }
    })
  })
}

/** One function a feature of the column, in the order of `featureSources`. */
function reader(plan: ColumnPlan): ((cell: Cell) => number)[] {
  switch (plan.kind) {
    case 'number':
      return [(cell) => (isMissing(cell) ? Number.NaN : readNumber(cell, plan.style))]
    case 'date': {
      const at = (cell: Cell) => readDate(cell, plan.style)
      const dayOf = (cell: Cell) => Math.floor(at(cell) / day)
      // 1 January 1970 was a Thursday; Monday is 0.
      return [dayOf, (cell) => (dayOf(cell) + 3) % 7, (cell) => Math.floor((at(cell) % day) / 3_600_000)]
    }
    case 'text':
      return [(cell) => (isMissing(cell) ? Number.NaN : String(cell).trim().length)]
    default: {
      const codes = new Map(plan.levels.map((level, code) => [level, code]))
      // Most cells are spelt as the last ones were: the look-up by raw spelling saves trimming a million times.
      const bySpelling = new Map<Cell, number>()
      const codeOf = (cell: Cell) => (isMissing(cell) ? Number.NaN : (codes.get(levelOf(cell)) ?? plan.levels.length))
      return [
        (cell) => {
          const known = bySpelling.get(cell)
          if (known !== undefined) return known
          const code = codeOf(cell)
          if (bySpelling.size < 10_000) bySpelling.set(cell, code)
          return code
        },
      ]
    }
  }
}
