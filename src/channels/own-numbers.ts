import { z } from 'zod'
import type { ReadStore } from '../store/store.ts'

/** What an own number of an account can, as its provider said last. */
const ownNumber = z.object({
  /** E.164 */
  number: z.string(),
  sms: z.boolean(),
  voice: z.boolean(),
  /** It was a number of the account once and is not any more. */
  gone: z.boolean(),
})

export type OwnNumber = z.infer<typeof ownNumber>

/** Where a phone channel keeps it, among its cursors. */
export const ownNumbersScope = 'own-numbers'

/** Reads what is kept there; empty while nothing is known yet. */
export function ownNumbers(stored: string | null): readonly OwnNumber[] {
  return stored === null ? [] : z.array(ownNumber).parse(JSON.parse(stored))
}

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
