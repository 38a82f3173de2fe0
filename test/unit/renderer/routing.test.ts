import { describe, expect, test } from 'vitest'
import { fieldsOf, hoursChoices, memberFrom, ownHours } from '../../../renderer/settings/member-fields.ts'
import {
  conditionWords,
  emptyWhen,
  giveWords,
  withMoved,
  withNewRule,
} from '../../../renderer/settings/routing-words.ts'
import { dayOf, dayStart, nextDay } from '../../../renderer/ui/zoned-days.ts'
import type { Member } from '../../../src/settings/contract.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'

describe('days in a zone', () => {
  test.each([
    ['2026-03-08', 'America/New_York', '2026-03-08T05:00Z'],
    ['2026-03-09', 'America/New_York', '2026-03-09T04:00Z'],
    ['2026-11-01', 'America/New_York', '2026-11-01T04:00Z'],
    ['2026-11-02', 'America/New_York', '2026-11-02T05:00Z'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00Z'],
    ['2026-06-01', 'Pacific/Kiritimati', '2026-05-31T10:00Z'],
    ['2026-06-01', 'UTC', '2026-06-01T00:00Z'],
  ])('%s in %s', (date, zone, begins) => {
    const at = dayStart(date, zone)
    expect(new Date(at).toISOString()).toBe(new Date(begins).toISOString())
    expect([dayOf(at, zone), dayOf(at - 1, zone) < date]).toEqual([date, true])
  })
  test('the day after, over the end of a month', () => {
    expect([nextDay('2028-02-28'), nextDay('2026-12-31')]).toEqual(['2028-02-29', '2027-01-01'])
  })
})

describe('a member in the dialog', () => {
  const business = { ...defaultSettings.business, zone: 'America/New_York' }
  const member: Member = {
    ...{
      id: 7,
      name: 'Dana',
      email: null,
      mobile: '+14155550142',
      onDuty: true,
      calendar: 'member-7',
      skills: ['Roofing'],
    },
    capacity: 12,
    absences: [{ startsAt: Date.UTC(2026, 2, 7, 5), endsAt: Date.UTC(2026, 2, 10, 4), reason: 'Vacation' }],
  }
  const hours = [{ weekday: 2, from: 600, to: 1200 }]
  const calendar = { id: 'member-7', name: 'Hours of Dana', zone: 'UTC', hours, alwaysOpen: false, days: business.days }

  test('comes out as it went in, over a change of the clocks', () => {
    const fields = fieldsOf(member, { business, calendars: [calendar] })
    expect(fields).toMatchObject({ calendar: ownHours, hours, absences: [{ first: '2026-03-07', last: '2026-03-09' }] })
    const { calendar: _, ...same } = member
    expect(memberFrom(fields, member, business.zone)).toEqual({ ...same, hours })
  })
  test('the hours of others are no choice', () => {
    const others = [calendar, { ...calendar, id: 'night', name: 'Night shift' }, { ...calendar, id: 'member-8' }]
    const choices = hoursChoices({ business, calendars: others }, member)
    expect(choices.map((it) => it.value)).toEqual(['none', 'business', 'night', ownHours])
  })
})

describe('rules', () => {
  const routing = withNewRule(withNewRule(defaultSettings.routing, 'a'), 'b')
  const ids = (it: typeof routing) => it.rules.map((rule) => rule.id)
  test('new ones come before the last, which nothing passes', () => {
    expect(ids(routing)).toEqual(['a', 'b', 'everybody'])
    expect(ids(withMoved(routing, 1, -1))).toEqual(['b', 'a', 'everybody'])
    expect(withMoved(routing, 1, 1)).toBe(routing)
    expect(withMoved(routing, 2, -1)).toBe(routing)
    expect(withMoved(routing, 0, -1)).toBe(routing)
  })
  test('in words', () => {
    expect(conditionWords('areaCodes', { ...emptyWhen, areaCodes: ['415', '628'] })).toBe('Area code 415 or 628')
    expect(conditionWords('countries', { ...emptyWhen, countries: ['DE', 'AT', 'CH', 'LI', 'LU'] })).toBe(
      'Country of their number Germany, Austria, Switzerland or 2 more',
    )
    const people = [{ id: 1, name: 'Dana' }]
    const shares = [
      { memberId: 1, weight: 3, mostPerDay: 5 },
      { memberId: 9, weight: 1, mostPerDay: null },
    ]
    expect(giveWords({ how: 'weights', shares }, people)).toBe(
      'By shares: Dana 75%, at most 5 a day · somebody who left 25%',
    )
    expect(giveWords({ how: 'load', to: [] }, people)).toBe('Least to do of everybody')
  })
})
