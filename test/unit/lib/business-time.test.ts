import fc from 'fast-check'
import { IANAZone } from 'luxon'
import { describe, expect, test } from 'vitest'
import { makeBusinessTime, type OpeningCalendar } from '../../../src/lib/business-time.ts'
import { day, hour, minute } from '../../../src/lib/durations.ts'

const weekdays = (from: number, to: number) =>
  [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: from * 60, to: to * 60 }))
const nineToFive: OpeningCalendar = { zone: 'UTC', hours: weekdays(9, 17), alwaysOpen: false }
const newYork: OpeningCalendar = { ...nineToFive, zone: 'America/New_York' }

const due = (calendar: OpeningCalendar, from: string, span: number) =>
  new Date(makeBusinessTime(calendar).add(Date.parse(from), [span])[0] ?? Number.NaN).toISOString().slice(0, 16)

describe('deadlines of the vendors we compared (features D1)', () => {
  test('Zammad: 16:00 + 2 h, closes 17:00 is one hour after the next opening', () => {
    expect(due(nineToFive, '2026-03-03T16:00Z', 2 * hour)).toBe('2026-03-04T10:00')
  })
  test('Zammad: a day of 8 hours makes 16 hours two days', () => {
    expect(due(nineToFive, '2026-03-02T09:00Z', 16 * hour)).toBe('2026-03-03T17:00')
  })
  test('Chatwoot: Friday 16:30 + 1 h is Monday 9:30', () => {
    expect(due(nineToFive, '2026-03-06T16:30Z', hour)).toBe('2026-03-09T09:30')
  })
  test('Chatwoot: Wednesday 7:00 + 2 h, opens at 9, is Wednesday 11:00', () => {
    expect(due(nineToFive, '2026-03-04T07:00Z', 2 * hour)).toBe('2026-03-04T11:00')
  })
  test('Chatwoot: Monday 16:00 + 4 h is Tuesday 12:00, not 11:00 as another vendor prints', () => {
    expect(due(nineToFive, '2026-03-02T16:00Z', 4 * hour)).toBe('2026-03-03T12:00')
  })
})

describe('hours', () => {
  test('a lunch break does not count', () => {
    const lunch = {
      ...nineToFive,
      hours: [
        { weekday: 2, from: 540, to: 720 },
        { weekday: 2, from: 780, to: 1020 },
      ],
    }
    expect(due(lunch, '2026-03-03T11:30Z', hour)).toBe('2026-03-03T13:30')
  })
  test('overlapping and touching intervals count once', () => {
    const overlap = {
      ...nineToFive,
      hours: [
        { weekday: 2, from: 540, to: 720 },
        { weekday: 2, from: 600, to: 780 },
      ],
    }
    expect(makeBusinessTime(overlap).between(Date.parse('2026-03-03T00:00Z'), Date.parse('2026-03-04T00:00Z'))).toBe(
      4 * hour,
    )
  })
  test('a deadline that fits exactly ends at closing time, not at the next opening', () => {
    expect(due(nineToFive, '2026-03-06T16:00Z', hour)).toBe('2026-03-06T17:00')
  })
  test('always open, and no hours at all, are wall-clock time', () => {
    expect(due({ ...nineToFive, alwaysOpen: true }, '2026-03-07T03:00Z', hour)).toBe('2026-03-07T04:00')
    expect(due({ ...nineToFive, hours: [] }, '2026-03-07T03:00Z', hour)).toBe('2026-03-07T04:00')
  })
  test('a calendar that is open a minute a week ends some day', () => {
    const rare = { ...nineToFive, hours: [{ weekday: 1, from: 0, to: 1 }] }
    const [at] = makeBusinessTime(rare).add(Date.parse('2026-03-03T00:00Z'), [30 * 24 * hour])
    expect(at).toBe(Date.parse('2026-03-03T00:00Z') + 5 * 366 * day)
  })
  test('a shift past midnight belongs to the evening on which it began', () => {
    const bar: OpeningCalendar = { zone: 'UTC', hours: [{ weekday: 5, from: 18 * 60, to: 26 * 60 }], alwaysOpen: false }
    expect(due(bar, '2026-03-06T23:30Z', hour)).toBe('2026-03-07T00:30')
    const saturdayClosed = { ...bar, specialDay: (date: string) => (date === '2026-03-07' ? [] : null) }
    expect(due(saturdayClosed, '2026-03-06T23:30Z', hour)).toBe('2026-03-07T00:30')
  })
  test('a holiday does not count, and a date with hours of its own has those', () => {
    const special = (date: string) =>
      date === '2026-12-25' ? [] : date === '2026-12-24' ? [{ from: 9 * 60, to: 12 * 60 }] : null
    expect(due({ ...nineToFive, specialDay: special }, '2026-12-24T11:00Z', 2 * hour)).toBe('2026-12-28T10:00')
    expect(due({ ...nineToFive, alwaysOpen: true, specialDay: special }, '2026-12-24T11:00Z', 2 * hour)).toBe(
      '2026-12-26T01:00',
    )
  })
  test('the next opening', () => {
    const { nextOpen } = makeBusinessTime(nineToFive)
    expect(nextOpen(Date.parse('2026-03-06T17:00Z'))).toBe(Date.parse('2026-03-09T09:00Z'))
    expect(nextOpen(Date.parse('2026-03-06T16:59Z'))).toBe(Date.parse('2026-03-06T16:59Z'))
    const never = { ...nineToFive, alwaysOpen: true, specialDay: () => [] }
    expect(makeBusinessTime(never).nextOpen(0)).toBeNull()
  })
  test('the zone is the business’s, not this computer’s', () => {
    expect(due(newYork, '2026-03-03T21:30Z', hour)).toBe('2026-03-04T14:30')
  })
})

