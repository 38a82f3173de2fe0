import type { BusinessTime } from '../../lib/business-time.ts'
import { day, minute } from '../../lib/durations.ts'

// Two weeks: a page that was last told of the hours before a long weekend still knows them.
const ahead = 14 * day
const most = 100
const step = 15 * minute

/**
 * When somebody is there in the next two weeks, as instants: the visitor's browser then needs to know neither zone nor
 * holidays. Exact to the minute.
 */
export function openTimes(businessTime: BusinessTime, now: number): [number, number][] {
  const times: [number, number][] = []
  // Whole days, so that the answer stays the same while the clock ticks.
  const end = Math.floor((now + ahead) / day) * day
  let from = businessTime.nextOpen(now)
  while (from !== null && from < end && times.length < most) {
    const to = closingAfter(businessTime, from, end)
    times.push([from, to])
    from = to < end ? businessTime.nextOpen(to) : null
  }
  return times
}

/** The first closed instant after an open one. */
function closingAfter(businessTime: BusinessTime, openAt: number, end: number): number {
  let at = openAt
  while (at < end) {
    const open = businessTime.between(at, at + step)
    if (open < step) return at + open
    at += step
  }
  return at
}
