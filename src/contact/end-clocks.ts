import type { ClockKind } from '../inbox/contract.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import type { ClockTable } from '../store/schema.ts'
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
  const writtenAt = by?.writtenAt ?? Number.MAX_SAFE_INTEGER
  const ending = (await endable(tx, { leadId, at, writtenAt })).filter((it) => kinds.includes(it.kind))
  for (const it of ending) {
    const state = it.due_at >= stoppedAt ? 'met' : 'missed'
    const stoppedBy = by?.interactionId ?? null
    await saveEnd(tx, { id: it.id, state, stoppedAt, stoppedBy, ownerId: it.owner_id, dueAt: it.due_at })
  }
  return ending.map((it) => it.kind)
}

type Endable = Pick<ClockTable, 'kind' | 'due_at'> & { readonly id: number; readonly owner_id: number | null }

/** What runs, and what was frozen while the answer waited to leave. */
const endable = keptQuery<{ leadId: number; at: number; writtenAt: number }, Endable>((db, value) =>
  db
    .selectFrom('clock')
    .innerJoin('lead', 'lead.id', 'clock.lead_id')
    .select(['clock.id', 'clock.kind', 'clock.due_at', 'lead.owner_id'])
    .where('clock.lead_id', '=', value('leadId'))
    .where((it) =>
      it.or([
        it('clock.state', '=', 'running'),
        it.and([it('clock.state', '=', 'cancelled'), it('clock.stopped_at', '>=', value('writtenAt'))]),
      ]),
    )
    .where('clock.started_at', '<=', value('at')),
)

type End = {
  id: number
  state: 'met' | 'missed'
  stoppedAt: number
  stoppedBy: number | null
  ownerId: number | null
  dueAt: number
}

const saveEnd = keptQuery<End, unknown>((db, value) =>
  db
    .updateTable('clock')
    .set({
      state: value('state'),
      stopped_at: value('stoppedAt'),
      stopped_by: value('stoppedBy'),
      next_at: null,
      paused_at: null,
      pause_reason: null,
      owner_id: value('ownerId'),
      decided_due_at: value('dueAt'),
      decided_state: value('state'),
    })
    .where('id', '=', value('id')),
)

/** Ends clocks that nobody has to care for any more: neither met nor missed. */
export async function freezeClocks(tx: WriteStore, ids: readonly number[], at: number): Promise<void> {
  if (ids.length === 0) return
  await tx.db
    .updateTable('clock')
    .set({ state: 'cancelled', stopped_at: at, next_at: null, paused_at: null, pause_reason: null })
    .where('id', 'in', ids)
    .execute()
}
