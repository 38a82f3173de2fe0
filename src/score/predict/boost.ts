import { type Binned, type BinSpec, binCount } from './bins.ts'
import { sigmoid } from './calibrate.ts'
import type { Layout } from './find-split.ts'
import { growTree, makeWorkspace } from './grow-tree.ts'
import { seededRandom, shuffle } from './random.ts'
import { leafOf, type Tree } from './tree.ts'

export type BoostOptions = {
  readonly learningRate: number
  readonly leaves: number
  readonly fewestRows: number
  readonly l2: number
  /** Share of the features that each tree may ask for. */
  readonly featureShare: number
  /** Share of the rows that each tree learns from. */
  readonly rowShare: number
}
export type Booster = {
  /** Grows the next tree and adds it to `scores`. */
  readonly next: () => Tree
  /** Log-odds of the training rows so far. */
  readonly scores: Float64Array
}

/** Log-odds of the share of ones, kept finite for tables of one outcome. */
export function priorLogOdds(outcomes: Uint8Array): number {
  const positives = outcomes.reduce((sum, outcome) => sum + outcome, 0)
  const [hits, misses] = [Math.max(positives, 0.5), Math.max(outcomes.length - positives, 0.5)]
  return Math.log(hits / misses)
}

/** Gradient-boosted trees on the log loss. @param outcomes by place, like the binned columns */
export function makeBooster(
  { specs, columns }: Binned,
  outcomes: Uint8Array,
  options: BoostOptions,
  seed: number,
): Booster {
  const random = seededRandom(seed)
  const layout = layoutOf(specs)
  const memory = makeWorkspace(outcomes.length)
  const scores = new Float64Array(outcomes.length).fill(priorLogOdds(outcomes))
  const gradients = new Float64Array(outcomes.length)
  const hessians = new Float64Array(outcomes.length)
  return {
    scores,
    next: () => {
      for (let row = 0; row < outcomes.length; row++) {
        const p = sigmoid(scores[row] as number)
        gradients[row] = p - (outcomes[row] as number)
        hessians[row] = Math.max(p * (1 - p), 1e-16)
      }
      const features = someFeatures(specs.length, options.featureShare, random)
      return growTree(columns, layout, gradients, hessians, scores, { ...options, features, random }, memory)
    },
  }
}

/** Adds a tree's answers to the log-odds of rows outside the training. @param columns bins by feature, by place */
export function addTree(
  tree: Tree,
  specs: readonly BinSpec[],
  columns: readonly Uint8Array[],
  scores: Float64Array,
): void {
  const counts = specs.map(binCount)
  for (let place = 0; place < scores.length; place++) {
    const leaf = leafOf(tree, counts, (feature) => (columns[feature] as Uint8Array)[place] as number)
    scores[place] = (scores[place] as number) + (tree.value[leaf] as number)
  }
}

function layoutOf(specs: readonly BinSpec[]): Layout {
  const binCounts = specs.map(binCount)
  let next = 0
  const offsets = binCounts.map((count) => {
    const offset = next
    next += count + 1
    return offset
  })
  return { binCounts, offsets, isCategory: specs.map(({ kind }) => kind === 'category') }
}

function someFeatures(count: number, share: number, random: () => number): Int32Array {
  const all = Int32Array.from({ length: count }, (_, at) => at)
  const wanted = Math.max(1, Math.ceil(count * share))
  return wanted >= count ? all : shuffle(all, random).slice(0, wanted).sort()
}
