import { refreshLeadRow } from '../store/queries/lead-row.ts'
import type { WriteStore } from '../store/store.ts'
import type { Clocks } from './clocks.ts'

/** What may be sent to a person changed: their clocks and rows follow. */
export async function settleReach(
  tx: WriteStore,
  clocks: Pick<Clocks, 'reached'>,
  personId: number,
  at: number,
): Promise<void> {
  for (const leadId of await clocks.reached(tx, personId, at)) {
    await refreshLeadRow(tx, leadId)
    tx.changed('lead', personId)
  }
}
