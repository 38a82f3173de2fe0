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

/** Who was there when we last looked, the newest first. */
export const visitorsHere = (store: ReadStore, accountId: number, limit: number) =>
  store.db
    .selectFrom('chat_visitor')
    .select('visitor')
    .where('account_id', '=', accountId)
    .where('left_at', 'is', null)
    .orderBy('seen_at', 'desc')
    .limit(limit)

/** Writes down who came and who went. Windows hear of it only when it changed. */
export async function notePresence(
  store: Store,
  known: readonly { readonly visitor: string; readonly left: boolean }[],
  seen: readonly Presence[],
  now: number,
): Promise<void> {
  const changed = known.flatMap(({ visitor, left }) => {
    // Whom the relay does not know any more, nobody can be talking to.
    const here = seen.find((it) => it.visitor === visitor)?.here ?? false
    return here === left ? [{ visitor, here }] : []
  })
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
