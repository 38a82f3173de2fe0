import type { Selectable } from 'kysely'
import type { Clocks } from '../contact/clocks.ts'
import { badInput, notFound } from '../rpc/errors.ts'
import { recordEvent } from '../store/queries/events.ts'
import { refreshLeadRows } from '../store/queries/lead-row.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { HandleTable } from '../store/schema.ts'
import type { WriteStore } from '../store/store.ts'

/** What a member says of an address or a number of a person. */

type Settles = Pick<Clocks, 'reached'>

/** They told a member that they want no more texts, or mail. The first time counts. @throws DeskbellError `NOT_FOUND`, `BAD_INPUT` */
export async function optOutByHand(tx: WriteStore, clocks: Settles, handleId: number, at: number): Promise<void> {
  const { person_id: personId, kind, value, opted_out_at } = await handleById(tx, handleId)
  if (kind === 'chat') throw badInput('A chat has nothing to opt out of: it is answered only while they are there.')
  if (opted_out_at !== null) return
  const { me } = await readSettings(tx)
  await tx.db
    .updateTable('handle')
    .set({ opted_out_at: at, opted_out_how: 'hand', opted_out_by: me })
    .where('id', '=', handleId)
    .execute()
  const text = kind === 'email' ? `Noted: no more mail to ${value}` : `Noted: no more texts to ${value}`
  const data = { value, word: 'hand' }
  await recordEvent(tx, { at, type: 'person.opted_out', personId, authorId: me, text, data })
  await settleReach(tx, clocks, personId, at)
}

/** Marks it as wrong, whoever found out, or takes that back. @throws DeskbellError `NOT_FOUND`, `BAD_INPUT` */
export async function setWrong(
  tx: WriteStore,
  clocks: Settles,
  { handleId, wrong }: { readonly handleId: number; readonly wrong: boolean },
  at: number,
): Promise<void> {
  const { person_id: personId, kind, value, valid } = await handleById(tx, handleId)
  if (kind === 'chat') throw badInput('A chat is no address, so it cannot be a wrong one.')
  if (wrong === (valid === 0)) return
  const { me } = await readSettings(tx)
  await tx.db
    .updateTable('handle')
    .set(
      wrong ? { valid: 0, wrong_at: at, wrong_by: me, first_at: null } : { valid: 1, wrong_at: null, wrong_by: null },
    )
    .where('id', '=', handleId)
    .execute()
  const what = kind === 'email' ? 'address' : 'number'
  const text = wrong ? `Marked as a wrong ${what}: ${value}` : `Not a wrong ${what} after all: ${value}`
  await recordEvent(tx, { at, type: 'person.handle_wrong', personId, authorId: me, text, data: { handleId, wrong } })
  await settleReach(tx, clocks, personId, at)
}

/** @returns which one was first until now @throws DeskbellError `NOT_FOUND`; `BAD_INPUT` for a wrong one */
export async function useFirst(
  tx: WriteStore,
  { handleId, first }: { readonly handleId: number; readonly first: boolean },
  at: number,
): Promise<{ readonly before: number | null }> {
  const { person_id: personId, kind, valid } = await handleById(tx, handleId)
  if (first && valid === 0) throw badInput('This is marked as wrong, so it is never used. Take that back first.')
  const before = await tx.db
    .selectFrom('handle')
    .select('id')
    .where('person_id', '=', personId)
    .where('kind', '=', kind)
    .where('first_at', 'is not', null)
    .orderBy('first_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  await tx.db
    .updateTable('handle')
    .set((it) => ({ first_at: first ? it.case().when('id', '=', handleId).then(at).else(null).end() : null }))
    .where('person_id', '=', personId)
    .where('kind', '=', kind)
    .execute()
  tx.changed('person', personId)
  return { before: before?.id ?? null }
}

/** @throws DeskbellError `NOT_FOUND` */
export async function handleById({ db }: WriteStore, handleId: number): Promise<Selectable<HandleTable>> {
  const row = await db.selectFrom('handle').selectAll().where('id', '=', handleId).executeTakeFirst()
  if (!row) throw notFound('This address or number')
  return row
}

/** What may be sent to a person changed: their clocks and rows follow. */
export async function settleReach(tx: WriteStore, clocks: Settles, personId: number, at: number): Promise<void> {
  await refreshLeadRows(tx, await clocks.reached(tx, personId, at))
  tx.changed('person', personId)
}
