import { day } from '../../lib/durations.ts'
import type { ReadStore } from '../../store/store.ts'

/** How far back a rhythm is learned: half a year, so that a slow channel has one, too. */
const rhythmWindow = 182 * day
/** Of a busy channel the newest are enough, and cheap to read. */
export const mostArrivals = 1000

/** When the newest things came through an account, ms UTC, ascending. */
export async function readArrivals(store: ReadStore, accountId: number, now: number): Promise<number[]> {
  const rows = await arrivalsQuery(store, accountId, now - rhythmWindow).execute()
  return rows.map(({ at }) => at).reverse()
}

/** How long the newest things took from the provider to here, ms, ascending. */
export async function readLatencies(store: ReadStore, accountId: number, since: number): Promise<number[]> {
  const rows = await arrivalsQuery(store, accountId, since).execute()
  return rows.map(({ at, stored_at }) => stored_at - at).sort((a, b) => a - b)
}

/** Newest first. Exported for the test of its plan. */
export const arrivalsQuery = (store: ReadStore, accountId: number, since: number) =>
  store.db
    .selectFrom('arrival')
    .select(['at', 'stored_at'])
    .where('account_id', '=', accountId)
    .where('at', '>', since)
    .orderBy('at', 'desc')
    .limit(mostArrivals)
