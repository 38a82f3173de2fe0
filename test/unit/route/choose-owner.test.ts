import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeBusinessTime } from '../../../src/lib/business-time.ts'
import { day, hour, minute } from '../../../src/lib/durations.ts'
import { awayAt, backAt, type Load, nextChange, noLoad, type Teammate } from '../../../src/route/availability.ts'
import { type Choice, chooseByLoad, chooseByRules, mayKeep, type TurnState } from '../../../src/route/choose-owner.ts'
import type { RouteRule } from '../../../src/settings/contract.ts'
import { facts, mate, rule, teamOf } from './rules.ts'

const dana = mate(1, 'Dana')
const sam = mate(2, 'Sam')
const kim = mate(3, 'Kim')
const off = (it: Teammate): Teammate => ({ ...it, onDuty: false })

/** Gives out leads one after the other, each going on where the one before stopped. */
function dealer(rules: readonly RouteRule[]) {
  const turns = new Map<string, Map<number, TurnState>>()
  return (members: readonly Teammate[], more: { loads?: ReadonlyMap<number, Load>; today?: string } = {}): Choice => {
    const choice = chooseByRules(rules, facts(), { ...teamOf(members), ...more }, turns)
    for (const { ruleId, memberId, state } of choice.moves) {
      turns.set(ruleId, (turns.get(ruleId) ?? new Map()).set(memberId, state))
    }
    return choice
  }
}
const names = (count: number, deal: () => Choice) => Array.from({ length: count }, () => deal().owner?.name ?? null)

describe('the first rule that fits', () => {
  const rules = [
    rule('calls', { channels: ['call'] }, { how: 'member', memberId: 1 }),
    rule('web', { channels: ['form'] }, { how: 'member', memberId: 2 }),
    rule('rest'),
  ]
  test('decides, and each rule before it says why it did not', () => {
    const choice = chooseByRules(rules, facts(), teamOf([dana, sam, kim]), new Map())
    expect(choice).toMatchObject({ owner: sam, ruleId: 'web', words: 'rule “web” → always theirs' })
    expect(choice.steps).toEqual([
      { ruleId: 'calls', name: 'calls', fits: false, words: 'They came by form, not call' },
      { ruleId: 'web', name: 'web', fits: true, words: 'Sam: always theirs' },
    ])
  })
  test('when none of its people is there the next one that fits does', () => {
    const choice = chooseByRules(rules, facts(), teamOf([dana, off(sam), kim]), new Map())
    expect(choice).toMatchObject({ owner: dana, ruleId: 'rest' })
    expect(choice.steps[1]).toMatchObject({ fits: true, words: 'Nobody is free: Sam is off duty' })
  })
  test('with nobody at all there is the reason', () => {
    const members = [off(dana), mate(2, 'Sam', { capacity: 2 })]
    const full = new Map([[2, { open: 2, weight: 6 }]])
    expect(chooseByRules([rule('rest')], facts(), teamOf(members, full), new Map()).words).toBe(
      'Nobody is free: Dana is off duty, Sam has 2 of 2 leads',
    )
    expect(chooseByRules(rules, facts(), teamOf([off(dana), off(sam)]), new Map()).words).toBe(
      'Nobody of rule “web” is on duty',
    )
  })
  test('the queue keeps it, whoever is there', () => {
    const choice = chooseByRules([rule('hand', {}, { how: 'queue' }), rule('rest')], facts(), teamOf([dana]), new Map())
    expect(choice).toMatchObject({ owner: null, ruleId: 'hand', words: 'Waits to be given out by hand (rule “hand”)' })
  })
})

describe('in turn', () => {
  test('in the order of the rule, past whoever is away', () => {
    const deal = dealer([rule('r', {}, { how: 'turn', to: [3, 1, 2] }), rule('rest')])
    expect(names(4, () => deal([dana, sam, kim]))).toEqual(['Kim', 'Dana', 'Sam', 'Kim'])
    const choice = deal([off(dana), sam, kim])
    expect([choice.owner?.name, choice.words]).toEqual(['Sam', 'rule “r” → next in turn; Dana is off duty'])
  })
})

describe('by load', () => {
  test('weighs what people have, and says so when the count alone would be wrong', () => {
    const loads = new Map([
      [1, { open: 1, weight: 3 }],
      [2, { open: 2, weight: 2 }],
    ])
    const choose = (who: ReadonlyMap<number, Load>) =>
      chooseByRules([rule('r', {}, { how: 'load', to: [] })], facts(), teamOf([dana, sam], who), new Map())
    expect(choose(loads)).toMatchObject({ owner: sam, words: 'least to do (2 open leads)' })
    expect(choose(new Map([[1, { open: 4, weight: 9 }]]))).toMatchObject({ owner: sam, words: 'fewest open leads (0)' })
  })
  test('equals take turns', () => {
    const deal = dealer([rule('r', {}, { how: 'load', to: [] })])
    expect(names(4, () => deal([dana, sam]))).toEqual(['Dana', 'Sam', 'Dana', 'Sam'])
  })
})

