import type { ReadStore } from '../store/store.ts'

/** How many things only a look found that a webhook should have announced; absent while no webhook ever came. */
export const foundByLookingScope = 'found-by-looking'

/** That number of an account; null while no webhook ever came. */
export async function readFoundByLooking(store: ReadStore, accountId: number): Promise<number | null> {
  const row = await store.db
    .selectFrom('cursor')
    .select('value')
    .where('account_id', '=', accountId)
    .where('scope', '=', foundByLookingScope)
    .executeTakeFirst()
  return row ? Number(row.value) : null
}
