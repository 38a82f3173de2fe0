import { normalizeEmail } from '../lib/handles.ts'
import { refreshLeadRows } from '../store/queries/lead-row.ts'
import type { Store } from '../store/store.ts'
import type { Clocks } from './clocks.ts'

/**
 * Records that somebody wants no more mail at an address. What was queued is stopped by the check before each send.
 * The first time counts; an address nobody has is none of ours.
 * @param at when they said so, ms UTC
 */
export async function optOutEmail(
  store: Store,
  clocks: Pick<Clocks, 'reached'>,
  email: string,
  at: number,
): Promise<void> {
  const address = normalizeEmail(email)
  if (address === null) return
  await store.write(async (tx) => {
    const rows = await tx.db
      .updateTable('handle')
      .set((it) => ({
        opted_out_at: it.fn.coalesce('opted_out_at', it.val(at)),
        opted_out_how: 'link',
        opted_out_by: null,
      }))
      .where('kind', '=', 'email')
      .where('value', '=', address)
      // What a member wrote down may be taken back; now they said it themselves.
      .where((it) => it.or([it('opted_out_at', 'is', null), it('opted_out_how', '=', 'hand')]))
      .returning('person_id')
      .execute()
    for (const row of rows) {
      tx.changed('person', row.person_id)
      await refreshLeadRows(tx, await clocks.reached(tx, row.person_id, at))
    }
  })
}
