import type { Clock } from './clock.ts'
import { second } from './durations.ts'

/** Owner of a look that is taken again and again: at its own next time, and after whatever may have changed that. */
export type LookTimer = {
  /** Looks at once; resolves when that is done. */
  readonly start: () => Promise<void>
  /** Resolves when nothing of it runs any more. */
  readonly stop: () => Promise<void>
  /** Something changed: the next time may be another one. Cheap to call after every commit. */
  readonly nudge: () => void
}

export type LookTimerDeps = {
  readonly clock: Clock
  /** @returns when to look again at the latest, ms UTC; infinity when nothing is known */
  readonly look: () => Promise<number>
  readonly failed: (error: unknown) => void
  /** Timers stand still while a computer sleeps, so no wait is longer than it may be late after it wakes. */
  readonly longestWait: number
  /** How long a nudge rests before the look that it asks for, ms; 0 looks at once. */
  readonly calmly: number
}

const afterFailure = 30 * second

export function makeLookTimer({ clock, look, failed, longestWait, calmly }: LookTimerDeps): LookTimer {
  let started = false
  let cancel: () => void = () => {}
  let armedFor = Number.POSITIVE_INFINITY
  let running: Promise<void> | null = null
  let again = false

  const arm = (at: number) => {
    cancel()
    armedFor = at
    cancel = clock.after(Math.max(0, at - clock.now()), run)
  }

  const work = async () => {
    let next = 0
    do {
      again = false
      try {
        next = await look()
      } catch (error) {
        failed(error)
        next = clock.now() + afterFailure
      }
    } while (again && started && calmly === 0)
    running = null
    if (started) arm(again ? clock.now() + calmly : Math.min(next, clock.now() + longestWait))
  }

  function run(): void {
    if (!started) return
    if (running) again = true
    else running = work()
  }

  return {
    start: async () => {
      started = true
      run()
      await running
    },
    stop: async () => {
      started = false
      cancel()
      await running
    },
    nudge: () => {
      if (running) again = true
      else if (started && armedFor > clock.now() + calmly) {
        if (calmly > 0) return arm(clock.now() + calmly)
        cancel()
        run()
      }
    },
  }
}
