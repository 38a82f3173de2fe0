import { type SavedView, savedView } from '../../inbox/contract.ts'
import { notFound } from '../../rpc/errors.ts'
import type { ReadStore, WriteStore } from '../store.ts'

/** In the order of the rail. */
export async function listViews(store: ReadStore): Promise<SavedView[]> {
  const rows = await store.db
    .selectFrom('saved_view')
    .select(['id', 'name', 'icon', 'query', 'sort'])
    .where('removed_at', 'is', null)
    .orderBy('position')
    .orderBy('id')
    .execute()
  return rows.map(asView)
}

export async function viewById(store: ReadStore, id: number): Promise<SavedView | null> {
  const row = await store.db
    .selectFrom('saved_view')
    .select(['id', 'name', 'icon', 'query', 'sort'])
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return row ? asView(row) : null
}

/** Makes a view, at the end of the rail, or changes one. @returns its id @throws DeskbellError `NOT_FOUND` */
export async function saveView(
  tx: WriteStore,
  { id, ...values }: Omit<SavedView, 'id'> & { readonly id: number | null },
  now: number,
): Promise<number> {
  tx.changed('setting')
  if (id === null) {
    const last = await tx.db
      .selectFrom('saved_view')
      .select((it) => it.fn.max('position').as('position'))
      .executeTakeFirst()
    const { id: made } = await tx.db
      .insertInto('saved_view')
      .values({ ...values, position: (last?.position ?? 0) + 1, created_at: now, removed_at: null })
      .returning('id')
      .executeTakeFirstOrThrow()
    return made
  }
  const changed = await tx.db
    .updateTable('saved_view')
    .set(values)
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (changed.numUpdatedRows === 0n) throw notFound('This view')
  return id
}

/** The row stays, so that taking it back brings back the view that was there. */
export async function removeView(tx: WriteStore, id: number, now: number): Promise<void> {
  await tx.db
    .updateTable('saved_view')
    .set({ removed_at: now })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .execute()
  tx.changed('setting')
}

export async function restoreView(tx: WriteStore, id: number): Promise<void> {
  const changed = await tx.db
    .updateTable('saved_view')
    .set({ removed_at: null })
    .where('id', '=', id)
    .executeTakeFirst()
  if (changed.numUpdatedRows === 0n) throw notFound('This view')
  tx.changed('setting')
}

/** Puts a view before another one; at the end when there is none, or it is gone. */
export async function moveView(tx: WriteStore, id: number, before: number | null): Promise<void> {
  const ids = (await listViews(tx)).map((it) => it.id).filter((it) => it !== id)
  const at = before === null ? -1 : ids.indexOf(before)
  ids.splice(at < 0 ? ids.length : at, 0, id)
  for (const [position, each] of ids.entries()) {
    await tx.db
      .updateTable('saved_view')
      .set({ position: position + 1 })
      .where('id', '=', each)
      .execute()
  }
  tx.changed('setting')
}

/** An icon that a newer Deskbell knew is shown as the plain one. */
const asView = (row: { readonly icon: string } & Omit<SavedView, 'icon'>): SavedView => ({
  ...row,
  icon: savedView.shape.icon.catch('list').parse(row.icon),
})
