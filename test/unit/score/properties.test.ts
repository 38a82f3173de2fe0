import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day } from '../../../src/lib/durations.ts'
import { type Condition, type ScoreGroup, type ScoreRule, type Scoring, scoring } from '../../../src/score/contract.ts'
import type { Touch } from '../../../src/score/facts.ts'
import { call, factsOf, form, judge, mail, start } from './facts.ts'

const groups: readonly ScoreGroup[] = [
  { id: 'came', label: 'Came', axis: 'engagement', cap: 40, floor: -15 },
  { id: 'said', label: 'Said', axis: 'engagement', cap: 25, floor: 0 },
  { id: 'job', label: 'Job', axis: 'fit', cap: 50, floor: -10 },
]

const conditions = fc.constantFrom<Condition>(
  { kind: 'channel', channels: ['call'] },
  { kind: 'channel', channels: ['sms', 'email'] },
  { kind: 'text', anyOf: ['quote', 'as soon as possible'] },
  { kind: 'textAll', allOf: ['kitchen', 'quote'] },
  { kind: 'budget', atLeast: 5000 },
  { kind: 'localPostcode' },
  { kind: 'touches', atLeast: 2, withinDays: null },
  { kind: 'missedCall', atLeast: 1 },
  { kind: 'robot' },
)

const rule = (points: fc.Arbitrary<number>, groupIds = fc.constantFrom('came', 'said', 'job')) =>
  fc
    .record({
      points,
      group: groupIds,
      all: fc.array(conditions, { maxLength: 2 }),
      any: fc.array(conditions, { minLength: 1, maxLength: 3 }),
      not: fc.array(conditions, { maxLength: 1 }),
      times: fc.integer({ min: 1, max: 4 }),
      halfLifeDays: fc.option(fc.integer({ min: 1, max: 60 })),
    })
    .map(({ all, any, not, ...rest }) => ({ ...rest, when: { all, any, not }, withinDays: null, ceiling: null }))

const rulesOf = (points: fc.Arbitrary<number>) =>
  fc
    .array(rule(points), { maxLength: 12 })
    .map((list) => list.map((it, index): ScoreRule => ({ ...it, id: `r${index}`, label: `Rule ${index}` })))

const anyPoints = rulesOf(fc.integer({ min: -60, max: 60 }))
const goodPoints = rulesOf(fc.integer({ min: 0, max: 60 }))

const touch = fc
  .record({
    kind: fc.constantFrom('call', 'mail', 'text', 'form'),
    words: fc.constantFrom('hello', 'a quote for the kitchen', 'as soon as possible please'),
    age: fc.integer({ min: 0, max: 90 }),
  })
  .map(({ kind, words, age }): Touch => {
    const at = start - age * day
    if (kind === 'call') return call({ at })
    if (kind === 'text') return mail(words, { at, channel: 'sms' })
    if (kind === 'form') return form({ message: words, budget: '$9,000', postcode: '94110' }, { at })
    return mail(words, { at })
  })
const facts = fc.array(touch, { maxLength: 8 }).map((list) => factsOf(list.toSorted((a, b) => a.at - b.at)))

const model = (rules: readonly ScoreRule[]): Scoring => scoring.parse({ mode: 'points', groups, rules })
const pointsOf = (verdict: ReturnType<typeof judge>, group: ScoreGroup, rules: readonly ScoreRule[]) =>
  verdict.ledger
    .filter((it) => it.rule === `#group:${group.id}` || rules.find((rule) => rule.id === it.rule)?.group === group.id)
    .reduce((sum, it) => sum + it.points, 0)

test('no group gives more than its cap or less than its floor, and the ledger adds up to the score', () => {
  fc.assert(
    fc.property(facts, anyPoints, (lead, rules) => {
      const verdict = judge(lead, model(rules))
      for (const group of groups) {
        expect(pointsOf(verdict, group, rules)).toBeLessThanOrEqual(group.cap)
        expect(pointsOf(verdict, group, rules)).toBeGreaterThanOrEqual(group.floor)
      }
      expect(verdict.ledger.reduce((sum, it) => sum + it.points, 0)).toBe(verdict.score)
      expect(verdict.score).toBeGreaterThanOrEqual(0)
      expect(verdict.score).toBeLessThanOrEqual(100)
    }),
  )
})

test('the order of the rules does not matter', () => {
  fc.assert(
    fc.property(facts, anyPoints, fc.infiniteStream(fc.nat()), (lead, rules, dice) => {
      const order = new Map(rules.map((it) => [it.id, dice.next().value ?? 0]))
      const shuffled = rules.toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0))
      const { ledger, ...verdict } = judge(lead, model(rules))
      const { ledger: other, ...otherVerdict } = judge(lead, model(shuffled))
      expect(otherVerdict).toEqual(verdict)
      const inOrder = (list: typeof ledger) => list.toSorted((a, b) => (a.rule < b.rule ? -1 : 1))
      expect(inOrder(other)).toEqual(inOrder(ledger))
    }),
  )
})

test('engagement only ever falls with time, and fit does not know what day it is', () => {
  fc.assert(
    fc.property(facts, goodPoints, fc.nat(40), fc.nat(400), (lead, rules, soon, more) => {
      const before = judge(lead, model(rules), start + soon * day)
      const after = judge(lead, model(rules), start + (soon + more) * day)
      expect(after.engagement).toBeLessThanOrEqual(before.engagement ?? 0)
      expect(after.fit).toBe(before.fit)
      expect(after.score).toBeLessThanOrEqual(before.score)
    }),
  )
})

test('the same facts at the same time get the same verdict, also from rules made ready before', () => {
  fc.assert(
    fc.property(facts, anyPoints, (lead, rules) => {
      expect(judge(lead, model(rules))).toEqual(judge(lead, model(rules)))
    }),
  )
})
