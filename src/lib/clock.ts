/**
 * Time as the engine sees it. Passed in everywhere, so that tests move it by hand and nothing sleeps.
 */
export type Clock = {
  /** Milliseconds since the epoch, UTC. */
  readonly now: () => number
  /** Runs `task` once after `delay` ms; the answer cancels it. Errors of `task` are its own to handle. */
  readonly after: (delay: number, task: () => void) => () => void
}

// Node fires a timer of more than 2^31-1 ms at once, so longer waits are walked in steps.
const longestTimer = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delay, task) => {
    let timer: NodeJS.Timeout
    const arm = (left: number) => {
      const step = Math.min(left, longestTimer)
      timer = setTimeout(() => (left > step ? arm(left - step) : task()), Math.max(0, step))
    }
    arm(delay)
    return () => clearTimeout(timer)
  },
}
