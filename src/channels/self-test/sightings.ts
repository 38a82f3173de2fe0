import type { ReadStore } from '../../store/store.ts'
import type { Inbound } from '../channel.ts'
import { tokenOf } from './token.ts'

/** What a waiting test is told of: an item as a channel delivered it, stored by now. */
export type Sighting = { readonly accountId: number; readonly item: Inbound; readonly token: string | null }

/** Stands between the channels and capture: marks what belongs to a test, and tells the test. */
export type Sightings = {
  /** The same items; those that a test of this workspace sent are marked, so that no lead is made of them. */
  readonly mark: (items: readonly Inbound[]) => Promise<readonly Inbound[]>
  /** They are stored. */
  readonly stored: (accountId: number, items: readonly Inbound[]) => void
  /** Calls `seen` for everything that is stored from now on; the answer ends that. */
  readonly watch: (seen: (sighting: Sighting) => void) => () => void
}

export function makeSightings(store: ReadStore): Sightings {
  const watchers = new Set<(sighting: Sighting) => void>()
  return {
    mark: async (items) => {
      const tokens = new Set(items.map(tokenOf).filter((token) => token !== null))
      if (tokens.size === 0) return items
      // Words alone prove nothing: a stranger may write them, and is a lead.
      const rows = await store.db
        .selectFrom('self_test')
        .select('token')
        .where('token', 'in', [...tokens])
        .execute()
      const ours = new Set(rows.map(({ token }) => token))
      return items.map((item) => (ours.has(tokenOf(item) ?? '') ? { ...item, test: true } : item))
    },
    stored: (accountId, items) => {
      if (watchers.size === 0) return
      for (const item of items) {
        const token = item.test ? tokenOf(item) : null
        for (const seen of [...watchers]) seen({ accountId, item, token })
      }
    },
    watch: (seen) => {
      watchers.add(seen)
      return () => void watchers.delete(seen)
    },
  }
}