describe('by shares', () => {
  const shares = (list: readonly [number, number, number | null][]) =>
    rule(
      'r',
      {},
      { how: 'weights', shares: list.map(([memberId, weight, mostPerDay]) => ({ memberId, weight, mostPerDay })) },
    )

  test('smoothly, not in blocks', () => {
    const deal = dealer([
      shares([
        [1, 3, null],
        [2, 1, null],
      ]),
    ])
    expect(names(8, () => deal([dana, sam]))).toEqual(['Dana', 'Dana', 'Sam', 'Dana', 'Dana', 'Dana', 'Sam', 'Dana'])
  })
  test('at most so many a day, and again the next day', () => {
    const deal = dealer([
      shares([
        [1, 5, 2],
        [2, 1, null],
      ]),
    ])
    expect(names(5, () => deal([dana, sam], { today: '2026-03-01' })).filter((it) => it === 'Dana')).toHaveLength(2)
    expect(deal([dana, sam], { today: '2026-03-01' }).words).toMatch(/Dana had 2 of 2 today/)
    expect(names(2, () => deal([dana, sam], { today: '2026-03-02' }))).toContain('Dana')
  })
  test('whoever comes back is not flooded', () => {
    const deal = dealer([
      shares([
        [1, 1, null],
        [2, 1, null],
      ]),
    ])
    names(40, () => deal([off(dana), sam]))
    expect(names(10, () => deal([dana, sam])).filter((it) => it === 'Dana')).toHaveLength(5)
  })
  test('nobody is ever further from their share than one lead for each of the others', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 6 })
    const presence = fc.array(fc.integer({ min: 1, max: 63 }), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(weights, presence, (list, there) => {
        const team = list.map((_, at) => mate(at + 1, `M${at + 1}`))
        const deal = dealer([shares(list.map((weight, at) => [at + 1, weight, null]))])
        const owed = list.map(() => 0)
        for (const mask of there) {
          const members = team.map((it, at) => (mask & (1 << at) ? it : off(it)))
          const total = list.reduce((sum, weight, at) => sum + (mask & (1 << at) ? weight : 0), 0)
          const { owner } = deal(members)
          expect(owner?.onDuty ?? total === 0).toBe(true)
          for (const [at, weight] of list.entries())
            if (mask & (1 << at) && total > 0) owed[at] = (owed[at] ?? 0) + weight / total
          if (owner) owed[owner.id - 1] = (owed[owner.id - 1] ?? 0) - 1
          for (const it of owed) expect(Math.abs(it)).toBeLessThan(list.length)
        }
      }),
      { numRuns: 100 },
    )
  })
})

test('by skill, however it is spelled', () => {
  const rules = [rule('r', {}, { how: 'skill', skill: 'roofing', by: 'turn' }), rule('rest')]
  const members = [dana, mate(2, 'Sam', { skills: ['Roofing'] })]
  expect(chooseByRules(rules, facts(), teamOf(members), new Map())).toMatchObject({
    owner: { name: 'Sam' },
    words: 'rule “r” → knows roofing, the only one it names',
  })
})

describe('who is there', () => {
  const nine = makeBusinessTime({
    zone: 'UTC',
    hours: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: 9 * 60, to: 17 * 60 })),
    alwaysOpen: false,
  })
  const tuesday = Date.UTC(2026, 2, 3, 10)
  const worker = mate(1, 'Dana', {
    hours: nine,
    capacity: 2,
    absences: [{ from: tuesday + day, to: tuesday + 4 * day, reason: 'Vacation' }],
  })
  test.each<[string, number, Partial<Teammate>, Load, string | null]>([
    ['in their hours', tuesday, {}, noLoad, null],
    ['after them', tuesday + 8 * hour, {}, noLoad, 'is not working now'],
    ['on vacation', tuesday + day, {}, noLoad, 'is on vacation'],
    [
      'away with a reason',
      tuesday,
      { absences: [{ from: tuesday, to: tuesday + 1, reason: 'Dentist' }] },
      noLoad,
      'is away (Dentist)',
    ],
    [
      'an absence is over at its end',
      tuesday,
      { absences: [{ from: tuesday - 1, to: tuesday, reason: '' }] },
      noLoad,
      null,
    ],
    ['the switch is off', tuesday, { onDuty: false }, noLoad, 'is off duty'],
    ['full', tuesday, {}, { open: 2, weight: 2 }, 'has 2 of 2 leads'],
  ])('%s', (_name, at, more, load, away) => {
    expect(awayAt({ ...worker, ...more }, at, load)).toBe(away)
  })
  test('back after the vacation, in their hours', () => {
    // Until Saturday 10:00: Monday 9:00.
    expect(backAt(worker, tuesday + day)).toBe(Date.UTC(2026, 2, 9, 9))
    expect(backAt(worker, tuesday)).toBe(tuesday)
    expect(backAt(off(worker), tuesday)).toBeNull()
  })
  test('the next change is the vacation that begins, or whoever comes first', () => {
    expect(nextChange([worker], tuesday)).toBe(tuesday + day)
    expect(nextChange([{ ...worker, absences: [] }, off(sam)], tuesday + 8 * hour)).toBe(Date.UTC(2026, 2, 4, 9))
    expect(nextChange([sam], tuesday)).toBeNull()
  })
  test('an owner keeps it when they are back soon, and never when off duty', () => {
    const before = Date.UTC(2026, 2, 3, 8, 50)
    expect(mayKeep(worker, before, 15 * minute)).toBe('looked after them before and is back in 10 min')
    expect(mayKeep(worker, before, 5 * minute)).toBeNull()
    expect(mayKeep(off(worker), tuesday, 15 * minute)).toBeNull()
    expect(mayKeep(worker, tuesday, 0, { open: 2, weight: 2 })).toBeNull()
  })
  test('a late lead goes to whoever has the least, full or not when all are', () => {
    const loads = new Map([
      [2, { open: 5, weight: 5 }],
      [3, { open: 4, weight: 9 }],
    ])
    const full = [off(dana), mate(2, 'Sam', { capacity: 1 }), mate(3, 'Kim', { capacity: 1 })]
    expect(chooseByLoad(teamOf(full, loads), null)?.owner.name).toBe('Sam')
    expect(chooseByLoad(teamOf([...full.slice(1), mate(4, 'Lee')], loads), null)?.owner.name).toBe('Lee')
    expect(chooseByLoad(teamOf([dana], loads), 1)).toBeNull()
  })
})
