import { expect, test } from 'vitest'
import { holidayChoices, makeHolidayNames } from '../../../src/lib/holidays.ts'

const names = makeHolidayNames()
const nowhereElse = { state: null, region: null }

test('public holidays of a country, a state and a region', () => {
  expect(names({ country: 'US', ...nowhereElse }, 2026).get('2026-11-26')).toBe('Thanksgiving Day')
  expect(names({ country: 'US', ...nowhereElse }, 2026).has('2026-03-31')).toBe(false)
  expect(names({ country: 'US', state: 'ca', region: null }, 2026).has('2026-03-31')).toBe(true)
  expect(names({ country: 'DE', state: 'BY', region: 'A' }, 2026).has('2026-08-08')).toBe(true)
  expect(names({ country: 'DE', state: 'BY', region: null }, 2026).has('2026-08-08')).toBe(false)
})

test('a day that moves with the moon, and one observed on another day', () => {
  expect(names({ country: 'DE', ...nowhereElse }, 2027).has('2027-03-29')).toBe(true)
  // The fourth of July 2026 is a Saturday.
  expect(names({ country: 'US', ...nowhereElse }, 2026).has('2026-07-03')).toBe(true)
})

test('a feast of several days closes each of them', () => {
  const turkey = names({ country: 'TR', ...nowhereElse }, 2026)
  expect(['2026-03-20', '2026-03-21', '2026-03-22'].filter((date) => turkey.has(date))).toHaveLength(3)
})

test('an unknown country has none', () => {
  expect(names({ country: 'XX', ...nowhereElse }, 2026).size).toBe(0)
})

test('what can be chosen', () => {
  const { countries, states, regions } = holidayChoices('DE', 'BY')
  expect(countries.find((it) => it.code === 'DE')?.name).toBe('Germany')
  expect(states.map((it) => it.code)).toContain('BY')
  expect(regions.map((it) => it.code)).toContain('A')
})
