import type { Clock } from '../../src/lib/clock.ts'

/** A clock that stands still until a test moves it. */
export type FakeClock = Clock & {
  /**
   * Moves on by `ms`, running every timer that falls due in its order and at its own time, and whatever those start.
   * Between two timers all promises that only wait for each other settle, so that a timer set by such work fires, too.
   */
  readonly advance: (ms: number) => Promise<void>
  /** Moves to a time, ms UTC. Never back. */
  readonly advanceTo: (at: number) => Promise<void>
  /** Lets pending promises settle without moving. */
  readonly settle: () => Promise<void>
  /**
   * The computer slept: time jumps, and timers that fell due meanwhile run only after the jump, all at the new time.
   */
  readonly sleep: (ms: number) => Promise<void>
  /** How many timers are armed. */
  readonly pending: () => number
}

/** Tuesday, 10:00 in New York: inside the business hours of nearly every test. */
export const tuesdayMorning = Date.UTC(2026, 2, 3, 15, 0)

/**
 * @param startAt ms UTC
 */
export function makeFakeClock(startAt: number = tuesdayMorning): FakeClock {
  let now = startAt
  let sequence = 0
  const timers = new Map<number, { readonly at: number; readonly task: () => void }>()

  // Map keeps insertion order, so of two timers of one time the older comes first.
  const nextDue = (until: number) => {
    let due: { id: number; at: number; task: () => void } | null = null
    for (const [id, timer] of timers) {
      if (timer.at <= until && (due === null || timer.at < due.at)) due = { id, ...timer }
    }
    return due
  }

  // setImmediate runs after all microtasks; twice, because work may wait for one of its own.
  const settle = async () => {
    for (let turn = 0; turn < 2; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
  }

  const runUntil = async (until: number, timeOf: (due: number) => number) => {
    await settle()
    for (let due = nextDue(until); due; due = nextDue(until)) {
      timers.delete(due.id)
      now = Math.max(now, timeOf(due.at))
      due.task()
      await settle()
    }
    now = Math.max(now, until)
    await settle()
  }

  return {
    now: () => now,
    after: (delay, task) => {
      sequence += 1
      const id = sequence
      timers.set(id, { at: now + Math.max(0, delay), task })
      return () => void timers.delete(id)
    },
    advance: (ms) => runUntil(now + ms, (due) => due),
    advanceTo: (at) => runUntil(at, (due) => due),
    sleep: async (ms) => {
      now += ms
      await runUntil(now, () => now)
    },
    settle,
    pending: () => timers.size,
  }
}
