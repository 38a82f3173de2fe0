import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { badInput, DeskbellError } from '../rpc/errors.ts'
import { refuseNewer, versionOf } from './migrate.ts'
import { migrations } from './migrations/all.ts'
import { countRows } from './snapshot.ts'
import type { BlobFolder, Store } from './store.ts'

/**
 * A backup is the database of the workspace with its files inside, in a table of their own: one file that any SQLite
 * tool can open.
 */
const backupTables = `
  CREATE TABLE backup_info (version INTEGER NOT NULL, at INTEGER NOT NULL, rows TEXT NOT NULL) STRICT;
  CREATE TABLE backup_blob (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;`

/** Of the layout of a backup, not of the schema of the workspace. */
const layout = 1

export type BackupReport = {
  readonly bytes: number
  readonly people: number
  readonly interactions: number
  readonly at: number
}
export type BackupFacts = Omit<BackupReport, 'bytes'> & { readonly version: number }

/**
 * Writes everything into one file, opens it again, checks it, and only then gives it its name: at `path` is always
 * either what was there before or a whole backup.
 * @param path where to; an older backup there is replaced
 * @param at ms UTC, told by {@link inspectBackup}
 * @throws DeskbellError `BAD_INPUT` when it cannot be written there, `DISK_FULL`
 */
