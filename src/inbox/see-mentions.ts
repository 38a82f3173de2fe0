import { readSettings } from '../store/queries/settings.ts'
import type { Store } from '../store/store.ts'

/** Marks the notes about a person that call whoever sits here as seen. @returns how many that were */
export async function seeMentions(store: Store, personId: number, now: number): Promise<{ readonly seen: number }> {
  return store.write(async (tx) => {
    const { me } = await readSettings(tx)
    if (me === null) return { seen: 0 }
    const { numUpdatedRows } = await tx.db
      .updateTable('mention')
      .set({ seen_at: now })
      .where('member_id', '=', me)
      .where('seen_at', 'is', null)
      .where('interaction_id', 'in', (it) =>
        it.selectFrom('interaction').select('id').where('person_id', '=', personId),
      )
      .executeTakeFirst()
    if (numUpdatedRows > 0n) tx.changed('lead', personId)
    return { seen: Number(numUpdatedRows) }
  })
}
