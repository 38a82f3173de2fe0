import { DateTime } from 'luxon'
import { hour } from '../lib/durations.ts'

/** ms UTC; `to` is not in it. */
export type Span = { readonly from: number; readonly to: number }

/** The last so many weeks, Monday to Sunday by the wall clock of a zone, the one of `now` last, or one so many weeks `ago`. */
export function lastWeeks(now: number, zone: string, count: number, ago = 0): Span[] {
  const monday = DateTime.fromMillis(now, { zone }).startOf('week').minus({ weeks: ago })
  return Array.from({ length: count }, (_, index) => {
    const from = monday.minus({ weeks: count - 1 - index })
    return { from: from.toMillis(), to: from.plus({ weeks: 1 }).toMillis() }
  })
}

/** A span in parts: few enough rows each that the engine answers others between them. */
export function* partsOf({ from, to }: Span): Generator<Span> {
  for (let at = from; at < to; at += part) yield { from: at, to: Math.min(to, at + part) }
}

const part = 6 * hour
