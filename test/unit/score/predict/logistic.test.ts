import { expect, test } from 'vitest'
import { columnsOf, designRows, learnDesign, type SparseRows } from '../../../../src/score/predict/design.ts'
import type { Feature } from '../../../../src/score/predict/features.ts'
import { fitLogistic, linearScores } from '../../../../src/score/predict/logistic.ts'
import { solvePositive } from '../../../../src/score/predict/solve-positive.ts'
import { makeDice } from './made-up.ts'

test('one yes-or-no column: the closed form of the two log-odds', () => {
  // 20 rows without, 5 of them won; 10 rows with, 8 of them won.
  const has = [...Array<number>(20).fill(0), ...Array<number>(10).fill(1)]
  const outcomes = Uint8Array.from([...ones(5, 20), ...ones(8, 10)])
  const { intercept, weights } = fitLogistic(dense([has]), outcomes, { l2: 1e-9 })
  expect(intercept).toBeCloseTo(Math.log(5 / 15), 5)
  expect(weights[0]).toBeCloseTo(Math.log(8 / 2) - Math.log(5 / 15), 5)
})

test('at the minimum every derivative of the penalised loss is 0', () => {
  const { gauss, chance } = makeDice(1)
  const columns = [0, 1, 2].map(() => Array.from({ length: 300 }, gauss))
  const outcomes = Uint8Array.from({ length: 300 }, (_, row) => (chance(1 + (columns[0]?.[row] as number)) ? 1 : 0))
  const l2 = 5
  const rows = dense(columns)
  const fit = fitLogistic(rows, outcomes, { l2 })
  const scores = linearScores(rows, fit)
  const errors = scores.map((score, row) => 1 / (1 + Math.exp(-score)) - (outcomes[row] as number))
  expect(errors.reduce((sum, error) => sum + error, 0)).toBeCloseTo(0, 4)
  columns.forEach((column, at) => {
    const slope = column.reduce((sum, value, row) => sum + value * (errors[row] as number), 0)
    expect(slope + l2 * (fit.weights[at] as number)).toBeCloseTo(0, 5)
  })
})

test('a column twice, a column of zeros, outcomes that one column parts, and one outcome alone stay finite', () => {
  const column = [-2, -1, -0.5, 0.5, 1, 2]
  const parted = Uint8Array.from([0, 0, 0, 1, 1, 1])
  for (const outcomes of [parted, new Uint8Array(6), new Uint8Array(6).fill(1)]) {
    const fit = fitLogistic(dense([column, column, column.map(() => 0)]), outcomes, { l2: 0.1 })
    expect([fit.intercept, ...fit.weights].every(Number.isFinite)).toBe(true)
    expect(fit.weights[0]).toBeCloseTo(fit.weights[1] as number, 6)
  }
})

test('Cholesky solves a system, and gives 0 where a line repeats another', () => {
  const solved = solvePositive(Float64Array.of(4, 0, 0, 2, 3, 0, 1, 1, 2), Float64Array.of(11, 11, 9))
  // 4x + 2y + z = 11, 2x + 3y + z = 11, x + y + 2z = 9
  const [x, y, z] = solved as unknown as [number, number, number]
  expect(4 * x + 2 * y + z).toBeCloseTo(11, 10)
  expect(2 * x + 3 * y + z).toBeCloseTo(11, 10)
  expect(x + y + 2 * z).toBeCloseTo(9, 10)
  expect([...solvePositive(Float64Array.of(1, 0, 1, 1), Float64Array.of(3, 3))]).toEqual([3, 0])
})

test('the design: standardised numbers, a column for the unknown, rare values together, huge numbers finite', () => {
  const many = 200
  const features: Feature[] = [
    {
      column: 'n',
      part: 'value',
      levelCount: null,
      values: Float64Array.from({ length: many }, (_, at) => (at < 20 ? Number.NaN : at)),
    },
    {
      column: 'c',
      part: 'value',
      levelCount: 3,
      values: Float64Array.from({ length: many }, (_, at) => (at === 0 ? 2 : at % 2)),
    },
    {
      column: 'h',
      part: 'value',
      levelCount: null,
      values: Float64Array.from({ length: many }, (_, at) => (at === 5 ? 1e308 : -1e308)),
    },
  ]
  const data = { features, outcomes: Uint8Array.from({ length: many }, (_, at) => at % 2) }
  const rows = Int32Array.from({ length: many }, (_, at) => at)
  const { specs, rows: design, means } = learnDesign(data, rows, 1)
  const [number, category] = specs
  expect(number).toMatchObject({ kind: 'number', mean: expect.closeTo(109.5, 6), missingColumn: 1 })
  // The value on one row only shares its column with values never seen.
  expect(category?.kind === 'levels' && category.columns[2]).toBe(category?.kind === 'levels' && category.other)
  expect(specs.flatMap(columnsOf).sort((a, b) => a - b)).toEqual([...means.keys()])
  expect([...design.values, ...means].every(Number.isFinite)).toBe(true)
  const unseen = designRows(
    specs,
    features.map((it) => ({ ...it, values: Float64Array.of(it.levelCount ?? Number.NaN) })),
    Int32Array.of(0),
    design.width,
  )
  expect([...unseen.values].every(Number.isFinite)).toBe(true)
})

function ones(count: number, of: number): number[] {
  return Array.from({ length: of }, (_, at) => (at < count ? 1 : 0))
}

function dense(columns: readonly (readonly number[])[]): SparseRows {
  const rows = columns[0]?.length ?? 0
  return {
    width: columns.length,
    starts: Int32Array.from({ length: rows + 1 }, (_, row) => row * columns.length),
    columns: Int32Array.from({ length: rows * columns.length }, (_, at) => at % columns.length),
    values: Float64Array.from(
      { length: rows * columns.length },
      (_, at) => columns[at % columns.length]?.[Math.floor(at / columns.length)] as number,
    ),
  }
}
