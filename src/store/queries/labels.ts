import type { ReadStore } from '../store.ts'
import { fold } from './search-words.ts'

/** What makes two names one label. */
export const labelKey = (name: string): string => fold(name.trim().replace(/\s+/g, ' '))

/** Labels by their whole name, else those whose name holds the text. */
export async function labelsLike(store: ReadStore, text: string): Promise<readonly number[]> {
  const key = labelKey(text)
  const rows = await store.db.selectFrom('label').select(['id', 'key']).where('removed_at', 'is', null).execute()
  const exact = rows.filter((it) => it.key === key)
  return (exact.length > 0 ? exact : rows.filter((it) => it.key.includes(key))).map((it) => it.id)
}
