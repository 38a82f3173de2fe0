import { recordEvent } from '../store/queries/events.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import type { WriteStore } from '../store/store.ts'
import type { Clocks } from './clocks.ts'

type Sleeper = { readonly id: number; readonly person_id: number }

/** Brings a snoozed lead back: it is our turn, whoever spoke last, and what stood still runs on from `at`, ms UTC. */
export async function wakeLead(
  tx: WriteStore,
  { id, person_id }: Sleeper,
  { at, text }: { readonly at: number; readonly text: string },
  clocks: Pick<Clocks, 'resumed'>,
): Promise<void> {
  await tx.db.updateTable('lead').set({ snoozed_until: null, back_at: at }).where('id', '=', id).execute()
  await clocks.resumed(tx, id, at, 'snoozed')
  await recordEvent(tx, { at, type: 'lead.woke', personId: person_id, leadId: id, text })
  tx.changed('interaction', person_id)
  await refreshLeadRow(tx, id)
}
