import type { SlaException, SlaPolicy } from '../settings/contract.ts'
import type { Calendars, ReadCalendars } from '../store/queries/calendars.ts'
import { keptRead } from '../store/queries/kept-read.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'

export type SlaSettings = {
  readonly sla: SlaPolicy
  readonly exceptions: readonly SlaException[]
  readonly calendars: Calendars
}

/** Reads policy and calendars as they are in the given transaction. */
export const makeSlaSettings = (readCalendars: ReadCalendars): ((tx: ReadStore | WriteStore) => Promise<SlaSettings>) =>
  keptRead(['setting', 'calendar_feed'], async (tx) => {
    const { sla, slaExceptions } = await readSettings(tx)
    return { sla, exceptions: slaExceptions, calendars: await readCalendars(tx) }
  })
