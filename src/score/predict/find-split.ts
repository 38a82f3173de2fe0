/** Sums of one node by bin: gradient, hessian and rows of feature f's bin b stand at 3 (offsets[f] + b). */
export type Histogram = Float64Array
export type Sums = { readonly gradient: number; readonly hessian: number; readonly count: number }
/** What the search for splits knows of the features. `binCounts[f]` is the bin of "not known". */
export type Layout = {
  readonly binCounts: readonly number[]
  readonly offsets: readonly number[]
  readonly isCategory: readonly boolean[]
}
export type SplitLimits = { readonly l2: number; readonly fewestRows: number }
export type Split = {
  readonly gain: number
  readonly feature: number
  readonly threshold: number
  readonly lefts: readonly number[] | null
  readonly missingLeft: boolean
  readonly leftSums: Sums
}

// A category's bins with fewer rows in the node than this tell nothing and go right.
const fewestOfBin = 5
// Ordering many small categories by their own gradients fits noise: extra weight, as LightGBM has it.
const categoryL2 = 10
const manyBins = 4
const leastGain = 1e-7
const leastHessian = 1e-3

/** The best split of a node over the given features, or null when none gains anything. */
export function findSplit(
  histogram: Histogram,
  sums: Sums,
  layout: Layout,
  features: ArrayLike<number>,
  limits: SplitLimits,
): Split | null {
  let best: Split | null = null
  for (let at = 0; at < features.length; at++) {
    const feature = features[at] as number
    const find = layout.isCategory[feature] ? categorySplit : numberSplit
    const found = find(histogram, sums, layout, feature, limits, best?.gain ?? leastGain)
    if (found) best = found
  }
  return best
}

function numberSplit(
  histogram: Histogram,
  { gradient, hessian, count }: Sums,
  { binCounts, offsets }: Layout,
  feature: number,
  { l2, fewestRows }: SplitLimits,
  atLeast: number,
): Split | null {
  const bins = binCounts[feature] as number
  const start = 3 * (offsets[feature] as number)
  const parent = (gradient * gradient) / (hessian + l2)
  const missingCount = histogram[start + 3 * bins + 2] as number
  let bestGain = atLeast
  let threshold = -1
  let missingLeft = false
  let [bestG, bestH, bestN] = [0, 0, 0]
  // Once with the unknown on the right, and when there are any once more with them on the left.
  for (let pass = 0; pass < (missingCount > 0 ? 2 : 1); pass++) {
    const isLeft = pass === 1
    let g = isLeft ? (histogram[start + 3 * bins] as number) : 0
    let h = isLeft ? (histogram[start + 3 * bins + 1] as number) : 0
    let n = isLeft ? missingCount : 0
    // The last bin as threshold parts the known from the unknown.
    const last = isLeft || missingCount === 0 ? bins - 2 : bins - 1
    for (let bin = 0; bin <= last; bin++) {
      const slot = start + 3 * bin
      const inBin = histogram[slot + 2] as number
      if (inBin === 0) continue
      g += histogram[slot] as number
      h += histogram[slot + 1] as number
      n += inBin
      if (n < fewestRows) continue
      if (count - n < fewestRows) break
      if (h < leastHessian || hessian - h < leastHessian) continue
      const rest = gradient - g
      const gain = (g * g) / (h + l2) + (rest * rest) / (hessian - h + l2) - parent
      if (gain <= bestGain) continue
      bestGain = gain
      threshold = bin
      missingLeft = isLeft
      ;[bestG, bestH, bestN] = [g, h, n]
    }
  }
  if (threshold < 0) return null
  return {
    gain: bestGain,
    feature,
    threshold,
    lefts: null,
    // Nothing unknown was seen here: it will go with the larger side.
    missingLeft: missingCount > 0 ? missingLeft : bestN * 2 >= count,
    leftSums: { gradient: bestG, hessian: bestH, count: bestN },
  }
}

/** Bins in the order of their mean gradient; one cut through that order is the best of all partings (Fisher 1958). */
function categorySplit(
  histogram: Histogram,
  { gradient, hessian, count }: Sums,
  { binCounts, offsets }: Layout,
  feature: number,
  limits: SplitLimits,
  atLeast: number,
): Split | null {
  const start = 3 * (offsets[feature] as number)
  const bins = binCounts[feature] as number
  const used: number[] = []
  for (let bin = 0; bin <= bins; bin++) {
    if ((histogram[start + 3 * bin + 2] as number) >= fewestOfBin) used.push(bin)
  }
  const extra = used.length > manyBins ? categoryL2 : 0
  const l2 = limits.l2 + extra
  const order = (bin: number) =>
    (histogram[start + 3 * bin] as number) / ((histogram[start + 3 * bin + 1] as number) + extra)
  used.sort((a, b) => order(a) - order(b) || a - b)
  const parent = (gradient * gradient) / (hessian + limits.l2)
  let bestGain = atLeast
  let cut = -1
  let [g, h, n] = [0, 0, 0]
  let [bestG, bestH, bestN] = [0, 0, 0]
  for (let at = 0; at < used.length; at++) {
    const slot = start + 3 * (used[at] as number)
    g += histogram[slot] as number
    h += histogram[slot + 1] as number
    n += histogram[slot + 2] as number
    if (n < limits.fewestRows) continue
    if (count - n < limits.fewestRows) break
    if (h < leastHessian || hessian - h < leastHessian) continue
    const rest = gradient - g
    const gain = (g * g) / (h + l2) + (rest * rest) / (hessian - h + l2) - parent
    if (gain <= bestGain) continue
    bestGain = gain
    cut = at
    ;[bestG, bestH, bestN] = [g, h, n]
  }
  if (cut < 0) return null
  const lefts = used.slice(0, cut + 1)
  if (bestN * 2 >= count) {
    // What was not seen here goes with the larger side.
    for (let bin = 0; bin <= bins; bin++) if (histogram[start + 3 * bin + 2] === 0) lefts.push(bin)
  }
  const leftSums = { gradient: bestG, hessian: bestH, count: bestN }
  return { gain: bestGain, feature, threshold: -1, lefts, missingLeft: false, leftSums }
}
