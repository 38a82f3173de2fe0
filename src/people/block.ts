import type { Clocks } from '../contact/clocks.ts'
import type { changeLeads } from '../inbox/change-leads.ts'
import { badInput } from '../rpc/errors.ts'
import { recordEvent } from '../store/queries/events.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { displayOf } from './card.ts'

export type BlockDeps = { readonly clocks: Pick<Clocks, 'closed'>; readonly changeLeads: typeof changeLeads }

export type Blocked = {
  /** What was not blocked before. */
  readonly handleIds: number[]
  /** For `inbox.undo`: leads that are none any more; null when there was no open one. */
  readonly undoId: number | null
}

/**
 * Blocks addresses and numbers: what comes from them is kept and calls nobody. An open lead of somebody who has no other
 * way to us is none any more.
 * @throws DeskbellError `BAD_INPUT` when there is nothing to block
 */
export async function blockHandles(
  tx: WriteStore,
  deps: BlockDeps,
  handleIds: readonly number[],
  at: number,
): Promise<Blocked> {
  const { me } = await readSettings(tx)
  const rows = await tx.db
    .updateTable('handle')
    .set({ blocked_at: at, blocked_by: me, blocked_came: 0 })
    .where('id', 'in', handleIds)
    .where('blocked_at', 'is', null)
    .returning(['id', 'person_id', 'kind', 'value'])
    .execute()
  const leadIds: number[] = []
  for (const [personId, theirs] of Map.groupBy(rows, (it) => it.person_id)) {
    const text = `Blocked: ${theirs.map(nameOf).join(', ')}`
    await recordEvent(tx, { at, type: 'person.blocked', personId, authorId: me, text, data: { handles: theirs } })
    tx.changed('person', personId)
    leadIds.push(...(await deadLeads(tx, personId)))
  }
  if (leadIds.length === 0) return { handleIds: rows.map((it) => it.id), undoId: null }
  const { undoId } = await deps.changeLeads(tx, leadIds, { at, me }, notALead(deps, at))
  return { handleIds: rows.map((it) => it.id), undoId }
}

/** The same for everybody behind some leads, with all their addresses and numbers. */
export async function blockLeads(
  tx: WriteStore,
  deps: BlockDeps,
  leadIds: readonly number[],
  at: number,
): Promise<Blocked> {
  const handles = await tx.db
    .selectFrom('handle')
    .innerJoin('lead', 'lead.person_id', 'handle.person_id')
    .select('handle.id')
    .where('lead.id', 'in', leadIds)
    .execute()
  if (handles.length === 0) throw badInput(hidden)
  const ids = [...new Set(handles.map((it) => it.id))]
  return blockHandles(tx, deps, ids, at)
}

export async function unblockHandles(tx: WriteStore, handleIds: readonly number[], at: number): Promise<void> {
  const { me } = await readSettings(tx)
  const rows = await tx.db
    .updateTable('handle')
    .set({ blocked_at: null, blocked_by: null, blocked_came: 0 })
    .where('id', 'in', handleIds)
    .where('blocked_at', 'is not', null)
    .returning(['id', 'person_id', 'kind', 'value'])
    .execute()
  for (const [personId, theirs] of Map.groupBy(rows, (it) => it.person_id)) {
    const text = `No longer blocked: ${theirs.map(nameOf).join(', ')}`
    await recordEvent(tx, { at, type: 'person.unblocked', personId, authorId: me, text, data: { handles: theirs } })
    tx.changed('person', personId)
  }
}

/** Where a page of the list ended. */
export type BlockKey = { readonly at: number; readonly id: number }

/** Who is blocked, the newest first. */
export async function listBlocks(store: ReadStore, before: BlockKey | null, limit: number, country: string) {
  const rows = await blocksQuery(store, before, limit + 1).execute()
  const blocks = rows.slice(0, limit).map(({ value, blocked_at, ...it }) => ({
    ...it,
    display: displayOf({ kind: it.kind, value }, country),
    at: blocked_at ?? 0,
  }))
  return { blocks, more: rows.length > limit }
}

export const blocksQuery = (store: ReadStore, before: BlockKey | null, limit: number) =>
  store.db
    .selectFrom('handle')
    .innerJoin('person', 'person.id', 'handle.person_id')
    .leftJoin('member', 'member.id', 'handle.blocked_by')
    .select(['handle.id as handleId', 'handle.person_id as personId', 'person.name', 'member.name as by'])
    .select(['handle.kind', 'handle.value', 'handle.blocked_at', 'handle.blocked_came as came'])
    .where('blocked_at', 'is not', null)
    .$if(before !== null, (query) =>
      query.where((it) => it(it.refTuple('blocked_at', 'handle.id'), '<', it.tuple(before?.at ?? 0, before?.id ?? 0))),
    )
    .orderBy('blocked_at', 'desc')
    .orderBy('handle.id', 'desc')
    .limit(limit)

const hidden = 'They hide their number, so there is nothing to block. Mark the lead as “Not a lead” instead.'

const nameOf = ({ kind, value }: { readonly kind: string; readonly value: string }) =>
  kind === 'chat' ? 'their chat' : value

/** Open leads of somebody of whom nothing is left that is not blocked. */
async function deadLeads({ db }: WriteStore, personId: number): Promise<number[]> {
  const free = await db
    .selectFrom('handle')
    .select('id')
    .where('person_id', '=', personId)
    .where('blocked_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  if (free) return []
  const open = await db
    .selectFrom('lead')
    .select('id')
    .where('person_id', '=', personId)
    .where('status', '=', 'open')
    .execute()
  return open.map((it) => it.id)
}

const notALead = ({ clocks }: BlockDeps, at: number): Parameters<typeof changeLeads>[3] => ({
  type: 'lead.not_lead',
  text: 'Not a lead: blocked',
  apply: () => ({ status: 'not_lead', done_at: at, snoozed_until: null }),
  moveClocks: (tx, lead) => clocks.closed(tx, lead.id, at),
})