describe('days on which the clocks change', () => {
  const nights = { ...newYork, hours: [{ weekday: 7, from: 0, to: 4 * 60 }] }
  test('in spring the night is an hour shorter', () => {
    expect(makeBusinessTime(nights).between(Date.parse('2026-03-08T00:00Z'), Date.parse('2026-03-09T00:00Z'))).toBe(
      3 * hour,
    )
  })
  test('in autumn it is an hour longer', () => {
    expect(makeBusinessTime(nights).between(Date.parse('2026-11-01T00:00Z'), Date.parse('2026-11-02T00:00Z'))).toBe(
      5 * hour,
    )
  })
  test('Friday to Monday across the change opens at 9 on the wall', () => {
    expect(due(newYork, '2026-03-06T21:30Z', hour)).toBe('2026-03-09T13:30')
  })
})

/** Walks minute by minute and asks the zone each time: slow, and too simple to be wrong. */
function slowly(calendar: OpeningCalendar, from: number, span: number): number {
  const zone = IANAZone.create(calendar.zone)
  let left = span
  for (let at = from; ; at += minute) {
    const local = new Date(at + zone.offset(at) * minute)
    const clock = local.getUTCHours() * 60 + local.getUTCMinutes()
    const yesterday = new Date(local.getTime() - day)
    if (!beganOn(calendar, local, clock) && !beganOn(calendar, yesterday, clock + 1440)) continue
    left -= minute
    if (left === 0) return at + minute
  }
}

/** Whether an interval that began on this local day is on, so many minutes after its midnight. */
function beganOn(calendar: OpeningCalendar, local: Date, minutes: number): boolean {
  const weekday = local.getUTCDay() === 0 ? 7 : local.getUTCDay()
  const usual = calendar.hours.filter((it) => it.weekday === weekday)
  const intervals = calendar.specialDay?.(local.toISOString().slice(0, 10)) ?? usual
  return intervals.some((it) => it.from <= minutes && minutes < it.to)
}

/** Of up to 20 hours: nights that end at noon, too. */
const partOfDay = fc
  .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1200 }))
  .map(([from, length]) => ({ from, to: from + length }))
const interval = fc.tuple(fc.integer({ min: 1, max: 7 }), partOfDay).map(([weekday, part]) => ({ weekday, ...part }))
const specialDays = fc
  .dictionary(
    fc.constantFrom('2026-03-08', '2026-03-29', '2026-11-01', '2026-04-05', '2024-02-29', '2011-12-30', '2026-06-06'),
    fc.array(partOfDay, { maxLength: 2 }),
  )
  .map((days) => (date: string) => days[date] ?? null)
const zones = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
  'Asia/Beirut',
  'Pacific/Apia',
]
// Around the changes of the clocks, where the mistakes are.
const around = [
  '2026-03-06',
  '2026-03-27',
  '2026-10-23',
  '2026-10-30',
  '2026-04-03',
  '2018-11-02',
  '2011-12-28',
  '2026-06-05',
  '2024-02-28',
]

test('agrees with the slow walk, minute by minute, in every zone and over both changes', () => {
  const calendars = fc.record({
    zone: fc.constantFrom(...zones),
    hours: fc.array(interval, { minLength: 3, maxLength: 10 }),
    alwaysOpen: fc.constant(false),
    specialDay: specialDays,
  })
  const start = fc.tuple(fc.constantFrom(...around), fc.integer({ min: 0, max: 4 * 24 * 60 }))
  const spans = fc.integer({ min: 1, max: 600 })
  fc.assert(
    fc.property(calendars, start, spans, (calendar, [date, minutes], length) => {
      const from = Date.parse(`${date}T00:00Z`) + minutes * minute
      const [fast] = makeBusinessTime(calendar).add(from, [length * minute])
      expect(fast).toBe(slowly(calendar, from, length * minute))
      expect(makeBusinessTime(calendar).between(from, fast ?? 0)).toBe(length * minute)
    }),
    { numRuns: 150 },
  )
})
