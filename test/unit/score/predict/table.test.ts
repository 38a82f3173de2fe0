import { expect, test } from 'vitest'
import { readFeatures } from '../../../../src/score/predict/features.ts'
import { planColumn } from '../../../../src/score/predict/plan-columns.ts'
import { guessNumberStyle, isMissing, readDate, readNumber } from '../../../../src/score/predict/read-cell.ts'
import { readCsv } from '../../../../src/score/predict/read-csv.ts'
import { readTarget } from '../../../../src/score/predict/read-target.ts'
import { type Cell, type Table, TableProblem, tableFromRecords } from '../../../../src/score/predict/table.ts'

const plan = (cells: Cell[], name = 'column') => planColumn({ name, cells })
const many = (make: (at: number) => Cell) => Array.from({ length: 60 }, (_, at) => make(at))
const words = ['red', 'green', 'blue']

test('what a column holds is told by its cells', () => {
  expect(plan(many((at) => at % 7))).toMatchObject({ kind: 'number' })
  expect(plan(many((at) => (at % 9 === 0 ? 'n/a' : `$${at % 7},500.00`)))).toMatchObject({ kind: 'number' })
  expect(plan(many((at) => words[at % 3] ?? null))).toMatchObject({
    kind: 'category',
    levels: ['blue', 'green', 'red'],
  })
  expect(plan(many((at) => (at % 3 ? 'Yes' : 'No')))).toMatchObject({ kind: 'flag', levels: ['yes', 'no'] })
  expect(plan(many((at) => at % 3 === 0))).toMatchObject({ kind: 'flag' })
  expect(plan(many((at) => `2024-0${1 + (at % 9)}-1${at % 10}`))).toMatchObject({ kind: 'date', hasTime: false })
  expect(plan(many((at) => Date.UTC(2024, 3, 1, at)))).toMatchObject({ kind: 'date', hasTime: true })
  expect(plan(many((at) => `We would like a quote for room ${at}`))).toMatchObject({ kind: 'text' })
  // A postcode is a name: its leading 0 would be lost as a number.
  expect(plan(many((at) => `0123${at % 4}`))).toMatchObject({ kind: 'category' })
  // One value and gaps: whether it is there may tell.
  expect(plan(many((at) => (at % 2 ? 'x' : '')))).toMatchObject({ kind: 'flag', levels: ['x'] })
})

test('columns that cannot tell anything are dropped, with the reason', () => {
  expect(plan(many(() => ''))).toMatchObject({ reason: 'empty' })
  expect(plan(many(() => 'no'))).toMatchObject({ reason: 'constant' })
  expect(plan(many(() => 7))).toMatchObject({ reason: 'constant' })
  expect(plan(many((at) => `user${at}@example.org`))).toMatchObject({ reason: 'id' })
  expect(plan(many((at) => 9000 + at * 3))).toMatchObject({ reason: 'id' })
  expect(
    plan(
      many((at) => (at * 7919) % 100_003),
      'Lead Number',
    ),
  ).toMatchObject({ reason: 'id' })
  expect(
    plan(
      many((at) => (at * 7919) % 100_003),
      'Budget',
    ),
  ).toMatchObject({ kind: 'number' })
  expect(plan(many((at) => at + 0.5))).toMatchObject({ kind: 'number' })
})

test('numbers as people write them', () => {
  const dot = { decimal: '.' } as const
  const comma = { decimal: ',' } as const
  expect(['1,234.5', '$ 1 200', '12 %', '-3', '.5', '1e3', '€5'].map((cell) => readNumber(cell, dot))).toEqual([
    1234.5, 1200, 12, -3, 0.5, 1000, 5,
  ])
  expect(['1.234,5', '12,5'].map((cell) => readNumber(cell, comma))).toEqual([1234.5, 12.5])
  expect(['twelve', '1-2', '0x10', 'Infinity', ''].map((cell) => readNumber(cell, dot))).toEqual(
    Array(5).fill(Number.NaN),
  )
  expect(guessNumberStyle(['1,200', '3,400'])).toEqual(dot)
  expect(guessNumberStyle(['12,5', '3,75'])).toEqual(comma)
  expect(['', ' ', 'NaN', 'N/A', null, Number.NaN, Number.POSITIVE_INFINITY].every(isMissing)).toBe(true)
  expect(['0', 0, false, 'None of them'].some(isMissing)).toBe(false)
})

