import type { CompiledQuery, Kysely, QueryResult } from 'kysely'
import type { EventName, EventPayload } from '../rpc/contract.ts'
import type { Database } from './schema.ts'
import type { RowCounts } from './snapshot.ts'

export type ChangedTable = EventPayload<'store.changed'>['tables'][number]

/** What a query may be given when it only reads. A {@link WriteStore} will do, too: then it sees its own transaction. */
export type ReadStore = {
  readonly db: Pick<Kysely<Database>, 'selectFrom' | 'with' | 'fn' | 'dynamic' | 'getExecutor' | 'selectNoFrom'>
  /** Settings as they were read last: checking them takes longer than reading them, and each message asks for them. */
  readonly settingsRead: Map<string, SettingRead>
}

/** The text of one setting, undefined for none, and what was made of it. */
export type SettingRead = { readonly text: string | undefined; readonly value: unknown }

/**
 * What was made of a few small tables, by the function that made it: it stays true until one of them is written to, since
 * nobody else may write to the database while we have it open. See `keptRead`.
 */
export type KeptReads = Map<object, { readonly tables: readonly string[]; readonly value: Promise<unknown> }>

/** Inside one transaction. Nothing but store calls may be awaited in it: every other writer is waiting. */
export type WriteStore = Pick<ReadStore, 'settingsRead'> & {
  readonly db: Kysely<Database>
  /**
   * Runs a query that is compiled already, past Kysely, which takes longer to pass one on than SQLite to run it: for what
   * runs for each of a hundred thousand mails (see `keptQuery`, `insertRow`).
   */
  readonly run: <R>(query: CompiledQuery<R>) => Promise<QueryResult<R>>
  readonly kept: KeptReads
  /** Tells windows after the commit what to refetch. Without a person: everybody's. */
  readonly changed: (table: ChangedTable, personId?: number) => void
  /** An event for after the commit; forgotten when the transaction fails. */
  readonly announce: <E extends EventName>(name: E, payload: EventPayload<E>) => void
}

/** The database of one workspace. */
export type Store = {
  /** A connection of its own: a long write never blocks it. */
  readonly read: ReadStore
  /** Runs `work` as one transaction, after all writes asked for before. Commits when it resolves, rolls back when it rejects. */
  readonly write: <T>(work: (tx: WriteStore) => Promise<T>) => Promise<T>
  /** Called after each commit that announced something. Set once, by the composition root. */
  readonly onCommit: (listener: (announcements: readonly Announcement[]) => void) => void
  readonly blobs: BlobFolder
  /** A consistent copy of one moment into one file, while everything runs on. Answers its rows per table. */
  readonly copyTo: (path: string) => Promise<RowCounts>
  readonly close: () => Promise<void>
}

export type Announcement = {
  readonly [E in EventName]: { readonly name: E; readonly payload: EventPayload<E> }
}[EventName]

/** Bytes by content: the same attachment in ten mails is one file. */
export type BlobFolder = {
  /** Durable when it returns. Answers the SHA-256 in hex, the name to ask for it by. */
  readonly put: (bytes: Uint8Array) => Promise<string>
  /** The same for many, at the price of a few. Answers their names in order. */
  readonly putAll: (all: readonly Uint8Array[]) => Promise<string[]>
  /** @throws DeskbellError `NOT_FOUND` */
  readonly get: (name: string) => Promise<Uint8Array>
  /** Only for what nothing names any more, and while nothing comes in: the same bytes could be arriving. */
  readonly remove: (name: string) => Promise<void>
  readonly folder: string
  /** All that are there. */
  readonly names: () => AsyncGenerator<string>
  /** Housekeeping for now and then, in no hurry: what {@link putAll} wrote down together gets files of its own. */
  readonly settle: () => Promise<void>
}
