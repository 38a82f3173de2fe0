import { midranks } from './ranks.ts'

export type Interval = { readonly low: number; readonly high: number }
/** Difference of two areas under the curve on the same leads. */
export type AucDifference = {
  readonly first: number
  readonly second: number
  readonly difference: number
  readonly interval: Interval
  /** Of the difference; 0 when both scores order the leads alike. */
  readonly standardError: number
}

/** z of a two-sided 95 % interval. */
const z95 = 1.959963984540054

/** Wilson's 95 % interval of a share: sensible also for few cases and for none or all of them. */
export function wilsonInterval(successes: number, count: number, z = z95): Interval {
  if (count === 0) return { low: 0, high: 1 }
  const share = successes / count
  const spread = z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count))
  const middle = share + (z * z) / (2 * count)
  const scale = 1 + (z * z) / count
  return { low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) }
}

/**
 * Area under the curve with DeLong's 95 % interval (Sun & Xu 2014, by midranks). One outcome alone gives NaN.
 */
export function aucInterval(
  outcomes: ArrayLike<number>,
  scores: ArrayLike<number>,
): Interval & { readonly auc: number } {
  const parts = placements(outcomes, scores)
  const error = Math.sqrt(
    variance(parts.positive) / parts.positive.length + variance(parts.negative) / parts.negative.length,
  )
  return { auc: parts.auc, low: Math.max(0, parts.auc - z95 * error), high: Math.min(1, parts.auc + z95 * error) }
}

/** Compares two scores of the same leads by DeLong's test for correlated curves. */
export function compareAuc(
  outcomes: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): AucDifference {
  const a = placements(outcomes, first)
  const b = placements(outcomes, second)
  const minus = (x: Float64Array, y: Float64Array) => x.map((value, at) => value - (y[at] as number))
  const difference = a.auc - b.auc
  const standardError = Math.sqrt(
    variance(minus(a.positive, b.positive)) / a.positive.length +
      variance(minus(a.negative, b.negative)) / a.negative.length,
  )
  const interval = { low: difference - z95 * standardError, high: difference + z95 * standardError }
  return { first: a.auc, second: b.auc, difference, interval, standardError }
}

/** For each success the share of failures below it, for each failure the share of successes above it. */
function placements(outcomes: ArrayLike<number>, scores: ArrayLike<number>) {
  const places = (outcome: number) =>
    Array.from({ length: outcomes.length }, (_, at) => at).filter((at) => outcomes[at] === outcome)
  const ups = places(1)
  const downs = places(0)
  const all = midranks(scores)
  const among = (group: readonly number[]) => midranks(group.map((at) => scores[at] as number))
  const upRanks = among(ups)
  const downRanks = among(downs)
  const positive = Float64Array.from(ups, (at, i) => ((all[at] as number) - (upRanks[i] as number)) / downs.length)
  const negative = Float64Array.from(
    downs,
    (at, i) => 1 - ((all[at] as number) - (downRanks[i] as number)) / ups.length,
  )
  return { auc: mean(positive), positive, negative }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function variance(values: Float64Array): number {
  if (values.length < 2) return 0
  const middle = mean(values)
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1)
}
