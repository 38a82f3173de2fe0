import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addTreeEffects } from '../../../../src/score/predict/explain-tree.ts'
import { findSplit, type Layout } from '../../../../src/score/predict/find-split.ts'
import { growTree, makeWorkspace } from '../../../../src/score/predict/grow-tree.ts'
import { goesLeft, leafOf, type Tree } from '../../../../src/score/predict/tree.ts'
import { makeDice } from './made-up.ts'

type Case = { readonly bin: number; readonly gradient: number; readonly hessian: number }
const bins = 5
const cases = fc.array(
  fc.record({
    // The bin after the last is "not known".
    bin: fc.integer({ min: 0, max: bins }),
    gradient: fc.double({ min: -1, max: 1, noNaN: true }),
    hessian: fc.double({ min: 0.01, max: 0.25, noNaN: true }),
  }),
  { minLength: 2, maxLength: 40 },
)

test('the split of a number is the best of all thresholds, with the unknown on either side', () => {
  fc.assert(
    fc.property(cases, fc.integer({ min: 1, max: 5 }), (rows, fewestRows) => {
      const isKnown = rows.some(({ bin }) => bin === bins)
      const sides = (isKnown ? [true, false] : [false]).flatMap((missingLeft) =>
        Array.from({ length: bins }, (_, threshold) =>
          rows.map(({ bin }) => (bin === bins ? missingLeft : bin <= threshold)),
        ),
      )
      expectBest(rows, sides, fewestRows, false)
    }),
  )
})

test('the split of a category is the best of all partings of its values', () => {
  const big = fc.array(cases, { minLength: 1, maxLength: 1 }).map(([rows = []]) =>
    // Every value on enough rows, and at most four of them: smaller ones are held back on purpose.
    rows.flatMap((row) => Array.from({ length: 5 }, () => ({ ...row, bin: row.bin % 4 }))),
  )
  fc.assert(
    fc.property(big, (rows) => {
      const sides = Array.from({ length: 16 }, (_, mask) => rows.map(({ bin }) => ((mask >> bin) & 1) === 1))
      expectBest(rows, sides, 1, true)
    }),
  )
})

function expectBest(
  rows: readonly Case[],
  sides: readonly (readonly boolean[])[],
  fewestRows: number,
  isCategory: boolean,
): void {
  const l2 = 1
  const layout: Layout = { binCounts: [bins], offsets: [0], isCategory: [isCategory] }
  const histogram = new Float64Array(3 * (bins + 1))
  for (const { bin, gradient, hessian } of rows) {
    histogram[3 * bin] = (histogram[3 * bin] as number) + gradient
    histogram[3 * bin + 1] = (histogram[3 * bin + 1] as number) + hessian
    histogram[3 * bin + 2] = (histogram[3 * bin + 2] as number) + 1
  }
  const sum = (of: readonly Case[]) => ({
    gradient: of.reduce((total, { gradient }) => total + gradient, 0),
    hessian: of.reduce((total, { hessian }) => total + hessian, 0),
    count: of.length,
  })
  const worth = ({ gradient, hessian }: { gradient: number; hessian: number }) => gradient ** 2 / (hessian + l2)
  const gains = sides.map((isLeft) => {
    const left = sum(rows.filter((_, at) => isLeft[at]))
    const right = sum(rows.filter((_, at) => !isLeft[at]))
    if (Math.min(left.count, right.count) < fewestRows) return 0
    return worth(left) + worth(right) - worth(sum(rows))
  })
  const best = Math.max(...gains)
  const found = findSplit(histogram, sum(rows), layout, [0], { l2, fewestRows })
  if (best < 1e-6) expect(found?.gain ?? 0).toBeLessThan(1e-6)
  else expect(found?.gain).toBeCloseTo(best, 8)
}

