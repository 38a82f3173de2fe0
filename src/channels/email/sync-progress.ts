import type { ReadStore } from '../../store/store.ts'
import type { Account, EmailSettings } from '../contract.ts'
import { activeScopes, readCursor } from './folder-cursor.ts'

/** Cursor of an account: '1' while the reading of old mail is held. */
export const pauseScope = 'mail:paused'

/** How far the first reading of a mailbox is and what it left out, from the cursors that its channel stores as it goes. */
export async function readMailbox(
  store: ReadStore,
  accountId: number,
  settings: EmailSettings,
): Promise<NonNullable<Account['mailbox']>> {
  const rows = await store.db
    .selectFrom('cursor')
    .select(['scope', 'value'])
    .where('account_id', '=', accountId)
    .where('scope', 'in', [...activeScopes(settings), pauseScope])
    .execute()
  const sums = new Map<string, number>()
  let done = 0
  let total = 0
  for (const { scope, value } of rows) {
    const cursor = scope === pauseScope ? null : readCursor(value)
    if (!cursor) continue
    done += Math.min(cursor.historySeen, cursor.historyTotal)
    // Read to its end; what was deleted on the way is not missing.
    total += cursor.historyLeft === 0 ? Math.min(cursor.historySeen, cursor.historyTotal) : cursor.historyTotal
    for (const [reason, count] of Object.entries(cursor.leftOut)) sums.set(reason, (sums.get(reason) ?? 0) + count)
  }
  return {
    done,
    total,
    paused: rows.some(({ scope, value }) => scope === pauseScope && value === '1'),
    leftOut: [...sums].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count),
  }
}
