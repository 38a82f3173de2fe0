import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isBetterThan, permissionFor } from '../../../../src/score/predict/gate.ts'
import { aucInterval, compareAuc, wilsonInterval } from '../../../../src/score/predict/intervals.ts'
import { auc, brierScore, lift, logLoss, scoreBins } from '../../../../src/score/predict/metrics.ts'
import { makeDice } from './made-up.ts'

const scored = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 6 })), {
  minLength: 2,
  maxLength: 60,
})

test('area under the curve is the share of pairs in the right order', () => {
  fc.assert(
    fc.property(scored, (pairs) => {
      const outcomes = pairs.map(([outcome]) => outcome)
      const scores = pairs.map(([, score]) => score)
      let [right, all] = [0, 0]
      for (const [up, upScore] of pairs) {
        for (const [down, downScore] of pairs) {
          if (up !== 1 || down !== 0) continue
          all++
          right += upScore > downScore ? 1 : upScore === downScore ? 0.5 : 0
        }
      }
      const found = auc(outcomes, scores)
      if (all === 0) expect(found).toBeNaN()
      else {
        expect(found).toBeCloseTo(right / all, 12)
        expect(aucInterval(outcomes, scores).auc).toBeCloseTo(right / all, 12)
      }
    }),
  )
})

test("DeLong's interval holds the true area about 95 times in 100", () => {
  const dice = makeDice(4)
  // Normal scores one standard deviation apart: the area is the normal distribution at 1/sqrt(2).
  const truth = 0.7602499389
  let inside = 0
  for (let round = 0; round < 400; round++) {
    const outcomes = Array.from({ length: 120 }, (_, at) => at % 2)
    const { low, high } = aucInterval(
      outcomes,
      outcomes.map((outcome) => outcome + dice.gauss()),
    )
    if (low <= truth && truth <= high) inside++
  }
  expect(inside / 400).toBeGreaterThan(0.915)
  expect(inside / 400).toBeLessThan(0.985)
})

test('Brier score and log loss of a hand-made case', () => {
  expect(brierScore([1, 0], [0.8, 0.4])).toBeCloseTo((0.04 + 0.16) / 2, 12)
  expect(logLoss([1, 0], [0.8, 0.4])).toBeCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, 12)
  expect(logLoss([1, 0], [0, 1])).toBeLessThan(40)
})

test('lift counts leads of equal score across the cut by their mean', () => {
  const outcomes = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]
  expect(lift(outcomes, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 0.2)).toBeCloseTo(5, 12)
  expect(
    lift(
      outcomes,
      outcomes.map(() => 1),
      0.2,
    ),
  ).toBeCloseTo(1, 12)
  expect(lift(outcomes, [2, 1, 1, 1, 1, 1, 1, 1, 1, 1], 0.2)).toBeCloseTo((1 + 1 / 9) / 2 / 0.2, 12)
})

test('deciles hold every lead once, the surest first', () => {
  const chances = Array.from({ length: 103 }, (_, at) => at / 103)
  const bins = scoreBins(
    chances.map((chance) => (chance > 0.5 ? 1 : 0)),
    chances,
  )
  expect(bins).toHaveLength(10)
  expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(103)
  expect(bins[0]?.observed).toBe(1)
  expect(bins[9]?.observed).toBe(0)
  expect(bins.map(({ foreseen }) => foreseen)).toEqual(bins.map(({ foreseen }) => foreseen).sort((a, b) => b - a))
})

test("Wilson's interval as in the literature, and at the edges", () => {
  // Newcombe 1998, table I: 81 of 263, 0 of 20, 29 of 29.
  expect(wilsonInterval(81, 263).low).toBeCloseTo(0.2553, 4)
  expect(wilsonInterval(81, 263).high).toBeCloseTo(0.3662, 4)
  expect(wilsonInterval(0, 20)).toEqual({ low: 0, high: expect.closeTo(0.1611, 4) })
  expect(wilsonInterval(29, 29)).toEqual({ low: expect.closeTo(0.883, 4), high: 1 })
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 })
})

test('a model is better than the rules only when more than chance says so', () => {
  const dice = makeDice(9)
  const rows = Array.from({ length: 400 }, (_, row) => row)
  const truth = rows.map(() => dice.gauss())
  const outcomes = truth.map((value) => (dice.chance(2 * value) ? 1 : 0))
  const heldOut = {
    rows,
    outcomes,
    probabilities: truth.map((value) => 1 / (1 + Math.exp(-value))),
    folds: rows.map(() => 0),
  }
  expect(
    isBetterThan(
      heldOut,
      rows.map(() => dice.random()),
    ).isBetter,
  ).toBe(true)
  expect(isBetterThan(heldOut, truth).isBetter).toBe(false)
  expect(isBetterThan(heldOut, truth)).toMatchObject({ difference: 0, standardError: 0 })
  expect(isBetterThan({ ...heldOut, probabilities: rows.map(() => dice.random()) }, truth).isBetter).toBe(false)
  expect(() => isBetterThan(heldOut, [1, 2, 3])).toThrow(RangeError)
  const { first, second, difference } = compareAuc(outcomes, truth, rows)
  expect(first - second).toBeCloseTo(difference, 12)
})

test('what a model may do grows with the known outcomes', () => {
  expect([99, 100, 499, 500].map(permissionFor)).toEqual(['off', 'shadow', 'shadow', 'may-route'])
})
