import type { Selectable } from 'kysely'
import type { ClockTable } from '../schema.ts'
import type { ReadStore, WriteStore } from '../store.ts'

export type ClockRow = Selectable<ClockTable>

/** A clock that an action moved, so that the action can be taken back; `before` null for one that it started. */
export type ClockChange = { readonly before: ClockRow | null; readonly after: ClockRow }

export const clocksOf = (store: ReadStore, leadId: number): Promise<ClockRow[]> =>
  store.db.selectFrom('clock').selectAll().where('lead_id', '=', leadId).orderBy('id').execute()

/** Those that differ; both in any order. */
export function changedClocks(before: readonly ClockRow[], after: readonly ClockRow[]): readonly ClockChange[] {
  const old = new Map(before.map((it) => [it.id, it]))
  return after.flatMap((clock) => {
    const was = old.get(clock.id) ?? null
    return was && sameClock(was, clock) ? [] : [{ before: was, after: clock }]
  })
}

/** Puts a clock back unless something moved it since. */
export async function restoreClock(tx: WriteStore, { before, after }: ClockChange): Promise<void> {
  const now = await tx.db.selectFrom('clock').selectAll().where('id', '=', after.id).executeTakeFirst()
  if (!now || !sameClock(now, after)) return
  if (before) {
    const { id, ...values } = before
    await tx.db.updateTable('clock').set(values).where('id', '=', id).execute()
  } else {
    await tx.db.deleteFrom('clock').where('id', '=', after.id).execute()
  }
}

const sameClock = (a: ClockRow, b: ClockRow) =>
  (Object.keys(a) as (keyof ClockRow)[]).every((column) => a[column] === b[column])
