import { type BinSpec, learnBins } from './bins.ts'
import { makeBooster, priorLogOdds } from './boost.ts'
import { type Calibration, chooseCalibration } from './calibrate.ts'
import type { Dataset, OnProgress } from './dataset.ts'
import { type DesignSpec, learnDesign } from './design.ts'
import { splitOf, stratifiedFolds } from './folds.ts'
import { fitLogistic } from './logistic.ts'
import type { Tree } from './tree.ts'
import {
  boostings,
  boostingsOfMany,
  heldLoss,
  outcomesAt,
  placeLoss,
  strengths,
  strengthsOfMany,
  type TreeSetting,
  type Tuned,
  tuneLogistic,
  tuneTrees,
} from './tune.ts'

/** What was learnt: a linear model, trees or both, mixed by log-odds and then calibrated. Plain data. */
export type Scorer = {
  readonly linear: LinearPart | null
  readonly trees: TreePart | null
  /** Weight of the trees' log-odds, 0 to 1; the linear model has the rest. */
  readonly treeShare: number
  readonly calibration: Calibration
}
export type LinearPart = {
  readonly specs: readonly DesignSpec[]
  readonly intercept: number
  readonly weights: readonly number[]
  /** Of each column over the training rows: what a contribution is measured from. */
  readonly means: readonly number[]
  readonly l2: number
}
export type TreePart = {
  readonly specs: readonly BinSpec[]
  readonly prior: number
  readonly trees: readonly Tree[]
  readonly setting: TreeSetting
}

// With fewer of either outcome nothing but their share can be learnt.
const fewestOfEach = 10
// Up to so many rows every one is foreseen once, by five splits or by three; beyond, one held-out quarter tells enough.
const someRows = 3000
const manyRows = 12_000
const shares = [0.25, 0.5, 0.75]

/**
 * Learns from `rows`: tunes both models on inner splits, keeps the better one (or their mix when it is better by more
 * than chance), calibrates it on what it foresaw for rows it had not seen, then learns once more from all of them.
 */
export function fitScorer(data: Dataset, rows: Int32Array, seed: number, onProgress: OnProgress): Scorer {
  const outcomes = outcomesAt(data, rows)
  const positives = outcomes.reduce((sum, outcome) => sum + outcome, 0)
  if (Math.min(positives, outcomes.length - positives) < fewestOfEach) return shareOnly(outcomes)

  const isMany = rows.length > manyRows
  const foldCount = isMany ? 4 : rows.length > someRows ? 3 : 5
  const folds = stratifiedFolds(outcomes, foldCount, seed)
  const splits = Array.from({ length: isMany ? 1 : foldCount }, (_, fold) => splitOf(folds, fold))
  const linear = tuneLogistic(data, rows, splits, isMany ? strengthsOfMany : strengths, seed)
  onProgress(0.15)
  const trees = tuneTrees(data, rows, splits, isMany ? boostingsOfMany : boostings, seed, (share) =>
    onProgress(0.15 + 0.6 * share),
  )
  const treeShare = chooseShare(data, rows, linear, trees)
  const held = mix(linear.held, trees.held, treeShare)
  const known = Int32Array.from(held.keys()).filter((place) => !Number.isNaN(held[place] as number))
  const heldOutcomes = outcomesAt(
    data,
    known.map((place) => rows[place] as number),
  )
  const calibration = chooseCalibration(
    heldOutcomes,
    Float64Array.from(known, (place) => held[place] as number),
    stratifiedFolds(heldOutcomes, 5, seed + 1),
  )
  onProgress(0.8)
  return {
    linear: treeShare < 1 ? learnLinear(data, rows, linear.setting, seed) : null,
    trees: treeShare > 0 ? learnTrees(data, rows, trees.setting, seed, (share) => onProgress(0.8 + 0.2 * share)) : null,
    treeShare,
    calibration,
  }
}

function shareOnly(outcomes: Uint8Array): Scorer {
  const setting = { learningRate: 0.1, leaves: 1, fewestRows: 1, l2: 1, featureShare: 1, rowShare: 1, trees: 0 }
  const trees = { specs: [], prior: priorLogOdds(outcomes), trees: [], setting }
  return { linear: null, trees, treeShare: 1, calibration: { kind: 'none' } }
}

/** One model alone, unless a mix beats it on held-out rows by more than one standard error. */
function chooseShare(data: Dataset, rows: Int32Array, linear: Tuned<number>, trees: Tuned<TreeSetting>): number {
  const [single, best] = trees.loss <= linear.loss ? [1, trees] : [0, linear]
  const mixes = shares.map((share) => {
    const held = mix(linear.held, trees.held, share)
    return { share, held, loss: heldLoss(data, rows, held) }
  })
  const tried = mixes.reduce((a, b) => (b.loss < a.loss ? b : a))
  const gains: number[] = []
  for (let place = 0; place < rows.length; place++) {
    const outcome = data.outcomes[rows[place] as number] as number
    const gain = placeLoss(outcome, best.held[place] as number) - placeLoss(outcome, tried.held[place] as number)
    if (!Number.isNaN(gain)) gains.push(gain)
  }
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / gains.length
  return mean > Math.sqrt(variance / gains.length) ? tried.share : single
}

function mix(linear: Float64Array, trees: Float64Array, treeShare: number): Float64Array {
  return linear.map((score, place) => (1 - treeShare) * score + treeShare * (trees[place] as number))
}

function learnLinear(data: Dataset, rows: Int32Array, l2: number, seed: number): LinearPart {
  const { specs, rows: design, means } = learnDesign(data, rows, seed)
  const { intercept, weights } = fitLogistic(design, outcomesAt(data, rows), { l2 })
  return { specs, intercept, weights: [...weights], means, l2 }
}

function learnTrees(
  data: Dataset,
  rows: Int32Array,
  setting: TreeSetting,
  seed: number,
  onProgress: (share: number) => void,
): TreePart {
  const binned = learnBins(data, rows, seed)
  const outcomes = outcomesAt(data, rows)
  const booster = makeBooster(binned, outcomes, setting, seed)
  const trees = Array.from({ length: setting.trees }, (_, nth) => {
    onProgress(nth / setting.trees)
    return booster.next()
  })
  return { specs: binned.specs, prior: priorLogOdds(outcomes), trees, setting }
}
