import { binCount, binRows } from './bins.ts'
import { addTree } from './boost.ts'
import { calibrated } from './calibrate.ts'
import { columnsOf, designRows, entryFor } from './design.ts'
import { addTreeEffects } from './explain-tree.ts'
import type { Feature } from './features.ts'
import type { LinearPart, Scorer, TreePart } from './fit-scorer.ts'
import { linearScores } from './logistic.ts'

/** Calibrated probability of each of the given rows. */
export function scoreRows(scorer: Scorer, features: readonly Feature[], rows: Int32Array): Float64Array {
  return rawLogOdds(scorer, features, rows).map((logOdds) => calibrated(scorer.calibration, logOdds))
}

/** Log-odds before calibration. */
export function rawLogOdds(
  { linear, trees, treeShare }: Scorer,
  features: readonly Feature[],
  rows: Int32Array,
): Float64Array {
  const sum = new Float64Array(rows.length)
  const add = (scores: Float64Array, weight: number) => {
    for (let place = 0; place < sum.length; place++)
      sum[place] = (sum[place] as number) + weight * (scores[place] as number)
  }
  if (linear) {
    const design = designRows(linear.specs, features, rows, linear.weights.length)
    add(
      linearScores(design, { intercept: linear.intercept, weights: Float64Array.from(linear.weights) }),
      1 - treeShare,
    )
  }
  if (trees) {
    const scores = new Float64Array(rows.length).fill(trees.prior)
    const columns = trees.specs.map((spec, at) => binRows(spec, features[at] as Feature, rows))
    for (const tree of trees.trees) addTree(tree, trees.specs, columns, scores)
    add(scores, treeShare)
  }
  return sum
}

/** Where a row's log-odds come from. */
export type Effects = {
  /** Log-odds of the mean training row; with the effects it adds up to the raw log-odds. */
  readonly base: number
  /** By feature. */
  readonly effects: Float64Array
}

/** What each feature of a row adds to its raw log-odds. */
export function effectsOf({ linear, trees, treeShare }: Scorer, features: readonly Feature[], row: number): Effects {
  const effects = new Float64Array(features.length)
  let base = 0
  const add = (part: Effects, weight: number) => {
    base += weight * part.base
    for (let at = 0; at < effects.length; at++) {
      effects[at] = (effects[at] as number) + weight * (part.effects[at] as number)
    }
  }
  if (linear) add(linearEffects(linear, features, row), 1 - treeShare)
  if (trees) add(treeEffects(trees, features, row), treeShare)
  return { base, effects }
}

/** Coefficient times the distance from the mean row. */
function linearEffects(
  { specs, weights, means, intercept }: LinearPart,
  features: readonly Feature[],
  row: number,
): Effects {
  let base = intercept
  const effects = Float64Array.from(specs, (spec, at) => {
    const { column, entry } = entryFor(spec, (features[at] as Feature).values[row] as number)
    const mean = columnsOf(spec).reduce((sum, it) => sum + (weights[it] as number) * (means[it] as number), 0)
    base += mean
    return (column < 0 ? 0 : entry * (weights[column] as number)) - mean
  })
  return { base, effects }
}

function treeEffects({ specs, trees, prior }: TreePart, features: readonly Feature[], row: number): Effects {
  const effects = new Float64Array(features.length)
  const counts = specs.map(binCount)
  const place = Int32Array.of(row)
  const bins = specs.map((spec, at) => binRows(spec, features[at] as Feature, place)[0] as number)
  let base = prior
  for (const tree of trees) base += addTreeEffects(tree, counts, (feature) => bins[feature] as number, effects)
  return { base, effects }
}
