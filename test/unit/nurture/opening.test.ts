import { expect, test } from 'vitest'
import { openingWords } from '../../../src/nurture/opening.ts'

const chicago = { zone: 'America/Chicago', country: 'US' }
const at = (local: string) => Date.parse(`${local}-05:00`)

test.each([
  ['2026-10-20T06:15', '2026-10-20T08:00', 'today at 8:00 AM'],
  ['2026-10-20T22:15', '2026-10-21T08:00', 'tomorrow at 8:00 AM'],
  ['2026-10-23T18:00', '2026-10-26T13:30', 'on Monday at 1:30 PM'],
  ['2026-10-20T18:00', '2026-10-31T09:00', 'on Saturday, October 31 at 9:00 AM'],
])('from %s, what opens at %s opens %s', (now, opens, words) => {
  expect(openingWords(at(opens), at(now), chicago)).toBe(words)
})

test('the night in which the clocks change is one night', () => {
  const saturday = Date.parse('2026-10-31T23:00-05:00')
  expect(openingWords(Date.parse('2026-11-01T08:00-06:00'), saturday, chicago)).toBe('tomorrow at 8:00 AM')
})

test('the clock is that of the country', () => {
  const now = Date.parse('2026-10-20T20:00+02:00')
  const berlin = { zone: 'Europe/Berlin', country: 'DE' }
  expect(openingWords(Date.parse('2026-10-21T13:30+02:00'), now, berlin)).toBe('tomorrow at 13:30')
})
