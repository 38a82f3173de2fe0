import type { Kysely } from 'kysely'
import type { HookKind } from '../wire.ts'
import { makeChatStore, purgeChat } from './chat-store.ts'
import type { QueueDatabase } from './database.ts'
import { type NewPost, type PutQuota, type PutResult, putPosts } from './put-posts.ts'
import type { QueueTables } from './schema.ts'

export type Workspace = { readonly publicKey: Buffer; readonly keyHash: Buffer }
/** `page`: what it shows to everybody, as JSON. */
export type Hook = { readonly kind: HookKind; readonly verifyHash: Buffer; readonly page: string | null }

/** As it is saved: `page` undefined leaves the one that is there. */
export type SavedHook = Omit<Hook, 'page'> & { readonly page?: string | null }
/** `other-key`: there is such a workspace, and it belongs to somebody else. */
export type Registered = 'registered' | 'no-invite' | 'other-key' | 'unproven'

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
    ...makeChatStore(database),

    put: (posts: readonly NewPost[], quota: PutQuota, now: number): Promise<readonly PutResult[]> =>
      transact((db) => putPosts(db, database, posts, quota, now)),

    addInvite: (hash: Buffer, expiresAt: number): Promise<void> =>
      transact(async (db) => {
        await db.insertInto('invite').values({ hash, expires_at: expiresAt }).execute()
      }),

    /**
     * Opens a workspace; one that is there with the same public key gets the new bearer key and keeps everything else.
     * @param invite used up by it; null when the operator's own token was shown
     * @param proven whoever asks holds the private key
     */
    register: (
      id: string,
      workspace: Workspace,
      invite: Buffer | null,
      proven: boolean,
      now: number,
    ): Promise<Registered> =>
      transact(async (db) => {
        await lockWorkspace(db, shared, id)
        const before = await db.selectFrom('workspace').select('public_key').where('id', '=', id).executeTakeFirst()
        if (before && !before.public_key.equals(workspace.publicKey)) return 'other-key'
        if (before && !proven) return 'unproven'
        if (invite) {
          const used = await db
            .deleteFrom('invite')
            .where('hash', '=', invite)
            .where('expires_at', '>', now)
            .executeTakeFirst()
          if (used.numDeletedRows === 0n) return 'no-invite'
        }
        const { publicKey, keyHash } = workspace
        const counts = { last_seq: 0, waiting: 0, waiting_bytes: 0 }
        await db
          .insertInto('workspace')
          .values({ id, public_key: publicKey, key_hash: keyHash, ...counts, created_at: now })
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ key_hash: keyHash }))
          .execute()
        return 'registered'
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
          .leftJoin('hook_page', (join) =>
            join
              .onRef('hook_page.workspace', '=', 'hook.workspace')
              .onRef('hook_page.token_hash', '=', 'hook.token_hash'),
          )
          .select(['kind', 'verify_hash', 'public_key', 'key_hash', 'page'])
          .where('hook.workspace', '=', workspace)
          .where('hook.token_hash', '=', tokenHash)
          .executeTakeFirst(),
      )
      return row
        ? {
            kind: row.kind,
            verifyHash: row.verify_hash,
            page: row.page,
            publicKey: row.public_key,
            keyHash: row.key_hash,
          }
        : null
    },

    /** Adds or changes a hook. False when the workspace has as many as it may have. `page` undefined leaves it. */
    saveHook: (workspace: string, tokenHash: Buffer, hook: SavedHook, max: number, now: number): Promise<boolean> =>
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
        if (hook.page !== undefined) await savePage(db, workspace, tokenHash, hook.page)
        return true
      }),

    removeHook: (workspace: string, tokenHash: Buffer): Promise<void> =>
      transact(async (db) => {
        for (const table of ['hook_page', 'hook'] as const) {
          await db.deleteFrom(table).where('workspace', '=', workspace).where('token_hash', '=', tokenHash).execute()
        }
      }),

    /** Its addresses answer no more, and what waits for it is gone: nobody could open it. */
    removeWorkspace: (id: string): Promise<void> =>
      transact(async (db) => {
        await lockWorkspace(db, shared, id)
        for (const table of ['chat_answer', 'chat_visitor', 'hook_page', 'hook', 'delivery'] as const) {
          await db.deleteFrom(table).where('workspace', '=', id).execute()
        }
        await db.deleteFrom('workspace').where('id', '=', id).execute()
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
      await transact((db) => purgeChat(db, before))
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

async function savePage(db: Kysely<QueueTables>, workspace: string, tokenHash: Buffer, page: string | null) {
  if (page === null) {
    await db.deleteFrom('hook_page').where('workspace', '=', workspace).where('token_hash', '=', tokenHash).execute()
    return
  }
  await db
    .insertInto('hook_page')
    .values({ workspace, token_hash: tokenHash, page })
    .onConflict((conflict) => conflict.columns(['workspace', 'token_hash']).doUpdateSet({ page }))
    .execute()
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
