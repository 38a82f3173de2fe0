/** One tree over bins. Node 0 is the root; the arrays go by node. Plain data, part of the stored model. */
export type Tree = {
  /** Place of the feature asked, -1 at a leaf. */
  readonly feature: readonly number[]
  /** Numbers: bins up to this one go left. Categories: -1, and `lefts` says. */
  readonly threshold: readonly number[]
  /** Categories: which bins go left; null elsewhere. */
  readonly lefts: readonly (readonly number[] | null)[]
  readonly missingLeft: readonly boolean[]
  readonly left: readonly number[]
  readonly right: readonly number[]
  /** Added to the log-odds at a leaf; elsewhere 0. */
  readonly value: readonly number[]
  /** How many training rows came by: the weights of the attribution. */
  readonly cover: readonly number[]
}

/** The bin of each feature's "not known" tells missing values from thresholds. */
export type BinReader = (feature: number) => number

/** @param binCounts by feature: the bin that stands for "not known"  @returns the leaf's node */
export function leafOf(tree: Tree, binCounts: readonly number[], binAt: BinReader): number {
  let node = 0
  for (let feature = tree.feature[0] as number; feature >= 0; feature = tree.feature[node] as number) {
    node = (goesLeft(tree, node, binAt(feature), binCounts[feature] as number) ? tree.left : tree.right)[node] as number
  }
  return node
}

export function goesLeft(tree: Tree, node: number, bin: number, missingBin: number): boolean {
  const lefts = tree.lefts[node]
  if (lefts) return lefts.includes(bin)
  return bin === missingBin ? (tree.missingLeft[node] as boolean) : bin <= (tree.threshold[node] as number)
}
