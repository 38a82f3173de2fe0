import { expect, test } from 'vitest'
import type { Dataset } from '../../../../src/score/predict/dataset.ts'
import { fitScorer } from '../../../../src/score/predict/fit-scorer.ts'
import { splitOf, stratifiedFolds } from '../../../../src/score/predict/folds.ts'
import { crossWorth, levelWorth, worthOf } from '../../../../src/score/predict/target-encoding.ts'
import { makeDice } from './made-up.ts'

/** A number and a category of 150 values, both of which tell something. */
function towns(rows: number): Dataset {
  const { random, gauss, chance } = makeDice(12)
  const town = Float64Array.from({ length: rows }, () => Math.floor(random() * 150))
  const size = Float64Array.from({ length: rows }, gauss)
  return {
    features: [
      { column: 'town', part: 'value', levelCount: 150, values: town },
      { column: 'size', part: 'value', levelCount: null, values: size },
    ],
    outcomes: Uint8Array.from(town, (code, row) => (chance((code % 3) - 1 + (size[row] as number)) ? 1 : 0)),
  }
}

test('what is learnt from some rows does not depend on the outcomes of others', () => {
  const data = towns(500)
  const { train, held } = splitOf(stratifiedFolds(data.outcomes, 4, 1), 0)
  const turned = data.outcomes.slice()
  for (const row of held) turned[row] = 1 - (turned[row] as number)
  const learn = (outcomes: Uint8Array) => fitScorer({ ...data, outcomes }, train, 1, () => {})
  expect(learn(turned)).toEqual(learn(data.outcomes))
})

test("the worth of a row's own value does not depend on its own outcome", () => {
  const data = towns(300)
  const rows = Int32Array.from({ length: 300 }, (_, row) => row)
  const before = crossWorth(data, 0, rows, 5)
  for (const row of [0, 17, 42, 299]) {
    const outcomes = data.outcomes.slice()
    outcomes[row] = 1 - (outcomes[row] as number)
    const after = crossWorth({ ...data, outcomes }, 0, rows, 5)
    expect(after[row]).toBe(before[row])
    expect(after).not.toEqual(before)
  }
})

test('a value is worth its own share, drawn to the mean; one never seen is worth the mean', () => {
  const codes = Float64Array.from([...Array<number>(90).fill(0), ...Array<number>(10).fill(1)])
  const outcomes = Uint8Array.from(codes, (code, row) => (code === 1 || row % 3 === 0 ? 1 : 0))
  const data: Dataset = { features: [{ column: 'c', part: 'value', levelCount: 2, values: codes }], outcomes }
  const worth = levelWorth(data, 0, Int32Array.from(codes.keys()))
  // 40 of 100 won: 41/102. Ten further rows at that mean join the 30 of 90 and the 10 of 10.
  const mean = 41 / 102
  const logOdds = (chance: number) => Math.log(chance / (1 - chance))
  expect(worthOf(worth, 0)).toBeCloseTo(logOdds((30 + 10 * mean) / 100), 10)
  expect(worthOf(worth, 1)).toBeCloseTo(logOdds((10 + 10 * mean) / 20), 10)
  expect(worthOf(worth, 2)).toBeCloseTo(logOdds(mean), 10)
  expect(worthOf(worth, Number.NaN)).toBeCloseTo(logOdds(mean), 10)
})

test('folds share both outcomes fairly', () => {
  const outcomes = Uint8Array.from({ length: 103 }, (_, at) => (at < 11 ? 1 : 0))
  const folds = stratifiedFolds(outcomes, 5, 3)
  for (let fold = 0; fold < 5; fold++) {
    const { train, held } = splitOf(folds, fold)
    const won = held.filter((place) => outcomes[place] === 1).length
    expect([won === 2 || won === 3, held.length === 20 || held.length === 21]).toEqual([true, true])
    expect([...train, ...held].sort((a, b) => a - b)).toEqual([...outcomes.keys()])
  }
})