export async function makeBackup(store: Store, dataDir: string, path: string, at: number): Promise<BackupReport> {
  const target = resolve(path)
  await refuseTarget(dataDir, target)
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.part`)
  try {
    const rows = await store.copyTo(temporary)
    await addFiles(temporary, store.blobs, { at, rows: JSON.stringify(rows) })
    await verifyBackup(temporary)
    await makeDurable(temporary)
    const { size } = await stat(temporary)
    await rename(temporary, target)
    await makeDurable(dirname(target))
    return { bytes: size, people: rows.person ?? 0, interactions: rows.interaction ?? 0, at }
  } catch (error) {
    throw asBackupError(error)
  } finally {
    for (const file of [temporary, `${temporary}-journal`, `${temporary}-wal`]) await rm(file, { force: true })
  }
}

/** What a backup holds, without reading all of it. @throws DeskbellError like {@link verifyBackup} */
export function inspectBackup(path: string): Promise<BackupFacts> {
  return withBackup(path, (database) => {
    const { at, rows } = infoOf(database)
    return { at, people: rows.person ?? 0, interactions: rows.interaction ?? 0, version: versionOf(database) }
  })
}

/**
 * Reads a whole backup: the database is sound, every table has the rows it had, every file is the one it says.
 * @throws DeskbellError `BAD_INPUT` when it is no backup, `DATABASE_DAMAGED`, `DATABASE_NEWER`
 */
export async function verifyBackup(path: string): Promise<void> {
  await withBackup(path, async (database) => {
    for (const table of tablesIn(database)) {
      const problem = database.prepare<[], string>(`pragma integrity_check("${table}")`).pluck().get()
      if (problem !== 'ok') throw damagedBackup(`${table}: ${problem}`)
      await breath()
    }
    const then = infoOf(database).rows
    const now = countRows(database)
    for (const table of new Set([...Object.keys(then), ...Object.keys(now)])) {
      if (then[table] !== now[table]) throw damagedBackup(`${table}: ${now[table]} rows instead of ${then[table]}`)
    }
    await eachBlob(database, (name, bytes) => {
      if (sha256(bytes) !== name) throw damagedBackup(`file ${name} is not what it was`)
    })
    const missing = database.prepare<[], string>(missingFiles).pluck().get()
    if (missing) throw damagedBackup(`file ${missing} is missing`)
  })
}

/**
 * All that hold rows, each to be checked by itself: one check of everything would keep the engine from answering for
 * seconds. The search index is left to its own tables; comparing it with every text takes as long as building it anew.
 */
const tablesIn = (database: BetterSqlite3.Database): string[] =>
  database
    .prepare<[], string>("select name from pragma_table_list where schema = 'main' and type in ('table', 'shadow')")
    .pluck()
    .all()

/** Lets the engine answer what waits. */
const breath = () => new Promise<void>((resume) => setImmediate(resume))

const missingFiles = `
  select blob from attachment where blob is not null and blob not in (select name from backup_blob)
  union select payload_blob from inbound_item
    where payload_blob is not null and payload_blob not in (select name from backup_blob) limit 1`

/** One file after the other, never all in memory, and the engine answers calls in between. */
export async function eachBlob(
  database: BetterSqlite3.Database,
  work: (name: string, bytes: Buffer) => void | Promise<void>,
): Promise<void> {
  const bytesOf = database.prepare<[string], Buffer>('select bytes from backup_blob where name = ?').pluck()
  for (const name of database.prepare<[], string>('select name from backup_blob').pluck().all()) {
    await work(name, bytesOf.get(name) ?? Buffer.alloc(0))
    await breath()
  }
}

/** Runs `read` on a backup opened for reading. Every way in which it can be none becomes a sentence. */
export async function withBackup<T>(
  path: string,
  read: (database: BetterSqlite3.Database) => T | Promise<T>,
): Promise<T> {
  if (!existsSync(path)) throw badInput('There is no file at that place any more.', path)
  let database: BetterSqlite3.Database | null = null
  try {
    database = new BetterSqlite3(path, { readonly: true, fileMustExist: true })
    const tables = database
      .prepare<[], string>("select name from sqlite_schema where name in ('backup_info', 'backup_blob', 'person')")
      .all()
    if (tables.length < 3) throw notABackup(path)
    refuseNewer(versionOf(database), migrations)
    return await read(database)
  } catch (error) {
    throw asBackupError(error)
  } finally {
    database?.close()
  }
}

type Info = { readonly at: number; readonly rows: Readonly<Record<string, number>> }

function infoOf(database: BetterSqlite3.Database): Info {
  const info = database
    .prepare<[], { version: number; at: number; rows: string }>('select version, at, rows from backup_info')
    .get()
  if (!info) throw damagedBackup('backup_info is empty')
  // The layout is older than the schema it came with, so this says the same as a newer schema does.
  if (info.version > layout) refuseNewer(Number.POSITIVE_INFINITY, migrations)
  return { at: info.at, rows: JSON.parse(info.rows) as Info['rows'] }
}

async function refuseTarget(dataDir: string, target: string): Promise<void> {
  if (target === resolve(dataDir) || target.startsWith(join(resolve(dataDir), '/'))) {
    throw badInput(
      'Choose another place: a backup inside Deskbell’s own folder would be lost together with it.',
      target,
    )
  }
  const folder = await stat(dirname(target)).catch(() => null)
  if (!folder?.isDirectory()) throw badInput('The folder for the backup is not there. Choose another place.', target)
  if ((await stat(target).catch(() => null))?.isDirectory()) {
    throw badInput('That is a folder. Choose a name for the file.', target)
  }
}

async function addFiles(path: string, blobs: BlobFolder, info: { at: number; rows: string }): Promise<void> {
  const database = new BetterSqlite3(path)
  try {
    // The copy of a database in WAL mode is in WAL mode; a backup is one file.
    database.pragma('journal_mode = DELETE')
    // A copy that a crash leaves half is thrown away anyway; a whole one is synced once, at the end.
    database.pragma('journal_mode = OFF')
    database.pragma('synchronous = OFF')
    database.exec(backupTables)
    database.prepare('insert into backup_info values (?, ?, ?)').run(layout, info.at, info.rows)
    const insert = database.prepare('insert into backup_blob values (?, ?)')
    for await (const name of blobs.names()) insert.run(name, await blobs.get(name))
  } finally {
    database.close()
  }
}

/** Until it is synced, a file that was written is only promised by the operating system. */
export async function makeDurable(path: string): Promise<void> {
  // Windows cannot open a folder, and keeps renames without being asked.
  const file = await open(path, 'r').catch(() => null)
  try {
    await file?.sync().catch(() => {})
  } finally {
    await file?.close()
  }
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const notABackup = (path: string) => badInput('This file is no backup of Deskbell. Choose another one.', path)

const damagedBackup = (detail: string) =>
  new DeskbellError({
    code: 'DATABASE_DAMAGED',
    message: 'This backup is damaged, so it was not used. Nothing was changed. Try an older backup.',
    fault: 'user',
    retryable: false,
    detail,
  })

function asBackupError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'SQLITE_NOTADB') return notABackup(code)
  if (code.startsWith('SQLITE_CORRUPT')) return damagedBackup(code)
  if (['EACCES', 'EPERM', 'EROFS', 'SQLITE_READONLY', 'SQLITE_CANTOPEN'].some((it) => code.startsWith(it))) {
    return badInput('Deskbell may not read or write there. Choose another place.', code)
  }
  return error
}
