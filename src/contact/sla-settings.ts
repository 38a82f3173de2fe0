import { makeHolidayNames } from '../lib/holidays.ts'
import type { SlaException, SlaPolicy } from '../settings/contract.ts'
import { type Calendars, makeCalendars, readFeedDays } from '../store/queries/calendars.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { ReadStore } from '../store/store.ts'

export type SlaSettings = {
  readonly sla: SlaPolicy
  readonly exceptions: readonly SlaException[]
  readonly calendars: Calendars
}

/**
 * Reads policy and calendars as they are in the given transaction: once in each, so a transaction that changes them does
 * so before it tells the clocks. Parsing all settings costs more than everything else that starting a clock does, so the
 * parsed ones are kept for as long as their stored text is the same.
 */
export function makeSlaSettings(): (tx: ReadStore) => Promise<SlaSettings> {
  const inTransaction = new WeakMap<ReadStore, SlaSettings>()
  const holidays = makeHolidayNames()
  let known: { readonly text: string; readonly settings: SlaSettings } | null = null
  return async (tx) => {
    const read = inTransaction.get(tx)
    if (read) return read
    const rows = await tx.db
      .selectFrom('setting')
      .select(['key', 'value'])
      .where('key', 'in', ['business', 'calendars', 'sla', 'slaExceptions'])
      .orderBy('key')
      .execute()
    const feeds = await tx.db.selectFrom('calendar_feed').select(['url', 'read_at']).orderBy('url').execute()
    const text = JSON.stringify([rows, feeds])
    if (known?.text !== text) {
      const { sla, slaExceptions, business, calendars } = await readSettings(tx)
      known = {
        text,
        settings: {
          sla,
          exceptions: slaExceptions,
          calendars: makeCalendars(business, calendars, await readFeedDays(tx), holidays),
        },
      }
    }
    inTransaction.set(tx, known.settings)
    return known.settings
  }
}
