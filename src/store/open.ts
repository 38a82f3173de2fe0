import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { Kysely } from 'kysely'
import type { Log } from '../lib/log.ts'
import { conflict, DeskbellError } from '../rpc/errors.ts'
import { openBlobs } from './blobs.ts'
import { cachingDialect } from './dialect.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/all.ts'
import type { Database } from './schema.ts'
import type { Announcement, ChangedTable, Store, WriteStore } from './store.ts'

export const databaseFile = 'deskbell.db'

/**
 * Opens (or makes) the workspace in a folder and brings it to the newest version.
 * @param dataDir the folder; `:memory:` for a store that lives as long as the process (tests)
 * @throws DeskbellError `DATABASE_NEWER`, `DATABASE_DAMAGED`, `DISK_FULL`, `CONFLICT` when another engine has it open
 */
export function openStore(dataDir: string, log: Log): Store {
  const inMemory = dataDir === ':memory:'
  if (!inMemory) mkdirSync(dataDir, { recursive: true })
  const lock = inMemory ? null : lockFolder(dataDir)
  try {
    const writer = openDatabase(inMemory ? ':memory:' : join(dataDir, databaseFile))
    migrate(writer, migrations)
    // A database in memory belongs to its connection, so there reads share the writer's.
    const reader = inMemory ? writer : new BetterSqlite3(join(dataDir, databaseFile), { readonly: true })
    const write = new Kysely<Database>({ dialect: cachingDialect(writer, log) })
    const read = reader === writer ? write : new Kysely<Database>({ dialect: cachingDialect(reader, log) })
    return makeStore({ write, read, writer, reader, lock, blobs: join(inMemory ? tmpdir() : dataDir, 'blobs') })
  } catch (error) {
    lock?.close()
    throw asStoreError(error)
  }
}

function openDatabase(path: string): BetterSqlite3.Database {
  const database = new BetterSqlite3(path)
  database.pragma('journal_mode = WAL')
  // FULL: a lead that was acknowledged survives a power cut, too.
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  database.pragma('busy_timeout = 5000')
  return database
}

/**
 * Two engines on one folder would both work the outbox. The lock is a transaction that stays open in a file of its own:
 * the operating system lets go of it when the process dies, however it dies.
 */
function lockFolder(dataDir: string): BetterSqlite3.Database {
  const lock = new BetterSqlite3(join(dataDir, 'engine.lock'), { timeout: 0 })
  try {
    lock.exec('begin exclusive')
    return lock
  } catch {
    lock.close()
    throw conflict('Deskbell is already running on this data.')
  }
}

type Parts = {
  readonly write: Kysely<Database>
  readonly read: Kysely<Database>
  readonly writer: BetterSqlite3.Database
  readonly reader: BetterSqlite3.Database
  readonly lock: BetterSqlite3.Database | null
  readonly blobs: string
}

function makeStore({ write, read, writer, reader, lock, blobs }: Parts): Store {
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
    copyTo: async (path) => void (await reader.backup(path)),
    close: async () => {
      await lastWrite
      if (reader !== writer) reader.close()
      writer.pragma('optimize')
      writer.close()
      lock?.close()
    },
  }
}

const damaged = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB'])

function asStoreError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (![...damaged].some((it) => code.startsWith(it))) return error
  return new DeskbellError(
    {
      code: 'DATABASE_DAMAGED',
      message:
        'The file with your data is damaged, so Deskbell stopped before making it worse. Nothing was deleted. Restore a backup, or ask for help with the file as it is.',
      fault: 'ours',
      retryable: false,
      detail: error instanceof Error ? error.message : code,
    },
    { cause: error },
  )
}
