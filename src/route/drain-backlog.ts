import { type SqlBool, sql } from 'kysely'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import type { PassOn, RouteLead } from './route-lead.ts'

// One transaction: nobody who writes waits longer than it takes to deal these out.
const most = 200

/** Where a portion ended: everything up to here was looked at. */
export type BacklogKey = { readonly heat: number; readonly openedAt: number; readonly id: number }

export type Drained = {
  /** How many found an owner. */
  readonly owned: number
  /** Null when there is nothing after this portion. */
  readonly next: BacklogKey | null
}

const heat = sql<number>`case tier when 'hot' then 0 when 'warm' then 1 else 2 end`

export const backlogQuery = (store: ReadStore, after: BacklogKey | null) =>
  store.db
    .selectFrom('lead')
    .select(['id', 'opened_at', heat.as('heat')])
    .where('status', '=', sql.lit('open'))
    .where('owner_id', 'is', null)
    .$if(after !== null, (it) =>
      it.where(sql<SqlBool>`(${heat}, opened_at, id) > (${after?.heat}, ${after?.openedAt}, ${after?.id})`),
    )
    .orderBy(heat)
    .orderBy('opened_at')
    .orderBy('id')
    .limit(most)

/**
 * Deals out a portion of the leads that nobody owns, hottest and then oldest first. One whose time to be taken is over
 * goes to whoever is there, whatever the rules say.
 */
export async function drainBacklog(
  tx: WriteStore,
  { routeLead, passOn }: { readonly routeLead: RouteLead; readonly passOn: PassOn },
  at: number,
  after: BacklogKey | null = null,
): Promise<Drained> {
  const waiting = await backlogQuery(tx, after).execute()
  let owned = 0
  for (const { id } of waiting) {
    if (await isLate(tx, id, at)) {
      if (await passOn(tx, id, at)) owned += 1
    } else if (await routeLead(tx, id, at)) {
      await refreshLeadRow(tx, id)
      owned += 1
    }
  }
  const last = waiting.at(-1)
  const next = last && waiting.length === most ? { heat: last.heat, openedAt: last.opened_at, id: last.id } : null
  return { owned, next }
}

/** Whether somebody should have taken it by now. */
async function isLate(tx: WriteStore, leadId: number, at: number): Promise<boolean> {
  const late = await tx.db
    .selectFrom('clock')
    .select('id')
    .where('lead_id', '=', leadId)
    .where('kind', '=', 'owned')
    .where('state', '=', 'running')
    .where('paused_at', 'is', null)
    .where('due_at', '<=', at)
    .executeTakeFirst()
  return late !== undefined
}
