import { copyFileSync, existsSync, renameSync } from 'node:fs'
import type BetterSqlite3 from 'better-sqlite3'
import { DeskbellError } from '../rpc/errors.ts'
import { nameKey } from './queries/name-key.ts'

export type Migration = { readonly version: number; readonly name: string; readonly sql: string }

/**
 * Brings a database to the newest version, one transaction a step. Stops at the first failure: a step is never skipped.
 * A database that already holds something is copied beside itself first.
 * @throws DeskbellError `DATABASE_NEWER` when a newer Deskbell wrote the file
 */
export function migrate(database: BetterSqlite3.Database, migrations: readonly Migration[]): void {
  const version = versionOf(database)
  refuseNewer(version, migrations)
  const due = migrations.filter((it) => it.version > version)
  if (due.length === 0) return
  if (version > 0) keepCopy(database, version)
  database.function('deskbell_name_key', { deterministic: true }, (name) => nameKey(String(name)))
  for (const step of due) {
    database.transaction(() => {
      database.exec(step.sql)
      database.pragma(`user_version = ${step.version}`)
    })()
  }
}

/** @throws DeskbellError `DATABASE_NEWER` */
export function refuseNewer(version: number, migrations: readonly Migration[]): void {
  if (version > (migrations.at(-1)?.version ?? 0)) throw new DeskbellError(newerFile(version))
}

export const versionOf = (database: BetterSqlite3.Database): number =>
  Number(database.pragma('user_version', { simple: true }))

function keepCopy(database: BetterSqlite3.Database, version: number): void {
  if (database.memory) return
  database.pragma('wal_checkpoint(TRUNCATE)')
  const copy = `${database.name}.before-${version}`
  if (existsSync(copy)) return
  // Under its name only when it is whole: half a copy, from a full disk, would pass for one at the next start.
  copyFileSync(database.name, `${copy}.part`)
  renameSync(`${copy}.part`, copy)
}

const newerFile = (version: number) =>
  ({
    code: 'DATABASE_NEWER',
    message:
      'Your data was saved by a newer version of Deskbell. Nothing was changed. Please install the newest version.',
    fault: 'user',
    retryable: false,
    detail: `schema version ${version}`,
  }) as const
