import { expect, test } from 'vitest'
import { readIcalDays } from '../../../src/lib/ical-days.ts'

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

test('a rule without an end comes to one', () => {
  expect(
    read('UID:1\r\nSUMMARY:x\r\nDTSTART:20260101T000000Z\r\nDTEND:20260101T000100Z\r\nRRULE:FREQ=MINUTELY').length,
  ).toBeLessThanOrEqual(2000)
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
