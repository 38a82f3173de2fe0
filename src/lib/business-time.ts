import { IANAZone } from 'luxon'
import { day, minute } from './durations.ts'

/** Part of a day, minutes since its midnight by the wall clock. `to` over 24 h runs on into the next day. */
export type Interval = { readonly from: number; readonly to: number }

/**
 * Hours of a date (`2026-12-25`) that differ from those of its weekday: a holiday is an empty list. Null: as always.
 */
export type SpecialDay = (date: string) => readonly Interval[] | null

/** When somebody is open or on duty, by the clock on the wall of their zone. */
export type OpeningCalendar = {
  /** IANA */
  readonly zone: string
  /** Per ISO weekday, 1 = Monday; several a day for lunch breaks. */
  readonly hours: readonly (Interval & { readonly weekday: number })[]
  readonly alwaysOpen: boolean
  readonly specialDay?: SpecialDay
}

// A calendar open one minute a week would otherwise walk for centuries.
const furthest = 5 * 366 * day

/** Reckons in the time in which somebody is open. */
export type BusinessTime = {
  /**
   * The instants at which `spans` of business time have passed since `from`.
   *
   * @param from ms UTC
   * @param spans ms of business time, ascending
   * @returns ms UTC, one a span
   */
  readonly add: (from: number, spans: readonly number[]) => number[]
  /** Business time between two instants, ms; 0 when `to` is not after `from`. */
  readonly between: (from: number, to: number) => number
  /** The first open instant at or after `from`, ms UTC; null when there is none for years. */
  readonly nextOpen: (from: number) => number | null
}

/**
 * A minute counts when the wall clock of the calendar's zone shows it inside an open interval, so a night of the time
 * change is as long as the clocks make it. An interval past midnight belongs to the day on which it began: a holiday
 * does not cut the shift of the evening before it. A calendar without any hours counts as open around the clock: nobody
 * set it up yet. Keep the answer: it remembers what it looked up of the zone and of the days.
 */
export function makeBusinessTime(calendar: OpeningCalendar): BusinessTime {
  const aroundTheClock = calendar.alwaysOpen || calendar.hours.length === 0
  if (aroundTheClock && !calendar.specialDay) {
    return {
      add: (from, spans) => spans.map((span) => from + span),
      between: (from, to) => Math.max(0, to - from),
      nextOpen: (from) => from,
    }
  }
  const offsetAt = keptOffsets(calendar.zone)
  const week = keptDays(aroundTheClock ? { ...calendar, hours: everyDay } : calendar)
  return {
    add: (from, spans) => {
      const ends: number[] = []
      let passed = 0
      for (const { opens, closes } of openPeriods(week, offsetAt, from, from + furthest)) {
        let span = spans[ends.length]
        while (span !== undefined && passed + closes - opens >= span) {
          ends.push(opens + span - passed)
          span = spans[ends.length]
        }
        if (span === undefined) return ends
        passed += closes - opens
      }
      return spans.map((_, index) => ends[index] ?? from + furthest)
    },
    between: (from, to) => {
      let passed = 0
      for (const { opens, closes } of openPeriods(week, offsetAt, from, to)) passed += closes - opens
      return passed
    },
    nextOpen: (from) => {
      for (const { opens } of openPeriods(week, offsetAt, from, from + furthest)) return opens
      return null
    },
  }
}

// Clocks change on quarters of an hour of UTC, so within one the offset is one.
const quarter = 15 * minute
const mostKept = 10_000

/** The offset of a zone from UTC, ms. Asking costs more than the rest of a deadline, and deadlines cluster. */
function keptOffsets(name: string): (at: number) => number {
  const zone = IANAZone.create(name)
  const kept = new Map<number, number>()
  return (at) => {
    const slot = Math.floor(at / quarter)
    const known = kept.get(slot)
    if (known !== undefined) return known
    // An unknown zone has no offset; UTC is wrong by hours and not by never.
    const offset = zone.isValid ? zone.offset(slot * quarter) * minute : 0
    if (kept.size >= mostKept) kept.clear()
    kept.set(slot, offset)
    return offset
  }
}

type Period = { readonly opens: number; readonly closes: number }
/** Open intervals of a local day, given in days since 1970, in order and without overlaps. */
type Days = (dayNumber: number) => readonly Interval[]

/** Open periods from `from` to `until`, in order, cut at both ends. */
function* openPeriods(days: Days, offsetAt: (at: number) => number, from: number, until: number): Generator<Period> {
  for (let at = from; at < until; ) {
    const offset = offsetAt(at)
    const dayNumber = Math.floor((at + offset) / day)
    const midnight = dayNumber * day
    // Local time runs evenly to here: to midnight, or to the change of the clocks before it.
    const end = Math.min(until, evenUntil(offsetAt, at, midnight + day - offset))
    for (const interval of days(dayNumber)) {
      const opens = Math.max(at, midnight + interval.from * minute - offset)
      const closes = Math.min(end, midnight + interval.to * minute - offset)
      if (opens < closes) yield { opens, closes }
    }
    at = end
  }
}

/** The first instant after `from` with another offset, `until` when there is none. */
function evenUntil(offsetAt: (at: number) => number, from: number, until: number): number {
  const offset = offsetAt(from)
  if (offsetAt(until - 1) === offset) return until
  let same = from
  let different = until - 1
  while (different - same > 1) {
    const middle = Math.floor((same + different) / 2)
    if (offsetAt(middle) === offset) same = middle
    else different = middle
  }
  return different
}

const minutesADay = day / minute
const everyDay = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: 0, to: minutesADay }))

function keptDays(calendar: OpeningCalendar): Days {
  const week = weekOf(calendar)
  const kept = new Map<number, readonly Interval[]>()
  const begunOn = (dayNumber: number) => {
    const special = calendar.specialDay?.(new Date(dayNumber * day).toISOString().slice(0, 10))
    // The first of January 1970 was a Thursday.
    return special ?? week[(((dayNumber + 4) % 7) + 7) % 7] ?? []
  }
  return (dayNumber) => {
    const known = kept.get(dayNumber)
    if (known) return known
    const intervals = joined([
      ...begunOn(dayNumber - 1).map(({ from, to }) => ({
        from: Math.max(0, from - minutesADay),
        to: to - minutesADay,
      })),
      ...begunOn(dayNumber).map(({ from, to }) => ({ from, to: Math.min(minutesADay, to) })),
    ])
    if (kept.size >= mostKept) kept.clear()
    kept.set(dayNumber, intervals)
    return intervals
  }
}

/** Intervals that begin on each day of the week, Sunday first. */
const weekOf = ({ hours }: OpeningCalendar): readonly (readonly Interval[])[] =>
  [7, 1, 2, 3, 4, 5, 6].map((weekday) => hours.filter((it) => it.weekday === weekday))

/** In order and without overlaps; what has no length is left out. */
function joined(intervals: readonly Interval[]): Interval[] {
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of intervals.filter((it) => it.from < it.to).sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged
}
