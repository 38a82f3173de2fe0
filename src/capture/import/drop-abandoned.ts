import { sql } from 'kysely'
import { day } from '../../lib/durations.ts'
import type { Store, WriteStore } from '../../store/store.ts'

const abandonedAfter = 7 * day

/**
 * Removes lists that were opened, or checked, and never read in, with their files: nobody looks at them any more, and
 * they hold other people's addresses. To be called before anything comes in.
 */
export async function dropAbandoned(store: Store, now: number): Promise<void> {
  const old = await store.read.db
    .selectFrom('import_run')
    .select('id')
    .where('state', 'in', ['opened', 'checked'])
    .where('updated_at', '<', now - abandonedAfter)
    .execute()
  await dropLists(
    store,
    old.map((it) => it.id),
  )
}

/** The same for lists by their ids; one that is read in meanwhile stays. */
export async function dropLists(store: Store, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  const unused = await store.write(async (tx) => {
    const gone = await tx.db
      .selectFrom('import_run')
      .select(['id', 'blob'])
      .where('state', 'in', ['opened', 'checked'])
      .where('id', 'in', [...ids])
      .execute()
    const blobs = new Set<string>()
    for (const { id, blob } of gone) {
      await tx.db.deleteFrom('import_row').where('import_id', '=', id).execute()
      await tx.db.deleteFrom('import_run').where('id', '=', id).execute()
      blobs.add(blob)
    }
    const free: string[] = []
    for (const blob of blobs) if (!(await isNamed(tx, blob))) free.push(blob)
    return free
  })
  // After the commit: a crash in between leaves a file too many and never one too few.
  for (const blob of unused) await store.blobs.remove(blob)
}

/** The same bytes are one file, whatever they came in by. */
async function isNamed({ db }: WriteStore, blob: string): Promise<boolean> {
  const { rows } = await sql<{ readonly named: 0 | 1 }>`select (
      exists (select 1 from import_run where blob = ${blob})
      or exists (select 1 from attachment where blob = ${blob})
      or exists (select 1 from inbound_item where payload_blob = ${blob})
      or exists (select 1 from job where instr(payload, ${blob}) > 0)
    ) as named`.execute(db)
  return rows[0]?.named === 1
}
