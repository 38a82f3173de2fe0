import { describe, expect, test } from 'vitest'
import { quantile, rhythmOf } from '../../../src/channels/rhythm.ts'
import { makeBusinessTime } from '../../../src/lib/business-time.ts'
import { day, hour, minute } from '../../../src/lib/durations.ts'

const alwaysOpen = makeBusinessTime({ zone: 'America/New_York', hours: [], alwaysOpen: true })
const officeHours = makeBusinessTime({
  zone: 'America/New_York',
  hours: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: 9 * 60, to: 17 * 60 })),
  alwaysOpen: false,
})
/** A Monday, nine o'clock in New York. */
const monday = Date.UTC(2026, 2, 2, 14)
const every = (gap: number, count: number, from = monday) => Array.from({ length: count }, (_, at) => from + at * gap)

describe('the rhythm of a channel', () => {
  test('is not known from nothing, nor from a few', () => {
    expect(rhythmOf([], alwaysOpen)).toBeNull()
    expect(rhythmOf(every(hour, 10), alwaysOpen)).toBeNull()
    expect(rhythmOf(every(hour, 11), alwaysOpen)).toMatchObject({ gaps: 10, usual: hour })
  })

  test('an even one is quiet after three gaps, counted from the last thing that came', () => {
    const times = every(9 * hour, 30)
    const rhythm = rhythmOf(times, alwaysOpen)
    expect(rhythm).toMatchObject({ gaps: 29, usual: 9 * hour, limit: 27 * hour })
    expect(rhythm?.quietAt).toBe((times.at(-1) ?? 0) + 27 * hour)
  })

  test('a busy one is left alone for four hours', () => {
    expect(rhythmOf(every(20 * minute, 100), alwaysOpen)?.limit).toBe(4 * hour)
  })

  test('the longest gap it ever had is no alarm when it comes again', () => {
    const times = [...every(hour, 200), ...every(hour, 200, monday + 200 * hour + 2 * day)]
    const rhythm = rhythmOf(times, alwaysOpen)
    expect(rhythm?.limit).toBeGreaterThan(2 * day)
  })

  test('a time in which it was broken is not how it usually is', () => {
    const before = every(hour, 200)
    const times = [...before, ...every(hour, 200, monday + 200 * hour + 6 * day)]
    expect(rhythmOf(times, alwaysOpen)?.limit).toBeGreaterThan(6 * day)
    expect(rhythmOf(times, alwaysOpen, new Set([before.at(-1) ?? 0]))?.limit).toBe(4 * hour)
  })

  test('a conversation of many texts is one sign of life', () => {
    const talks = every(6 * hour, 20).flatMap((at) => every(minute, 12, at))
    const rhythm = rhythmOf(talks, alwaysOpen)
    expect(rhythm).toMatchObject({ gaps: 19, usual: 6 * hour, limit: 18 * hour })
    expect(rhythm?.quietAt).toBe((talks.at(-1) ?? 0) + 18 * hour)
  })

  test('nights and weekends do not count', () => {
    // Each hour, for two weeks. The clocks changed to summer in between, so the last one came on Friday at closing time.
    const times = [0, 1, 2, 3, 4, 7, 8, 9, 10, 11].flatMap((date) => every(hour, 8, monday + date * day))
    const before = times.map((at) => at - 14 * day)
    const rhythm = rhythmOf([...before, ...times], officeHours)
    expect(rhythm?.limit).toBe(4 * hour)
    const friday = times.at(-1) ?? 0
    // 17:00 in New York; four hours of Monday, from nine o'clock.
    expect(new Date(friday).toISOString()).toBe('2026-03-13T21:00:00.000Z')
    expect(new Date(rhythm?.quietAt ?? 0).toISOString()).toBe('2026-03-16T17:00:00.000Z')
  })
})

test('a quantile is one of the values', () => {
  const values = Array.from({ length: 100 }, (_, at) => at + 1)
  expect([0, 0.5, 0.95, 1].map((part) => quantile(values, part))).toEqual([1, 50, 95, 100])
  expect(quantile([7], 0.95)).toBe(7)
})