test('dates as people write them', () => {
  const dayFirst = { dayFirst: true }
  expect(readDate('2024-02-29', dayFirst)).toBe(Date.UTC(2024, 1, 29))
  expect(readDate('2024-02-29T10:30:00+02:00', dayFirst)).toBe(Date.UTC(2024, 1, 29, 8, 30))
  expect(readDate('3/4/2024', dayFirst)).toBe(Date.UTC(2024, 3, 3))
  expect(readDate('3/4/2024 1:05 PM', { dayFirst: false })).toBe(Date.UTC(2024, 2, 4, 13, 5))
  expect(['2023-02-29', '31.04.2024', 'soon', 12].map((cell) => readDate(cell, dayFirst))).toEqual(
    Array(4).fill(Number.NaN),
  )
})

test('features: codes of categories, parts of dates, gaps and values never seen', () => {
  const plans = [
    plan(
      many((at) => words[at % 3] ?? null),
      'colour',
    ),
    plan(
      many((at) => `2024-01-0${1 + (at % 7)}`),
      'day',
    ),
  ]
  const table = tableFromRecords([{ colour: ' RED ', day: '2024-01-01' }, { colour: 'pink' }, { day: 'soon' }])
  const features = readFeatures(
    plans.flatMap((it) => ('kind' in it ? [it] : [])),
    table,
  )
  expect(features.map(({ column, part }) => `${column} ${part}`)).toEqual(['colour value', 'day day', 'day weekday'])
  expect(features.map(({ values }) => [...values])).toEqual([
    [2, 3, Number.NaN],
    [19723, Number.NaN, Number.NaN],
    [0, Number.NaN, Number.NaN],
  ])
})

test('the outcome: two values of any spelling', () => {
  const target = (cells: Cell[], positive?: string) => readTarget(column(cells), 'won', positive)
  expect(target(['Lost', 'won', 'LOST', '', 'Won '])).toMatchObject({ positive: 'won', negative: 'Lost' })
  expect([...target(['Lost', 'won', '', 'Won ']).outcomes]).toEqual([0, 1, 1])
  expect([...target(['Lost', 'won', '', 'Won ']).rows]).toEqual([0, 1, 3])
  expect([...target([0, '1', '1.0', 0]).outcomes]).toEqual([0, 1, 1, 0])
  expect([...target([true, false]).outcomes]).toEqual([1, 0])
  expect(target(['gone', 'stayed', 'stayed']).positive).toBe('gone')
  expect(target(['gone', 'stayed', 'stayed'], 'Stayed').positive).toBe('stayed')
  expect(target(['no', 'booked', 'booked']).positive).toBe('booked')
  for (const cells of [['a', 'b', 'c'], ['a', 'a'], ['', null], []]) expect(() => target(cells)).toThrow(TableProblem)
  expect(() => target(['a', 'b'], 'c')).toThrow('"c" is not a value')
  expect(() => readTarget(column([]), 'lost')).toThrow('There is no column "lost"')
})

test('a CSV text: quotes, semicolons, a byte order mark, rows of odd length, names twice', () => {
  const { table, raggedRows } = readCsv('\ufeffa;a;\n"1;2";3;4\n5\n\n6;7;8;9\n')
  expect(table.columns.map(({ name }) => name)).toEqual(['a', 'a (2)', 'Column 3'])
  expect(table.columns.map(({ cells }) => cells)).toEqual([
    ['1;2', '5', '6'],
    ['3', null, '7'],
    ['4', null, '8'],
  ])
  expect({ rows: table.rowCount, raggedRows }).toEqual({ rows: 3, raggedRows: 2 })
  expect(() => readCsv('')).toThrow(TableProblem)
})

function column(cells: readonly Cell[]): Table {
  return { rowCount: cells.length, columns: [{ name: 'won', cells }] }
}
