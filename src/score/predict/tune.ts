import { type Binned, binRows, learnBins } from './bins.ts'
import { addTree, type BoostOptions, makeBooster, priorLogOdds } from './boost.ts'
import type { Dataset, OnProgress } from './dataset.ts'
import { designRows, learnDesign } from './design.ts'
import type { Feature } from './features.ts'
import type { Split } from './folds.ts'
import { fitLogistic, type LinearFit, linearScores } from './logistic.ts'

/** A way to learn, and what it foresaw for rows it had not seen. */
export type Tuned<Setting> = {
  readonly setting: Setting
  /** Log-odds by place in the split rows; NaN for places that no split holds. */
  readonly held: Float64Array
  readonly loss: number
}
export type TreeSetting = BoostOptions & { readonly trees: number }

export const strengths = [300, 30, 3, 0.3]
/** Of a table so large that the penalty hardly matters, and that half of its rows make as good a tree. */
export const strengthsOfMany = [30, 3]
export const boostingsOfMany: readonly BoostOptions[] = [
  { learningRate: 0.1, leaves: 31, fewestRows: 20, l2: 1, featureShare: 1, rowShare: 0.5 },
]
const mostTrees = 300
const patience = 20

/** What scikit-learn does by itself, and a slower, flatter way for tables that are small or noisy. */
export const boostings: readonly BoostOptions[] = [
  { learningRate: 0.1, leaves: 31, fewestRows: 20, l2: 1, featureShare: 1, rowShare: 1 },
  { learningRate: 0.06, leaves: 8, fewestRows: 20, l2: 3, featureShare: 0.6, rowShare: 0.8 },
]

/** The strength of penalty that foresees best across the splits. @param rows of the data, which `splits` index */
export function tuneLogistic(
  data: Dataset,
  rows: Int32Array,
  splits: readonly Split[],
  strengths: readonly number[],
  seed: number,
): Tuned<number> {
  const tried = strengths.map((l2) => ({ setting: l2, held: new Float64Array(rows.length).fill(Number.NaN), loss: 0 }))
  for (const { train, held } of splits) {
    const design = learnDesign(data, at(rows, train), seed)
    const heldRows = designRows(design.specs, data.features, at(rows, held), design.rows.width)
    const outcomes = outcomesAt(data, at(rows, train))
    let start: LinearFit | undefined
    // From strong to weak, each beginning where the last one ended.
    for (const attempt of tried) {
      start = fitLogistic(design.rows, outcomes, { l2: attempt.setting, ...(start && { start }) })
      const scores = linearScores(heldRows, start)
      held.forEach((place, i) => {
        attempt.held[place] = scores[i] as number
      })
    }
  }
  const losses = tried.map((attempt) => ({ ...attempt, loss: heldLoss(data, rows, attempt.held) }))
  return losses.reduce((best, next) => (next.loss < best.loss ? next : best))
}

type Fold = {
  readonly split: Split
  readonly binned: Binned
  readonly outcomes: Uint8Array
  readonly heldOutcomes: Uint8Array
  readonly columns: Uint8Array[]
}

/** The way of boosting, and the number of trees, that foresee best across the splits. */
export function tuneTrees(
  data: Dataset,
  rows: Int32Array,
  splits: readonly Split[],
  options: readonly BoostOptions[],
  seed: number,
  onProgress: OnProgress,
): Tuned<TreeSetting> {
  const folds = splits.map((split): Fold => {
    const binned = learnBins(data, at(rows, split.train), seed)
    const held = at(rows, split.held)
    const columns = binned.specs.map((spec, feature) => binRows(spec, data.features[feature] as Feature, held))
    return {
      split,
      binned,
      outcomes: outcomesAt(data, at(rows, split.train)),
      heldOutcomes: outcomesAt(data, held),
      columns,
    }
  })
  const tried = options.map((option, nth) =>
    growTogether(rows.length, folds, option, seed, (share) => onProgress((nth + share) / options.length)),
  )
  return tried.reduce((best, next) => (next.loss < best.loss ? next : best))
}

/** All splits grow in step, so that the number of trees is judged on every held-out row at once. */
function growTogether(
  size: number,
  folds: readonly Fold[],
  option: BoostOptions,
  seed: number,
  onProgress: OnProgress,
): Tuned<TreeSetting> {
  const growing = folds.map((fold) => ({
    ...fold,
    booster: makeBooster(fold.binned, fold.outcomes, option, seed),
    scores: new Float64Array(fold.split.held.length).fill(priorLogOdds(fold.outcomes)),
  }))
  const heldCount = growing.reduce((sum, { scores }) => sum + scores.length, 0)
  const lossNow = () =>
    growing.reduce((sum, { heldOutcomes, scores }) => sum + lossSum(heldOutcomes, scores), 0) / heldCount
  const best = { trees: 0, loss: lossNow(), held: new Float64Array(size).fill(Number.NaN) }
  const keep = () => {
    for (const { split, scores } of growing) {
      split.held.forEach((place, i) => {
        best.held[place] = scores[i] as number
      })
    }
  }
  keep()
  for (let trees = 1; trees <= mostTrees && trees - best.trees <= patience; trees++) {
    onProgress(trees / mostTrees)
    for (const { booster, binned, columns, scores } of growing) addTree(booster.next(), binned.specs, columns, scores)
    const loss = lossNow()
    if (loss >= best.loss) continue
    best.trees = trees
    best.loss = loss
    keep()
  }
  return { setting: { ...option, trees: best.trees }, held: best.held, loss: best.loss }
}

function lossSum(outcomes: Uint8Array, scores: Float64Array): number {
  let sum = 0
  for (let place = 0; place < scores.length; place++)
    sum += placeLoss(outcomes[place] as number, scores[place] as number)
  return sum
}

/** Mean log loss over the places that have a score. */
export function heldLoss({ outcomes }: Dataset, rows: Int32Array, held: Float64Array): number {
  let sum = 0
  let count = 0
  for (let place = 0; place < held.length; place++) {
    const score = held[place] as number
    if (Number.isNaN(score)) continue
    sum += placeLoss(outcomes[rows[place] as number] as number, score)
    count++
  }
  return sum / count
}

/** Log loss of one row whose log-odds were foreseen. */
export function placeLoss(outcome: number, logOdds: number): number {
  const margin = outcome === 1 ? logOdds : -logOdds
  return margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin
}

export function outcomesAt({ outcomes }: Dataset, rows: Int32Array): Uint8Array {
  return Uint8Array.from(rows, (row) => outcomes[row] as number)
}

function at(rows: Int32Array, places: Int32Array): Int32Array {
  return places.map((place) => rows[place] as number)
}
