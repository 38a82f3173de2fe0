import { type BusinessTime, makeBusinessTime } from '../lib/business-time.ts'
import type { SlaPolicy } from '../settings/contract.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { WriteStore } from '../store/store.ts'

export type SlaSettings = { readonly sla: SlaPolicy; readonly businessTime: BusinessTime }

/**
 * Reads policy and hours as they are in the given transaction: once in each, so a transaction that changes them does so
 * before it tells the clocks. Parsing all settings costs more than everything else that starting a clock does, so the
 * parsed ones are kept for as long as their stored text is the same.
 */
export function makeSlaSettings(): (tx: WriteStore) => Promise<SlaSettings> {
  const inTransaction = new WeakMap<WriteStore, SlaSettings>()
  let known: { readonly text: string; readonly settings: SlaSettings } | null = null
  return async (tx) => {
    const read = inTransaction.get(tx)
    if (read) return read
    const rows = await tx.db
      .selectFrom('setting')
      .select(['key', 'value'])
      .where('key', 'in', ['business', 'sla'])
      .orderBy('key')
      .execute()
    const text = JSON.stringify(rows)
    if (known?.text !== text) {
      const { sla, business } = await readSettings(tx)
      known = { text, settings: { sla, businessTime: makeBusinessTime(business) } }
    }
    inTransaction.set(tx, known.settings)
    return known.settings
  }
}
