import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findBudget, readBudget } from '../../../src/score/read-budget.ts'
import { readTimeline } from '../../../src/score/read-timeline.ts'
import { processorTime } from '../../fakes/processor-time.ts'

describe('budget', () => {
  test.each([
    ['18,000 – 25,000', 18000],
    ['$7.5k', 7500],
    ['$5,000', 5000],
    ['5000', 5000],
    ['5-10k', 5000],
    ['€ 18.000', 18000],
    ['18 000 €', 18000],
    ['1.250,50', 1250.5],
    ['1,250.50', 1250.5],
    ['around 12 thousand', 12000],
    ['2 million', 2000000],
    ["CHF 12'500", 12500],
    ['up to 20,000', 20000],
    ['under $5,000', 4999],
    ['< 5k', 4999],
    ['less than 5000', 4999],
    ['$2,000-$8,000', 2000],
    ['0', 0],
    ['not sure yet', null],
    ['', null],
    ['...', null],
  ])('%s is %s', (text, amount) => expect(readBudget(text)).toBe(amount))

  test.each([
    ['Our budget is about $18,000 for the kitchen', 18000],
    ['budget: 7.5k', 7500],
    ['I live at 4711 Main Street and it leaks', null],
    ['Call me on 415 555 0187', null],
  ])('in running text: %s', (text, amount) => expect(findBudget(text)).toBe(amount))

  test('never throws and never answers a number that is none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const amount = readBudget(text)
        expect(amount === null || Number.isFinite(amount)).toBe(true)
      }),
    )
  })
})

describe('timeline', () => {
  const at = Date.UTC(2026, 2, 3, 12)
  test.each([
    ['ASAP', 0],
    ['today', 0],
    ['this week', 7],
    ['within 30 days', 30],
    ['0-30 days', 30],
    ['30–90 d', 90],
    ['2 weeks', 14],
    ['in two weeks', 14],
    ['1-3 months', 90],
    ['within a month', 30],
    ['next month', 60],
    ['6+ months', 180],
    ['a couple of weeks', 14],
    ['1 year', 365],
    ['2026-03-20', 17],
    ['2026-01-01', 0],
    ['just researching', null],
    ['No rush, sometime today or tomorrow is fine', null],
    ['flexible', null],
    ['', null],
    ['3', null],
  ])('%s is within %s days', (text, days) => expect(readTimeline(text, at)).toBe(days))
})

describe('a field that somebody filled with mischief holds nobody up', () => {
  const endless = [`1${' '.repeat(5000)}x`, '1'.repeat(50_000), '1-'.repeat(25_000), `5${' '.repeat(5000)}k`]
  test.each(endless)('%#', async (text) => {
    const spent = await processorTime(() => {
      readTimeline(text, 0)
      readBudget(text)
    })
    expect(spent).toBeLessThan(2000)
  })
})
