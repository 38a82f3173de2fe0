import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { type DatabaseConnection, Kysely } from 'kysely'
import type { Log } from '../lib/log.ts'
import { conflict } from '../rpc/errors.ts'
import { openBlobs } from './blobs.ts'
import { checkDatabaseFile } from './check-file.ts'
import { cachingConnection, cachingDialect } from './dialect.ts'
import { migrate, refuseNewer } from './migrate.ts'
import { migrations } from './migrations/all.ts'
import { finishRestore, prepareRestore } from './restore.ts'
import type { Database } from './schema.ts'
import { copySnapshot, type RowCounts } from './snapshot.ts'
import type { Announcement, ChangedTable, KeptReads, ReadStore, Store, WriteStore } from './store.ts'
import { asStoreError } from './store-error.ts'

export const databaseFile = 'deskbell.db'
const blobFolder = 'blobs'
const lockFile = 'engine.lock'

/**
 * Opens (or makes) the workspace in a folder and brings it to the newest version.
 * @param dataDir the folder; `:memory:` for a store that lives as long as the process, and the bytes of a database for
 * one that begins with these (tests)
 * @throws DeskbellError `DATABASE_NEWER`, `DATABASE_DAMAGED`, `DISK_FULL`, `CONFLICT` when another engine has it open
 */
export function openStore(dataDir: string | Buffer, log: Log): Store {
  const connections: BetterSqlite3.Database[] = []
  const connect = (path: string | Buffer, options: BetterSqlite3.Options = {}) => {
    const connection = new BetterSqlite3(path, options)
    connections.push(connection)
    return connection
  }
  try {
    if (typeof dataDir !== 'string' || dataDir === ':memory:') return openIn(connect(dataDir), null, tmpdir(), log)
    mkdirSync(dataDir, { recursive: true })
    lockFolder(connect(join(dataDir, lockFile), { timeout: 0 }))
    finishRestore(dataDir, databaseFile)
    const path = join(dataDir, databaseFile)
    refuseNewer(checkDatabaseFile(path, join(dataDir, blobFolder)), migrations)
    // Read connections open after the migration: a database that is not there yet cannot be read.
    return openIn(
      connect(path),
      () => connect(path, { readonly: true }),
      dataDir,
      log,
      () => connections[0]?.close(),
    )
  } catch (error) {
    for (const connection of connections) connection.close()
    throw asStoreError(error)
  }
}

/**
 * Makes everything ready for a restore while nothing is open; the next {@link openStore} finishes it. For a workspace
 * that cannot be opened any more: its database is not looked at, and is kept.
 * @param path of the backup; when it is no good, everything stays as it was
 * @throws DeskbellError like `prepareRestore`, and `CONFLICT` when another engine has the folder open
 */
export async function restoreBeforeOpening(dataDir: string, path: string, at: number): Promise<void> {
  let lock: BetterSqlite3.Database | null = null
  try {
    mkdirSync(dataDir, { recursive: true })
    lock = new BetterSqlite3(join(dataDir, lockFile), { timeout: 0 })
    // Else an engine that runs on it would find itself on another database after its next start.
    lockFolder(lock)
    await prepareRestore({ blobs: openBlobs(join(dataDir, blobFolder)) }, dataDir, path, at)
  } catch (error) {
    throw asStoreError(error)
  } finally {
    lock?.close()
  }
}

function openIn(
  writer: BetterSqlite3.Database,
  connectReader: (() => BetterSqlite3.Database) | null,
  dataDir: string,
  log: Log,
  unlock: () => void = () => {},
): Store {
  writer.pragma('journal_mode = WAL')
  // FULL: a lead that was acknowledged survives a power cut, too.
  writer.pragma('synchronous = FULL')
  writer.pragma('foreign_keys = ON')
  writer.pragma('busy_timeout = 5000')
  // 32 MB: with the usual 2 a large delivery would be written to the disk twice, as it overflows and when it commits.
  writer.pragma('cache_size = -32000')
  // 16 MB of journal, and not 4: a new lead writes 80 pages, so with the usual 1000 every twelfth would wait for all of
  // them to be moved into the database, most of which the next dozen writes again.
  writer.pragma('wal_autocheckpoint = 4000')
  migrate(writer, migrations)
  // A database in memory belongs to its connection, so there reads share the writer's.
  const reader = connectReader?.() ?? writer
  const kept: KeptReads = new Map()
  const connection = cachingConnection(writer, log, (table) => {
    for (const [read, { tables }] of kept) if (table === null || tables.includes(table)) kept.delete(read)
  })
  const write = new Kysely<Database>({ dialect: cachingDialect(writer, log, connection) })
  const read = reader === writer ? write : new Kysely<Database>({ dialect: cachingDialect(reader, log) })
  return makeStore({ write, connection, kept, read, writer, reader, unlock, log, blobs: join(dataDir, blobFolder) })
}

