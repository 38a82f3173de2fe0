import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { silentLog } from '../../../src/lib/log.ts'
import { DeskbellError } from '../../../src/rpc/errors.ts'
import { type Migration, migrate, versionOf } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'
import { databaseFile, openStore } from '../../../src/store/open.ts'
import { temporaryFolder } from '../../fakes/temp-folder.ts'

/**
 * SHA-256 of every migration that was shipped. A line is added with a new migration and never changed: databases out
 * there ran the old text and would differ from new ones (docs/adding-a-migration.md).
 */
const shipped: Readonly<Record<number, string>> = {
  10: 'b61928a5e820a2873dd28112796896917e0ef9b16a2c9cd4b21cd1b8bba79959',
  20: 'ea19b5cca1c68872a85685cb2e26b575c27755b1d8073a7c2a4763005376b65c',
  30: '84c39fd1c96fe13b1966c0f3ac455eadc1a2b41fe174a3c733e6dd0b5146fb69',
  40: '89bb6c4b8c868e50d2bc13d2056a152ab717587e39773e75ff0a51d3245814f4',
  50: '861039053ffe610d44489954560a783495b6a81bf1e8c371aea4f75666453926',
  60: 'a0b15f76461ec84cc317203714908b5814439ecc988974c7a29447d2b4056a21',
  70: 'f25ab4350baf0b562c969a1f07d294af2b9f2badac9bcb3a978a9ea8eb14e9de',
  80: '8215e0fcd34a68c9123191ee69f436053bf7a8865f3450da05987baa5d27d60e',
  90: '84f371f3a7f56946f3cc79e3ecf24f43e4622c80fc8de7bab9949ae9fe3e27a9',
  100: '7aacd6e89cf0e2ec32ef7d1ea0533feee2b8b2c59293ea0fe446213b656f6c81',
  110: '1bad07ba1efb6ec6746cbf28fda906e98612ecc67e7a44fa339fd29b41f9c335',
  120: 'c2265c551658010c79a8ee5f595f5f932a1b0593bb3f4038719e0d8e2734d84c',
  130: '7368b0f0b8251e9172486341a16718cccfc06cbe3ba08f35b7f7a41149f70198',
  140: 'fb63db9b838e9e33d84fa8b6346a921e77f2b3ac996829f540ddcb1af70852da',
  150: '8ae3b7218e0f410d105ebde6e1af3220078d3265f77167eb822611d056fbd994',
  160: '6343811bdc912acef753fd70b49c722b2ea091ffbff12dbf4790d325f0c1682c',
  170: 'c5b920fa2e436de31aa7a57d78ca339f2d19462021d8a27b93359de5658498c9',
  180: '330dc5f8b0f8b98177319cbdc246ba9eacd41cdadd5201b84bc6c2df0e1966b3',
  190: '068a3789a4cdcabce87aaa337f5f768a7349c052a8013738584ea28117b938c4',
  200: '9210c9f4552ac94a0b5b8712d0550906591d9b23dd1127960dbeb9ecdb2fdfc3',
  210: '41db21331e977fa1b3b644766d48e55a42ce38ddafc438356dd0590a7c2a27d9',
  220: '4558ee195f415b3ba1b197ec0f66dce95e8294213f169a65b89f14e909ca82ec',
  240: 'adb973dedf1af594815983c9836c0376e693cd9a394d43875ed1ac1d38823d59',
}

const hashOf = (migration: Migration) => createHash('sha256').update(migration.sql).digest('hex')

function open(path = ':memory:'): BetterSqlite3.Database {
  const database = new BetterSqlite3(path)
  onTestFinished(() => void database.close())
  return database
}

const tablesOf = (database: BetterSqlite3.Database) =>
  database.prepare<[], string>("select name from sqlite_schema where type = 'table' order by name").pluck().all()

const one: Migration = { version: 10, name: 'one', sql: 'create table one (id integer primary key) strict' }
const two: Migration = { version: 20, name: 'two', sql: 'create table two (id integer primary key) strict' }

describe('the list of migrations', () => {
  test('shipped ones are as they were shipped', () => {
    expect(Object.fromEntries(migrations.map((it) => [it.version, hashOf(it)]))).toEqual(shipped)
  })

  test('versions rise, each a multiple of ten', () => {
    const versions = migrations.map((it) => it.version)
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
    expect(versions.filter((it) => it % 10 !== 0)).toEqual([])
  })

  test('a fresh database gets all of them and is sound', () => {
    const database = open()
    database.pragma('foreign_keys = ON')
    migrate(database, migrations)
    expect(versionOf(database)).toBe(migrations.at(-1)?.version)
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(database.pragma('foreign_key_check')).toEqual([])
  })

  test('every table but the search indexes is strict', () => {
    const database = open()
    migrate(database, migrations)
    const loose = database
      .prepare<[], string>(
        `select name from pragma_table_list
         where schema = 'main' and type = 'table' and strict = 0 and name not like 'sqlite_%'`,
      )
      .pluck()
      .all()
    expect(loose).toEqual([])
  })
})

describe('a step', () => {
  test('runs once; the next start runs only what is new', () => {
    const database = open()
    migrate(database, [one])
    migrate(database, [one])
    expect(versionOf(database)).toBe(10)
    migrate(database, [one, two])
    expect(versionOf(database)).toBe(20)
    expect(tablesOf(database)).toEqual(['one', 'two'])
  })

  test('that fails is rolled back, and none after it runs', () => {
    const database = open()
    const bad: Migration = { version: 20, name: 'bad', sql: 'create table half (id integer) strict; create tabel x' }
    const after: Migration = { version: 30, name: 'after', sql: 'create table later (id integer) strict' }
    expect(() => migrate(database, [one, bad, after])).toThrow(/syntax error/)
    expect(versionOf(database)).toBe(10)
    expect(tablesOf(database)).toEqual(['one'])
    // And it is tried again, not skipped.
    expect(() => migrate(database, [one, bad, after])).toThrow(/syntax error/)
    expect(tablesOf(database)).toEqual(['one'])
  })

  test('runs only after the file was copied, with what was in its journal', () => {
    const path = join(temporaryFolder(), 'data.db')
    const database = open(path)
    database.pragma('journal_mode = WAL')
    migrate(database, [one])
    expect(existsSync(`${path}.before-10`)).toBe(false)
    database.exec('insert into one values (1), (2)')
    migrate(database, [one, two])
    const copy = open(`${path}.before-10`)
    expect(versionOf(copy)).toBe(10)
    expect(copy.prepare('select count(*) from one').pluck().get()).toBe(2)
    expect(tablesOf(copy)).toEqual(['one'])
  })
})

test('a file of a newer version is refused and stays as it is', () => {
  const folder = temporaryFolder()
  const path = join(folder, databaseFile)
  const newer = new BetterSqlite3(path)
  newer.exec('create table future (id integer primary key) strict; insert into future values (42)')
  newer.pragma('user_version = 9990')
  newer.close()
  const before = readFileSync(path)
  const error = catching(() => openStore(folder, silentLog))
  expect(error.body).toMatchObject({ code: 'DATABASE_NEWER', fault: 'user', retryable: false })
  expect(error.message).toContain('newer version')
  expect(readFileSync(path).equals(before)).toBe(true)
  // And the next try says the same: nothing was left locked.
  expect(catching(() => openStore(folder, silentLog)).code).toBe('DATABASE_NEWER')
})

function catching(work: () => unknown): DeskbellError {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(DeskbellError)
    return error as DeskbellError
  }
  return expect.unreachable('should have thrown')
}
