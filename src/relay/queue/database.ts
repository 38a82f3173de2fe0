import type { Kysely } from 'kysely'
import type { QueueTables } from './schema.ts'

/** Where the queue lives: what differs between SQLite and PostgreSQL, and nothing else. */
export type QueueDatabase = {
  /** One transaction: when it resolves, everything in it is on disk. */
  readonly transact: <T>(work: (db: Kysely<QueueTables>) => Promise<T>) => Promise<T>
  readonly read: <T>(work: (db: Kysely<QueueTables>) => Promise<T>) => Promise<T>
  /** True where several relays work on one queue, so that rows must be locked. */
  readonly shared: boolean
  /** False when the operator's limit is reached: then nothing new is taken. */
  readonly hasRoom: () => boolean
  /** Inside a transaction: tells all relays, this one too, when it is committed. */
  readonly announce: (db: Kysely<QueueTables>, workspaces: readonly string[]) => Promise<void>
  readonly onAnnounced: (listener: (workspace: string) => void) => void
  readonly close: () => Promise<void>
}