/**
 * Two engines on one folder would both work the outbox. The lock is a transaction that stays open in a file of its own:
 * the operating system lets go of it when the process dies, however it dies.
 */
function lockFolder(lock: BetterSqlite3.Database): void {
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    if (codeOf(error) === 'SQLITE_BUSY') throw conflict('Deskbell is already running on this data.')
    throw error
  }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : null)

type Parts = {
  readonly write: Kysely<Database>
  /** What `write` runs on. */
  readonly connection: DatabaseConnection
  readonly kept: KeptReads
  readonly read: Kysely<Database>
  readonly writer: BetterSqlite3.Database
  readonly reader: BetterSqlite3.Database
  readonly unlock: () => void
  readonly log: Log
  readonly blobs: string
}

function makeStore({ write, connection, kept, read, writer, reader, unlock, log, blobs }: Parts): Store {
  let lastWrite: Promise<unknown> = Promise.resolve()
  let listener: (announcements: readonly Announcement[]) => void = () => {}
  let seq = 0
  // One for reading and writing: what was made of a text does not depend on who read it.
  const settingsRead: ReadStore['settingsRead'] = new Map()

  const transact = async <T>(work: (tx: WriteStore) => Promise<T>): Promise<T> => {
    const tables = new Set<ChangedTable>()
    const personIds = new Set<number>()
    const announcements: Announcement[] = []
    let everybody = false
    const tx: Omit<WriteStore, 'db'> = {
      settingsRead,
      kept,
      run: (query) => connection.executeQuery(query),
      changed: (table, personId) => {
        tables.add(table)
        if (personId === undefined) everybody = true
        else personIds.add(personId)
      },
      announce: (name, payload) => announcements.push({ name, payload } as Announcement),
    }
    let result: T
    try {
      result = await write.transaction().execute((db) => work({ ...tx, db }))
    } catch (error) {
      // What it read of its own changes never was.
      kept.clear()
      throw error
    }
    if (tables.size > 0) {
      seq += 1
      const ids = everybody ? [] : [...personIds]
      announcements.unshift({ name: 'store.changed', payload: { tables: [...tables], personIds: ids, seq } })
    }
    try {
      if (announcements.length > 0) listener(announcements)
    } catch (error) {
      // It is committed: whoever asked for it must not hear that it failed, and do it again.
      log.error({ err: error }, 'a change could not be announced')
    }
    return result
  }

  return {
    read: { db: read, settingsRead },
    write: (work) => {
      const turn = lastWrite.then(() => transact(work))
      lastWrite = turn.catch(() => {})
      return turn.catch((error) => Promise.reject(asStoreError(error)))
    },
    onCommit: (added) => {
      listener = added
    },
    blobs: openBlobs(blobs),
    copyTo: (path) => copyOf(writer, path),
    close: async () => {
      await lastWrite
      if (reader !== writer) reader.close()
      try {
        writer.pragma('optimize')
      } finally {
        writer.close()
        unlock()
      }
    },
  }
}

/** On a connection of its own, except for a database in memory, which has none but the writer's. */
async function copyOf(writer: BetterSqlite3.Database, path: string): Promise<RowCounts> {
  if (writer.memory) return copySnapshot(writer, path)
  const source = new BetterSqlite3(writer.name, { readonly: true, fileMustExist: true })
  try {
    return await copySnapshot(source, path)
  } finally {
    source.close()
  }
}
