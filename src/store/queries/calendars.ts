import { type BusinessTime, type Interval, makeBusinessTime, type SpecialDay } from '../../lib/business-time.ts'
import { type HolidayNames, makeHolidayNames } from '../../lib/holidays.ts'
import type { ClosedDay } from '../../lib/ical-days.ts'
import type { Business, Calendar } from '../../settings/contract.ts'
import type { ReadStore, WriteStore } from '../store.ts'
import { keptRead } from './kept-read.ts'
import { readSettings } from './settings.ts'

/** All calendars of a workspace, ready to reckon with. */
export type Calendars = {
  /** @param id `business`, `always` or that of a calendar; the business's own for one that is gone */
  readonly timeOf: (id: string) => BusinessTime
}

/** Closed days as the feeds told them last, by address. */
export type FeedDays = ReadonlyMap<string, readonly ClosedDay[]>

/** Reads all calendars as they are in the given transaction. */
export type ReadCalendars = (store: ReadStore | WriteStore) => Promise<Calendars>

/**
 * Parsing settings costs more than everything that is done with them in a transaction, so the parsed calendars are kept
 * for as long as their stored text is the same.
 */
export function makeReadCalendars(holidays: HolidayNames = makeHolidayNames()): ReadCalendars {
  let known: { readonly text: string; readonly calendars: Calendars } | null = null
  return keptRead(['setting', 'calendar_feed'], async (store) => {
    const rows = await store.db
      .selectFrom('setting')
      .select(['key', 'value'])
      .where('key', 'in', ['business', 'calendars'])
      .orderBy('key')
      .execute()
    const feeds = await store.db.selectFrom('calendar_feed').select(['url', 'read_at']).orderBy('url').execute()
    const text = JSON.stringify([rows, feeds])
    if (known?.text !== text) {
      const { business, calendars } = await readSettings(store)
      known = { text, calendars: makeCalendars(business, calendars, await readFeedDays(store), holidays) }
    }
    return known.calendars
  })
}

export function makeCalendars(
  business: Business,
  others: readonly Calendar[],
  feeds: FeedDays,
  holidays: HolidayNames,
): Calendars {
  const timeOfCalendar = (calendar: Pick<Calendar, 'zone' | 'hours' | 'alwaysOpen' | 'days'>) => {
    const specialDay = specialDayOf(calendar, feeds, holidays)
    return makeBusinessTime({ ...calendar, ...(specialDay && { specialDay }) })
  }
  const own = timeOfCalendar(business)
  const always = makeBusinessTime({ zone: business.zone, hours: [], alwaysOpen: true })
  const byId = new Map(others.map((it) => [it.id, timeOfCalendar(it)]))
  return { timeOf: (id) => (id === 'always' ? always : (byId.get(id) ?? own)) }
}

async function readFeedDays(store: ReadStore): Promise<FeedDays> {
  const rows = await store.db.selectFrom('calendar_feed').select(['url', 'days']).execute()
  return new Map(rows.map(({ url, days }) => [url, JSON.parse(days) as ClosedDay[]]))
}

/**
 * Days that differ from their week: what was written down for a date wins over the feed, the feed over public holidays.
 * @returns undefined when no day does, which is much faster to reckon with
 */
function specialDayOf(
  { days, hours, alwaysOpen }: Pick<Calendar, 'hours' | 'alwaysOpen' | 'days'>,
  feeds: FeedDays,
  holidays: HolidayNames,
): SpecialDay | undefined {
  const dates = new Map(days.dates.map((it) => [it.date, it.hours]))
  const closings = Map.groupBy((days.feed && feeds.get(days.feed)) || [], (it) => it.date)
  const place = days.holidays
  if (dates.size === 0 && closings.size === 0 && place === null) return undefined
  return (date) => {
    const own = dates.get(date)
    if (own) return own
    const closed = closings.get(date)
    if (closed?.some((it) => it.closed === null)) return []
    if (place && holidays(place, Number(date.slice(0, 4))).has(date)) return []
    return closed ? without(alwaysOpen ? wholeDay : usualHours(hours, date), closed) : null
  }
}

const wholeDay: readonly Interval[] = [{ from: 0, to: 24 * 60 }]

function usualHours(hours: Calendar['hours'], date: string): readonly Interval[] {
  const weekday = new Date(`${date}T00:00Z`).getUTCDay() || 7
  return hours.length === 0 ? wholeDay : hours.filter((it) => it.weekday === weekday)
}

/** The hours that are left when some of them are closed. */
function without(hours: readonly Interval[], closed: readonly ClosedDay[]): Interval[] {
  let left = [...hours]
  for (const { closed: gap } of closed) {
    if (gap === null) return []
    left = left.flatMap(({ from, to }) => [
      ...(from < Math.min(to, gap.from) ? [{ from, to: Math.min(to, gap.from) }] : []),
      ...(Math.max(from, gap.to) < to ? [{ from: Math.max(from, gap.to), to }] : []),
    ])
  }
  return left
}
