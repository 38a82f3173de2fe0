import { refreshLeadRow } from '../store/queries/lead-row.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import type { RouteLead } from './route-lead.ts'

/** Open leads of somebody to whom an answer is owed, most urgent first. */
export const unansweredQuery = (store: ReadStore, memberId: number) =>
  store.db
    .selectFrom('lead')
    .select('id')
    .where('owner_id', '=', memberId)
    .where('status', '=', 'open')
    .where((lead) =>
      lead.or([
        lead('first_human_at', 'is', null),
        lead.exists(
          lead
            .selectFrom('clock')
            .select('clock.id')
            .whereRef('clock.lead_id', '=', 'lead.id')
            .where('state', '=', 'running')
            .where('kind', 'in', ['first_contact', 'next_reply']),
        ),
      ]),
    )
    .orderBy('sort_key')
    .orderBy('id')

/**
 * Finds other owners for what somebody leaves unanswered when an absence of theirs begins. What nobody else can take
 * stays theirs.
 * @returns how many found another owner
 */
export async function rerouteAbsent(
  tx: WriteStore,
  routeLead: RouteLead,
  memberId: number,
  at: number,
): Promise<number> {
  let moved = 0
  for (const { id } of await unansweredQuery(tx, memberId).execute()) {
    if (!(await routeLead(tx, id, at))) continue
    await refreshLeadRow(tx, id)
    moved += 1
  }
  return moved
}
