import type { Dataset } from './dataset.ts'
import type { Feature } from './features.ts'
import { seededRandom, shuffle } from './random.ts'
import { crossWorth, type LevelWorth, levelWorth, worthOf } from './target-encoding.ts'

/** How the values of one feature fall into at most 255 bins and one more, the last, for "not known". */
export type BinSpec =
  /** The first bin whose threshold the value does not exceed. */
  | { readonly kind: 'number'; readonly thresholds: readonly number[] }
  /** By code; values too rare to have a bin, and those never seen, share `other`. */
  | { readonly kind: 'category'; readonly bins: readonly number[]; readonly other: number; readonly count: number }
  /** Too many values for bins of their own: binned by what they are worth. */
  | { readonly kind: 'worth'; readonly worth: LevelWorth; readonly thresholds: readonly number[] }

export type Binned = {
  readonly specs: readonly BinSpec[]
  /** Bins of the training rows, by feature, by place in `rows`. */
  readonly columns: readonly Uint8Array[]
}

/** Bins of known values; "not known" has the bin after them. */
export function binCount(spec: BinSpec): number {
  return spec.kind === 'category' ? spec.count : spec.thresholds.length + 1
}

const mostThresholds = 254
// A small table has no use for as many: a bin holds some rows, but there are this many bins at least.
const rowsOfBin = 5
const enoughThresholds = 32
// Categories with more values than this are binned by worth.
const mostLevels = 100
// Thresholds of a large table are taken from so many of its rows.
const sampleSize = 50_000
const fewestOfLevel = 3

/** Learns the bins from `rows` alone, and puts these rows into them. */
export function learnBins(data: Dataset, rows: Int32Array, seed: number): Binned {
  const sample = rows.length > sampleSize ? shuffle(rows.slice(), seededRandom(seed)).slice(0, sampleSize) : rows
  const learnt = data.features.map((feature, at): { spec: BinSpec; bins: Uint8Array } => {
    const { values } = feature
    if (feature.levelCount === null) {
      const spec: BinSpec = {
        kind: 'number',
        thresholds: thresholdsOf(Float64Array.from(sample, (row) => values[row] as number)),
      }
      return { spec, bins: binRows(spec, feature, rows) }
    }
    const counts = levelCounts(feature, rows)
    if (counts.filter((count) => count > 0).length > mostLevels) {
      const worths = crossWorth(data, at, rows, seed + at)
      const thresholds = thresholdsOf(worths)
      return {
        spec: { kind: 'worth', worth: levelWorth(data, at, rows), thresholds },
        bins: Uint8Array.from(worths, (worth) => numberBin(thresholds, worth)),
      }
    }
    const spec = categorySpec(counts)
    return { spec, bins: binRows(spec, feature, rows) }
  })
  return { specs: learnt.map(({ spec }) => spec), columns: learnt.map(({ bins }) => bins) }
}

/** Bins of rows that the specs were not learnt from, by place in `rows`. */
export function binRows(spec: BinSpec, { values }: Feature, rows: Int32Array): Uint8Array {
  const bins = new Uint8Array(rows.length)
  for (let place = 0; place < rows.length; place++) bins[place] = binOf(spec, values[rows[place] as number] as number)
  return bins
}

function binOf(spec: BinSpec, value: number): number {
  if (spec.kind === 'worth') return numberBin(spec.thresholds, worthOf(spec.worth, value))
  if (Number.isNaN(value)) return binCount(spec)
  return spec.kind === 'category' ? (spec.bins[value] ?? spec.other) : numberBin(spec.thresholds, value)
}

function numberBin(thresholds: readonly number[], value: number): number {
  let low = 0
  let high = thresholds.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= (thresholds[middle] as number)) high = middle
    else low = middle + 1
  }
  return low
}

/** Between all neighbours when there are few different values, else at equal shares of the rows. */
function thresholdsOf(values: Float64Array): number[] {
  const known = values.filter((value) => !Number.isNaN(value)).sort()
  const distinct = known.filter((value, at) => at === 0 || value !== known[at - 1])
  const most = Math.min(mostThresholds, Math.max(enoughThresholds, Math.floor(known.length / rowsOfBin)))
  if (distinct.length <= most + 1) {
    return Array.from(distinct.subarray(1), (value, at) => between(distinct[at] as number, value))
  }
  const thresholds = new Set<number>()
  for (let part = 1; part <= most; part++) {
    const place = Math.floor((part * known.length) / (most + 1))
    const low = known[place - 1] as number
    const high = known[place] as number
    // Within a run of equal values the cut goes to the end of the run.
    thresholds.add(low === high ? low : between(low, high))
  }
  return [...thresholds]
}

function between(low: number, high: number): number {
  const middle = low + (high - low) / 2
  // Of two neighbouring floating-point numbers the middle may round to the upper one.
  return middle < high ? middle : low
}

/** How often each code is in `rows`; the last place is for what was never seen when the table was planned. */
export function levelCounts({ values, levelCount }: Feature, rows: Int32Array): Int32Array {
  const counts = new Int32Array((levelCount ?? 0) + 1)
  for (const row of rows) {
    const code = values[row] as number
    if (!Number.isNaN(code)) counts[code] = (counts[code] as number) + 1
  }
  return counts
}

function categorySpec(counts: Int32Array): BinSpec {
  let next = 0
  // Never seen before is always "other".
  const frequent = Array.from(counts.subarray(0, -1), (count) => (count >= fewestOfLevel ? next++ : -1))
  return { kind: 'category', bins: frequent.map((bin) => (bin < 0 ? next : bin)), other: next, count: next + 1 }
}
