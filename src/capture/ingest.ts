import type { Counts, Cursor, Inbound } from '../channels/channel.ts'

/**
 * Takes in what a channel delivers: items, cursors and everything that follows from them (person, lead, score, owner,
 * clocks) in one transaction. A second delivery of the same revision changes nothing.
 */
export type Ingest = (
  accountId: number,
  items: readonly Inbound[],
  cursors: readonly Cursor[],
  counts?: Counts,
) => Promise<void>
