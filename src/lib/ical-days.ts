import ICAL from 'ical.js'
import { DateTime } from 'luxon'
import type { Interval } from './business-time.ts'
import { day, minute } from './durations.ts'

/** When a calendar feed says that a business is closed on a date; the whole day when `closed` is null. */
export type ClosedDay = { readonly date: string; readonly name: string; readonly closed: Interval | null }

// A rule that repeats every minute for ever would otherwise never end.
const mostOccurrences = 2000

/**
 * Reads the days on which an iCal feed says that nobody is there: every event counts as closed, whole days and hours.
 * Cancelled events and those marked as free (`TRANSP:TRANSPARENT`) do not; national feeds mark holidays as free, so whole
 * days count also then.
 *
 * @param zone IANA zone of the business: an event at a time falls on its dates there
 * @param window ms UTC; what repeats is followed inside it
 * @throws Error when the text is no calendar
 */
export function readIcalDays(
  text: string,
  zone: string,
  window: { readonly from: number; readonly to: number },
): ClosedDay[] {
  const calendar = new ICAL.Component(ICAL.parse(text))
  if (calendar.name !== 'vcalendar') throw new Error('not a calendar')
  for (const it of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(it)
  const days: ClosedDay[] = []
  for (const component of calendar.getAllSubcomponents('vevent')) {
    if (String(component.getFirstPropertyValue('status') ?? '').toUpperCase() === 'CANCELLED') continue
    const event = new ICAL.Event(component)
    // A changed occurrence is an event of its own here, too; the series below leaves it out by its exceptions.
    if (!event.startDate || event.isRecurrenceException()) continue
    const free = String(component.getFirstPropertyValue('transp') ?? '').toUpperCase() === 'TRANSPARENT'
    if (free && !event.startDate.isDate) continue
    for (const { start, end, name } of occurrences(event, window)) {
      days.push(...(start.isDate ? wholeDays(start, end, name) : hours(start, end, name, zone)))
    }
  }
  return days
}

type Occurrence = { readonly start: ICAL.Time; readonly end: ICAL.Time; readonly name: string }

function* occurrences(
  event: ICAL.Event,
  window: { readonly from: number; readonly to: number },
): Generator<Occurrence> {
  const name = event.summary ?? ''
  if (!event.isRecurring()) {
    yield { start: event.startDate, end: event.endDate, name }
    return
  }
  const iterator = event.iterator()
  for (let count = 0; count < mostOccurrences; count += 1) {
    const next = iterator.next()
    if (!next || next.toUnixTime() * 1000 > window.to) return
    const { startDate, endDate, item } = event.getOccurrenceDetails(next)
    if (endDate.toUnixTime() * 1000 >= window.from) yield { start: startDate, end: endDate, name: item.summary ?? name }
  }
}

/** `DTEND` of a whole day is the day after the last. */
function wholeDays(start: ICAL.Time, end: ICAL.Time, name: string): ClosedDay[] {
  const first = Date.UTC(start.year, start.month - 1, start.day)
  const last = Math.max(first + day, Date.UTC(end.year, end.month - 1, end.day))
  const count = Math.min(366, Math.round((last - first) / day))
  return Array.from({ length: count }, (_, index) => ({ date: isoDate(first + index * day), name, closed: null }))
}

function hours(start: ICAL.Time, end: ICAL.Time, name: string, zone: string): ClosedDay[] {
  // A time without a zone is the wall clock of whoever reads it.
  const floating = (time: ICAL.Time) =>
    time.zone === ICAL.Timezone.localTimezone
      ? DateTime.fromObject(
          { year: time.year, month: time.month, day: time.day, hour: time.hour, minute: time.minute },
          { zone },
        )
      : DateTime.fromMillis(time.toUnixTime() * 1000, { zone })
  const from = floating(start)
  const to = floating(end)
  const days: ClosedDay[] = []
  for (let midnight = from.startOf('day'); midnight < to && days.length < 366; midnight = midnight.plus({ days: 1 })) {
    const opens = midnight < from ? from.hour * 60 + from.minute : 0
    const nextDay = midnight.plus({ days: 1 })
    const closes = nextDay <= to ? day / minute : to.hour * 60 + to.minute
    if (opens < closes) days.push({ date: midnight.toISODate() ?? '', name, closed: { from: opens, to: closes } })
  }
  return days
}

const isoDate = (at: number) => new Date(at).toISOString().slice(0, 10)
