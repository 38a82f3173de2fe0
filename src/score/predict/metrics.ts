import { type Interval, wilsonInterval } from './intervals.ts'
import { midranks } from './ranks.ts'

/** A tenth (or other part) of the leads by foreseen chance, and how many of them came true. */
export type ScoreBin = {
  readonly count: number
  readonly positives: number
  /** Mean foreseen probability. */
  readonly foreseen: number
  /** Share that came true, and the 95 % interval of it. */
  readonly observed: number
  readonly interval: Interval
}

const smallest = 1e-15

/** Chance that a random success is scored above a random failure, ties half; NaN when one of them is missing. */
export function auc(outcomes: ArrayLike<number>, scores: ArrayLike<number>): number {
  const ranks = midranks(scores)
  let positives = 0
  let sum = 0
  for (let at = 0; at < ranks.length; at++) {
    if (outcomes[at] !== 1) continue
    positives++
    sum += ranks[at] as number
  }
  const negatives = ranks.length - positives
  if (positives === 0 || negatives === 0) return Number.NaN
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

/** Mean squared difference of probability and outcome. */
export function brierScore(outcomes: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  let sum = 0
  for (let at = 0; at < outcomes.length; at++) sum += ((probabilities[at] as number) - (outcomes[at] as number)) ** 2
  return sum / outcomes.length
}

/** Mean negative log-likelihood (natural log); probabilities are kept away from 0 and 1 by 1e-15. */
export function logLoss(outcomes: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  let sum = 0
  for (let at = 0; at < outcomes.length; at++) {
    const chance = outcomes[at] === 1 ? (probabilities[at] as number) : 1 - (probabilities[at] as number)
    sum -= Math.log(Math.max(smallest, chance))
  }
  return sum / outcomes.length
}

/**
 * How many times more often the top `share` of the leads came true than all of them. Where leads of equal score lie
 * across the cut, their mean counts: no order among them is made up.
 */
export function lift(outcomes: ArrayLike<number>, scores: ArrayLike<number>, share: number): number {
  const order = byScore(scores)
  const wanted = Math.max(1, Math.round(order.length * share))
  let taken = 0
  let found = 0
  let all = 0
  for (let from = 0; from < order.length; ) {
    let to = from
    let positives = 0
    while (to < order.length && scores[order[to] as number] === scores[order[from] as number]) {
      positives += outcomes[order[to++] as number] as number
    }
    const use = Math.min(to - from, wanted - taken)
    found += (positives * use) / (to - from)
    taken += use
    all += positives
    from = to
  }
  return found / wanted / (all / order.length)
}

/** Leads in `count` parts of equal size by foreseen chance, the highest first: calibration and conversion by decile. */
export function scoreBins(outcomes: ArrayLike<number>, probabilities: ArrayLike<number>, count = 10): ScoreBin[] {
  const order = byScore(probabilities)
  const bins: ScoreBin[] = []
  for (let part = 0; part < count; part++) {
    const places = order.slice(
      Math.floor((part * order.length) / count),
      Math.floor(((part + 1) * order.length) / count),
    )
    if (places.length === 0) continue
    const positives = places.reduce((sum, place) => sum + (outcomes[place] as number), 0)
    bins.push({
      count: places.length,
      positives,
      foreseen: places.reduce((sum, place) => sum + (probabilities[place] as number), 0) / places.length,
      observed: positives / places.length,
      interval: wilsonInterval(positives, places.length),
    })
  }
  return bins
}

function byScore(scores: ArrayLike<number>): Int32Array {
  const order = Int32Array.from({ length: scores.length }, (_, place) => place)
  // Equal scores keep the order of the rows: the same answer on every run.
  return order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
}
