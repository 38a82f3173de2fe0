import type { Kysely } from 'kysely'
import type { HookKind } from '../wire.ts'
import type { QueueDatabase } from './database.ts'
import { type NewPost, type PutQuota, type PutResult, putPosts } from './put-posts.ts'
import type { QueueTables } from './schema.ts'

export type Workspace = { readonly publicKey: Buffer; readonly keyHash: Buffer }
export type Hook = { readonly kind: HookKind; readonly verifyHash: Buffer }

export type Counts = { readonly lastSeq: number; readonly waiting: number }
export type Pulled = Counts & { readonly deliveries: readonly { readonly seq: number; readonly box: Buffer }[] }

export type PullRequest = {
  readonly workspace: string
  readonly consumer: string
  readonly maxItems: number
  readonly maxBytes: number
  readonly now: number
  /** What is handed out now is kept from other desktops until then. */
  readonly leaseUntil: number
}

/** The durable queue of the relay. Every answer that says "stored" is on disk. */
export type Queue = ReturnType<typeof makeQueue>

export function makeQueue(database: QueueDatabase) {
  const { transact, read, shared } = database

  return {
    onArrival: database.onAnnounced,
    close: database.close,

    put: (posts: readonly NewPost[], quota: PutQuota, now: number): Promise<readonly PutResult[]> =>
      transact((db) => putPosts(db, database, posts, quota, now)),

    addInvite: (hash: Buffer, expiresAt: number): Promise<void> =>
      transact(async (db) => {
        await db.insertInto('invite').values({ hash, expires_at: expiresAt }).execute()
      }),

    /** @param invite used up by it; null when the operator's own token was shown */
    register: (id: string, workspace: Workspace, invite: Buffer | null, now: number): Promise<boolean> =>
      transact(async (db) => {
        if (invite) {
          const used = await db
            .deleteFrom('invite')
            .where('hash', '=', invite)
            .where('expires_at', '>', now)
            .executeTakeFirst()
          if (used.numDeletedRows === 0n) return false
        }
        const { publicKey, keyHash } = workspace
        const counts = { last_seq: 0, waiting: 0, waiting_bytes: 0 }
        await db
          .insertInto('workspace')
          .values({ id, public_key: publicKey, key_hash: keyHash, ...counts, created_at: now })
          .execute()
        return true
      }),

    workspace: async (id: string): Promise<Workspace | null> => {
      const row = await read((db) =>
        db.selectFrom('workspace').select(['public_key', 'key_hash']).where('id', '=', id).executeTakeFirst(),
      )
      return row ? { publicKey: row.public_key, keyHash: row.key_hash } : null
    },

    hook: async (workspace: string, tokenHash: Buffer): Promise<(Hook & Workspace) | null> => {
      const row = await read((db) =>
        db
          .selectFrom('hook')
          .innerJoin('workspace', 'workspace.id', 'hook.workspace')
          .select(['kind', 'verify_hash', 'public_key', 'key_hash'])
          .where('workspace', '=', workspace)
          .where('token_hash', '=', tokenHash)
          .executeTakeFirst(),
      )
      return row
        ? { kind: row.kind, verifyHash: row.verify_hash, publicKey: row.public_key, keyHash: row.key_hash }
        : null
    },

    /** Adds or changes a hook. False when the workspace has as many as it may have. */
    saveHook: (workspace: string, tokenHash: Buffer, hook: Hook, max: number, now: number): Promise<boolean> =>
      transact(async (db) => {
        await lockWorkspace(db, shared, workspace)
        const known = await db.selectFrom('hook').select('token_hash').where('workspace', '=', workspace).execute()
        if (known.length >= max && !known.some((it) => it.token_hash.equals(tokenHash))) return false
        const values = { kind: hook.kind, verify_hash: hook.verifyHash }
        await db
          .insertInto('hook')
          .values({ workspace, token_hash: tokenHash, ...values, created_at: now })
          .onConflict((conflict) => conflict.columns(['workspace', 'token_hash']).doUpdateSet(values))
          .execute()
        return true
      }),

    removeHook: (workspace: string, tokenHash: Buffer): Promise<void> =>
      transact(async (db) => {
        await db.deleteFrom('hook').where('workspace', '=', workspace).where('token_hash', '=', tokenHash).execute()
      }),

    /** Hands out the oldest that no other desktop has in hand; to the same desktop again what it did not acknowledge. */
    pull: (request: PullRequest): Promise<Pulled> => transact((db) => pullDeliveries(db, shared, request)),

    counts: (workspace: string): Promise<Counts> => read((db) => readCounts(db, workspace)),

    /** Forgets what a desktop has stored. Answers how many that were. */
    acknowledge: (workspace: string, consumer: string, upTo: number): Promise<number> =>
      transact(async (db) => {
        await lockWorkspace(db, shared, workspace)
        const gone = await db
          .deleteFrom('delivery')
          .where('workspace', '=', workspace)
          .where('consumer', '=', consumer)
          .where('seq', '<=', upTo)
          .returning('size')
          .execute()
        await countOff(db, workspace, gone)
        return gone.length
      }),

    /** Drops what is older than `before`, at most `limit` of it. Answers how many deliveries that were. */
    purge: async (before: number, limit: number): Promise<number> => {
      await transact((db) => forgetSeen(db, before, limit))
      const old = await read((db) =>
        db
          .selectFrom('delivery')
          .select(['workspace', 'seq'])
          .where('received_at', '<', before)
          .orderBy('received_at')
          .limit(limit)
          .execute(),
      )
      let dropped = 0
      for (const workspace of new Set(old.map((it) => it.workspace))) {
        const upTo = Math.max(...old.filter((it) => it.workspace === workspace).map((it) => it.seq))
        dropped += await transact(async (db) => {
          await lockWorkspace(db, shared, workspace)
          const gone = await db
            .deleteFrom('delivery')
            .where('workspace', '=', workspace)
            .where('seq', '<=', upTo)
            .where('received_at', '<', before)
            .returning('size')
            .execute()
          await countOff(db, workspace, gone)
          return gone.length
        })
      }
      return dropped
    },
  }
}

