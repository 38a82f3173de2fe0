import type { Presence } from '../../relay/wire.ts'
import type { ReadStore, Store } from '../../store/store.ts'

/** The key that answers to a visitor are locked with, P-256 raw in base64; null for somebody who never wrote. */
export async function keyOfVisitor(store: ReadStore, visitor: string): Promise<string | null> {
  const row = await store.db
    .selectFrom('chat_visitor')
    .select('public_key')
    .where('visitor', '=', visitor)
    .executeTakeFirst()
  return row?.public_key ?? null
}

/** Of whom it is worth asking whether they are still there: seen since then. Newest first. */
export async function recentVisitors(
  store: ReadStore,
  accountId: number,
  since: number,
  limit: number,
): Promise<{ readonly visitor: string; readonly left: boolean }[]> {
  const rows = await recentVisitorsQuery(store, accountId, since, limit).execute()
  return rows.map((it) => ({ visitor: it.visitor, left: it.left_at !== null }))
}

export const recentVisitorsQuery = (store: ReadStore, accountId: number, since: number, limit: number) =>
  store.db
    .selectFrom('chat_visitor')
    .select(['visitor', 'left_at'])
    .where('account_id', '=', accountId)
    .where('seen_at', '>', since)
    .orderBy('seen_at', 'desc')
    .limit(limit)

/** Writes down who came and who went. Windows hear of it only when it changed. */
export async function notePresence(
  store: Store,
  known: readonly { readonly visitor: string; readonly left: boolean }[],
  seen: readonly Presence[],
  now: number,
): Promise<void> {
  const changed = seen.filter((it) => known.some((one) => one.visitor === it.visitor && one.left === it.here))
  if (changed.length === 0) return
  await store.write(async (tx) => {
    for (const { visitor, here } of changed) {
      await tx.db
        .updateTable('chat_visitor')
        .set(here ? { left_at: null, seen_at: now } : { left_at: now })
        .where('visitor', '=', visitor)
        .execute()
      const owner = await tx.db
        .selectFrom('handle')
        .select('person_id')
        .where('kind', '=', 'chat')
        .where('value', '=', visitor)
        .executeTakeFirst()
      if (owner) tx.changed('person', owner.person_id)
    }
  })
}
