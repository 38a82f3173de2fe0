import type { Clock } from '../lib/clock.ts'
import { second } from '../lib/durations.ts'
import type { Log } from '../lib/log.ts'
import type { Store } from '../store/store.ts'
import { saveState } from './accounts.ts'
import type { StateReport } from './channel.ts'

// A busy or full disk: the health page must not stay wrong for long after it is well again.
const firstRetry = second
const longestRetry = 30 * second

export type Reporter = {
  /** Stores and announces a state. Never rejects: what cannot be written now is written later, unless a newer one came. */
  readonly report: (report: StateReport) => Promise<void>
  /** One last try, then nothing more. */
  readonly close: () => Promise<void>
}

/** Keeps the row of one account in step with what its channel says. */
export function makeReporter(accountId: number, store: Store, clock: Clock, log: Log): Reporter {
  let pending: { readonly report: StateReport; readonly at: number } | null = null
  let cancelRetry = () => {}
  let failures = 0

  const flush = async (): Promise<void> => {
    const mine = pending
    if (!mine) return
    try {
      await store.write((tx) => saveState(tx, accountId, mine.report, mine.at))
      failures = 0
      if (pending === mine) pending = null
    } catch (error) {
      failures += 1
      log.warn({ accountId, err: error }, 'the state of an account could not be stored yet')
      cancelRetry()
      cancelRetry = clock.after(Math.min(firstRetry * 2 ** (failures - 1), longestRetry), () => void flush())
    }
  }

  return {
    report: (report) => {
      cancelRetry()
      pending = { report, at: clock.now() }
      return flush()
    },
    close: async () => {
      cancelRetry()
      await flush()
      cancelRetry()
    },
  }
}
