import { type BinReader, goesLeft, type Tree } from './tree.ts'

/**
 * Adds each feature's share of a tree's answer to `effects` (TreeSHAP over the training rows' paths, Lundberg 2018,
 * algorithm 2). The shares add up to the answer less the tree's mean answer, which is returned.
 * @param effects log-odds by feature, changed in place
 */
export function addTreeEffects(
  tree: Tree,
  binCounts: readonly number[],
  binAt: BinReader,
  effects: Float64Array,
): number {
  walk(0, [], 1, 1, -1)
  return meanOf(0)

  function walk(node: number, before: readonly Step[], zero: number, one: number, feature: number): void {
    let path = extend(before, zero, one, feature)
    const asked = tree.feature[node] as number
    if (asked < 0) {
      for (let at = 1; at < path.length; at++) {
        const step = path[at] as Step
        const weight = unwoundSum(path, at)
        effects[step.feature] =
          (effects[step.feature] as number) + weight * (step.one - step.zero) * (tree.value[node] as number)
      }
      return
    }
    const [left, right] = [tree.left[node] as number, tree.right[node] as number]
    const isLeft = goesLeft(tree, node, binAt(asked), binCounts[asked] as number)
    const [hot, cold] = isLeft ? [left, right] : [right, left]
    let [zeroSoFar, oneSoFar] = [1, 1]
    const again = path.findIndex((step, at) => at > 0 && step.feature === asked)
    if (again > 0) {
      const step = path[again] as Step
      zeroSoFar = step.zero
      oneSoFar = step.one
      path = unwind(path, again)
    }
    const cover = tree.cover[node] as number
    walk(hot, path, (zeroSoFar * (tree.cover[hot] as number)) / cover, oneSoFar, asked)
    walk(cold, path, (zeroSoFar * (tree.cover[cold] as number)) / cover, 0, asked)
  }

  function meanOf(node: number): number {
    if ((tree.feature[node] as number) < 0) return tree.value[node] as number
    const [left, right] = [tree.left[node] as number, tree.right[node] as number]
    const [onLeft, onRight] = [tree.cover[left] as number, tree.cover[right] as number]
    return (onLeft * meanOf(left) + onRight * meanOf(right)) / (onLeft + onRight)
  }
}

type Step = { readonly feature: number; readonly zero: number; readonly one: number; readonly weight: number }

function extend(path: readonly Step[], zero: number, one: number, feature: number): Step[] {
  const depth = path.length
  const weights = [...path.map(({ weight }) => weight), depth === 0 ? 1 : 0]
  for (let at = depth - 1; at >= 0; at--) {
    const weight = weights[at] as number
    weights[at + 1] = (weights[at + 1] as number) + (one * weight * (at + 1)) / (depth + 1)
    weights[at] = (zero * weight * (depth - at)) / (depth + 1)
  }
  return [...path, { feature, zero, one, weight: 0 }].map((step, at) => ({ ...step, weight: weights[at] as number }))
}

function unwind(path: readonly Step[], taken: number): Step[] {
  const depth = path.length - 1
  const { zero, one } = path[taken] as Step
  const weights = path.map(({ weight }) => weight)
  let next = weights[depth] as number
  for (let at = depth - 1; at >= 0; at--) {
    const weight = weights[at] as number
    if (one !== 0) {
      weights[at] = (next * (depth + 1)) / ((at + 1) * one)
      next = weight - ((weights[at] as number) * zero * (depth - at)) / (depth + 1)
    } else weights[at] = (weight * (depth + 1)) / (zero * (depth - at))
  }
  return path.filter((_, at) => at !== taken).map((step, at) => ({ ...step, weight: weights[at] as number }))
}

function unwoundSum(path: readonly Step[], taken: number): number {
  const depth = path.length - 1
  const { zero, one } = path[taken] as Step
  let next = (path[depth] as Step).weight
  let total = 0
  for (let at = depth - 1; at >= 0; at--) {
    const { weight } = path[at] as Step
    if (one !== 0) {
      const part = (next * (depth + 1)) / ((at + 1) * one)
      total += part
      next = weight - (part * zero * (depth - at)) / (depth + 1)
    } else total += (weight * (depth + 1)) / (zero * (depth - at))
  }
  return total
}
