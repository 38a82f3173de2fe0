import type { Kysely } from 'kysely'
import type { Presence } from '../wire.ts'
import type { QueueDatabase } from './database.ts'
import type { QueueTables } from './schema.ts'

export type StoredAnswer = { readonly seq: number; readonly id: string; readonly box: Buffer }

export type NewAnswer = {
  readonly workspace: string
  readonly visitor: string
  readonly id: string
  readonly box: Buffer
  readonly now: number
  /** How many may wait for one visitor. */
  readonly most: number
}

/** The name under which waiting browsers are told of an answer. Never a workspace's id. */
export const chatTopic = (workspace: string, visitor: string): string => `${workspace}/${visitor}`

/** Browsers that chat, and the answers that wait for them. Boxes are sealed to the browser; nothing here can be read. */
export function makeChatStore({ transact, read, shared, announce }: QueueDatabase) {
  return {
    /** Notes that somebody is there until `hereUntil`; false when the visitor is new and there are `most` already. */
    chatSeen: (workspace: string, visitor: string, hereUntil: number, now: number, most: number): Promise<boolean> =>
      transact(async (db) => {
        const values = { seen_at: now, here_until: hereUntil }
        const { numUpdatedRows } = await db
          .updateTable('chat_visitor')
          .set(values)
          .where('workspace', '=', workspace)
          .where('visitor', '=', visitor)
          .executeTakeFirst()
        if (numUpdatedRows > 0n) return true
        const { count } = await db
          .selectFrom('chat_visitor')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('workspace', '=', workspace)
          .executeTakeFirstOrThrow()
        if (Number(count) >= most) return false
        await db
          .insertInto('chat_visitor')
          // Above every number of an earlier row that grew too old: the browser asks for what came after its last one.
          .values({ workspace, visitor, ...values, last_seq: now })
          .onConflict((conflict) => conflict.columns(['workspace', 'visitor']).doUpdateSet(values))
          .execute()
        return true
      }),

    chatVisitor: async (workspace: string, visitor: string): Promise<{ readonly seenAt: number } | null> => {
      const row = await read((db) =>
        db
          .selectFrom('chat_visitor')
          .select('seen_at')
          .where('workspace', '=', workspace)
          .where('visitor', '=', visitor)
          .executeTakeFirst(),
      )
      return row ? { seenAt: row.seen_at } : null
    },

    /** They closed the page. */
    chatLeft: (workspace: string, visitor: string, now: number): Promise<void> =>
      transact(async (db) => {
        await db
          .updateTable('chat_visitor')
          .set({ here_until: now })
          .where('workspace', '=', workspace)
          .where('visitor', '=', visitor)
          .execute()
      }),

    chatPresence: async (workspace: string, visitors: readonly string[], now: number): Promise<Presence[]> => {
      if (visitors.length === 0) return []
      const rows = await read((db) =>
        db
          .selectFrom('chat_visitor')
          .select(['visitor', 'seen_at', 'here_until'])
          .where('workspace', '=', workspace)
          .where('visitor', 'in', visitors)
          .execute(),
      )
      return rows.map((it) => ({ visitor: it.visitor, here: it.here_until > now, seenAt: it.seen_at }))
    },

    /** Keeps an answer until the browser fetched it; the same id once. */
    putAnswer: ({
      workspace,
      visitor,
      id,
      box,
      now,
      most,
    }: NewAnswer): Promise<'stored' | 'known' | 'unknown' | 'full'> =>
      transact(async (db) => {
        const own = db
          .selectFrom('chat_visitor')
          .select('last_seq')
          .where('workspace', '=', workspace)
          .where('visitor', '=', visitor)
        // Numbers of one visitor are given one after another, whichever relay gives them.
        const row = await (shared ? own.forUpdate() : own).executeTakeFirst()
        if (!row) return 'unknown'
        if (await answerOf(db, workspace, visitor, id)) return 'known'
        const { waiting } = await db
          .selectFrom('chat_answer')
          .select(({ fn }) => fn.countAll<number>().as('waiting'))
          .where('workspace', '=', workspace)
          .where('visitor', '=', visitor)
          .where('box', 'is not', null)
          .executeTakeFirstOrThrow()
        if (Number(waiting) >= most) return 'full'
        const seq = row.last_seq + 1
        await db.insertInto('chat_answer').values({ workspace, visitor, id, seq, box, created_at: now }).execute()
        await db
          .updateTable('chat_visitor')
          .set({ last_seq: seq })
          .where('workspace', '=', workspace)
          .where('visitor', '=', visitor)
          .execute()
        await announce(db, [chatTopic(workspace, visitor)])
        return 'stored'
      }),

    hasAnswer: async (workspace: string, visitor: string, id: string): Promise<boolean> =>
      (await read((db) => answerOf(db, workspace, visitor, id))) !== undefined,

    /** What came after `after`, oldest first. */
    answersAfter: async (workspace: string, visitor: string, after: number): Promise<StoredAnswer[]> => {
      const rows = await read((db) =>
        db
          .selectFrom('chat_answer')
          .select(['seq', 'id', 'box'])
          .where('workspace', '=', workspace)
          .where('visitor', '=', visitor)
          .where('seq', '>', after)
          .where('box', 'is not', null)
          .orderBy('seq')
          .limit(50)
          .execute(),
      )
      return rows.flatMap(({ seq, id, box }) => (box ? [{ seq, id, box }] : []))
    },

    /** The browser has these: their boxes go, their ids stay, so that they are never taken a second time. */
    answersFetched: async (workspace: string, visitor: string, upTo: number): Promise<void> => {
      const waiting = await read((db) =>
        db
          .selectFrom('chat_answer')
          .select('seq')
          .where('workspace', '=', workspace)
          .where('visitor', '=', visitor)
          .where('seq', '<=', upTo)
          .where('box', 'is not', null)
          .limit(1)
          .executeTakeFirst(),
      )
      if (!waiting) return
      await transact(async (db) => {
        await db
          .updateTable('chat_answer')
          .set({ box: null })
          .where('workspace', '=', workspace)
          .where('visitor', '=', visitor)
          .where('seq', '<=', upTo)
          .execute()
      })
    },
  }
}

/** Forgets visitors and answers of before. */
export async function purgeChat(db: Kysely<QueueTables>, before: number): Promise<void> {
  await db.deleteFrom('chat_answer').where('created_at', '<', before).execute()
  await db.deleteFrom('chat_visitor').where('seen_at', '<', before).execute()
}

const answerOf = (db: Kysely<QueueTables>, workspace: string, visitor: string, id: string) =>
  db
    .selectFrom('chat_answer')
    .select('seq')
    .where('workspace', '=', workspace)
    .where('visitor', '=', visitor)
    .where('id', '=', id)
    .executeTakeFirst()
