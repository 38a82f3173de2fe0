import { expect, test } from 'vitest'
import { calibrated } from '../../../../src/score/predict/calibrate.ts'
import { readFeatures } from '../../../../src/score/predict/features.ts'
import { modelFromJson, modelToJson, predict } from '../../../../src/score/predict/model.ts'
import { reasonsFor } from '../../../../src/score/predict/reasons.ts'
import { effectsOf, rawLogOdds } from '../../../../src/score/predict/score-rows.ts'
import { type Cell, type Table, TableProblem, tableFromRecords } from '../../../../src/score/predict/table.ts'
import { type TrainOptions, train } from '../../../../src/score/predict/train.ts'
import { leads, madeUp, stillClock } from './made-up.ts'

const learn = (table: Table, options: Partial<TrainOptions> = {}) =>
  train(table, { target: 'won', folds: 2, ...options }, { now: stillClock() })

test('learns, survives JSON, and gives the same chances after it', () => {
  const table = leads(500)
  const { model, report } = learn(table)
  expect(report.quality.auc).toBeGreaterThan(0.65)
  expect(report.topColumns[0]?.column).not.toBe('budget')
  const read = modelFromJson(modelToJson(model))
  expect(read).toEqual(model)
  const chances = predict(model, table)
  expect(read && predict(read, table)).toEqual(chances)
  expect(chances.every((chance) => chance > 0 && chance < 1)).toBe(true)
  expect(modelFromJson('{"version":0}')).toBeNull()
  expect(modelFromJson('not a model')).toBeNull()
  expect(modelFromJson(modelToJson(model).replace('"treeShare"', '"share"'))).toBeNull()
})

test('one table and seed give one model', () => {
  const table = leads(300)
  const first = learn(table, { seed: 7 })
  expect(learn(table, { seed: 7 })).toEqual(first)
  expect(learn(table, { seed: 8 }).heldOut.folds).not.toEqual(first.heldOut.folds)
})

test('an exclusive or takes trees, a straight signal the linear model; both know why', () => {
  const either = madeUp(['a', 'b'], 400, 3, ({ gauss, random }) => {
    const [a, b] = [gauss(), gauss()]
    return { cells: [a, b], won: (a > 0 !== b > 0) !== random() < 0.1 }
  })
  const bent = learn(either)
  expect(bent.report.chosen.model).toBe('trees')
  expect(bent.report.quality.auc).toBeGreaterThan(0.8)
  const straight = learn(
    madeUp(['a', 'b'], 400, 4, ({ gauss, chance }) => {
      const [a, b] = [gauss(), gauss()]
      return { cells: [a, b], won: chance(2 * a) }
    }),
  )
  expect(straight.report.chosen.model).toBe('linear')
  const table = tableFromRecords([
    { a: 3, b: 0 },
    { a: -3, b: 0 },
  ])
  expect(reasonsFor(straight.model, table, 0, 1)).toEqual([
    { column: 'a', value: 3, effect: expect.any(Number), direction: 'raises' },
  ])
  expect(reasonsFor(straight.model, table, 1, 1)).toMatchObject([{ column: 'a', value: -3, direction: 'lowers' }])
})

test('effects add up to the log-odds that give the chance', () => {
  const either = madeUp(['a', 'b', 'kind'], 400, 5, ({ gauss, random, chance }) => {
    const [a, b] = [gauss(), gauss()]
    const kind = random() < 0.4 ? 'x' : 'y'
    return { cells: [a, b, kind], won: chance((a > 0 !== b > 0 ? 2 : -2) + (kind === 'x' ? 1 : 0)) }
  })
  for (const { table, model } of [leads(300, 2), either].map((it) => ({ table: it, model: learn(it).model }))) {
    const features = readFeatures(model.plans, table)
    for (const row of [0, 1, 2, 50]) {
      const { base, effects } = effectsOf(model.scorer, features, row)
      const [raw = Number.NaN] = rawLogOdds(model.scorer, features, Int32Array.of(row))
      expect(effects.reduce((sum, effect) => sum + effect, base)).toBeCloseTo(raw, 8)
      expect(calibrated(model.scorer.calibration, raw)).toBe(predict(model, table)[row])
    }
  }
})

test('pure noise is not mistaken for a signal: chances stay near the mean', () => {
  const noise = madeUp(['a', 'b', 'c', 'd'], 800, 6, ({ gauss, random }) => ({
    cells: [gauss(), gauss(), gauss(), `k${Math.floor(random() * 200)}`],
    won: random() < 0.3,
  }))
  const { report, heldOut } = learn(noise)
  expect(report.quality.aucInterval.low).toBeLessThan(0.5)
  expect(Math.max(...heldOut.probabilities) - Math.min(...heldOut.probabilities)).toBeLessThan(0.3)
  // No better than the mean, and not worse by more than a little.
  expect(report.quality.brier).toBeLessThan(0.215)
})

test('a category of many values does not give its own answers away', () => {
  // Every town has two or three leads: learnt by heart it would tell everything, honestly it tells nothing.
  const table = madeUp(['town', 'size'], 700, 7, ({ random, gauss }) => ({
    cells: [`town ${Math.floor(random() * 300)}`, gauss()],
    won: random() < 0.5,
  }))
  const { report } = learn(table)
  expect(report.quality.auc).toBeGreaterThan(0.4)
  expect(report.quality.auc).toBeLessThan(0.6)
})

