import { levelCounts } from './bins.ts'
import type { Dataset } from './dataset.ts'
import type { Feature } from './features.ts'
import { crossWorth, type LevelWorth, levelWorth, worthOf } from './target-encoding.ts'

/** How one feature becomes numbers for the linear model. Columns are places in the design. */
export type DesignSpec =
  /** Standardised, long tails by their logarithm; "not known" is the mean and sets a column of its own. */
  | {
      readonly kind: 'number'
      readonly column: number
      readonly missingColumn: number
      readonly isLog: boolean
      readonly mean: number
      readonly deviation: number
    }
  /** One column for each frequent value, by code; others share `other`. -1: no column, the reference. */
  | {
      readonly kind: 'levels'
      readonly columns: readonly number[]
      readonly other: number
      readonly missingColumn: number
    }
  | {
      readonly kind: 'worth'
      readonly column: number
      readonly worth: LevelWorth
      readonly mean: number
      readonly deviation: number
    }
/** Rows of the design without their zeros: row r holds columns[starts[r]..starts[r+1]], rising. */
export type SparseRows = {
  readonly width: number
  readonly starts: Int32Array
  readonly columns: Int32Array
  readonly values: Float64Array
}
export type Design = {
  readonly specs: readonly DesignSpec[]
  readonly rows: SparseRows
  readonly means: readonly number[]
}

// Categories with more frequent values than this count by their worth instead.
const mostLevels = 30
const mostColumns = 400
const farthest = 5

/** Learns from `rows` alone how features become columns, and gives these rows. */
export function learnDesign(data: Dataset, rows: Int32Array, seed: number): Design {
  const levelLimit = Math.max(1, Math.min(mostLevels, Math.floor(mostColumns / Math.max(1, data.features.length))))
  let width = 0
  const take = () => width++
  const specs = data.features.map((feature, at): DesignSpec => {
    if (feature.levelCount === null) return numberSpec(feature, rows, take)
    const { codes, isManyValued } = frequentCodes(feature, rows, levelLimit)
    if (!isManyValued) return levelSpec(feature, rows, codes, take)
    const { mean, deviation } = moments(crossWorth(data, at, rows, seed + at))
    return { kind: 'worth', column: take(), worth: levelWorth(data, at, rows), mean, deviation }
  })
  const crossed = specs.map((spec, at) => (spec.kind === 'worth' ? crossWorth(data, at, rows, seed + at) : null))
  const sparse = sparseRows(specs, data.features, rows, width, crossed)
  return { specs, rows: sparse, means: columnMeans(sparse) }
}

/** Rows that the specs were not learnt from. */
export function designRows(
  specs: readonly DesignSpec[],
  features: readonly Feature[],
  rows: Int32Array,
  width: number,
): SparseRows {
  return sparseRows(specs, features, rows, width, [])
}

function sparseRows(
  specs: readonly DesignSpec[],
  features: readonly Feature[],
  rows: Int32Array,
  width: number,
  crossed: readonly (Float64Array | null)[],
): SparseRows {
  const starts = new Int32Array(rows.length + 1)
  const columns = new Int32Array(rows.length * specs.length)
  const values = new Float64Array(rows.length * specs.length)
  let next = 0
  for (let place = 0; place < rows.length; place++) {
    for (let at = 0; at < specs.length; at++) {
      const spec = specs[at] as DesignSpec
      const raw = (features[at] as Feature).values[rows[place] as number] as number
      const column = columnOf(spec, raw)
      if (column < 0) continue
      columns[next] = column
      values[next++] = entryOf(spec, raw, crossed[at]?.[place])
    }
    starts[place + 1] = next
  }
  return { width, starts, columns: columns.slice(0, next), values: values.slice(0, next) }
}

/** Every feature sets at most one column: that is what keeps rows short. */
function columnOf(spec: DesignSpec, raw: number): number {
  switch (spec.kind) {
    case 'number':
      return Number.isNaN(raw) ? spec.missingColumn : spec.column
    case 'levels':
      return Number.isNaN(raw) ? spec.missingColumn : (spec.columns[raw] ?? spec.other)
    case 'worth':
      return spec.column
  }
}

