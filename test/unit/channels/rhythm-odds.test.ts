import { describe, expect, test } from 'vitest'
import { mostArrivals } from '../../../src/channels/health/arrivals.ts'
import { rhythmOf } from '../../../src/channels/rhythm.ts'
import { makeBusinessTime } from '../../../src/lib/business-time.ts'
import { hour } from '../../../src/lib/durations.ts'

/**
 * Made-up channels, thousands of quarters: how often a channel that works is called quiet, and how soon one that broke is.
 * All in opening time: a quarter is 65 days of eight hours.
 */
const openDay = 8 * hour
const quarter = 65 * openDay
const memory = 130 * openDay
const time = makeBusinessTime({ zone: 'UTC', hours: [], alwaysOpen: true })

/** Mulberry32: small, and the same everywhere. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Gap = (random: () => number, at: number, mean: number) => number
const poisson: Gap = (random, _at, mean) => -Math.log(1 - random()) * mean
/** Days differ: a third of them bring three times as much, the others little. Same mean over all. */
const uneven: Gap = (random, at, mean) => {
  const busy = Math.floor(at / openDay) % 3 === 0
  return -Math.log(1 - random()) * mean * (busy ? 0.5 : 2)
}

function simulate(perDay: number, gap: Gap, quarters: number, seed: number) {
  const random = seeded(seed)
  const mean = openDay / perDay
  const times: number[] = []
  const delays: number[] = []
  let at = 0
  let alarms = 0
  let came = 0
  const known = () => {
    const first = times.findIndex((it) => it > at - memory)
    times.splice(0, Math.max(first, times.length - mostArrivals, 0))
    return times
  }
  while (at < quarters * quarter) {
    const next = at + gap(random, at, mean)
    // No limit is below four hours, so shorter gaps need no look.
    const rhythm = next - at > 4 * hour ? rhythmOf(known(), time) : null
    if (rhythm && next > rhythm.quietAt) alarms += 1
    at = next
    times.push(at)
    came += 1
    if (delays.length < 40 && came % Math.max(20, Math.round(perDay)) === 0) {
      const broke = at + random() * mean
      const seen = rhythmOf(known(), time)
      if (seen) delays.push(seen.quietAt - broke)
    }
  }
  const delay = delays.reduce((sum, it) => sum + it, 0) / delays.length
  return { alarmsPerQuarter: alarms / quarters, delayHours: delay / hour, delayGaps: delay / mean }
}

const rates = [0.2, 0.5, 1, 3, 10, 30, 100]

describe.each([
  ['by chance', poisson, 0.1],
  ['by chance, on busy and on slow days', uneven, 0.25],
] as const)('things that come %s', (name, gap, most) => {
  test('are rarely taken for a silence, and a silence is noticed', () => {
    const rows = rates.map((perDay, index) => {
      const quarters = perDay > 20 ? 40 : perDay > 2 ? 200 : 1000
      return { perDay, ...simulate(perDay, gap, quarters, 7 + index) }
    })
    const lines = rows.map(
      ({ perDay, alarmsPerQuarter, delayHours, delayGaps }) =>
        `${String(perDay).padStart(5)} a day: ${alarmsPerQuarter.toFixed(4)} false alarms a quarter, a broken one is told after ${delayHours.toFixed(1)} opening hours (${delayGaps.toFixed(1)} mean gaps)`,
    )
    process.stdout.write(`${name}\n${lines.join('\n')}\n`)
    for (const { alarmsPerQuarter, delayHours, delayGaps } of rows) {
      expect(alarmsPerQuarter).toBeLessThan(most)
      // Four hours is the least; beyond it a dozen gaps or so.
      expect(delayHours < 5 || delayGaps < 22).toBe(true)
    }
  })
})
