import fc from 'fast-check'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { readMoment, snoozeTimes } from '../../../src/inbox/snooze-times.ts'
import { makeBusinessTime } from '../../../src/lib/business-time.ts'
import { day } from '../../../src/lib/durations.ts'

const zone = 'America/New_York'
const week = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: 9 * 60, to: 17 * 60 }))
const hours = makeBusinessTime({ zone, hours: week, alwaysOpen: false })
const at = (text: string) => DateTime.fromISO(text, { zone }).toMillis()
const shown = (now: string) =>
  snoozeTimes({ now: at(now), zone }, hours).map(
    ({ key, until }) => `${key} ${DateTime.fromMillis(until, { zone }).toFormat('ccc d HH:mm')}`,
  )

test('on a Tuesday morning', () => {
  expect(shown('2026-03-03T09:10')).toEqual([
    'reply Thu 5 09:00',
    'later Tue 3 12:10',
    'afternoon Tue 3 13:00',
    'evening Tue 3 19:00',
    'tomorrow Wed 4 08:00',
    'days Thu 5 08:00',
    'weekend Sat 7 10:00',
    'week Mon 9 08:00',
    'month Fri 3 08:00',
  ])
})

test('late on a Friday before the time change: what is over is not offered, two business days are Tuesday', () => {
  expect(shown('2026-03-06T22:00')).toEqual([
    'reply Tue 10 09:00',
    'tomorrow Sat 7 08:00',
    'weekend Sat 7 10:00',
    'days Sun 8 08:00',
    'week Mon 9 08:00',
    'month Mon 6 08:00',
  ])
  // On a Saturday the weekend is the next one.
  expect(shown('2026-03-07T09:00')).toContain('weekend Sat 14 10:00')
  // On a Sunday two days on is Tuesday, and next week is tomorrow, once.
  expect(shown('2026-03-08T20:00')).not.toContain('week Mon 9 08:00')
})

test('moments in words', () => {
  const now = at('2026-03-03T09:10')
  const read = (text: string) => {
    const until = readMoment(text, { now, zone })
    return until === null ? null : DateTime.fromMillis(until, { zone }).toFormat('ccc d LLL yyyy HH:mm')
  }
  expect(read('next tuesday at 3pm')).toBe('Tue 10 Mar 2026 15:00')
  expect(read('in 2 weeks')).toBe('Tue 17 Mar 2026 08:00')
  expect(read('in 45 minutes')).toBe('Tue 3 Mar 2026 09:55')
  expect(read('friday')).toBe('Fri 6 Mar 2026 08:00')
  expect(read('tomorrow evening')).toBe('Wed 4 Mar 2026 19:00')
  expect(read('tomorrow at 7:30')).toBe('Wed 4 Mar 2026 07:30')
  // On the other side of the time change the clock on the wall counts.
  expect(read('march 9 at 8am')).toBe('Mon 9 Mar 2026 08:00')
  expect(read('3 weekdays')).toBe('Fri 6 Mar 2026 08:00')
  expect(read('in 5 business days')).toBe('Tue 10 Mar 2026 08:00')
  for (const text of ['', 'soonish', 'yesterday', 'in 40 years', '2 days ago', '0 weekdays', 'kitchen']) {
    expect([text, read(text)]).toEqual([text, null])
  }
})

test('whatever is typed, a moment is in the future and near', () => {
  const now = at('2026-03-03T09:10')
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('next', 'tuesday', 'at', '25:99', '3pm', 'in', '9999', 'years', 'weekdays', '-', 'march', '31'),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const until = readMoment(pieces.join(' '), { now, zone })
      if (until !== null) {
        expect(until).toBeGreaterThan(now)
        expect(until).toBeLessThan(now + 6 * 365 * day)
      }
    }),
    { numRuns: 500 },
  )
})
