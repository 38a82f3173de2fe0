import { readFeatures } from './features.ts'
import type { Model } from './model.ts'
import { effectsOf } from './score-rows.ts'
import type { Cell, Table } from './table.ts'
import { effectsByColumn } from './top-columns.ts'

/** Why a lead is foreseen as it is, one column at a time; ready to be put into words. */
export type Reason = {
  readonly column: string
  /** As it stands in the lead; null when not known, which may be a reason as well. */
  readonly value: Cell
  /** What it adds to the log-odds, against the mean lead. */
  readonly effect: number
  readonly direction: 'raises' | 'lowers'
}

const leastEffect = 0.01

/** The weightiest reasons of one row, at most `count`, by weight. Too small ones are left out. */
export function reasonsFor(model: Model, table: Table, row: number, count = 5): Reason[] {
  const one = { rowCount: 1, columns: table.columns.map(({ name, cells }) => ({ name, cells: [cells[row] ?? null] })) }
  const features = readFeatures(model.plans, one)
  const { effects } = effectsOf(model.scorer, features, 0)
  const { calibration } = model.scorer
  // Platt stretches the log-odds, and so what each column adds. Isotonic has no one scale: raw log-odds stand for it.
  const scale = calibration.kind === 'platt' ? calibration.slope : 1
  return [...effectsByColumn(features, effects)]
    .map(([column, effect]): Reason => {
      const value = one.columns.find(({ name }) => name === column)?.cells[0] ?? null
      return { column, value, effect: scale * effect, direction: effect > 0 ? 'raises' : 'lowers' }
    })
    .filter(({ effect }) => Math.abs(effect) >= leastEffect)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, count)
}