test('a column that gives the outcome away is told of, kept, and left out when asked', () => {
  const table = leads(400)
  const outcome = table.columns.find(({ name }) => name === 'won')?.cells ?? []
  const leaking: Table = {
    ...table,
    columns: [
      ...table.columns,
      { name: 'points', cells: outcome.map((cell, row) => (cell === 'Won' ? 100 : 0) + (row % 7)) },
      { name: 'agreed', cells: outcome.map((cell, row) => (cell === 'Won' && row % 9 ? `day ${row % 3}` : null)) },
      { name: 'Invoice date', cells: outcome.map((_, row) => `2024-01-${10 + (row % 15)}`) },
    ],
  }
  const { report } = learn(leaking)
  expect(report.warnings.map(({ column, why }) => [column, why])).toEqual([
    ['points', 'decides-alone'],
    ['agreed', 'filled-after'],
    ['Invoice date', 'name'],
  ])
  expect(report.quality.auc).toBeGreaterThan(0.99)
  const without = learn(leaking, { exclude: ['points', 'agreed', 'Invoice date'] })
  expect(without.report.warnings).toEqual([])
  expect(without.report.dropped.map(({ reason }) => reason)).toEqual(['excluded', 'excluded', 'excluded'])
  expect(without.report.quality.auc).toBeLessThan(0.95)
  expect(() => learn(table, { exclude: ['pints'] })).toThrow('There is no column "pints"')
})

test('rows without an outcome are left out, and rows keep their numbers', () => {
  const table = leads(200)
  const columns = table.columns.map(({ name, cells }) => ({
    name,
    cells: name === 'won' ? cells.map((cell, row) => (row < 50 ? null : cell)) : cells,
  }))
  const { report, heldOut } = learn({ ...table, columns })
  expect(report).toMatchObject({ rows: 150, rowsWithoutOutcome: 50 })
  expect([heldOut.rows[0], heldOut.rows.at(-1)]).toEqual([50, 199])
})

test('tables that teach nothing are refused in words', () => {
  const rows = (count: number, won: (row: number) => Cell, a: (row: number) => Cell = (row) => row % 5) =>
    tableFromRecords(Array.from({ length: count }, (_, row) => ({ a: a(row), won: won(row) })))
  for (const table of [
    tableFromRecords([]),
    rows(1, () => 'yes'),
    rows(50, () => 'yes'),
    rows(50, (row) => (row === 0 ? 'yes' : 'no')),
    rows(50, (row) => row % 3),
    rows(
      50,
      (row) => row % 2,
      () => null,
    ),
    rows(
      50,
      (row) => row % 2,
      () => Number.NaN,
    ),
    rows(
      50,
      (row) => row % 2,
      () => 'same',
    ),
  ]) {
    expect(() => learn(table)).toThrow(TableProblem)
  }
})

test('odd tables are learnt from without a number that is none', () => {
  const odd: [string, Table][] = [
    ['few rows', leads(12)],
    [
      'infinite and huge numbers',
      madeUp(['a', 'b'], 200, 8, ({ random, gauss, chance }) => {
        const a = gauss()
        return {
          cells: [random() < 0.2 ? Number.POSITIVE_INFINITY : a * 1e300, random() < 0.5 ? Number.NaN : a],
          won: chance(a),
        }
      }),
    ],
    [
      'nearly all missing',
      madeUp(['a'], 200, 9, ({ random }) => ({ cells: [random() < 0.02 ? 1 : null], won: random() < 0.5 })),
    ],
    ['one outcome rare', madeUp(['a'], 300, 10, ({ random, gauss }) => ({ cells: [gauss()], won: random() < 0.02 }))],
    [
      'parted without doubt',
      madeUp(['a'], 200, 11, ({ gauss }) => {
        const a = gauss()
        return { cells: [a], won: a > 0 }
      }),
    ],
  ]
  for (const [name, table] of odd) {
    const { model, report } = learn(table)
    expect(
      [...predict(model, table)].every((chance) => chance >= 0 && chance <= 1),
      name,
    ).toBe(true)
    expect(Number.isFinite(report.quality.logLoss), name).toBe(true)
    // A lead of which nothing is known, and one with values never seen.
    const strange = tableFromRecords([{}, { a: 'strange', source: 'never seen' }])
    expect(
      [...predict(model, strange)].every((chance) => chance >= 0 && chance <= 1),
      name,
    ).toBe(true)
    expect(
      reasonsFor(model, strange, 1).every(({ effect }) => Number.isFinite(effect)),
      name,
    ).toBe(true)
    expect(modelFromJson(modelToJson(model)), name).toEqual(model)
  }
})

test('a column twice counts once', () => {
  const table = leads(300)
  const visits = table.columns[0]?.cells ?? []
  const { report } = learn(
    { ...table, columns: [...table.columns, { name: 'visits again', cells: visits }] },
    { folds: 2 },
  )
  expect(report.dropped).toEqual([{ name: 'visits again', reason: 'copy', detail: 'the same as "visits"' }])
})

test('progress rises to the end, and throwing from it ends the training', () => {
  const shares: number[] = []
  train(leads(200), { target: 'won', folds: 2 }, { now: stillClock(), onProgress: (share) => shares.push(share) })
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
  expect(shares.at(-1)).toBeLessThanOrEqual(1)
  const stop = new Error('stop')
  const onProgress = (share: number) => {
    if (share > 0.3) throw stop
  }
  expect(() => train(leads(200), { target: 'won' }, { now: stillClock(), onProgress })).toThrow(stop)
})
