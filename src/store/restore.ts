import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { chmod, copyFile, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { z } from 'zod'
import { eachBlob, inspectBackup, makeDurable, verifyBackup, withBackup } from './backup.ts'
import type { BlobFolder } from './store.ts'

/** Says that a restore is ready; the next start of the engine finishes it. */
const markerFile = 'restore-pending.json'
const readyFile = /^restore-[0-9a-f-]+\.db/
const marker = z.object({ database: z.string().regex(readyFile), keptAs: z.string() })

/**
 * Makes everything ready for a restore without touching what is there: the backup is checked, its files are put beside
 * the others (by content, so nothing is overwritten), its database is laid beside the open one. The exchange itself is
 * left to {@link finishRestore}, when nothing is open. Needs no database: today's may be damaged.
 * @param at ms UTC, for the name under which today's database is kept
 * @returns that name
 * @throws DeskbellError like `verifyBackup`, and `DISK_FULL`
 */
export async function prepareRestore(
  { blobs }: { readonly blobs: BlobFolder },
  dataDir: string,
  path: string,
  at: number,
): Promise<string> {
  await inspectBackup(path)
  const name = `restore-${randomUUID()}.db`
  const ready = join(dataDir, name)
  try {
    await copyFile(path, ready)
    // A backup on a read-only medium is copied with its mode.
    await chmod(ready, 0o600)
    // The copy is checked, not the original: it is what will be used.
    await verifyBackup(ready)
    await withBackup(ready, (database) => eachBlob(database, async (_, bytes) => void (await blobs.put(bytes))))
    stripBackupTables(ready)
    await makeDurable(ready)
  } catch (error) {
    for (const file of [ready, `${ready}-journal`]) await rm(file, { force: true })
    throw error
  }
  const keptAs = `deskbell.db.before-restore-${new Date(at).toISOString().replace(/[:.]/g, '-')}`
  await writeMarker(dataDir, JSON.stringify({ database: name, keptAs }))
  return keptAs
}

function stripBackupTables(path: string): void {
  const database = new BetterSqlite3(path)
  try {
    database.exec('drop table backup_blob; drop table backup_info; vacuum')
  } finally {
    database.close()
  }
}

async function writeMarker(dataDir: string, text: string): Promise<void> {
  const temporary = join(dataDir, `${markerFile}.part`)
  const file = await open(temporary, 'w')
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, join(dataDir, markerFile))
  await makeDurable(dataDir)
}

type Files = { readonly rename: (from: string, to: string) => void; readonly remove: (path: string) => void }

const realFiles: Files = { rename: renameSync, remove: (path) => rmSync(path, { force: true }) }

/**
 * Finishes a prepared restore before the database is opened. Every step may be the last before a power cut: the next
 * start goes on where this one ended, and at the database's name is never anything but the old or the new one.
 * @param databaseFile name of the database in the folder
 */
export function finishRestore(dataDir: string, databaseFile: string, files: Files = realFiles): void {
  const pending = join(dataDir, markerFile)
  const order = existsSync(pending) ? orderIn(readFileSync(pending, 'utf8')) : null
  if (order) {
    const database = join(dataDir, databaseFile)
    const kept = join(dataDir, order.keptAs)
    const ready = join(dataDir, order.database)
    if (existsSync(ready)) {
      // The journal belongs to the database: what it holds is lost to one without the other.
      for (const suffix of ['-wal', '']) {
        if (existsSync(database + suffix) && !existsSync(kept + suffix)) files.rename(database + suffix, kept + suffix)
      }
      files.remove(`${database}-shm`)
      files.rename(ready, database)
    } else if (!existsSync(database) && existsSync(kept)) {
      // Somebody deleted the prepared file in between: the old one is better than none.
      for (const suffix of ['', '-wal']) if (existsSync(kept + suffix)) files.rename(kept + suffix, database + suffix)
    }
  }
  files.remove(pending)
  // What a preparation left that never came to its marker.
  for (const name of readdirSync(dataDir)) if (readyFile.test(name)) files.remove(join(dataDir, name))
}

function orderIn(text: string): z.output<typeof marker> | null {
  try {
    return marker.parse(JSON.parse(text))
  } catch {
    return null
  }
}
