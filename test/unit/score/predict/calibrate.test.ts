import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  calibrated,
  chooseCalibration,
  fitIsotonic,
  fitPlatt,
  isotonicPools,
} from '../../../../src/score/predict/calibrate.ts'
import { stratifiedFolds } from '../../../../src/score/predict/folds.ts'
import { logLoss } from '../../../../src/score/predict/metrics.ts'
import { makeDice } from './made-up.ts'

test('pools of a known case', () => {
  expect(isotonicPools([1, 0, 1, 1], [1, 2, 3, 4]).map(({ value, count }) => [value, count])).toEqual([
    [0.5, 2],
    [1, 2],
  ])
  expect(isotonicPools([1, 0, 0], [1, 1, 2])).toEqual([{ mean: 4 / 3, value: 1 / 3, count: 3 }])
})

test('pools are the closest rising line: no step beside them is closer', () => {
  const cases = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 8 })), {
    minLength: 1,
    maxLength: 9,
  })
  fc.assert(
    fc.property(cases, (pairs) => {
      const values = pairs.map(([value]): number => value)
      const positions = pairs.map(([, position]) => position)
      const pools = isotonicPools(values, positions)
      for (let at = 1; at < pools.length; at++) expect(pools[at]?.value).toBeGreaterThan(pools[at - 1]?.value as number)
      // Min-max formula of isotonic regression, by brute force.
      const at = [...new Set(positions)].sort((a, b) => a - b)
      const meanOver = (from: number, to: number) => {
        const inside = values.filter((_, i) => (positions[i] as number) >= from && (positions[i] as number) <= to)
        return inside.reduce<number>((sum, value) => sum + value, 0) / inside.length
      }
      const expected = at.map((position) =>
        Math.max(
          ...at
            .filter((from) => from <= position)
            .map((from) => Math.min(...at.filter((to) => to >= position).map((to) => meanOver(from, to)))),
        ),
      )
      const found = at.flatMap((position) =>
        Array<number>(positions.filter((it) => it === position).length).fill(expected[at.indexOf(position)] as number),
      )
      const spread = pools.flatMap(({ value, count }) => Array<number>(count).fill(value))
      for (const [place, value] of spread.entries()) expect(value).toBeCloseTo(found[place] as number, 10)
    }),
  )
})

test('Platt finds the slope and offset that made the outcomes', () => {
  const { gauss, chance } = makeDice(3)
  const logOdds = Float64Array.from({ length: 20_000 }, () => 2 * gauss())
  const outcomes = Uint8Array.from(logOdds, (x) => (chance(0.5 * x - 1) ? 1 : 0))
  const found = fitPlatt(outcomes, logOdds)
  expect(found).toMatchObject({ kind: 'platt', slope: expect.closeTo(0.5, 1), offset: expect.closeTo(-1, 1) })
})

test('Platt never turns the order round', () => {
  const logOdds = Float64Array.from({ length: 40 }, (_, at) => at - 20)
  const turned = fitPlatt(
    Uint8Array.from(logOdds, (x) => (x < 0 ? 1 : 0)),
    logOdds,
  )
  expect(calibrated(turned, -20)).toBeCloseTo(calibrated(turned, 20), 12)
})

test('every calibration rises with the log-odds and stays between 0 and 1', () => {
  const { gauss, chance } = makeDice(5)
  const logOdds = Float64Array.from({ length: 300 }, gauss)
  const outcomes = Uint8Array.from(logOdds, (x) => (chance(x) ? 1 : 0))
  const line = Array.from({ length: 200 }, (_, at) => (at - 100) / 10)
  for (const calibration of [fitPlatt(outcomes, logOdds), fitIsotonic(outcomes, logOdds)]) {
    const chances = line.map((x) => calibrated(calibration, x))
    chances.forEach((value, at) => {
      // Strictly: leads on one step keep their order.
      expect(value).toBeGreaterThan(chances[at - 1] ?? 0)
      expect(value > 0 && value < 1).toBe(true)
    })
  }
})

test('the calibration chosen for over-sure log-odds makes them truer', () => {
  const { gauss, chance } = makeDice(6)
  const truth = Float64Array.from({ length: 3000 }, gauss)
  const outcomes = Uint8Array.from(truth, (x) => (chance(x) ? 1 : 0))
  const overSure = truth.map((x) => 3 * x + 1)
  const calibration = chooseCalibration(outcomes, overSure, stratifiedFolds(outcomes, 5, 1))
  const before = logLoss(
    outcomes,
    overSure.map((x) => calibrated({ kind: 'none' }, x)),
  )
  const after = logLoss(
    outcomes,
    overSure.map((x) => calibrated(calibration, x)),
  )
  expect(calibration.kind).not.toBe('none')
  expect(after).toBeLessThan(before - 0.05)
})
