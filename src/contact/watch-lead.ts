import { type ClockChange, changedClocks, clocksOf } from '../store/queries/clock-changes.ts'
import type { WriteStore } from '../store/store.ts'

/** What a call that was logged by hand moved in its lead, kept in the event `call.logged`. */
export type Moved = {
  readonly firstHumanAt: { readonly before: number | null; readonly after: number | null }
  readonly clocks: readonly ClockChange[]
  /** Tasks that it ended. */
  readonly tasks: readonly number[]
}

/** Watches what logging a call does to a lead, so that it can be taken back. */
export async function watchLead(tx: WriteStore, leadId: number): Promise<() => Promise<Moved>> {
  const before = await stateOf(tx, leadId)
  return async () => {
    const after = await stateOf(tx, leadId)
    return {
      firstHumanAt: { before: before.firstHumanAt, after: after.firstHumanAt },
      clocks: changedClocks(before.clocks, after.clocks),
      tasks: before.tasks.filter((it) => !after.tasks.includes(it)),
    }
  }
}

async function stateOf(tx: WriteStore, leadId: number) {
  const { db } = tx
  const lead = await db.selectFrom('lead').select('first_human_at').where('id', '=', leadId).executeTakeFirst()
  const tasks = await db
    .selectFrom('task')
    .select('id')
    .where('lead_id', '=', leadId)
    .where('done_at', 'is', null)
    .execute()
  const clocks = await clocksOf(tx, leadId)
  return { firstHumanAt: lead?.first_human_at ?? null, clocks, tasks: tasks.map((it) => it.id) }
}
