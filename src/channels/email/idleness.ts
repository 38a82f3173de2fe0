import { performance } from 'node:perf_hooks'
import { second } from '../../lib/durations.ts'

/** Whether the engine has time for work that nobody waits for. */
export type Idleness = {
  /**
   * Waits until the engine was idle for as long as the last piece of work took, and at least for a moment.
   * @param pause waits so many ms or until something better is to be done, and says which
   */
  readonly wait: (took: number, pause: (ms: number) => Promise<boolean>) => Promise<void>
}

const shortest = 100
const longest = 2 * second
// Part of the time in which the event loop worked. Above it somebody is using the window, or mail of another account comes in.
const busy = 0.3
// A computer that is never idle reads its old mail slowly, but it reads it.
const rounds = 15

/** Judges by the event loop of this process: our own work is over while we wait, so what it shows is the others'. */
export const engineIdleness: Idleness = {
  wait: async (took, pause) => {
    const ms = Math.min(longest, Math.max(shortest, took))
    for (let round = 0; round < rounds; round++) {
      const before = performance.eventLoopUtilization()
      if (!(await pause(ms))) return
      if (performance.eventLoopUtilization(before).utilization < busy) return
    }
  },
}
