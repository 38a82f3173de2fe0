import type { Feature } from './features.ts'
import type { Scorer } from './fit-scorer.ts'
import { seededRandom, shuffle } from './random.ts'
import { effectsOf } from './score-rows.ts'

/** How much a column moves the log-odds of a lead, on average, either way. */
export type ColumnWeight = { readonly column: string; readonly effect: number }

const sampleSize = 200

/** Columns by weight over a sample of the rows, the weightiest first. */
export function columnWeights(
  scorer: Scorer,
  features: readonly Feature[],
  rows: Int32Array,
  seed: number,
): ColumnWeight[] {
  const sample = shuffle(rows.slice(), seededRandom(seed)).slice(0, sampleSize)
  const sums = new Map<string, number>()
  for (const row of sample) {
    for (const [column, effect] of effectsByColumn(features, effectsOf(scorer, features, row).effects)) {
      sums.set(column, (sums.get(column) ?? 0) + Math.abs(effect))
    }
  }
  const weights = [...sums].map(([column, sum]) => ({ column, effect: sum / Math.max(1, sample.length) }))
  return weights.sort((a, b) => b.effect - a.effect || (a.column < b.column ? -1 : 1))
}

/** A date gives several features: what its column does is their sum. */
export function effectsByColumn(features: readonly Feature[], effects: Float64Array): Map<string, number> {
  const sums = new Map<string, number>()
  features.forEach(({ column }, at) => {
    sums.set(column, (sums.get(column) ?? 0) + (effects[at] as number))
  })
  return sums
}
