import type { Clocks } from '../contact/clocks.ts'
import type { Clock } from '../lib/clock.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { Store } from '../store/store.ts'
import type { ScoreLead } from './score-lead.ts'

export type RescoreDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly scoreLead: ScoreLead
  readonly clocks: Pick<Clocks, 'retargeted'>
}

// Small enough that a message that arrives meanwhile waits for one chunk, not for all.
const chunk = 100

/**
 * Scores every open lead again, after rules or tiers changed. Deadlines follow where the tier did.
 * @returns how many were looked at
 */
export async function rescoreAll({ store, clock, scoreLead, clocks }: RescoreDeps): Promise<number> {
  let rescored = 0
  for (let after = 0; ; ) {
    const last = await store.write(async (tx) => {
      const settings = await readSettings(tx)
      const leads = await tx.db
        .selectFrom('lead')
        .select('id')
        .where('status', '=', 'open')
        .where('id', '>', after)
        .orderBy('id')
        .limit(chunk)
        .execute()
      for (const { id } of leads) {
        const { tierChanged } = await scoreLead(tx, id, settings, clock.now())
        if (!tierChanged) continue
        await clocks.retargeted(tx, id)
        await refreshLeadRow(tx, id)
      }
      rescored += leads.length
      return leads.at(-1)?.id
    })
    if (last === undefined) return rescored
    after = last
  }
}
