import type { ReadStore } from '../store.ts'

/** Who was merged into a person and can be taken out again, newest first. */
export const mergesOf = (store: ReadStore, personId: number) =>
  store.db
    .selectFrom('person_merge')
    .innerJoin('person', 'person.id', 'person_merge.gone_id')
    .select(['person_merge.id as mergeId', 'person.name', 'person_merge.at'])
    .where('kept_id', '=', personId)
    .where('undone_at', 'is', null)
    .orderBy('person_merge.id', 'desc')
    .execute()

/** Whom an id stands for today: a window may still show somebody who was merged away. */
export async function survivorOf(store: ReadStore, personId: number): Promise<number> {
  let current = personId
  for (;;) {
    const row = await store.db.selectFrom('person').select('merged_into').where('id', '=', current).executeTakeFirst()
    if (row?.merged_into == null) return current
    current = row.merged_into
  }
}