test('growing settles every row at its own leaf, never below the fewest rows, and counts them', () => {
  const { tree, columns, scores, layout } = grown(7, { fewestRows: 15, leaves: 12 })
  const leaves = tree.feature.flatMap((feature, node) => (feature < 0 ? [node] : []))
  expect(leaves.length).toBeGreaterThan(4)
  expect(leaves.length).toBeLessThanOrEqual(12)
  const counts = new Map<number, number>()
  scores.forEach((score, row) => {
    const leaf = leafOf(tree, layout.binCounts, (feature) => columns[feature]?.[row] as number)
    counts.set(leaf, (counts.get(leaf) ?? 0) + 1)
    expect(score).toBe(tree.value[leaf])
  })
  for (const leaf of leaves) {
    expect(counts.get(leaf)).toBe(tree.cover[leaf])
    expect(tree.cover[leaf]).toBeGreaterThanOrEqual(15)
  }
})

test('rows left out of the drawing get the answers of the tree as well', () => {
  const { tree, columns, scores, layout } = grown(8, { fewestRows: 5, leaves: 8, rowShare: 0.5 })
  expect(tree.cover[0]).toBeLessThan(scores.length * 0.6)
  scores.forEach((score, row) => {
    expect(score).toBe(tree.value[leafOf(tree, layout.binCounts, (feature) => columns[feature]?.[row] as number)])
  })
})

test('effects are the Shapley values of the tree', () => {
  const { tree, columns, layout } = grown(9, { fewestRows: 5, leaves: 10 })
  const features = [0, 1, 2]
  for (let row = 0; row < 40; row++) {
    const binAt = (feature: number) => columns[feature]?.[row] as number
    const effects = new Float64Array(3)
    const mean = addTreeEffects(tree, layout.binCounts, binAt, effects)
    const answer = (known: ReadonlySet<number>) => expectation(tree, layout, binAt, known)
    expect(mean).toBeCloseTo(answer(new Set()), 10)
    expect(effects.reduce((sum, effect) => sum + effect, mean)).toBeCloseTo(answer(new Set(features)), 10)
    for (const feature of features) {
      const others = features.filter((it) => it !== feature)
      // Weights of 3 players: 1/3 for the empty and the full set of others, 1/6 for each single one.
      const sets = [[], ...others.map((it) => [it]), others]
      const value = sets.reduce((sum, set) => {
        const weight = set.length === 1 ? 1 / 6 : 1 / 3
        return sum + weight * (answer(new Set([...set, feature])) - answer(new Set(set)))
      }, 0)
      expect(effects[feature]).toBeCloseTo(value, 10)
    }
  }
})

function expectation(
  tree: Tree,
  layout: Layout,
  binAt: (feature: number) => number,
  known: ReadonlySet<number>,
  node = 0,
): number {
  const feature = tree.feature[node] as number
  if (feature < 0) return tree.value[node] as number
  const [left, right] = [tree.left[node] as number, tree.right[node] as number]
  const below = (child: number) => expectation(tree, layout, binAt, known, child)
  if (known.has(feature))
    return below(goesLeft(tree, node, binAt(feature), layout.binCounts[feature] as number) ? left : right)
  const [onLeft, onRight] = [tree.cover[left] as number, tree.cover[right] as number]
  return (onLeft * below(left) + onRight * below(right)) / (onLeft + onRight)
}

/** A tree over two numbers with gaps and a category. */
function grown(seed: number, some: { fewestRows: number; leaves: number; rowShare?: number }) {
  const { random } = makeDice(seed)
  const rows = 400
  const layout: Layout = { binCounts: [6, 6, 4], offsets: [0, 7, 14], isCategory: [false, false, true] }
  const columns = layout.binCounts.map((count) =>
    Uint8Array.from({ length: rows }, () => Math.floor(random() * (count + 1))),
  )
  const gradients = Float64Array.from({ length: rows }, (_, row) => {
    const [a, b, c] = columns.map((column) => column[row] as number) as [number, number, number]
    return (a > 3 !== b > 2 ? 0.4 : -0.4) + (c === 1 ? 0.3 : 0) + (random() - 0.5) * 0.2
  })
  const scores = new Float64Array(rows)
  const options = { l2: 1, learningRate: 0.1, features: Int32Array.of(0, 1, 2), rowShare: 1, random, ...some }
  const tree = growTree(
    columns,
    layout,
    gradients,
    new Float64Array(rows).fill(0.25),
    scores,
    options,
    makeWorkspace(rows),
  )
  return { tree, columns, scores, layout }
}
