import { second } from '../../lib/durations.ts'
import type { ChannelContext } from '../channel.ts'
import type { Refusal } from './refusal.ts'

export type RefusalCounts = {
  readonly note: (status: Refusal['status']) => void
  /** Stores what was noted. */
  readonly flush: () => Promise<void>
}

// A flood is refused because it would cost too much: counting it must not cost a write each.
const writeEvery = 10 * second

/** Counts posts that were not taken, by reason, and stores the sums once in a while. */
export function makeRefusalCounts({ clock, deliver, log, accountId }: ChannelContext): RefusalCounts {
  const counts = new Map<string, number>()
  let cancel: (() => void) | null = null

  const flush = async (): Promise<void> => {
    cancel?.()
    cancel = null
    const noted = [...counts]
    counts.clear()
    for (const [reason, skipped] of noted) {
      await deliver([], [], { skipped, reason }).catch((error: unknown) =>
        log.warn({ accountId, err: error }, 'refused posts could not be counted'),
      )
    }
  }

  return {
    note: (status) => {
      const reason = reasons[status]
      if (reason === undefined) return
      counts.set(reason, (counts.get(reason) ?? 0) + 1)
      cancel ??= clock.after(writeEvery, () => void flush())
    },
    flush,
  }
}

/** Wrong signatures (401) are counted where they are checked; the others say nothing about a form that was filled in. */
const reasons: Readonly<Partial<Record<Refusal['status'], string>>> = {
  400: 'Refused: empty or not readable',
  413: 'Refused: larger than a form can be',
  415: 'Refused: neither a form nor JSON',
  429: 'Refused: too many posts at once',
}
