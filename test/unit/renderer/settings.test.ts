import { describe, expect, it } from 'vitest'
import { daysProblem } from '../../../renderer/settings/days-problem.ts'
import { addInterval, closingOf, hoursProblem, minutesOf } from '../../../renderer/settings/hours.ts'
import { zoneLabel } from '../../../renderer/settings/places.ts'
import { exceptionWords } from '../../../renderer/settings/sla-words.ts'
import { joinTarget, splitTarget } from '../../../renderer/settings/target-parts.ts'
import { insertion, previewOf, templateVariables } from '../../../renderer/settings/template-variables.ts'
import { clockText } from '../../../renderer/ui/clock-text.ts'
import { phoneText } from '../../../renderer/ui/phone-text.ts'
import { templateVariables as knownToEngine } from '../../../src/nurture/template-values.ts'

describe('opening hours', () => {
  it('reads and writes times', () => {
    expect(['9:30', '09:30', '24:00', '24:01', '9:60', 'nine', ''].map(minutesOf)).toEqual([
      570,
      570,
      1440,
      null,
      null,
      null,
      null,
    ])
    expect([0, 570, 720, 1440, 1560].map((it) => clockText(it, 'en-GB'))).toEqual([
      '00:00',
      '09:30',
      '12:00',
      '24:00',
      '02:00',
    ])
    expect([0, 570, 720, 1440, 1560].map((it) => clockText(it, 'en-US'))).toEqual([
      '12:00 AM',
      '9:30 AM',
      '12:00 PM',
      '12:00 AM',
      '2:00 AM',
    ])
  })

  it.each([
    ['9', 540],
    ['9am', 540],
    ['5 PM', 1020],
    ['5:30 p.m.', 1050],
    ['5p', 1020],
    ['9.30', 570],
    ['12 AM', 0],
    ['12:15 pm', 735],
    ['0 am', null],
    ['13 pm', null],
    ['5 o’clock', null],
  ])('takes %j as people type it', (text, minutes) => {
    expect(minutesOf(text)).toBe(minutes)
  })

  it('opens a closed day from nine to five and adds a stretch after a break', () => {
    const once = addInterval([], 6)
    expect(once).toEqual([{ weekday: 6, from: 540, to: 1020 }])
    expect(addInterval(once, 6)[1]).toEqual({ weekday: 6, from: 1080, to: 1320 })
    expect(hoursProblem(addInterval(addInterval(once, 6), 6))).toBeNull()
  })

  it('closes after midnight when the closing time is not after the opening', () => {
    expect(['17:00', '24:00', '02:00', '18:00', 'x'].map((it) => closingOf(it, 18 * 60))).toEqual([
      null,
      1440,
      1560,
      null,
      null,
    ])
    expect(['5', '5:30', '5 am', '05:00', '12'].map((it) => closingOf(it, 9 * 60, true))).toEqual([
      1020, 1050, 1740, 1740, 720,
    ])
    expect(['5', '5:30'].map((it) => closingOf(it, 9 * 60, false))).toEqual([1740, 1770])
    expect(closingOf('2', 18 * 60, true)).toBe(1560)
    // Open around the clock on that day.
    expect(closingOf('12:00 AM', 0)).toBe(1440)
    const night = { weekday: 7, from: 22 * 60, to: 26 * 60 }
    expect(hoursProblem([night, { weekday: 1, from: 120, to: 600 }])).toBeNull()
    expect(hoursProblem([night, { weekday: 1, from: 60, to: 600 }])).toBe(
      'Sunday goes on past midnight into the opening of Monday.',
    )
  })

  it('says which day is wrong', () => {
    expect(hoursProblem([{ weekday: 2, from: 600, to: 540 }])).toBe('Tuesday: closing time must be after opening time.')
    expect(
      hoursProblem([
        { weekday: 7, from: 540, to: 780 },
        { weekday: 7, from: 720, to: 900 },
      ]),
    ).toBe('Sunday: two opening times overlap.')
  })
})

describe('targets', () => {
  it('come in their largest whole unit and go back unchanged', () => {
    for (const ms of [20_000, 90_000, 60_000, 5_400_000, 7_200_000, 172_800_000]) {
      const { amount, unit } = splitTarget(ms)
      expect(joinTarget(amount, unit)).toBe(ms)
    }
    expect(splitTarget(7_200_000)).toEqual({ amount: 2, unit: 'hours' })
    expect(joinTarget(90, 'days')).toBe(30 * 86_400_000)
  })
})

describe('exceptions', () => {
  it('say in a sentence whom they are for and what changes', () => {
    const when = { tiers: ['hot' as const], channels: ['chat' as const], stages: [], outsideHours: true }
    const exception = { id: 'x', name: 'x', when, targets: { firstContactMs: 60_000, ownedMs: null }, calendar: 'shop' }
    const shop = { id: 'shop', name: 'Second shop', zone: 'UTC', hours: [], alwaysOpen: true, days: noDays }
    expect(exceptionWords(exception, [shop])).toBe(
      'hot, Chat, came while you were closed → somebody takes it: no deadline, first answer: 1 minute · second shop',
    )
    const all = { tiers: [], channels: [], stages: [], outsideHours: false }
    expect(exceptionWords({ ...exception, when: all, targets: {}, calendar: 'gone' }, [])).toBe(
      'every lead → nothing changes · opening hours of the business',
    )
  })

  it('a calendar needs dates once each and an address that is one', () => {
    const date = { date: '2026-12-24', name: '', hours: [] }
    expect(daysProblem({ ...noDays, dates: [date] })).toBeNull()
    expect(daysProblem({ ...noDays, dates: [date, date] })).toBe('2026-12-24 is there twice. Remove one of them.')
    expect(daysProblem({ ...noDays, feed: 'calendar' })).toContain('web')
  })
})

const noDays = { holidays: null, dates: [], feed: null }

describe('templates', () => {
  it('offers only names the engine knows', () => {
    for (const { name } of templateVariables) expect(knownToEngine.has(name), name).toBe(true)
  })

  it('shows how it may look and leaves unknown names to see', () => {
    expect(previewOf('Hi {{contact.first_name | "there"}}, {{ nonsense }}')).toBe('Hi Ana, {{ nonsense }}')
    expect(insertion('contact.first_name')).toContain('"there"')
  })
})

it('a zone by its city, a number as people write it', () => {
  expect(zoneLabel('America/Los_Angeles')).toBe('Los Angeles, America')
  expect(zoneLabel('America/Argentina/Buenos_Aires')).toBe('Buenos Aires, America')
  expect(zoneLabel('UTC')).toBe('UTC')
  expect(phoneText('+14155550191')).toBe('(415) 555-0191')
  expect(phoneText('+4930123456')).toBe('+4930123456')
})
