import type { ActionData } from '../inbox/change-leads.ts'
import { recordEvent } from '../store/queries/events.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import type { RouteLead } from './route-lead.ts'

/** Open leads of somebody to whom an answer is owed, most urgent first. */
export const unansweredQuery = (store: ReadStore, memberId: number) =>
  store.db
    .selectFrom('lead')
    .select(['id', 'owner_id', 'owner_reason'])
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

export type Rerouted = {
  /** How many found another owner. */
  readonly moved: number
  /** How many nobody else could take. */
  readonly stayed: number
  /** What takes it back; null when nothing moved. */
  readonly undoId: number | null
}

/**
 * Finds other owners for what somebody leaves unanswered when they go. What nobody else can take stays theirs. Belongs
 * to the transaction in which they go, or to one of its own when an absence begins; can be taken back as one.
 */
export async function rerouteAbsent(
  tx: WriteStore,
  routeLead: RouteLead,
  memberId: number,
  at: number,
): Promise<Rerouted> {
  const changes: ActionData['changes'][number][] = []
  const leads = await unansweredQuery(tx, memberId).execute()
  for (const { id: leadId, ...before } of leads) {
    if (!(await routeLead(tx, leadId, at))) continue
    await refreshLeadRow(tx, leadId)
    const { eventId, ...after } = await routedAs(tx, leadId)
    changes.push({ leadId, eventId, before, after, clocks: [] })
  }
  const moved = changes.length
  const stayed = leads.length - moved
  if (moved === 0) return { moved, stayed, undoId: null }
  const data: ActionData = { action: 'lead.routed', changes }
  const undoId = await recordEvent(tx, { at, type: 'inbox.action', authorId: (await readSettings(tx)).me, data })
  return { moved, stayed, undoId }
}

/** Whose it is now, and the line of the timeline that says so: it goes when this is taken back. */
const routedAs = (tx: WriteStore, leadId: number) =>
  tx.db
    .selectFrom('lead')
    .innerJoin('event', (join) =>
      join.onRef('event.person_id', '=', 'lead.person_id').onRef('event.lead_id', '=', 'lead.id'),
    )
    .select(['lead.owner_id', 'lead.owner_reason', 'event.id as eventId'])
    .where('lead.id', '=', leadId)
    .where('event.type', '=', 'lead.routed')
    .orderBy('event.id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