async function pullDeliveries(db: Kysely<QueueTables>, shared: boolean, request: PullRequest): Promise<Pulled> {
  const { workspace, consumer, maxItems, maxBytes, now, leaseUntil } = request
  let free = db
    .selectFrom('delivery')
    .select(['seq', 'size'])
    .where('workspace', '=', workspace)
    .where((it) => it.or([it('leased_until', '<=', now), it('consumer', '=', consumer)]))
    .orderBy('seq')
    .limit(maxItems)
  // Two relays asked at once never hand out the same one, and neither waits for the other.
  if (shared) free = free.forUpdate().skipLocked()
  const seqs: number[] = []
  let bytes = 0
  for (const { seq, size } of await free.execute()) {
    bytes += size
    if (seqs.length > 0 && bytes > maxBytes) break
    seqs.push(seq)
  }
  const counts = await readCounts(db, workspace)
  if (seqs.length === 0) return { deliveries: [], ...counts }
  const deliveries = await db
    .updateTable('delivery')
    .set({ consumer, leased_until: leaseUntil })
    .where('workspace', '=', workspace)
    .where('seq', 'in', seqs)
    .returning(['seq', 'box'])
    .execute()
  return { deliveries: deliveries.sort((a, b) => a.seq - b.seq), ...counts }
}

async function readCounts(db: Kysely<QueueTables>, workspace: string): Promise<Counts> {
  const query = db.selectFrom('workspace').select(['last_seq', 'waiting']).where('id', '=', workspace)
  const row = await query.executeTakeFirst()
  return { lastSeq: row?.last_seq ?? 0, waiting: row?.waiting ?? 0 }
}

async function forgetSeen(db: Kysely<QueueTables>, before: number, limit: number): Promise<void> {
  await db
    .deleteFrom('seen')
    .where('hash', 'in', (it) => it.selectFrom('seen').select('hash').where('at', '<', before).limit(limit))
    .execute()
}

/** All that changes the counts of a workspace takes its row first, so that relays wait for each other and never cross. */
async function lockWorkspace(db: Kysely<QueueTables>, shared: boolean, id: string): Promise<void> {
  if (shared) await db.selectFrom('workspace').select('id').where('id', '=', id).forUpdate().execute()
}

async function countOff(db: Kysely<QueueTables>, id: string, gone: readonly { readonly size: number }[]) {
  if (gone.length === 0) return
  const bytes = gone.reduce((sum, it) => sum + it.size, 0)
  await db
    .updateTable('workspace')
    .set((set) => ({ waiting: set('waiting', '-', gone.length), waiting_bytes: set('waiting_bytes', '-', bytes) }))
    .where('id', '=', id)
    .execute()
}
