import { badInput, conflict, notFound } from '../rpc/errors.ts'
import { restoreClock } from '../store/queries/clock-changes.ts'
import { recordEvent } from '../store/queries/events.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import type { WriteStore } from '../store/store.ts'
import { applyOutcome } from './call-outcome.ts'
import type { ContactDeps } from './surroundings.ts'
import type { Moved } from './watch-lead.ts'

// Somebody else picked up: an outcome that leaves nothing behind.
const nothing = 0

/**
 * Takes back a call that was logged by hand: it is gone, and its lead owes what it owed before, as far as nothing else
 * happened to it since.
 * @throws DeskbellError `NOT_FOUND`; `BAD_INPUT` for a call that the network knows of; `CONFLICT` when it answered for
 * clocks that moved on since
 */
export async function takeBackCall({ store, clock, clocks }: ContactDeps, interactionId: number): Promise<void> {
  const now = clock.now()
  await store.write(async (tx) => {
    const call = await tx.db
      .selectFrom('call')
      .innerJoin('interaction', 'interaction.id', 'call.interaction_id')
      .select(['manual', 'person_id', 'lead_id'])
      .where('interaction_id', '=', interactionId)
      .executeTakeFirst()
    if (!call) throw notFound('This call')
    if (call.manual === 0) throw badInput('Only a call that was logged by hand can be taken back.')
    // What it moved first: else taking back "do not call" would move the clocks once more.
    const logged = (await eventsOf(tx, call.person_id, interactionId)).find((it) => it.type === 'call.logged')
    if (logged && call.lead_id !== null) await restore(tx, call.lead_id, logged.moved)
    await applyOutcome(tx, clocks, { interactionId, outcome: nothing }, now)
    const left = await tx.db.selectFrom('clock').select('id').where('stopped_by', '=', interactionId).execute()
    if (left.length > 0) throw conflict('More happened since, so this call stays. You can change its outcome.')
    // Asked for again: the outcome that took the effects back is no more true than the others.
    const told = await eventsOf(tx, call.person_id, interactionId)
    await tx.db
      .updateTable('event')
      .set({ undone_at: now })
      .where(
        'id',
        'in',
        told.map((it) => it.id),
      )
      .execute()
    await tx.db.deleteFrom('call').where('interaction_id', '=', interactionId).execute()
    await tx.db.deleteFrom('interaction').where('id', '=', interactionId).execute()
    await recordEvent(tx, {
      at: now,
      type: 'call.taken_back',
      personId: call.person_id,
      leadId: call.lead_id,
      data: { interactionId },
    })
    tx.changed('interaction', call.person_id)
    tx.changed('person', call.person_id)
    if (call.lead_id !== null) await refreshLeadRow(tx, call.lead_id)
  })
}

async function restore(tx: WriteStore, leadId: number, { firstHumanAt, clocks, tasks }: Moved): Promise<void> {
  await tx.db
    .updateTable('lead')
    .set({ first_human_at: firstHumanAt.before })
    .where('id', '=', leadId)
    .where('first_human_at', 'is', firstHumanAt.after)
    .execute()
  for (const change of clocks) await restoreClock(tx, change)
  if (tasks.length === 0) return
  await tx.db
    .updateTable('task')
    .set({ done_at: null, done_by: null, ended_by: null })
    .where('id', 'in', tasks)
    .where('ended_by', '=', 'answer')
    .execute()
}

/** What was told of a call in the timeline of its person. */
async function eventsOf(tx: WriteStore, personId: number, interactionId: number) {
  const rows = await tx.db
    .selectFrom('event')
    .select(['id', 'type', 'data'])
    .where('person_id', '=', personId)
    .where('type', 'in', ['call.logged', 'call.outcome'])
    .where('undone_at', 'is', null)
    .execute()
  return rows.flatMap(({ id, type, data }) => {
    const { interactionId: of, ...moved } = JSON.parse(data) as Moved & { readonly interactionId: number }
    return of === interactionId ? [{ id, type, moved }] : []
  })
}
