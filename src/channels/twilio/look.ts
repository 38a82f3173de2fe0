import { day } from '../../lib/durations.ts'
import type { ChannelContext, Counts, Inbound } from '../channel.ts'
import type { Announced } from './announced.ts'
import type { TwilioClient } from './client.ts'
import type { Watched } from './own-numbers.ts'
import type { OwnSends } from './own-sends.ts'
import { createdAt } from './resources.ts'

/** What one look at the account needs. */
export type Look = {
  readonly client: TwilioClient
  readonly context: ChannelContext
  readonly watched: Watched
  readonly ownSends: OwnSends
  readonly announced: Announced
  /**
   * `quick` stops at the first page that holds nothing new; `full` reads the whole window, for what a quick look may
   * have passed over: changes of older items, items that were listed late.
   */
  readonly depth: 'quick' | 'full'
}

/** How far the timeline goes back when an account is connected. */
const historyMs = 30 * day
/**
 * Twilio's date filters are documented in UTC days, and an item can be listed late: every window starts at least a day
 * before the newest item already taken in.
 */
const overlapMs = day

export const pageSize = (look: Look): string => (look.depth === 'quick' ? '50' : '500')

/** The first UTC day to look at: `YYYY-MM-DD`. @param newest when the newest item taken in so far was made, null at first */
export function windowStart(look: Look, newest: number | null): string {
  const beginnings = [...look.watched.fresh].map((number) => look.watched.since(number) - historyMs)
  // Nothing was there yet; the first may have come at any time since, and not only today.
  const start = (newest ?? look.watched.sinceFirst) - overlapMs
  return new Date(Math.min(start, ...beginnings)).toISOString().slice(0, 10)
}

/** When the newest item taken in was made, by Twilio's clock. */
export async function newestTaken(look: Look, scope: string): Promise<number | null> {
  const value = await look.context.cursor(scope)
  return value === null ? null : Number(value)
}

/** Items of a list (newest first) in the order in which they happened: dates are whole seconds, within one the list knows better. */
export function oldestFirst<T extends { readonly read: Parameters<typeof createdAt>[0] }>(items: Iterable<T>): T[] {
  return [...items].reverse().sort((a, b) => createdAt(a.read) - createdAt(b.read))
}

const batchSize = 50

/**
 * Builds and hands over what is new, oldest first, in batches; the cursor moves with the last one. Broken off in the
 * middle, the next look finds the rest: the cursor did not move, and what was handed over is known by its revision.
 *
 * @param builders make the items (fetching pictures and sound); null for what turned out to be unchanged
 * @param newest where the cursor goes; null leaves it
 */
export async function handOver(
  look: Look,
  scope: string,
  builders: readonly (() => Promise<Inbound | null>)[],
  newest: number | null,
  counts: Counts | null,
): Promise<void> {
  const { context } = look
  for (let from = 0; from < builders.length; from += batchSize) {
    const items: Inbound[] = []
    for (const build of builders.slice(from, from + batchSize)) {
      const item = await build()
      if (item !== null) items.push(item)
    }
    if (items.length === 0) continue
    const known = await context.revisions(items.map((item) => item.externalId))
    await context.deliver(items, [])
    for (const item of items) {
      look.ownSends.delivered(item.externalId)
      if (!known.has(item.externalId)) look.announced.taken(item)
    }
  }
  const before = await context.cursor(scope)
  const moves = newest !== null && String(newest) !== before
  if (moves || (counts !== null && counts.skipped > 0)) {
    await context.deliver([], moves ? [{ scope, value: String(newest) }] : [], counts ?? undefined)
  }
}
