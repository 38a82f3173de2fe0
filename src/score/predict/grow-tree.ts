import { findSplit, type Histogram, type Layout, type Split, type SplitLimits, type Sums } from './find-split.ts'
import { leafOf, type Tree } from './tree.ts'

export type GrowOptions = SplitLimits & {
  readonly leaves: number
  readonly learningRate: number
  /** The features this tree may ask for. */
  readonly features: Int32Array
  /** Share of the rows it learns from; all of them get its answers. */
  readonly rowShare: number
  readonly random: () => number
}
/** Memory that trees of one training share. */
export type Workspace = {
  readonly rows: Int32Array
  readonly moved: Int32Array
  readonly gradients: Float64Array
  readonly hessians: Float64Array
  readonly spare: Histogram[]
}

type Leaf = {
  readonly node: number
  readonly from: number
  readonly to: number
  readonly sums: Sums
  readonly histogram: Histogram
  readonly split: Split
}

export function makeWorkspace(rowCount: number): Workspace {
  return {
    rows: new Int32Array(rowCount),
    moved: new Int32Array(rowCount),
    gradients: new Float64Array(rowCount),
    hessians: new Float64Array(rowCount),
    spare: [],
  }
}

/**
 * Grows one tree, always at the leaf where it gains most, and adds its answers to `scores`.
 * @param columns bins by feature, by row
 * @param gradients of the loss by row, p - outcome; `hessians` p (1 - p)
 * @param scores log-odds by row, changed in place
 */
export function growTree(
  columns: readonly Uint8Array[],
  layout: Layout,
  gradients: Float64Array,
  hessians: Float64Array,
  scores: Float64Array,
  options: GrowOptions,
  memory: Workspace,
): Tree {
  const { rows } = memory
  const { count, left: others } = drawRows(rows, options)
  const tree = emptyTree()
  const open: Leaf[] = []
  const size =
    3 * layout.offsets.reduce((most, offset, at) => Math.max(most, offset + (layout.binCounts[at] as number) + 1), 0)

  const addNode = (sums: Sums): number => {
    tree.feature.push(-1)
    tree.threshold.push(-1)
    tree.lefts.push(null)
    tree.missingLeft.push(false)
    tree.left.push(-1)
    tree.right.push(-1)
    tree.value.push((-options.learningRate * sums.gradient) / (sums.hessian + options.l2))
    return tree.cover.push(sums.count) - 1
  }
  const histogramOf = (from: number, to: number): Histogram => {
    const histogram = memory.spare.pop() ?? new Float64Array(size)
    return fillHistogram(histogram, columns, layout, gradients, hessians, options.features, from, to, memory)
  }
  /** What can be split waits for its turn; what cannot is a leaf for good. */
  const offer = (node: number, from: number, to: number, sums: Sums, histogram: Histogram): void => {
    const split =
      sums.count >= 2 * options.fewestRows ? findSplit(histogram, sums, layout, options.features, options) : null
    if (split) open.push({ node, from, to, sums, histogram, split })
    else {
      memory.spare.push(histogram)
      settle(node, from, to)
    }
  }
  const settle = (node: number, from: number, to: number): void => {
    const value = tree.value[node] as number
    for (let at = from; at < to; at++) {
      const row = rows[at] as number
      scores[row] = (scores[row] as number) + value
    }
  }

  const all = sumOf(gradients, hessians, rows.subarray(0, count))
  offer(addNode(all), 0, count, all, histogramOf(0, count))
  let leaves = 1
  while (open.length > 0 && leaves < options.leaves) {
    const { node, from, to, sums, histogram, split } = takeBest(open)
    const middle = partition(
      columns[split.feature] as Uint8Array,
      layout.binCounts[split.feature] as number,
      split,
      from,
      to,
      memory,
    )
    const leftSums = { ...split.leftSums, count: middle - from }
    const rightSums = {
      gradient: sums.gradient - leftSums.gradient,
      hessian: sums.hessian - leftSums.hessian,
      count: to - middle,
    }
    tree.feature[node] = split.feature
    tree.threshold[node] = split.threshold
    tree.lefts[node] = split.lefts
    tree.missingLeft[node] = split.missingLeft
    tree.value[node] = 0
    const left = addNode(leftSums)
    const right = addNode(rightSums)
    tree.left[node] = left
    tree.right[node] = right
    leaves++
    // The larger child's histogram is its parent's without the smaller one's.
    const leftIsSmall = leftSums.count < rightSums.count
    const small = leftIsSmall ? histogramOf(from, middle) : histogramOf(middle, to)
    subtract(histogram, small)
    offer(left, from, middle, leftSums, leftIsSmall ? small : histogram)
    offer(right, middle, to, rightSums, leftIsSmall ? histogram : small)
  }
  for (const leaf of open) {
    memory.spare.push(leaf.histogram)
    settle(leaf.node, leaf.from, leaf.to)
  }
  for (const row of others) {
    const leaf = leafOf(tree, layout.binCounts, (feature) => (columns[feature] as Uint8Array)[row] as number)
    scores[row] = (scores[row] as number) + (tree.value[leaf] as number)
  }
  return tree
}

