import type { Spans, Spread } from './contract.ts'

/** Collects times, and says how they spread. */
export class Times {
  readonly #wall: number[] = []
  readonly #business: number[] = []

  /** Both in ms. */
  add(wall: number, business: number): void {
    this.#wall.push(wall)
    this.#business.push(business)
  }

  spans(): Spans {
    return { wall: spreadOf(this.#wall), business: spreadOf(this.#business) }
  }
}

/**
 * Medians and not means, so that one lead that was forgotten for a month says nothing of all others. A percentile is the
 * smallest value that so many of the values do not exceed (nearest rank): a time that somebody really waited.
 */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort()
  const at = (part: number) => sorted[Math.ceil(part * sorted.length) - 1] ?? null
  return { n: sorted.length, median: at(0.5), p90: at(0.9), p95: at(0.95) }
}
