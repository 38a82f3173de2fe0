import type { ClockKind } from '../inbox/contract.ts'
import type { WriteStore } from '../store/store.ts'

/** What ended a clock. */
export type Ending = {
  /** What started later was not meant by it. */
  readonly at: number
  /** The answer, and when it was written; null when it was no answer. */
  readonly by: { readonly interactionId: number; readonly writtenAt: number } | null
  /** When it ended, where that is not `at`. */
  readonly stoppedAt?: number
}

/**
 * Stops what runs of these. What was done before they asked is no answer to it. What was frozen while the answer already
 * waited to leave (written, then "done" at once) was answered, and not only put aside.
 * @returns the kinds that it stopped
 */
export async function endClocks(
  tx: WriteStore,
  leadId: number,
  kinds: readonly ClockKind[],
  { at, by, stoppedAt = at }: Ending,
): Promise<ClockKind[]> {
  const ending = await tx.db
    .selectFrom('clock')
    .innerJoin('lead', 'lead.id', 'clock.lead_id')
    .select(['clock.id', 'clock.kind', 'clock.due_at', 'clock.decided_due_at', 'clock.decided_state', 'lead.owner_id'])
    .where('clock.lead_id', '=', leadId)
    .where((it) => {
      const runs = it('clock.state', '=', 'running')
      if (by === null) return runs
      return it.or([runs, it.and([it('clock.state', '=', 'cancelled'), it('clock.stopped_at', '>=', by.writtenAt)])])
    })
    .where('clock.kind', 'in', kinds)
    .where('clock.started_at', '<=', at)
    .execute()
  for (const it of ending) {
    const state = it.due_at >= stoppedAt ? 'met' : 'missed'
    await tx.db
      .updateTable('clock')
      .set({
        state,
        stopped_at: stoppedAt,
        stopped_by: by?.interactionId ?? null,
        next_at: null,
        paused_at: null,
        pause_reason: null,
        owner_id: it.owner_id,
        decided_due_at: it.due_at,
        decided_state: state,
      })
      .where('id', '=', it.id)
      .execute()
  }
  return ending.map((it) => it.kind)
}

/** Ends clocks that nobody has to care for any more: neither met nor missed. */
export async function freezeClocks(tx: WriteStore, ids: readonly number[], at: number): Promise<void> {
  if (ids.length === 0) return
  await tx.db
    .updateTable('clock')
    .set({ state: 'cancelled', stopped_at: at, next_at: null, paused_at: null, pause_reason: null })
    .where('id', 'in', ids)
    .execute()
}