/** Puts the rows to learn from first, in their order. @returns how many they are, and the rows left out */
function drawRows(rows: Int32Array, { rowShare, random }: GrowOptions): { count: number; left: Int32Array } {
  const left = new Int32Array(rowShare < 1 ? rows.length : 0)
  let [count, leftCount] = [0, 0]
  for (let row = 0; row < rows.length; row++) {
    if (rowShare < 1 && random() >= rowShare) left[leftCount++] = row
    else rows[count++] = row
  }
  return { count, left: left.subarray(0, leftCount) }
}

function emptyTree() {
  return {
    feature: [] as number[],
    threshold: [] as number[],
    lefts: [] as (readonly number[] | null)[],
    missingLeft: [] as boolean[],
    left: [] as number[],
    right: [] as number[],
    value: [] as number[],
    cover: [] as number[],
  }
}

function takeBest(open: Leaf[]): Leaf {
  let best = 0
  for (let at = 1; at < open.length; at++) {
    if ((open[at] as Leaf).split.gain > (open[best] as Leaf).split.gain) best = at
  }
  return open.splice(best, 1)[0] as Leaf
}

function sumOf(gradients: Float64Array, hessians: Float64Array, rows: Int32Array): Sums {
  let [gradient, hessian] = [0, 0]
  for (let at = 0; at < rows.length; at++) {
    gradient += gradients[rows[at] as number] as number
    hessian += hessians[rows[at] as number] as number
  }
  return { gradient, hessian, count: rows.length }
}

function fillHistogram(
  histogram: Histogram,
  columns: readonly Uint8Array[],
  { offsets }: Layout,
  gradients: Float64Array,
  hessians: Float64Array,
  features: Int32Array,
  from: number,
  to: number,
  memory: Workspace,
): Histogram {
  histogram.fill(0)
  const { rows, gradients: g, hessians: h } = memory
  const count = to - from
  // Gathered once, so that every feature reads them in a row.
  for (let at = 0; at < count; at++) {
    const row = rows[from + at] as number
    g[at] = gradients[row] as number
    h[at] = hessians[row] as number
  }
  const startOf = (feature: number) => 3 * (offsets[feature] as number)
  const columnOf = (feature: number) => columns[feature] as Uint8Array
  const part = { rows: rows.subarray(from, to), g, h }
  let place = 0
  for (; place + 1 < features.length; place += 2) {
    const [first, second] = [features[place] as number, features[place + 1] as number]
    addTwoColumns(histogram, startOf(first), columnOf(first), startOf(second), columnOf(second), part)
  }
  if (place < features.length) {
    const last = features[place] as number
    addColumn(histogram, startOf(last), columnOf(last), part)
  }
  return histogram
}

/** Rows of a node, with their gradients and hessians by place. */
type Part = { readonly rows: Int32Array; readonly g: Float64Array; readonly h: Float64Array }

function addColumn(sums: Histogram, start: number, column: Uint8Array, { rows, g, h }: Part): void {
  for (let at = 0; at < rows.length; at++) {
    const slot = start + 3 * (column[rows[at] as number] as number)
    sums[slot] = (sums[slot] as number) + (g[at] as number)
    sums[slot + 1] = (sums[slot + 1] as number) + (h[at] as number)
    sums[slot + 2] = (sums[slot + 2] as number) + 1
  }
}

/**
 * The hottest loop of the training. Each sum waits for the one before it in the same bin; two columns at a time wait
 * for each other's less: 3 ns an entry where one column alone takes 5.5.
 */
function addTwoColumns(
  sums: Histogram,
  startA: number,
  columnA: Uint8Array,
  startB: number,
  columnB: Uint8Array,
  { rows, g, h }: Part,
): void {
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number
    const gradient = g[at] as number
    const hessian = h[at] as number
    const a = startA + 3 * (columnA[row] as number)
    const b = startB + 3 * (columnB[row] as number)
    sums[a] = (sums[a] as number) + gradient
    sums[b] = (sums[b] as number) + gradient
    sums[a + 1] = (sums[a + 1] as number) + hessian
    sums[b + 1] = (sums[b + 1] as number) + hessian
    sums[a + 2] = (sums[a + 2] as number) + 1
    sums[b + 2] = (sums[b + 2] as number) + 1
  }
}

function subtract(histogram: Histogram, other: Histogram): void {
  for (let at = 0; at < histogram.length; at++) histogram[at] = (histogram[at] as number) - (other[at] as number)
}

/** Moves the rows of a node that go left before the others, each side in its old order. @returns where the right begins */
function partition(
  column: Uint8Array,
  missingBin: number,
  split: Split,
  from: number,
  to: number,
  memory: Workspace,
): number {
  const { rows, moved } = memory
  const isLeft = new Uint8Array(256)
  for (let bin = 0; bin <= split.threshold; bin++) isLeft[bin] = 1
  for (const bin of split.lefts ?? []) isLeft[bin] = 1
  if (!split.lefts) isLeft[missingBin] = split.missingLeft ? 1 : 0
  let left = from
  let right = 0
  for (let at = from; at < to; at++) {
    const row = rows[at] as number
    if (isLeft[column[row] as number] === 1) rows[left++] = row
    else moved[right++] = row
  }
  rows.set(moved.subarray(0, right), left)
  return left
}
