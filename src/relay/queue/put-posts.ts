import type { Kysely } from 'kysely'
import type { QueueDatabase } from './database.ts'
import type { QueueTables } from './schema.ts'

export type NewPost = {
  readonly workspace: string
  readonly box: Buffer
  /** SHA-256 of what makes it the same thing as an earlier one; null when the sender gave it no name. */
  readonly sameAs: Buffer | null
  readonly receivedAt: number
}

/** `known`: was stored before. `full`: the workspace has no room. `gone`: there is no such workspace any more. */
export type PutResult = 'stored' | 'known' | 'full' | 'gone'

export type PutQuota = { readonly waitingItems: number; readonly waitingBytes: number }

type State = { lastSeq: number; waiting: number; bytes: number; changed: boolean }
type Row = QueueTables['delivery']

const rowsPerInsert = 64

/**
 * Stores many posts of many workspaces in one transaction. Numbers are given under the lock of the workspace's row, so
 * they are committed in their order, whoever commits: a desktop that saw 7 never finds a 6 later.
 */
export async function putPosts(
  db: Kysely<QueueTables>,
  { shared, announce, hasRoom }: QueueDatabase,
  posts: readonly NewPost[],
  quota: PutQuota,
  now: number,
): Promise<readonly PutResult[]> {
  const states = await readStates(db, shared, [...new Set(posts.map((it) => it.workspace))])
  const fresh = await rememberNew(db, posts, states, now)
  const room = hasRoom()
  const rows: Row[] = []
  const refused = new Map<string, Buffer>()
  const results = posts.map((post): PutResult => {
    const state = states.get(post.workspace)
    if (!state) return 'gone'
    const { box, sameAs, workspace } = post
    const name = sameAs?.toString('latin1')
    // Deleted when first met, so that of two in one batch the second is known, unless the first found no room.
    if (name !== undefined && !fresh.delete(name)) return refused.has(name) ? 'full' : 'known'
    if (!room || state.waiting >= quota.waitingItems || state.bytes + box.length > quota.waitingBytes) {
      if (sameAs && name !== undefined) refused.set(name, sameAs)
      return 'full'
    }
    state.lastSeq += 1
    state.waiting += 1
    state.bytes += box.length
    state.changed = true
    const lease = { consumer: null, leased_until: 0 }
    rows.push({ workspace, seq: state.lastSeq, box, size: box.length, received_at: post.receivedAt, ...lease })
    return 'stored'
  })
  // Not stored, so not known either: the sender will come again.
  if (refused.size > 0) {
    await db
      .deleteFrom('seen')
      .where('hash', 'in', [...refused.values()])
      .execute()
  }
  for (let from = 0; from < rows.length; from += rowsPerInsert) {
    await db
      .insertInto('delivery')
      .values(rows.slice(from, from + rowsPerInsert))
      .execute()
  }
  const changed = [...states].filter(([, state]) => state.changed)
  for (const [id, { lastSeq, waiting, bytes }] of changed) {
    await db
      .updateTable('workspace')
      .set({ last_seq: lastSeq, waiting, waiting_bytes: bytes })
      .where('id', '=', id)
      .execute()
  }
  if (changed.length > 0) {
    await announce(
      db,
      changed.map(([id]) => id),
    )
  }
  return results
}

/** In the order of their ids: two relays that need the same rows wait for each other and never cross. */
async function readStates(db: Kysely<QueueTables>, shared: boolean, ids: string[]): Promise<Map<string, State>> {
  const query = db
    .selectFrom('workspace')
    .select(['id', 'last_seq', 'waiting', 'waiting_bytes'])
    .where('id', 'in', ids)
    .orderBy('id')
  const rows = await (shared ? query.forUpdate() : query).execute()
  return new Map(
    rows.map((it) => [it.id, { lastSeq: it.last_seq, waiting: it.waiting, bytes: it.waiting_bytes, changed: false }]),
  )
}

/** Notes what was not seen before and answers it. */
async function rememberNew(
  db: Kysely<QueueTables>,
  posts: readonly NewPost[],
  states: ReadonlyMap<string, State>,
  now: number,
): Promise<Set<string>> {
  const named = new Map<string, Buffer>()
  for (const { sameAs, workspace } of posts) {
    if (sameAs && states.has(workspace)) named.set(sameAs.toString('latin1'), sameAs)
  }
  const fresh = new Set<string>()
  const hashes = [...named.values()].sort(Buffer.compare)
  for (let from = 0; from < hashes.length; from += rowsPerInsert) {
    const rows = await db
      .insertInto('seen')
      .values(hashes.slice(from, from + rowsPerInsert).map((hash) => ({ hash, at: now })))
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .returning('hash')
      .execute()
    for (const { hash } of rows) fresh.add(hash.toString('latin1'))
  }
  return fresh
}
