import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { Kysely } from 'kysely'
import type { Log } from '../lib/log.ts'
import { conflict } from '../rpc/errors.ts'
import { openBlobs } from './blobs.ts'
import { checkDatabaseFile } from './check-file.ts'
import { cachingDialect } from './dialect.ts'
import { migrate, refuseNewer } from './migrate.ts'
import { migrations } from './migrations/all.ts'
import { finishRestore } from './restore.ts'
import type { Database } from './schema.ts'
import { copySnapshot, type RowCounts } from './snapshot.ts'
import type { Announcement, ChangedTable, Store, WriteStore } from './store.ts'
import { asStoreError } from './store-error.ts'

export const databaseFile = 'deskbell.db'
const blobFolder = 'blobs'

/**
 * Opens (or makes) the workspace in a folder and brings it to the newest version.
 * @param dataDir the folder; `:memory:` for a store that lives as long as the process (tests)
 * @throws DeskbellError `DATABASE_NEWER`, `DATABASE_DAMAGED`, `DISK_FULL`, `CONFLICT` when another engine has it open
 */
export function openStore(dataDir: string, log: Log): Store {
  const inMemory = dataDir === ':memory:'
  const connections: BetterSqlite3.Database[] = []
  const connect = (path: string, options: BetterSqlite3.Options = {}) => {
    const connection = new BetterSqlite3(path, options)
    connections.push(connection)
    return connection
  }
  try {
    if (inMemory) return openIn(connect(':memory:'), null, tmpdir(), log)
    mkdirSync(dataDir, { recursive: true })
    lockFolder(connect(join(dataDir, 'engine.lock'), { timeout: 0 }))
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
  migrate(writer, migrations)
  // A database in memory belongs to its connection, so there reads share the writer's.
  const reader = connectReader?.() ?? writer
  const write = new Kysely<Database>({ dialect: cachingDialect(writer, log) })
  const read = reader === writer ? write : new Kysely<Database>({ dialect: cachingDialect(reader, log) })
  return makeStore({ write, read, writer, reader, unlock, blobs: join(dataDir, blobFolder) })
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
  readonly read: Kysely<Database>
  readonly writer: BetterSqlite3.Database
  readonly reader: BetterSqlite3.Database
  readonly unlock: () => void
  readonly blobs: string
}

function makeStore({ write, read, writer, reader, unlock, blobs }: Parts): Store {
  let lastWrite: Promise<unknown> = Promise.resolve()
  let listener: (announcements: readonly Announcement[]) => void = () => {}
  let seq = 0

  const transact = async <T>(work: (tx: WriteStore) => Promise<T>): Promise<T> => {
    const tables = new Set<ChangedTable>()
    const personIds = new Set<number>()
    const announcements: Announcement[] = []
    let everybody = false
    const result = await write.transaction().execute((db) =>
      work({
        db,
        changed: (table, personId) => {
          tables.add(table)
          if (personId === undefined) everybody = true
          else personIds.add(personId)
        },
        announce: (name, payload) => announcements.push({ name, payload } as Announcement),
      }),
    )
    if (tables.size > 0) {
      seq += 1
      const ids = everybody ? [] : [...personIds]
      announcements.unshift({ name: 'store.changed', payload: { tables: [...tables], personIds: ids, seq } })
    }
    if (announcements.length > 0) listener(announcements)
    return result
  }

  return {
    read: { db: read },
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
