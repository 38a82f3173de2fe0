import { IANAZone } from 'luxon'
import { day, minute } from '../lib/durations.ts'
import type { Business } from '../settings/contract.ts'

/** When the business is open, by the clock on its wall. */
export type OpeningCalendar = Pick<Business, 'zone' | 'hours' | 'alwaysOpen'>

// A calendar open one minute a week would otherwise walk for centuries.
const furthest = 5 * 366 * day

/** Reckons in the time in which a business is open. */
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
}

/**
 * A minute counts when the wall clock of the calendar's zone shows it inside an open interval, so a night of the time
 * change is as long as the clocks make it. A calendar without any hours counts as open around the clock: nobody set it
 * up yet. Keep the answer: it remembers what it looked up of the zone.
 */
export function makeBusinessTime(calendar: OpeningCalendar): BusinessTime {
  if (calendar.alwaysOpen || calendar.hours.length === 0) {
    return {
      add: (from, spans) => spans.map((span) => from + span),
      between: (from, to) => Math.max(0, to - from),
    }
  }
  const offsetAt = keptOffsets(calendar.zone)
  const week = weekOf(calendar)
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
type Week = readonly (readonly Interval[])[]

/** Open periods from `from` to `until`, in order, cut at both ends. */
function* openPeriods(week: Week, offsetAt: (at: number) => number, from: number, until: number): Generator<Period> {
  for (let at = from; at < until; ) {
    const offset = offsetAt(at)
    const midnight = Math.floor((at + offset) / day) * day
    // Local time runs evenly to here: to midnight, or to the change of the clocks before it.
    const end = Math.min(until, evenUntil(offsetAt, at, midnight + day - offset))
    for (const interval of week[new Date(midnight).getUTCDay()] ?? []) {
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

type Interval = { readonly from: number; readonly to: number }

/** Open intervals of each day, Sunday first, in order and without overlaps, in minutes since midnight. */
function weekOf({ hours }: OpeningCalendar): Week {
  return [7, 1, 2, 3, 4, 5, 6].map((weekday) => {
    const merged: { from: number; to: number }[] = []
    for (const { from, to } of hours.filter((it) => it.weekday === weekday).sort((a, b) => a.from - b.from)) {
      const last = merged.at(-1)
      if (last && from <= last.to) last.to = Math.max(last.to, to)
      else merged.push({ from, to })
    }
    return merged
  })
}
