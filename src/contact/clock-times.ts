import type { BusinessTime } from '../lib/business-time.ts'

/** Parts of the time that are announced when they are gone, in percent. */
export const warnPercent = 50
export const riskPercent = 80

export type ClockTimes = { readonly warn_at: number; readonly risk_at: number; readonly due_at: number }

/** When it stood still, ms UTC, in order. */
export type Pauses = readonly (readonly [from: number, to: number])[]

/**
 * When a clock is half gone, at risk and due.
 *
 * @param startedAt ms UTC
 * @param target ms of business time
 * @param pauses times that do not count
 */
export function timesOf(time: BusinessTime, startedAt: number, target: number, pauses: Pauses = []): ClockTimes {
  const spans = [(target * warnPercent) / 100, (target * riskPercent) / 100, target].map(Math.round)
  const [warn_at = 0, risk_at = 0, due_at = 0] =
    pauses.length === 0 ? time.add(startedAt, spans) : spans.map((span) => instantAfter(time, startedAt, span, pauses))
  return { warn_at, risk_at, due_at }
}

/** The instant at which so much time has passed that counts. */
function instantAfter(time: BusinessTime, startedAt: number, span: number, pauses: Pauses): number {
  let from = startedAt
  let left = span
  for (const [pausedAt, resumedAt] of pauses) {
    const passed = time.between(from, pausedAt)
    if (passed >= left) break
    left -= passed
    from = Math.max(from, resumedAt)
  }
  return time.add(from, [left])[0] ?? from
}

/**
 * When the next announcement of a clock is owed.
 * @param announced the highest one made: 0, 50, 80 or 100
 */
export function nextAnnouncement(times: ClockTimes, announced: number): number | null {
  if (announced < warnPercent) return times.warn_at
  if (announced < riskPercent) return times.risk_at
  return announced < 100 ? times.due_at : null
}
