import { expect, test } from 'vitest'
import { routingProblems } from '../../../src/route/check-routing.ts'
import type { RouteRule } from '../../../src/settings/contract.ts'
import { mate, rule } from './rules.ts'

const team = [mate(1, 'Dana', { skills: ['Roofing'] }), mate(2, 'Sam')]
const problems = (...rules: RouteRule[]) =>
  routingProblems({ rules, keepOwner: true, keepOwnerMinutes: 15 }, team).map(
    (it) => `${it.level} ${it.ruleId}: ${it.text}`,
  )

test('rules without a fault', () => {
  expect(problems(rule('a', { postcodes: ['941'] }, { how: 'load', to: [1] }), rule('rest'))).toEqual([])
  expect(problems(rule('hand', {}, { how: 'queue' }))).toEqual([])
})
test.each([[[]], [[rule('a', { tiers: ['hot'] })]]])('the last rule has to take every lead', (rules) => {
  expect(problems(...rules)[0]).toMatch(/^error .*The last rule must take every lead/)
})
test.each<[RouteRule, RegExp]>([
  [rule('a', {}, { how: 'skill', skill: '', by: 'turn' }), /error a: .*say which skill/],
  [
    rule('a', {}, { how: 'skill', skill: 'plumbing', by: 'turn' }),
    /warning a: Nobody in the team has the skill “plumbing”/,
  ],
  [rule('a', {}, { how: 'weights', shares: [] }), /error a: .*choose who takes part/],
  [rule('a', {}, { how: 'member', memberId: 9 }), /warning a: .*nobody of it is in the team any more/],
  [rule('a', {}, { how: 'turn', to: [8, 9] }), /warning a: .*nobody of it is in the team any more/],
])('a rule that gives nothing out: %#', (faulty, expected) => {
  expect(problems(faulty, rule('rest'))).toEqual([expect.stringMatching(expected)])
})
test('rules that never get a lead', () => {
  const narrow = rule('b', { postcodes: ['9411'], tiers: ['hot'] })
  expect(problems(rule('a', { postcodes: ['941'] }), narrow, rule('rest'))[0]).toMatch(
    /warning b: Never gets a lead: “a”/,
  )
  expect(problems(rule('a', {}, { how: 'queue' }), narrow, rule('rest'))).toHaveLength(2)
  // The first takes only what its people can take, or only some of the leads.
  expect(problems(rule('a', { postcodes: ['941'] }, { how: 'turn', to: [1] }), narrow, rule('rest'))).toEqual([])
  expect(problems(rule('a', { postcodes: ['9411'] }), rule('b', { postcodes: ['941'] }), rule('rest'))).toEqual([])
  expect(problems(rule('a'), rule('a'))[0]).toMatch(/error a: .*there twice/)
})
test('the last rule for some only is a warning', () => {
  expect(problems(rule('rest', {}, { how: 'member', memberId: 1 }))).toEqual([
    expect.stringMatching(/warning rest: .*not for everybody/),
  ])
})