function entryOf(spec: DesignSpec, raw: number, crossed: number | undefined): number {
  if (spec.kind === 'levels' || (spec.kind === 'number' && Number.isNaN(raw))) return 1
  const value = spec.kind === 'worth' ? (crossed ?? worthOf(spec.worth, raw)) : spec.isLog ? signedLog(raw) : raw
  return Math.max(-farthest, Math.min(farthest, (value - spec.mean) / spec.deviation))
}

function numberSpec({ values }: Feature, rows: Int32Array, take: () => number): DesignSpec {
  const known = Float64Array.from(rows, (row) => values[row] as number).filter((value) => !Number.isNaN(value))
  const plain = moments(known)
  const logs = known.map(signedLog)
  const isLog = Math.abs(plain.skew) > 2 && Math.abs(moments(logs).skew) < Math.abs(plain.skew)
  const { mean, deviation } = isLog ? moments(logs) : plain
  return {
    kind: 'number',
    column: take(),
    missingColumn: known.length < rows.length ? take() : -1,
    isLog,
    mean,
    deviation,
  }
}

function signedLog(value: number): number {
  return Math.sign(value) * Math.log1p(Math.abs(value))
}

function moments(values: Float64Array): { mean: number; deviation: number; skew: number } {
  const count = Math.max(1, values.length)
  // Halves first: the sum of numbers near the largest there are must not become infinite.
  const mean = values.reduce((sum, value) => sum + value / count, 0)
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + ((value - mean) / Math.sqrt(count)) ** 2, 0))
  if (!(deviation > 0) || !Number.isFinite(deviation)) return { mean, deviation: 1, skew: deviation > 0 ? 1e9 : 0 }
  const skew = values.reduce((sum, value) => sum + ((value - mean) / deviation) ** 3 / count, 0)
  return { mean, deviation, skew }
}

function frequentCodes(feature: Feature, rows: Int32Array, limit: number) {
  const counts = levelCounts(feature, rows)
  const fewest = Math.max(5, rows.length * 0.002)
  const used = [...counts.keys()].filter((code) => (counts[code] as number) > 0)
  const codes = used.filter((code) => (counts[code] as number) >= fewest)
  // Where the frequent values leave out much, their many rare companions carry the signal together.
  const covered = codes.reduce((sum, code) => sum + (counts[code] as number), 0)
  const known = counts.reduce((sum, count) => sum + count, 0)
  return { codes, isManyValued: codes.length > limit || (used.length > limit && covered < known * 0.8) }
}

function levelSpec(
  { values, levelCount }: Feature,
  rows: Int32Array,
  codes: readonly number[],
  take: () => number,
): DesignSpec {
  const columns = Array.from({ length: levelCount ?? 0 }, () => -2)
  for (const code of codes) columns[code] = take()
  const other = take()
  const isMissingSomewhere = rows.some((row) => Number.isNaN(values[row] as number))
  return {
    kind: 'levels',
    columns: columns.map((column) => (column === -2 ? other : column)),
    other,
    missingColumn: isMissingSomewhere ? take() : -1,
  }
}

function columnMeans({ width, starts, columns, values }: SparseRows): number[] {
  const sums = new Float64Array(width)
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at] as number
    sums[column] = (sums[column] as number) + (values[at] as number)
  }
  return Array.from(sums, (sum) => sum / Math.max(1, starts.length - 1))
}

/** What a row sets of one feature: the column (-1: none) and its entry. For attribution. */
export function entryFor(spec: DesignSpec, raw: number): { readonly column: number; readonly entry: number } {
  const column = columnOf(spec, raw)
  return { column, entry: column < 0 ? 0 : entryOf(spec, raw, undefined) }
}

/** All columns that a feature can set. */
export function columnsOf(spec: DesignSpec): number[] {
  const columns = spec.kind === 'levels' ? [...spec.columns, spec.other, spec.missingColumn] : [spec.column]
  if (spec.kind === 'number') columns.push(spec.missingColumn)
  return [...new Set(columns)].filter((column) => column >= 0)
}
