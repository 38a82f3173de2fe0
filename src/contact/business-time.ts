import { IANAZone } from 'luxon'
import { day, minute } from '../lib/durations.ts'
import type { Business } from '../settings/contract.ts'

/** When the business is open, by the clock on its wall. */
export type OpeningCalendar = Pick<Business, 'zone' | 'hours' | 'alwaysOpen'>

// A calendar open one minute a week would otherwise walk for centuries.
const furthest = 5 * 366 * day

/**
 * The instants at which `spans` of business time have passed since `from`. A minute counts when the wall clock of the
 * calendar's zone shows it inside an open interval, so a night of the time change is as long as the clocks make it.
 * A calendar without any hours counts as open around the clock: nobody set it up yet.
 *
 * @param from ms UTC
 * @param spans ms of business time, ascending
 * @returns ms UTC, one a span
 */
export function addBusinessTime(calendar: OpeningCalendar, from: number, spans: readonly number[]): number[] {
  if (isAlwaysOpen(calendar)) return spans.map((span) => from + span)
  const ends: number[] = []
  let passed = 0
  for (const { opens, closes } of openPeriods(calendar, from, from + furthest)) {
    for (
      let span = spans[ends.length];
      span !== undefined && passed + closes - opens >= span;
      span = spans[ends.length]
    ) {
      ends.push(opens + span - passed)
    }
    if (ends.length === spans.length) return ends
    passed += closes - opens
  }
  return spans.map((_, index) => ends[index] ?? from + furthest)
}

/** Business time between two instants, ms; 0 when `to` is not after `from`. */
export function businessTimeBetween(calendar: OpeningCalendar, from: number, to: number): number {
  if (to <= from) return 0
  if (isAlwaysOpen(calendar)) return to - from
  let passed = 0
  for (const { opens, closes } of openPeriods(calendar, from, to)) passed += closes - opens
  return passed
}

const isAlwaysOpen = ({ alwaysOpen, hours }: OpeningCalendar) => alwaysOpen || hours.length === 0

type Period = { readonly opens: number; readonly closes: number }

/** Open periods from `from` to `until`, in order, cut at both ends. */
function* openPeriods(calendar: OpeningCalendar, from: number, until: number): Generator<Period> {
  const zone = IANAZone.create(calendar.zone)
  // An unknown zone has no offset; UTC is wrong by hours and not by never.
  const offsetAt = (at: number) => (zone.isValid ? zone.offset(at) * minute : 0)
  const week = weekOf(calendar)
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
function weekOf({ hours }: OpeningCalendar): readonly (readonly Interval[])[] {
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
