import type { Dataset } from './dataset.ts'
import { seededRandom } from './random.ts'

/** What a value of a category with many values is worth: the log-odds of the rows that had it, drawn to the mean. */
export type LevelWorth = {
  /** By code; a value too rare to say anything is near `unknown`. */
  readonly worth: readonly number[]
  /** Of a value never seen. */
  readonly unknown: number
  readonly missing: number
}

// So many rows at the mean are added to each value.
const priorRows = 10
const crossFolds = 5

/** Learnt from the outcomes of `rows`: for other rows than these. For themselves there is `crossWorth`. */
export function levelWorth({ features, outcomes }: Dataset, feature: number, rows: Int32Array): LevelWorth {
  const { values = new Float64Array(), levelCount } = features[feature] ?? {}
  const size = (levelCount ?? 0) + 2
  const hits = new Float64Array(size)
  const counts = new Float64Array(size)
  let all = 0
  for (const row of rows) {
    const slot = slotOf(values[row] as number, size)
    hits[slot] = (hits[slot] as number) + (outcomes[row] as number)
    counts[slot] = (counts[slot] as number) + 1
    all += outcomes[row] as number
  }
  const share = (all + 1) / (rows.length + 2)
  const worthOf = (slot: number) => {
    const chance = ((hits[slot] as number) + priorRows * share) / ((counts[slot] as number) + priorRows)
    return Math.log(chance / (1 - chance))
  }
  return {
    worth: Array.from({ length: size - 2 }, (_, code) => worthOf(code)),
    unknown: worthOf(size - 2),
    missing: worthOf(size - 1),
  }
}

/**
 * The worth of each row's value as learnt from other rows than itself, so that a model does not find its own answer
 * in the feature. By place in `rows`.
 */
export function crossWorth(data: Dataset, feature: number, rows: Int32Array, seed: number): Float64Array {
  const random = seededRandom(seed)
  const folds = Uint8Array.from(rows, () => Math.floor(random() * crossFolds))
  const encoded = new Float64Array(rows.length)
  for (let fold = 0; fold < crossFolds; fold++) {
    const worth = levelWorth(
      data,
      feature,
      rows.filter((_, place) => folds[place] !== fold),
    )
    for (let place = 0; place < rows.length; place++) {
      if (folds[place] !== fold) continue
      encoded[place] = worthOf(worth, data.features[feature]?.values[rows[place] as number] as number)
    }
  }
  return encoded
}

/** @param code as in `Feature.values` */
export function worthOf(worth: LevelWorth, code: number): number {
  if (Number.isNaN(code)) return worth.missing
  return worth.worth[code] ?? worth.unknown
}

function slotOf(code: number, size: number): number {
  return Number.isNaN(code) ? size - 1 : code
}
