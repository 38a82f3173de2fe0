import { brierScore, logLoss } from './metrics.ts'

/** From raw log-odds to the probability that is shown. Plain data, part of the stored model. */
export type Calibration =
  | { readonly kind: 'none' }
  /** Platt: probability = sigmoid(slope x + offset) */
  | { readonly kind: 'platt'; readonly slope: number; readonly offset: number }
  /** Isotonic: rising steps, straight between their middles, and a trace of Platt that keeps the order within a step. */
  | {
      readonly kind: 'isotonic'
      readonly at: readonly number[]
      readonly chance: readonly number[]
      readonly slope: number
      readonly offset: number
    }

const orderShare = 0.05

export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))
}

export function calibrated(calibration: Calibration, logOdds: number): number {
  switch (calibration.kind) {
    case 'none':
      return sigmoid(logOdds)
    case 'platt':
      return sigmoid(calibration.slope * logOdds + calibration.offset)
    case 'isotonic':
      return (
        (1 - orderShare) * interpolate(calibration.at, calibration.chance, logOdds) +
        orderShare * sigmoid(calibration.slope * logOdds + calibration.offset)
      )
  }
}

/**
 * The calibration that does best on leads it was not fitted to. Isotonic must win on both log loss and Brier score: it
 * puts leads on one step that Platt still tells apart.
 * @param logOdds out-of-fold, by place
 * @param folds the fold of each place; calibrations are compared across them
 */
export function chooseCalibration(outcomes: Uint8Array, logOdds: Float64Array, folds: Uint8Array): Calibration {
  const fits = { none: () => ({ kind: 'none' }) as const, platt: fitPlatt, isotonic: fitIsotonic }
  const tried = (['none', 'platt', 'isotonic'] as const).map((kind) => {
    const held = new Float64Array(outcomes.length)
    for (const fold of new Set(folds)) {
      const others = places(folds, (it) => it !== fold)
      const calibration = fits[kind](
        pick(outcomes, others),
        Float64Array.from(others, (at) => logOdds[at] as number),
      )
      for (const at of places(folds, (it) => it === fold)) held[at] = calibrated(calibration, logOdds[at] as number)
    }
    return { kind, loss: logLoss(outcomes, held), brier: brierScore(outcomes, held) }
  })
  const [none, platt, isotonic] = tried
  const smooth = none && platt && platt.loss < none.loss ? platt : none
  const isStep = isotonic && smooth && isotonic.loss < smooth.loss && isotonic.brier < smooth.brier
  return fits[isStep ? 'isotonic' : (smooth?.kind ?? 'none')](outcomes, logOdds)
}

/** Slope and offset by Newton's method on Platt's smoothed targets; a slope below 0 would turn the order round and is 0. */
export function fitPlatt(outcomes: Uint8Array, logOdds: Float64Array): Calibration & { kind: 'platt' } {
  const positives = outcomes.reduce((sum, outcome) => sum + outcome, 0)
  const negatives = outcomes.length - positives
  const [hit, miss] = [(positives + 1) / (positives + 2), 1 / (negatives + 2)]
  let slope = 0
  let offset = Math.log((positives + 1) / (negatives + 1))
  for (let round = 0; round < 100; round++) {
    let [gs, go, hss, hso, hoo] = [0, 0, 1e-9, 0, 1e-9]
    for (let at = 0; at < outcomes.length; at++) {
      const x = logOdds[at] as number
      const p = sigmoid(slope * x + offset)
      const error = p - (outcomes[at] === 1 ? hit : miss)
      const weight = p * (1 - p)
      gs += error * x
      go += error
      hss += weight * x * x
      hso += weight * x
      hoo += weight
    }
    const determinant = hss * hoo - hso * hso
    if (!(determinant > 1e-12)) break
    // Far out on a flat curve a full step overshoots: no step is longer than 4.
    const limit = (step: number) => Math.max(-4, Math.min(4, step))
    const ds = limit((hoo * gs - hso * go) / determinant)
    const dOffset = limit((hss * go - hso * gs) / determinant)
    slope -= ds
    offset -= dOffset
    if (Math.abs(ds) + Math.abs(dOffset) < 1e-10) break
  }
  if (slope > 0) return { kind: 'platt', slope, offset }
  return { kind: 'platt', slope: 0, offset: Math.log((positives + 1) / (negatives + 1)) }
}

/** Pool-adjacent-violators, each pool at its mean log-odds; chances are kept off 0 and 1 by one lead each way. */
export function fitIsotonic(outcomes: Uint8Array, logOdds: Float64Array): Calibration {
  const pools = isotonicPools(outcomes, logOdds)
  const total = outcomes.length
  const edge = 1 / (total + 2)
  const at = pools.map(({ mean }) => mean)
  const chance = pools.map(({ value }) => Math.min(1 - edge, Math.max(edge, value)))
  const { slope, offset } = fitPlatt(outcomes, logOdds)
  return { kind: 'isotonic', at, chance, slope, offset }
}

export type Pool = { readonly mean: number; readonly value: number; readonly count: number }

/** The rising steps with the least squared error: adjacent pools in the wrong order are merged (PAV). */
export function isotonicPools(values: ArrayLike<number>, positions: ArrayLike<number>): Pool[] {
  const order = Int32Array.from({ length: positions.length }, (_, place) => place)
  order.sort((a, b) => (positions[a] as number) - (positions[b] as number))
  const pools: { place: number; sum: number; count: number }[] = []
  for (let from = 0; from < order.length; ) {
    // Equal positions are one pool from the start: nothing tells them apart.
    const position = positions[order[from] as number] as number
    const pool = { place: 0, sum: 0, count: 0 }
    for (; from < order.length && positions[order[from] as number] === position; from++) {
      pool.place += position
      pool.sum += values[order[from] as number] as number
      pool.count++
    }
    for (let below = pools.at(-1); below && below.sum * pool.count >= pool.sum * below.count; below = pools.at(-1)) {
      pool.place += below.place
      pool.sum += below.sum
      pool.count += below.count
      pools.pop()
    }
    pools.push(pool)
  }
  return pools.map(({ place, sum, count }) => ({ mean: place / count, value: sum / count, count }))
}

function interpolate(at: readonly number[], chance: readonly number[], x: number): number {
  let [low, high] = [0, at.length - 1]
  if (!(x > (at[0] as number))) return chance[0] as number
  if (x >= (at[high] as number)) return chance[high] as number
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((at[middle] as number) <= x) low = middle
    else high = middle
  }
  const part = (x - (at[low] as number)) / ((at[high] as number) - (at[low] as number))
  return (chance[low] as number) + part * ((chance[high] as number) - (chance[low] as number))
}

function places(folds: Uint8Array, wanted: (fold: number) => boolean): Int32Array {
  return Int32Array.from(folds.keys()).filter((at) => wanted(folds[at] as number))
}

function pick(outcomes: Uint8Array, at: Int32Array): Uint8Array {
  return Uint8Array.from(at, (place) => outcomes[place] as number)
}
