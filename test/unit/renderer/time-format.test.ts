import { describe, expect, it } from 'vitest'
import { pickerFormat } from '../../../renderer/ui/picker-format.ts'
import { zoneNote } from '../../../renderer/ui/place.tsx'
import {
  ago,
  bytes,
  clockTime,
  countdown,
  dayKey,
  dayName,
  duration,
  inWords,
  shortMoment,
  target,
} from '../../../renderer/ui/time-format.ts'
import { momentOf, wallOf } from '../../../renderer/ui/zoned-days.ts'

const place = { locale: 'en-GB', zone: 'America/Los_Angeles' }
const now = Date.UTC(2026, 10, 17, 17, 6)

describe('time-format', () => {
  it('keeps a countdown short at every size', () => {
    expect([59_000, 60_000, 3_599_000, 3_600_000, 80 * 60_000, 86_400_000, 90_000_000].map(countdown)).toEqual([
      '0:59',
      '1:00',
      '59:59',
      '1 h 00',
      '1 h 20',
      '1 d',
      '1 d 1 h',
    ])
  })

  it('says a time in words, one and many', () => {
    expect([1_000, 59_999, 60_000, 3_600_000, 7_200_000, 86_400_000].map(inWords)).toEqual([
      '1 second',
      '59 seconds',
      '1 minute',
      '1 hour',
      '2 hours',
      '1 day',
    ])
  })

  it('writes the length of a recording and a target', () => {
    expect([41_000, 725_000, 3_753_000].map(duration)).toEqual(['0:41', '12:05', '1:02:33'])
    expect([60_000, 300_000, 3_600_000, 172_800_000, 5_400_000].map(target)).toEqual([
      '1 min',
      '5 min',
      '1 h',
      '2 d',
      '1 h 30',
    ])
  })

  it('uses the zone it is given', () => {
    expect(clockTime(now, place)).toBe('9:06')
    expect(dayKey(Date.UTC(2026, 10, 17, 3), place)).toBe('2026-11-16')
  })

  it('names days and near moments', () => {
    const hour = 3_600_000
    expect(dayName(now, now, place)).toBe('Today')
    expect(dayName(now - 10 * hour, now, place)).toBe('Yesterday')
    expect(dayName(Date.UTC(2026, 10, 2, 20), now, place)).toBe('Mon 2 Nov')
    expect(dayName(Date.UTC(2024, 10, 2, 20), now, place)).toBe('2 Nov 2024')
    expect(shortMoment(now, now, place)).toBe('9:06')
    expect(shortMoment(Date.UTC(2026, 10, 19, 17), now, place)).toBe('Thu 09:00')
    expect(shortMoment(Date.UTC(2026, 11, 3, 17), now, place)).toBe('3 Dec')
  })

  it('says where the clock hangs only when this computer shows other times', () => {
    expect(zoneNote('America/Los_Angeles', 'UTC', now, 'en-US')).toBe('Times are in Los Angeles (PST)')
    expect(zoneNote('UTC', 'Asia/Tokyo', now, 'en-US')).toBe('Times are in UTC')
    expect(zoneNote('America/Los_Angeles', 'America/Tijuana', now, 'en-US')).toBeNull()
  })

  it('picks on the clock of the business, also where it is turned back', () => {
    const zone = 'America/Los_Angeles'
    expect(wallOf(momentOf('2026-11-17 09:30:00', zone), zone)).toBe('2026-11-17 09:30:00')
    expect(momentOf('2026-11-17 09:30:00', zone)).toBe(Date.UTC(2026, 10, 17, 17, 30))
    expect(momentOf('2026-11-01 09:00:00', zone)).toBe(Date.UTC(2026, 10, 1, 17))
    expect(momentOf('2026-11-01', zone)).toBe(Date.UTC(2026, 10, 1, 7))
  })

  it('writes picked dates as people there do', () => {
    expect(pickerFormat({}, 'en-US')).toBe('MMM D, YYYY')
    expect(pickerFormat({}, 'en-GB')).toBe('D MMM YYYY')
    expect(pickerFormat({ time: true }, 'en-US')).toBe('ddd, MMM D, YYYY h:mm A')
    expect(pickerFormat({ time: true }, 'de-DE')).toContain('HH:mm')
  })

  it('tells the past and sizes', () => {
    expect([ago(now - 5_000, now), ago(now - 240_000, now)]).toEqual(['just now', '4 minutes ago'])
    expect([999, 482_113, 1_234_567, 48_000_000].map(bytes)).toEqual(['999 B', '482 kB', '1.2 MB', '48 MB'])
  })
})
