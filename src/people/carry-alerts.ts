import type { WriteStore } from '../store/store.ts'
import type { Folded } from './merge-record.ts'

/** What was said of clocks goes where they go. */
export async function carryAlerts(
  tx: WriteStore,
  fromId: number,
  toId: number,
  clockIds: readonly number[],
): Promise<void> {
  if (clockIds.length === 0) return
  await tx.db
    .updateTable('alert')
    .set({ lead_id: toId })
    .where('lead_id', '=', fromId)
    .where('clock_id', 'in', clockIds)
    .execute()
}

/**
 * Two promises became one while that which ended was still being said: the one that stays goes on, as far as it is due
 * by now. After scores and deadlines of the lead are what they are with the words of both.
 */
export async function keepRinging(tx: WriteStore, { into, clocks }: Folded, at: number): Promise<void> {
  for (const { before } of clocks) {
    const repeated = await tx.db
      .selectFrom('alert')
      .select(['percent', 'fell_at', 'said_at', 'next_at'])
      .where('clock_id', '=', before.id)
      .where('next_at', 'is not', null)
      .execute()
    const stays = await tx.db
      .selectFrom('clock')
      .select(['id', 'warn_at', 'risk_at', 'due_at'])
      .where('lead_id', '=', into)
      .where('kind', '=', before.kind)
      .where('state', '=', 'running')
      .executeTakeFirst()
    if (!stays) continue
    const dueAt = { 50: stays.warn_at, 80: stays.risk_at, 100: stays.due_at }
    for (const { percent, ...times } of repeated) {
      if (dueAt[percent] > at) continue
      await tx.db
        .insertInto('alert')
        .values({ clock_id: stays.id, percent, lead_id: into, ...times, seen_at: null })
        .onConflict((conflict) =>
          conflict.columns(['clock_id', 'percent']).doUpdateSet({ next_at: times.next_at, seen_at: null }),
        )
        .execute()
    }
  }
}

/** A clock runs by itself again: what nobody looked at of a hot lead is said again. */
export async function ringAgain(tx: WriteStore, clockId: number, at: number): Promise<void> {
  await tx.db
    .updateTable('alert')
    .set({ next_at: at })
    .where('clock_id', '=', clockId)
    .where('next_at', 'is', null)
    .where('seen_at', 'is', null)
    .where((it) =>
      it.exists(
        it.selectFrom('lead').select('lead.id').whereRef('lead.id', '=', 'alert.lead_id').where('tier', '=', 'hot'),
      ),
    )
    .execute()
}
