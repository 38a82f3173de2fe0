import type { BusinessTime } from '../lib/business-time.ts'
import { hour, minute } from '../lib/durations.ts'

/**
 * How often something comes through a channel, learned from what came, and from when on its silence is no chance.
 *
 * The rule: a channel is quiet when nothing came for longer than the longest of
 * - 3 times the gap that 95 of 100 of its gaps stay below,
 * - 1.5 times the longest gap it ever had,
 * - 4 hours,
 * all in the opening time of the business, and only when at least 10 gaps are known. For things that come by chance
 * (test/unit/channels/rhythm-odds.test.ts) that is one false alarm in some ten years, and a broken channel is told after nine mean
 * gaps (four hours where much comes).
 */
export type Rhythm = {
  /** Gaps it was learned from. */
  readonly gaps: number
  /** The middle gap, ms by the clock on the wall: "usually every 9 hours". */
  readonly usual: number
  /** The longest silence that its past makes plausible, ms of opening time. */
  readonly limit: number
  /** When it counts as quiet unless something comes, ms UTC. */
  readonly quietAt: number
}

/** Fewer gaps say nothing. */
const fewestGaps = 10
const shortestLimit = 4 * hour
const highQuantile = 0.95
const timesHigh = 3
const timesLongest = 1.5
// Five texts of one conversation are one sign of life, or the gap after it would look longer than it is.
const sameBurst = 15 * minute

/**
 * @param times when things came, ms UTC, ascending
 * @param failures first instants of silences in which the channel was broken: they are not how it usually is
 * @returns null while too little is known
 */
export function rhythmOf(
  times: readonly number[],
  time: Pick<BusinessTime, 'add' | 'between'>,
  failures: ReadonlySet<number> = new Set(),
): Rhythm | null {
  const last = times.at(-1)
  const signs = signsOfLife(times)
  const gaps: number[] = []
  const byTheClock: number[] = []
  for (const [index, { at, until }] of signs.entries()) {
    const next = signs[index + 1]
    if (!next || failures.has(until)) continue
    gaps.push(time.between(at, next.at))
    byTheClock.push(next.at - at)
  }
  if (last === undefined || gaps.length < fewestGaps) return null
  gaps.sort(ascending)
  const limit = Math.max(timesHigh * quantile(gaps, highQuantile), timesLongest * (gaps.at(-1) ?? 0), shortestLimit)
  const [quietAt] = time.add(last, [limit])
  return {
    gaps: gaps.length,
    usual: quantile(byTheClock.sort(ascending), 0.5),
    limit,
    quietAt: quietAt ?? Number.POSITIVE_INFINITY,
  }
}

/** Starts of bursts, each with the last thing that came in it. */
function signsOfLife(times: readonly number[]): { readonly at: number; until: number }[] {
  const signs: { readonly at: number; until: number }[] = []
  for (const at of times) {
    const before = signs.at(-1)
    if (before && at - before.at < sameBurst) before.until = at
    else signs.push({ at, until: at })
  }
  return signs
}

const ascending = (a: number, b: number) => a - b

/**
 * The smallest value that at least this part of them does not exceed.
 * @param sorted ascending, not empty
 */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0
}
