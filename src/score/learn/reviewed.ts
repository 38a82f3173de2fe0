import { writeSetting } from '../../store/queries/settings.ts'
import type { ReadStore, WriteStore } from '../../store/store.ts'

const key = 'predict.reviewed'

/** When somebody last looked at how well scores foretell, ms UTC. */
export async function readReviewedAt(store: ReadStore): Promise<number | null> {
  const row = await store.db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst()
  const at = Number(row?.value ?? Number.NaN)
  return Number.isFinite(at) ? at : null
}

export const saveReviewedAt = (tx: WriteStore, at: number): Promise<void> => writeSetting(tx, key, String(at))
