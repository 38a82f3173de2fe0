import { expect, test } from 'vitest'
import { type ClosedDay, readIcalDays, TooMuchRepeats } from '../../../src/lib/ical-days.ts'

const window = { from: Date.parse('2026-01-01T00:00Z'), to: Date.parse('2027-12-31T00:00Z') }
const zone = 'America/New_York'
const feed = (...events: string[]) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    ...events.flatMap((it) => ['BEGIN:VEVENT', it, 'END:VEVENT']),
    'END:VCALENDAR',
  ].join('\r\n')
const read = (...events: string[]) => readIcalDays(feed(...events), zone, window)

test('whole days, the end is the day after', () => {
  expect(read('UID:1\r\nSUMMARY:Fair\r\nDTSTART;VALUE=DATE:20260501\r\nDTEND;VALUE=DATE:20260503')).toEqual([
    { date: '2026-05-01', name: 'Fair', closed: null },
    { date: '2026-05-02', name: 'Fair', closed: null },
  ])
  expect(read('UID:1\r\nSUMMARY:Fair\r\nDTSTART;VALUE=DATE:20260501')).toHaveLength(1)
})

test('hours fall on the dates of the zone of the business', () => {
  expect(read('UID:1\r\nSUMMARY:Staff party\r\nDTSTART:20260501T180000Z\r\nDTEND:20260501T210000Z')).toEqual([
    { date: '2026-05-01', name: 'Staff party', closed: { from: 14 * 60, to: 17 * 60 } },
  ])
  expect(read('UID:1\r\nSUMMARY:Move\r\nDTSTART:20260501T200000\r\nDTEND:20260502T100000')).toEqual([
    { date: '2026-05-01', name: 'Move', closed: { from: 20 * 60, to: 24 * 60 } },
    { date: '2026-05-02', name: 'Move', closed: { from: 0, to: 10 * 60 } },
  ])
})

test('what repeats is followed, without its exceptions', () => {
  const dates = read(
    'UID:1\r\nSUMMARY:Inventory\r\nDTSTART;VALUE=DATE:20260105\r\nRRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20270105',
  ).map((it) => it.date)
  expect(dates).toEqual(['2026-01-05'])
  expect(read('UID:1\r\nSUMMARY:x\r\nDTSTART;VALUE=DATE:20260105\r\nRRULE:FREQ=YEARLY')).toHaveLength(2)
})

const daily = (start: string, rest = '') =>
  `UID:1\r\nSUMMARY:Lunch\r\nDTSTART:${start}\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY${rest}`
const on = (days: readonly ClosedDay[], date: string) => days.filter((it) => it.date === date)

test('a series that is much older than the window is followed to its end', () => {
  const lunch = read(daily('20100104T170000Z'))
  expect(lunch).toHaveLength(729)
  expect(lunch.at(0)?.date).toBe('2026-01-01')
  expect(on(lunch, '2027-12-30')).toEqual([{ date: '2027-12-30', name: 'Lunch', closed: { from: 720, to: 780 } }])
  expect(on(lunch, '2026-07-01')).toEqual([{ date: '2026-07-01', name: 'Lunch', closed: { from: 780, to: 840 } }])
  expect(read(daily('20100104T170000Z', ';UNTIL=20260110T235959Z')).map((it) => it.date)).toHaveLength(10)
  expect(read(daily('20100104T170000Z', ';UNTIL=20200110T235959Z'))).toEqual([])
  expect(read(daily('20100104T170000Z', ';COUNT=3000'))).toEqual([])
  expect(read(daily('20100104T170000Z', ';COUNT=6000')).at(-1)?.date).toBe('2026-06-08')
})

test('the rhythm of an old series stays', () => {
  // The rule itself says so: every second week from Monday 2010-01-04, every third day from the same.
  const weeks = read('UID:1\r\nDTSTART;VALUE=DATE:20100104\r\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR')
  const mondays = weeks.filter((it) => new Date(it.date).getUTCDay() === 1)
  const since = (it: { readonly date: string }) => (Date.parse(it.date) - Date.parse('2010-01-04')) / 86_400_000
  expect(mondays).toHaveLength(52)
  expect(mondays.every((it) => since(it) % 14 === 0)).toBe(true)
  const fridays = weeks.filter((it) => new Date(it.date).getUTCDay() === 5)
  expect(fridays.every((it) => since(it) % 14 === 4)).toBe(true)
  expect(weeks).toHaveLength(mondays.length + fridays.length)
  const days = read('UID:1\r\nDTSTART;VALUE=DATE:20100104\r\nRRULE:FREQ=DAILY;INTERVAL=3')
  expect(days.every((it) => since(it) % 3 === 0)).toBe(true)
  expect(days[0]?.date).toBe('2026-01-01')
  const months = read('UID:1\r\nDTSTART;VALUE=DATE:20100131\r\nRRULE:FREQ=MONTHLY;BYDAY=-1FR')
  expect(months.map((it) => it.date).slice(0, 2)).toEqual(['2026-01-30', '2026-02-27'])
})

