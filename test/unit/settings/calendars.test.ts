import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeClocks } from '../../../src/contact/clocks.ts'
import { day, hour } from '../../../src/lib/durations.ts'
import { makeHolidayNames } from '../../../src/lib/holidays.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { type CalendarFeeds, makeCalendarFeeds } from '../../../src/settings/calendar-feeds.ts'
import type { Business, Calendar } from '../../../src/settings/contract.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { makeSettingsHandlers, recalculateDeadlines } from '../../../src/settings/handlers.ts'
import { makeCalendars } from '../../../src/store/queries/calendars.ts'
import { type FakeClock, makeFakeClock } from '../../fakes/fake-clock.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'

const business: Business = { ...defaultSettings.business, zone: 'America/New_York' }
const holidays = makeHolidayNames()
const due = (calendar: Business, from: string, span: number, feed: Parameters<typeof makeCalendars>[2] = new Map()) => {
  const [at] = makeCalendars(calendar, [], feed, holidays).timeOf('business').add(Date.parse(from), [span])
  return new Date(at ?? 0).toISOString().slice(0, 16)
}
const nine: Business['hours'][number] = { weekday: 4, from: 540, to: 1020 }

describe('what decides about a day', () => {
  const us = { country: 'US', state: null, region: null }
  test('a public holiday is closed', () => {
    const closed = { ...business, days: { holidays: us, dates: [], feed: null } }
    // Thanksgiving; the next opening is Friday 9:00 in New York.
    expect(due(closed, '2026-11-26T15:00Z', hour)).toBe('2026-11-27T15:00')
    expect(due(business, '2026-11-26T15:00Z', hour)).toBe('2026-11-26T16:00')
  })
  test('a date that is written down wins over the holiday', () => {
    const dates = [{ date: '2026-11-26', name: 'Open on Thanksgiving', hours: [{ from: 540, to: 720 }] }]
    expect(due({ ...business, days: { holidays: us, dates, feed: null } }, '2026-11-26T15:00Z', hour)).toBe(
      '2026-11-26T16:00',
    )
  })
  test('hours of a feed are cut out of the day', () => {
    const feed = 'https://calendar.example/ours.ics'
    const days = { holidays: null, dates: [], feed }
    const closed = [{ date: '2026-11-26', name: 'Staff meeting', closed: { from: 600, to: 660 } }]
    // From 9:30 half an hour is left before the meeting at 10:00.
    expect(due({ ...business, hours: [nine], days }, '2026-11-26T14:30Z', hour, new Map([[feed, closed]]))).toBe(
      '2026-11-26T16:30',
    )
  })
  test('around the clock has no holidays of its own, and an unknown calendar is the business’s', () => {
    const calendars = makeCalendars(
      { ...business, days: { holidays: us, dates: [], feed: null } },
      [],
      new Map(),
      holidays,
    )
    const thanksgiving = Date.parse('2026-11-26T15:00Z')
    expect(calendars.timeOf('always').nextOpen(thanksgiving)).toBe(thanksgiving)
    expect(calendars.timeOf('gone').nextOpen(thanksgiving)).toBe(Date.parse('2026-11-27T14:00Z'))
  })
})

