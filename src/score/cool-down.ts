import type { Clock } from '../lib/clock.ts'
import { hour, minute } from '../lib/durations.ts'
import type { Log } from '../lib/log.ts'
import { readSettings } from '../store/queries/settings.ts'
import { type RescoreDeps, rescoreAll, resumeRescore } from './rescore-all.ts'
import { makeRulesOf } from './score-lead.ts'

export type CoolDown = {
  /** Finishes what an earlier life left, then looks once an hour. Returns at once. */
  readonly start: () => void
  /** Resolves when nothing of it runs any more. */
  readonly stop: () => Promise<void>
}

// Points have half-lives of days: an hour more or less is nobody's business. The first look waits for the window.
const firstLook = minute
const everySoOften = hour

/** Lets points grow old: once an hour every open lead gets the score and tier it has by now. */
export function makeCoolDown(deps: RescoreDeps & { readonly clock: Clock; readonly log: Log }): CoolDown {
  const { store, clock, log } = deps
  const rulesOf = makeRulesOf()
  let stopped = true
  let cancel: () => void = () => {}
  let running: Promise<void> = Promise.resolve()

  const look = async () => {
    try {
      await resumeRescore(deps)
      if (rulesOf(await readSettings(store.read)).grows && !stopped) await rescoreAll(deps, 'time')
    } catch (error) {
      log.error({ err: error }, 'leads could not be scored again')
    }
    arm(everySoOften)
  }

  const arm = (delay: number) => {
    if (stopped) return
    cancel = clock.after(delay, () => {
      running = look()
    })
  }

  return {
    start: () => {
      stopped = false
      arm(firstLook)
    },
    stop: async () => {
      stopped = true
      cancel()
      await running
    },
  }
}