test('single days are left out of, moved within and taken from an old series', () => {
  const series = daily(
    '20100104T170000Z',
    '\r\nEXDATE:20150101T170000Z,20260105T170000Z,20260106T120000Z\r\nEXDATE:20260107T170000Z',
  )
  const moved =
    'UID:1\r\nSUMMARY:Late lunch\r\nRECURRENCE-ID:20260108T170000Z\r\nDTSTART:20260108T190000Z\r\nDTEND:20260108T200000Z'
  const called =
    'UID:1\r\nSTATUS:CANCELLED\r\nRECURRENCE-ID:20260109T170000Z\r\nDTSTART:20260109T170000Z\r\nDURATION:PT1H'
  const ofAnother =
    'UID:2\r\nSUMMARY:Other\r\nRECURRENCE-ID:20260112T170000Z\r\nDTSTART:20260112T210000Z\r\nDURATION:PT1H'
  const days = read(series, moved, called, ofAnother)
  expect(on(days, '2026-01-05')).toEqual([])
  expect(on(days, '2026-01-06')).toHaveLength(1)
  expect(on(days, '2026-01-07')).toEqual([])
  expect(on(days, '2026-01-08')).toEqual([{ date: '2026-01-08', name: 'Late lunch', closed: { from: 840, to: 900 } }])
  expect(on(days, '2026-01-09')).toEqual([])
  // One of its own, and the series as it was.
  expect(on(days, '2026-01-12').map((it) => it.name)).toEqual(['Lunch', 'Other'])
})

test('dates added one by one count beside the rule', () => {
  const dates = read('UID:1\r\nDTSTART;VALUE=DATE:20200301\r\nRRULE:FREQ=YEARLY\r\nRDATE;VALUE=DATE:20260704,20990101')
  expect(dates.map((it) => it.date).toSorted()).toEqual(['2026-03-01', '2026-07-04', '2027-03-01'])
})

test('rules that never end, and days that never come, come to an end', () => {
  const from = 'UID:1\r\nSUMMARY:x\r\nDTSTART:20100101T000000Z\r\nDURATION:PT1H\r\nRRULE:'
  for (const rule of ['SECONDLY', 'MINUTELY', 'SECONDLY;BYMONTH=12', 'SECONDLY;COUNT=2000000000']) {
    expect(read(`${from}FREQ=${rule}`).length, rule).toBeLessThanOrEqual(10_000)
  }
  expect(read(`${from}FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30`)).toEqual([])
  expect(on(read(`${from}FREQ=DAILY;BYHOUR=9,12,15,18`), '2027-12-30')).toHaveLength(4)
})

test('a calendar of nothing but such rules is refused', () => {
  const evil = Array.from(
    { length: 30 },
    (_, uid) => `UID:${uid}\r\nDTSTART:20100101T000000Z\r\nDURATION:P300D\r\nRRULE:FREQ=SECONDLY`,
  )
  expect(() => read(...evil)).toThrow(TooMuchRepeats)
})

test('cancelled events and free hours do not close', () => {
  expect(read('UID:1\r\nSTATUS:CANCELLED\r\nDTSTART;VALUE=DATE:20260501')).toEqual([])
  expect(read('UID:1\r\nTRANSP:TRANSPARENT\r\nDTSTART:20260501T180000Z\r\nDTEND:20260501T190000Z')).toEqual([])
  expect(read('UID:1\r\nTRANSP:TRANSPARENT\r\nSUMMARY:Holiday\r\nDTSTART;VALUE=DATE:20260501')).toHaveLength(1)
})

test('what is no calendar says so', () => {
  expect(() => readIcalDays('<html>Not found</html>', zone, window)).toThrow()
  expect(readIcalDays(feed(), zone, window)).toEqual([])
})
