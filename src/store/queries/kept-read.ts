import type { Database } from '../schema.ts'
import type { ReadStore, WriteStore } from '../store.ts'

/**
 * A look at small tables that each message needs and that change once in weeks: settings, the team, accounts. In a
 * transaction it is done again only after one of them was written to; elsewhere each time, because the connection for
 * reading hears nothing of writes.
 *
 * @param tables all that `read` looks at
 * @param read what it answers belongs to all who ask: nobody may change it
 */
export function keptRead<T>(
  tables: readonly (keyof Database)[],
  read: (store: ReadStore | WriteStore) => Promise<T>,
): (store: ReadStore | WriteStore) => Promise<T> {
  return (store) => {
    if (!('kept' in store)) return read(store)
    const known = store.kept.get(read)
    if (known) return known.value as Promise<T>
    const value = read(store)
    // At once: what is written before this is answered makes it untrue.
    store.kept.set(read, { tables, value })
    value.catch(() => store.kept.delete(read))
    return value
  }
}