describe('in a workspace', () => {
  let store: TestStore
  let clock: FakeClock
  let feeds: CalendarFeeds
  let server: Server
  let url: string
  let answer: { status: number; body: string }
  let asked: number
  let handlers: ReturnType<typeof makeSettingsHandlers>

  beforeEach(async () => {
    store = openTestStore()
    clock = makeFakeClock()
    asked = 0
    answer = { status: 200, body: ics('20260303') }
    server = createServer((request, response) => {
      asked += 1
      const unchanged = request.headers['if-none-match'] === '"1"'
      response.writeHead(unchanged ? 304 : answer.status, { etag: '"1"' })
      response.end(unchanged ? '' : answer.body)
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ours.ics`
    const clocks = makeClocks({ clock })
    feeds = makeCalendarFeeds({
      store,
      clock,
      log: silentLog,
      fetch,
      changed: (tx) => recalculateDeadlines(tx, clocks),
    })
    await feeds.start()
    handlers = makeSettingsHandlers({
      store,
      clock,
      clocks,
      fetch,
      feeds,
      rescoreAll: () => Promise.resolve(0),
      drainBacklog: () => Promise.resolve(0),
      rerouteAbsent: async () => ({ moved: 0, stayed: 0, undoId: null }),
      holidays: makeHolidayNames(),
    })
  })
  afterEach(async () => {
    await feeds.stop()
    await new Promise((closed) => server.close(closed))
    await store.close()
  })

  const ics = (date: string) =>
    `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Closed\r\nDTSTART;VALUE=DATE:${date}\r\nEND:VEVENT\r\nEND:VCALENDAR`
  const feedRow = () => store.read.db.selectFrom('calendar_feed').selectAll().executeTakeFirst()
  const save = (days: Business['days']) => handlers['settings.saveBusiness']({ ...business, days })
  const read = () => expect.poll(async () => (await feedRow())?.tried_at ?? null, { timeout: 15_000 }).toBe(clock.now())

  test('saving a feed reads it, and running deadlines move', async () => {
    await store.set('business', business)
    const { leadId } = await store.addLead()
    await store.write((tx) => makeClocks({ clock }).opened(tx, leadId, clock.now()))
    await save({ holidays: null, dates: [], feed: url })
    await read()
    const row = await store.read.db.selectFrom('lead').select('due_at').where('id', '=', leadId).executeTakeFirst()
    // Tuesday is closed: one minute after Wednesday's opening.
    expect(row?.due_at).toBe(Date.parse('2026-03-04T14:01Z'))
  })

  test('it is read again after a day, and what repeats in it for ever goes on', async () => {
    answer.body = ics('20260303').replace('\r\nEND:VEVENT', '\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT')
    await save({ holidays: null, dates: [], feed: url })
    await read()
    expect((await feedRow())?.days).not.toContain('2030-03-03')
    await clock.sleep(3 * 365 * day)
    await read()
    expect(await feedRow()).toMatchObject({ problem: null, days: expect.stringContaining('2030-03-03') })
  })

  test('in another zone its times fall on other dates, so it is read again at once', async () => {
    answer.body =
      'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Away\r\nDTSTART:20260304T030000Z\r\nDTEND:20260304T040000Z\r\nEND:VEVENT\r\nEND:VCALENDAR'
    const days = { holidays: null, dates: [], feed: url }
    await save(days)
    await read()
    expect((await feedRow())?.days).toContain('2026-03-03')
    await handlers['settings.saveBusiness']({ ...business, zone: 'Europe/Berlin', days })
    await expect.poll(async () => (await feedRow())?.days, { timeout: 15_000 }).toContain('2026-03-04')
    expect(asked).toBe(2)
  })

  test('a feed that breaks says so, keeps what it knew and is tried again after an hour', async () => {
    await save({ holidays: null, dates: [], feed: url })
    await read()
    const known = (await feedRow())?.days
    answer = { status: 500, body: 'oops' }
    await clock.advance(day)
    await read()
    expect(await feedRow()).toMatchObject({ days: known, problem: expect.stringContaining('error 500') })
    answer = { status: 200, body: ics('20260304') }
    await clock.advance(hour)
    await read()
    expect((await feedRow())?.problem).toBeNull()
    expect((await feedRow())?.days).not.toBe(known)
  })

  test('a page that is no calendar is not one', async () => {
    answer.body = '<html>Sign in</html>'
    const preview = await handlers['calendar.preview']({
      days: { holidays: null, dates: [], feed: url },
      zone: 'UTC',
      year: 2026,
    })
    expect(preview).toEqual({ days: [], problem: expect.stringContaining('no calendar') })
  })

  test('a removed feed is forgotten', async () => {
    await save({ holidays: null, dates: [], feed: url })
    await read()
    await save({ holidays: null, dates: [], feed: null })
    await expect.poll(feedRow, { timeout: 15_000 }).toBeUndefined()
  })

  test('the preview lists each day once, with what decides', async () => {
    const { days } = await handlers['calendar.preview']({
      days: {
        holidays: { country: 'US', state: null, region: null },
        dates: [{ date: '2026-12-25', name: 'Open for emergencies', hours: [{ from: 540, to: 720 }] }],
        feed: url,
      },
      zone: 'America/New_York',
      year: 2026,
    })
    expect(days).toContainEqual({ date: '2026-03-03', name: 'Closed', closed: true })
    expect(days.filter((it) => it.date === '2026-12-25')).toEqual([
      { date: '2026-12-25', name: 'Open for emergencies', closed: false },
    ])
  })

  test('a calendar that is removed leaves its exceptions to the business', async () => {
    const calendar: Calendar = {
      id: 'shop',
      name: 'Shop',
      zone: 'UTC',
      hours: [nine],
      alwaysOpen: false,
      days: { holidays: null, dates: [], feed: null },
    }
    await handlers['settings.saveCalendars']({ calendars: [calendar] })
    const [chat] = defaultSettings.slaExceptions
    const { sla, tiers } = defaultSettings
    const exceptions = chat ? [{ ...chat, calendar: 'shop' }] : []
    await handlers['settings.saveSla']({ sla, tiers, exceptions })
    await handlers['settings.saveCalendars']({ calendars: [] })
    expect((await handlers['settings.get']({})).slaExceptions).toMatchObject([{ id: 'chat', calendar: 'business' }])
    const lost = chat ? [{ ...chat, calendar: 'nowhere' }] : []
    await expect(handlers['settings.saveSla']({ sla, tiers, exceptions: lost })).rejects.toThrow('calendar that is not')
  })

  test('a calendar needs a zone and hours', async () => {
    const empty = { id: 'a', name: 'A', zone: 'UTC', hours: [], alwaysOpen: false, days: business.days }
    await expect(handlers['settings.saveCalendars']({ calendars: [empty] })).rejects.toThrow('opening time')
    const nowhere = { ...empty, alwaysOpen: true, zone: 'Mars/Olympus' }
    await expect(handlers['settings.saveCalendars']({ calendars: [nowhere] })).rejects.toThrow('time zone')
  })
})
