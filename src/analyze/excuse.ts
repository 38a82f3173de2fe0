import { conflict, notFound } from '../rpc/errors.ts'
import { recordEvent } from '../store/queries/events.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { WriteStore } from '../store/store.ts'

/**
 * Takes a miss out of the count, with the reason, or counts it again. It is told in the timeline.
 * @param reason null: it counts
 * @throws DeskbellError `CONFLICT` when the clock was not missed
 */
export async function excuseMiss(
  tx: WriteStore,
  { clockId, reason }: { readonly clockId: number; readonly reason: string | null },
  at: number,
): Promise<void> {
  const clock = await tx.db
    .selectFrom('clock')
    .innerJoin('lead', 'lead.id', 'clock.lead_id')
    .select(['clock.state', 'clock.decided_state', 'clock.due_at', 'clock.excused', 'clock.lead_id', 'lead.person_id'])
    .where('clock.id', '=', clockId)
    .executeTakeFirst()
  if (!clock) throw notFound('This deadline')
  const late = clock.state === 'missed' || clock.decided_state === 'missed'
  const passed = (clock.state === 'running' || clock.state === 'cancelled') && clock.due_at <= at
  if (reason !== null && !late && !passed) {
    throw conflict('This deadline was not missed, so there is nothing to excuse.')
  }
  if (clock.excused === reason) return
  await tx.db.updateTable('clock').set({ excused: reason }).where('id', '=', clockId).execute()
  await recordEvent(tx, {
    at,
    type: reason === null ? 'clock.counted' : 'clock.excused',
    personId: clock.person_id,
    leadId: clock.lead_id,
    authorId: (await readSettings(tx)).me,
    text: reason === null ? 'The late answer counts again' : `Late answer not counted: ${reason}`,
    data: { clockId, before: clock.excused },
  })
  tx.changed('lead', clock.person_id)
}
