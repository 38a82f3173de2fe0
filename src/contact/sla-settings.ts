import type { SlaException, SlaPolicy } from '../settings/contract.ts'
import type { Calendars, ReadCalendars } from '../store/queries/calendars.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { ReadStore } from '../store/store.ts'

export type SlaSettings = {
  readonly sla: SlaPolicy
  readonly exceptions: readonly SlaException[]
  readonly calendars: Calendars
}

/**
 * Reads policy and calendars as they are in the given transaction: once in each, so a transaction that changes them does
 * so before it tells the clocks. Parsed policies are kept for as long as their stored text is the same.
 */
export function makeSlaSettings(readCalendars: ReadCalendars): (tx: ReadStore) => Promise<SlaSettings> {
  const inTransaction = new WeakMap<ReadStore, SlaSettings>()
  let known: { readonly text: string; readonly policy: Omit<SlaSettings, 'calendars'> } | null = null
  return async (tx) => {
    const read = inTransaction.get(tx)
    if (read) return read
    const rows = await tx.db
      .selectFrom('setting')
      .select(['key', 'value'])
      .where('key', 'in', ['sla', 'slaExceptions'])
      .orderBy('key')
      .execute()
    const text = JSON.stringify(rows)
    if (known?.text !== text) {
      const { sla, slaExceptions } = await readSettings(tx)
      known = { text, policy: { sla, exceptions: slaExceptions } }
    }
    const settings = { ...known.policy, calendars: await readCalendars(tx) }
    inTransaction.set(tx, settings)
    return settings
  }
}
