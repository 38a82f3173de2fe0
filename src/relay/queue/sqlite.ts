import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { Kysely } from 'kysely'
import type { Log } from '../../lib/log.ts'
import { cachingDialect } from '../../store/dialect.ts'
import type { QueueDatabase } from './database.ts'
import { type QueueTables, schemaOf } from './schema.ts'

export type SqliteOptions = {
  readonly path: string
  /** Nothing new is taken when the file is as large; null: as far as the disk goes. */
  readonly maxBytes: number | null
  readonly log: Log
}

/** The queue in one file: the default. One relay at a time; the `invite` command may run beside it. */
export function openSqliteQueue({ path, maxBytes, log }: SqliteOptions): QueueDatabase {
  mkdirSync(dirname(path), { recursive: true })
  const database = new BetterSqlite3(path)
  database.pragma('journal_mode = WAL')
  // FULL: what was answered with 200 survives a power cut, too.
  database.pragma('synchronous = FULL')
  database.pragma('busy_timeout = 5000')
  // Copying the log into the file stops everything else for a moment: every 32 MB instead of every 4.
  database.pragma('wal_autocheckpoint = 8192')
  for (const statement of schemaOf('sqlite')) database.exec(statement)
  const kysely = new Kysely<QueueTables>({ dialect: cachingDialect(database, log) })
  let listener: (workspace: string) => void = () => {}
  let last: Promise<unknown> = Promise.resolve()
  let announced: string[] = []

  // One connection: whatever ran between the statements of a transaction would be part of it.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }

  const pragma = (name: string) => Number(database.pragma(name, { simple: true }))
  const pageSize = pragma('page_size')

  return {
    shared: false,
    // Counted here and not by SQLite's own limit, which would also refuse what a desktop needs to empty the queue.
    hasRoom: () => maxBytes === null || (pragma('page_count') - pragma('freelist_count')) * pageSize < maxBytes,
    transact: (work) =>
      inTurn(async () => {
        announced = []
        const result = await kysely.transaction().execute(work)
        announced.forEach(listener)
        return result
      }),
    read: (work) => inTurn(() => work(kysely)),
    announce: async (_db, workspaces) => {
      announced = [...workspaces]
    },
    onAnnounced: (added) => {
      listener = added
    },
    close: async () => {
      await last
      database.close()
    },
  }
}
