import { sql } from 'kysely'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import type { WriteStore } from '../store/store.ts'
import type { RouteLead } from './route-lead.ts'

// One transaction; a team that comes back to more than this gets the rest with the next arrival or duty change.
const most = 500

/**
 * Deals out the leads that nobody owns, hottest and then oldest first. Called when somebody comes on duty.
 * @returns how many found an owner
 */
export async function drainBacklog(tx: WriteStore, routeLead: RouteLead, at: number): Promise<number> {
  const heat = sql<number>`case tier when 'hot' then 0 when 'warm' then 1 else 2 end`
  const waiting = await tx.db
    .selectFrom('lead')
    .select('id')
    .where('status', '=', 'open')
    .where('owner_id', 'is', null)
    .orderBy(heat)
    .orderBy('opened_at')
    .orderBy('id')
    .limit(most)
    .execute()
  let owned = 0
  for (const { id } of waiting) {
    if (!(await routeLead(tx, id, at))) return owned
    await refreshLeadRow(tx, id)
    owned += 1
  }
  return owned
}
