import type { SlaPolicy } from '../settings/contract.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { ReadStore } from '../store/store.ts'
import type { OpeningCalendar } from './business-time.ts'

export type SlaSettings = { readonly sla: SlaPolicy; readonly calendar: OpeningCalendar }

/**
 * Reads policy and hours as they are in the given transaction. Parsing all settings costs more than everything else
 * that starting a clock does, so the parsed ones are kept for as long as their stored text is the same.
 */
export function makeSlaSettings(): (store: ReadStore) => Promise<SlaSettings> {
  let known: { readonly text: string; readonly settings: SlaSettings } | null = null
  return async (store) => {
    const rows = await store.db
      .selectFrom('setting')
      .select(['key', 'value'])
      .where('key', 'in', ['business', 'sla'])
      .orderBy('key')
      .execute()
    const text = JSON.stringify(rows)
    if (known?.text !== text) {
      const { sla, business } = await readSettings(store)
      known = { text, settings: { sla, calendar: business } }
    }
    return known.settings
  }
}
