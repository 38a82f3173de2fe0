import type { Clock } from '../lib/clock.ts'
import { minute } from '../lib/durations.ts'
import type { Log } from '../lib/log.ts'
import type { BlobFolder } from './store.ts'

type Parts = { readonly blobs: Pick<BlobFolder, 'settle'>; readonly clock: Clock; readonly log: Log }

/** Looks after the blob folder while the engine runs. */
export function settleBlobs({ blobs, clock, log }: Parts): { readonly stop: () => Promise<void> } {
  let stopped = false
  let working: Promise<void> = Promise.resolve()
  let cancel = () => {}
  const rest = () => {
    // Often enough that the journal stays small, seldom enough that a first synchronisation is through before.
    if (!stopped) cancel = clock.after(minute, work)
  }
  const work = () => {
    working = blobs
      .settle()
      .catch((error: unknown) => log.warn({ detail: String(error) }, 'the journal of files was not tidied up'))
      .finally(rest)
  }
  rest()
  return {
    stop: async () => {
      stopped = true
      cancel()
      await working
    },
  }
}
