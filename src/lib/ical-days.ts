import ICAL from 'ical.js'
import { DateTime } from 'luxon'
import type { Interval } from './business-time.ts'
import { day, hour, minute, second } from './durations.ts'

/** When a calendar feed says that a business is closed on a date; the whole day when `closed` is null. */
export type ClosedDay = { readonly date: string; readonly name: string; readonly closed: Interval | null }

// A rule may repeat every second for ever, or look for a day that never comes. Counted from the window on: one event
// comes eight times a day for three years (or once for 27, where it counts), and a whole calendar has a hundred series.
const most = { ofEvent: 10_000, ofCalendar: 120_000, days: 50_000 }

/**
 * Reads the days on which an iCal feed says that nobody is there: every event counts as closed, whole days and hours.
 * Cancelled events and those marked as free (`TRANSP:TRANSPARENT`) do not; national feeds mark holidays as free, so whole
 * days count also then.
 *
 * @param zone IANA zone of the business: an event at a time falls on its dates there
 * @param window ms UTC; what repeats is followed inside it
 * @throws Error when the text is no calendar; TooMuchRepeats
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
  const steps = { left: most.ofCalendar }
  for (const event of eventsOf(calendar)) {
    let last: ClosedDay | undefined
    for (const { start, end, item } of occurrences(event, window, steps)) {
      if (!closes(item)) continue
      const name = item.summary ?? event.summary ?? ''
      for (const it of start.isDate ? wholeDays(start, end, name) : hours(start, end, name, zone)) {
        if (last && covers(last, it)) continue
        days.push(it)
        last = it
        if (days.length > most.days) throw new TooMuchRepeats()
      }
    }
  }
  return days
}

/** The calendar repeats more often than anybody could follow. */
export class TooMuchRepeats extends Error {}

/** Every event with the changed occurrences of its own series; a changed one without its series stands for itself. */
function eventsOf(calendar: ICAL.Component): ICAL.Event[] {
  const all = calendar.getAllSubcomponents('vevent').filter((it) => it.hasProperty('dtstart'))
  const uidOf = (it: ICAL.Component) => String(it.getFirstPropertyValue('uid') ?? '')
  const isException = (it: ICAL.Component) => it.hasProperty('recurrence-id')
  const changed = Map.groupBy(all.filter(isException), uidOf)
  const series = new Set(all.filter((it) => !isException(it)).map(uidOf))
  return all
    .filter((it) => !isException(it) || !series.has(uidOf(it)))
    .map((it) => new ICAL.Event(it, { exceptions: isException(it) ? [] : (changed.get(uidOf(it)) ?? []) }))
}

/** Whether an event, or one changed occurrence of it, means that nobody is there. */
function closes({ component, startDate }: ICAL.Event): boolean {
  const value = (name: string) => String(component.getFirstPropertyValue(name) ?? '').toUpperCase()
  return value('status') !== 'CANCELLED' && (startDate.isDate || value('transp') !== 'TRANSPARENT')
}

type Window = { readonly from: number; readonly to: number }
type Occurrence = { readonly start: ICAL.Time; readonly end: ICAL.Time; readonly item: ICAL.Event }

function* occurrences(event: ICAL.Event, window: Window, steps: Steps): Generator<Occurrence> {
  if (event.component.hasProperty('recurrence-id') || !event.isRecurring()) {
    yield { start: event.startDate, end: event.endDate, item: event }
    return
  }
  const left = exceptedFrom(event)
  for (const at of repetitions(event, window, steps)) {
    if (left.has(keyOf(at)) || left.has(dateOf(at))) continue
    const { startDate: start, endDate: end, item } = event.getOccurrenceDetails(at)
    if (end.toUnixTime() * 1000 >= window.from) yield { start, end, item }
  }
}

type Steps = { left: number }

/**
 * Our own walk along rules and single dates rather than the library's: its `RecurExpansion` passes over exceptions that
 * match no occurrence wrongly, and its rules search without end for a day that never comes (30 February).
 */
function* repetitions(event: ICAL.Event, window: Window, steps: Steps): Generator<ICAL.Time> {
  const { component, startDate } = event
  for (const property of component.getAllProperties('rdate')) {
    for (const it of property.getValues()) {
      const at: unknown = it instanceof ICAL.Period ? it.start : it
      if (at instanceof ICAL.Time && at.toUnixTime() * 1000 <= window.to) yield at
    }
  }
  const lengthMs = event.duration.toSeconds() * 1000
  for (const property of component.getAllProperties('rrule')) {
    const rule = property.getFirstValue()
    if (!(rule instanceof ICAL.Recur)) continue
    if (rule.until && rule.until.toUnixTime() * 1000 + lengthMs + day < window.from) continue
    const iterator = rule.iterator(shortlyBefore(window.from - lengthMs, startDate, rule))
    let tries = 0
    const check = iterator.check_contracting_rules.bind(iterator)
    // Called for each candidate inside `next`, which only comes back with one that fits.
    iterator.check_contracting_rules = () => {
      tries += 1
      steps.left -= 1
      if (steps.left < 0) throw new TooMuchRepeats()
      if (tries > most.ofEvent) throw new EnoughOfThis()
      return check()
    }
    try {
      for (let at = iterator.next(); at && at.toUnixTime() * 1000 <= window.to; at = iterator.next()) yield at.clone()
    } catch (error) {
      if (!(error instanceof EnoughOfThis)) throw error
    }
  }
}

class EnoughOfThis extends Error {}

const lengthOf = { SECONDLY: second, MINUTELY: minute, HOURLY: hour, DAILY: day, WEEKLY: 7 * day } as const

/**
 * Where a rule may begin instead of at the start of its series: whole rounds later, so that its rhythm stays. Rules by
 * months and years have few occurrences, and those that count theirs need all of them.
 */
function shortlyBefore(at: number, start: ICAL.Time, rule: ICAL.Recur): ICAL.Time {
  const unit = Object.entries(lengthOf).find(([freq]) => freq === rule.freq)?.[1]
  if (unit === undefined || rule.count) return start
  const round = unit * Math.max(1, rule.interval)
  // Daylight saving and zones move a wall clock by less than a day.
  const rounds = Math.floor((at - day - start.toUnixTime() * 1000) / round) - 1
  if (rounds <= 0) return start
  const later = start.clone()
  const secondsLater = (rounds * round) / second
  later.adjust(Math.floor(secondsLater / (day / second)), 0, 0, secondsLater % (day / second))
  return later
}

/** A time is known by its moment, since an exception may be written in another zone; a date by itself. */
const keyOf = (at: ICAL.Time) => (at.isDate ? dateOf(at) : String(at.toUnixTime()))
const dateOf = (at: ICAL.Time) => `${at.year}-${at.month}-${at.day}`

function exceptedFrom(event: ICAL.Event): ReadonlySet<string> {
  const values = event.component.getAllProperties('exdate').flatMap((it): unknown[] => it.getValues())
  return new Set(values.filter((it) => it instanceof ICAL.Time).map(keyOf))
}

/** What repeats within itself, by the minute say, says the same again and again. */
function covers(known: ClosedDay, next: ClosedDay): boolean {
  if (known.date !== next.date) return false
  if (known.closed === null || next.closed === null) return known.closed === null
  return known.closed.from <= next.closed.from && next.closed.to <= known.closed.to
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
