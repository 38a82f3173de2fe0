import { fork } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { silentLog } from '../../../src/lib/log.ts'
import { makeBackupHandlers } from '../../../src/settings/backup-handlers.ts'
import { inspectBackup, makeBackup, verifyBackup } from '../../../src/store/backup.ts'
import { migrations } from '../../../src/store/migrations/all.ts'
import { databaseFile, openStore, restoreBeforeOpening } from '../../../src/store/open.ts'
import { finishRestore, prepareRestore } from '../../../src/store/restore.ts'
import type { Store } from '../../../src/store/store.ts'
import { makeFakeClock } from '../../fakes/fake-clock.ts'
import { temporaryFolder } from '../../fakes/temp-folder.ts'

type Workspace = { readonly folder: string; readonly store: Store }

const schemaVersion = migrations.at(-1)?.version

/** Open stores of a test are closed after it, unless it closed them. */
function openAt(folder: string): Workspace {
  const store = openStore(folder, silentLog)
  let closed = false
  const close = async () => {
    if (!closed) await store.close()
    closed = true
  }
  onTestFinished(close)
  return { folder, store: { ...store, close } }
}

/** People with a mail each, and a file on every mail. */
async function fill({ store }: Workspace, name: string, count: number): Promise<void> {
  const blobs: string[] = []
  for (let at = 0; at < count; at++) blobs.push(await store.blobs.put(Buffer.from(`${name} file ${at} `.repeat(500))))
  await store.write(async (tx) => {
    for (const [at, blob] of blobs.entries()) {
      const person = await tx.db
        .insertInto('person')
        .values({ name: `${name} ${at}`, name_rank: 1, created_at: 1, updated_at: 1 })
        .returning('id')
        .executeTakeFirstOrThrow()
      const interaction = await tx.db
        .insertInto('interaction')
        .values({
          person_id: person.id,
          channel: 'email',
          direction: 'in',
          at,
          automatic: 0,
          subject: 'Plan',
          text: `${name} kitchen ${at}`,
          delivery: 'received',
          created_at: 1,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await tx.db
        .insertInto('attachment')
        .values({ interaction_id: interaction.id, name: 'plan.txt', content_type: 'text/plain', size: 1, blob })
        .execute()
    }
  })
}

/** Everything that a person would miss. */
async function contentOf({ store }: Workspace) {
  const people = await store.read.db.selectFrom('person').select('name').orderBy('id').execute()
  const files = await store.read.db.selectFrom('attachment').select('blob').orderBy('id').execute()
  const { rows: found } =
    await sql`select rowid from interaction_search where interaction_search match 'kitchen'`.execute(store.read.db)
  const bytes = await Promise.all(files.map(async ({ blob }) => (await store.blobs.get(blob ?? '')).toString()))
  return { people: people.map((it) => it.name), bytes, found: found.length }
}

const namesOf = async ({ store }: Workspace) =>
  (await store.read.db.selectFrom('person').select('name').orderBy('id').execute()).map((it) => it.name)

/** Runs a backup or restore in a process of its own and kills it as soon as `reached`; answers whether it was in time. */
async function killed(what: string, folder: string, path: string, reached: () => boolean): Promise<boolean> {
  const child = fork(new URL('./backup-child.ts', import.meta.url), [what, folder, path], { stdio: 'ignore' })
  const exit = once(child, 'exit')
  let gone = false
  void exit.then(() => {
    gone = true
  })
  await once(child, 'message')
  while (!gone && !reached()) await new Promise<void>((resolve) => setImmediate(resolve))
  child.kill('SIGKILL')
  const [, signal] = await exit
  return signal === 'SIGKILL'
}

const has = (folder: string, name: RegExp) => () => readdirSync(folder).some((it) => name.test(it))

describe('a backup', () => {
  test('is one file that holds everything, and tells what it holds', async () => {
    const workspace = openAt(temporaryFolder())
    await fill(workspace, 'Ana', 5)
    const target = temporaryFolder()
    const path = join(target, 'deskbell.backup')
    const report = await makeBackup(workspace.store, workspace.folder, path, 1234)
    expect(report).toEqual({ bytes: readFileSync(path).length, people: 5, interactions: 5, at: 1234 })
    expect(readdirSync(target)).toEqual(['deskbell.backup'])
    expect(await inspectBackup(path)).toEqual({ people: 5, interactions: 5, at: 1234, version: schemaVersion })
    await verifyBackup(path)
    // And looking leaves no journal beside it.
    expect(readdirSync(target)).toEqual(['deskbell.backup'])
  })

  test('is of one moment, while others write', async () => {
    const workspace = openAt(temporaryFolder())
    await fill(workspace, 'Ana', 20)
    const path = join(temporaryFolder(), 'backup')
    let writing = true
    const writer = (async () => {
      for (let at = 0; writing; at++) await fill(workspace, `Later ${at}`, 1)
    })()
    const report = await makeBackup(workspace.store, workspace.folder, path, 1)
    writing = false
    await writer
    await verifyBackup(path)
    expect(report.people).toBe(report.interactions)
    expect(report.people).toBeLessThan((await namesOf(workspace)).length)
  })

  test('replaces an older one only when it is whole', async () => {
    const workspace = openAt(temporaryFolder())
    await fill(workspace, 'Ana', 1)
    const target = temporaryFolder()
    const path = join(target, 'backup')
    await makeBackup(workspace.store, workspace.folder, path, 1)
    const old = readFileSync(path)
    // A file of an attachment is gone: this backup would not be whole.
    rmSync(join(workspace.folder, 'blobs'), { recursive: true })
    await expect(makeBackup(workspace.store, workspace.folder, path, 2)).rejects.toMatchObject({
      body: { code: 'DATABASE_DAMAGED', detail: expect.stringContaining('missing') },
    })
    expect(readFileSync(path).equals(old)).toBe(true)
    expect(readdirSync(target)).toEqual(['backup'])
  })

  test('has a place that makes sense', async () => {
    const workspace = openAt(temporaryFolder())
    const outside = temporaryFolder()
    for (const path of [
      join(workspace.folder, databaseFile),
      join(workspace.folder, 'blobs', 'backup'),
      join(outside, 'no', 'such', 'folder', 'backup'),
      outside,
    ]) {
      await expect(makeBackup(workspace.store, workspace.folder, path, 1)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    }
    await fill(workspace, 'still fine', 1)
  })

  test('of a process that is killed on the way leaves the older one whole', async () => {
    const workspace = openAt(temporaryFolder())
    await fill(workspace, 'Ana', 30)
    await workspace.store.close()
    const target = temporaryFolder()
    const path = join(target, 'backup')
    writeFileSync(path, 'the older one')
    for (const reached of [() => true, has(target, /part$/), () => false]) {
      if (await killed('backup', workspace.folder, path, reached)) {
        expect(readFileSync(path, 'utf8')).toBe('the older one')
      } else {
        await verifyBackup(path)
        writeFileSync(path, 'the older one')
      }
    }
    const after = openAt(workspace.folder)
    await makeBackup(after.store, after.folder, path, 3)
    await verifyBackup(path)
  })
})

describe('a backup that cannot be used is refused in words', () => {
  let good: Buffer
  let untouched: string
  beforeAll(async () => {
    untouched = mkdtempSync(join(tmpdir(), 'deskbell-test-'))
    const store = openStore(join(untouched, 'data'), silentLog)
    await fill({ store, folder: untouched }, 'Ana', 6)
    await makeBackup(store, join(untouched, 'data'), join(untouched, 'backup'), 1)
    await store.close()
    good = readFileSync(join(untouched, 'backup'))
  })
  afterAll(() => rmSync(untouched, { recursive: true, force: true }))

  function spoiled(spoil: (path: string) => void): string {
    const path = join(temporaryFolder(), 'backup')
    writeFileSync(path, good)
    spoil(path)
    return path
  }
  const edit = (statement: string) => (path: string) => {
    const database = new BetterSqlite3(path)
    database.exec(statement)
    database.close()
  }

  test.each<[string, (path: string) => void, string]>([
    ['is gone', (path) => rmSync(path), 'BAD_INPUT'],
    ['is a photograph', (path) => writeFileSync(path, Buffer.alloc(5000, 7)), 'BAD_INPUT'],
    ['is empty', (path) => truncateSync(path, 0), 'BAD_INPUT'],
    ['is another database', edit('drop table backup_info'), 'BAD_INPUT'],
    ['is of a newer version', edit('pragma user_version = 9990'), 'DATABASE_NEWER'],
    ['has a newer layout', edit('update backup_info set version = 9'), 'DATABASE_NEWER'],
    ['lost a row', edit('delete from attachment where id = 3'), 'DATABASE_DAMAGED'],
    ['lost a file', edit('delete from backup_blob where rowid = 3'), 'DATABASE_DAMAGED'],
    ['has another file', edit("update backup_blob set bytes = x'00' where rowid = 3"), 'DATABASE_DAMAGED'],
    ['is cut off', (path) => truncateSync(path, Math.floor(readFileSync(path).length * 0.6)), 'DATABASE_DAMAGED'],
    [
      'is garbled at the end',
      (path) => {
        const bytes = readFileSync(path)
        bytes.fill(0xa5, bytes.length - 20_000)
        writeFileSync(path, bytes)
      },
      'DATABASE_DAMAGED',
    ],
  ])('%s', async (_, spoil, code) => {
    const path = spoiled(spoil)
    const workspace = openAt(temporaryFolder())
    await fill(workspace, 'Mine', 2)
    await expect(prepareRestore(workspace.store, workspace.folder, path, 1)).rejects.toMatchObject({ body: { code } })
    await workspace.store.close()
    expect(readdirSync(workspace.folder).filter((name) => name.startsWith('restore'))).toEqual([])
    expect(await namesOf(openAt(workspace.folder))).toEqual(['Mine 0', 'Mine 1'])
  })
})

describe('a restore', () => {
  /** A backup of Ana's workspace, and Gus's workspace that is to be replaced by it. */
  async function scene() {
    const ana = openAt(temporaryFolder())
    await fill(ana, 'Ana', 4)
    const path = join(temporaryFolder(), 'backup')
    await makeBackup(ana.store, ana.folder, path, 1)
    const gus = openAt(temporaryFolder())
    await fill(gus, 'Gus', 2)
    return { path, gus, whatAnaHad: await contentOf(ana), whatGusHad: await contentOf(gus) }
  }

  test('brings everything back at the next start and keeps what was there', async () => {
    const { path, gus, whatAnaHad, whatGusHad } = await scene()
    const keptAs = await prepareRestore(gus.store, gus.folder, path, Date.UTC(2026, 2, 3, 15))
    expect(keptAs).toBe('deskbell.db.before-restore-2026-03-03T15-00-00-000Z')
    // Until then nothing changed.
    expect(await contentOf(gus)).toEqual(whatGusHad)
    await fill(gus, 'Late', 1)
    await gus.store.close()

    const restored = openAt(gus.folder)
    expect(await contentOf(restored)).toEqual(whatAnaHad)
    await fill(restored, 'New', 1)
    await restored.store.close()
    expect(await namesOf(openAt(gus.folder))).toEqual([...whatAnaHad.people, 'New 0'])

    const kept = temporaryFolder()
    copyFileSync(join(gus.folder, keptAs), join(kept, databaseFile))
    expect(await namesOf(openAt(kept))).toEqual(['Gus 0', 'Gus 1', 'Late 0'])
    const left = readdirSync(gus.folder).filter((name) => /restore/.test(name))
    expect(left).toEqual([keptAs])
    const tables = new BetterSqlite3(join(gus.folder, databaseFile), { readonly: true })
    expect(tables.prepare("select name from sqlite_schema where name like 'backup%'").all()).toEqual([])
    tables.close()
  })

  test('replaces a damaged database, too, journal and all', async () => {
    const { path, gus, whatAnaHad } = await scene()
    const keptAs = await prepareRestore(gus.store, gus.folder, path, 1)
    await gus.store.close()
    writeFileSync(join(gus.folder, databaseFile), 'garbage')
    writeFileSync(join(gus.folder, `${databaseFile}-wal`), 'more garbage')
    expect(await contentOf(openAt(gus.folder))).toEqual(whatAnaHad)
    expect(readFileSync(join(gus.folder, keptAs), 'utf8')).toBe('garbage')
    expect(readFileSync(join(gus.folder, `${keptAs}-wal`), 'utf8')).toBe('more garbage')
  })

  test('works where nothing can be opened any more', async () => {
    const { path, gus, whatAnaHad } = await scene()
    await gus.store.close()
    writeFileSync(join(gus.folder, databaseFile), 'garbage')
    expect(() => openStore(gus.folder, silentLog)).toThrow(expect.objectContaining({ code: 'DATABASE_DAMAGED' }))
    await restoreBeforeOpening(gus.folder, path, 1)
    expect(readFileSync(join(gus.folder, databaseFile), 'utf8')).toBe('garbage')
    expect(await contentOf(openAt(gus.folder))).toEqual(whatAnaHad)
    const kept = readdirSync(gus.folder).filter((name) => name.includes('before-restore'))
    expect(kept.map((name) => readFileSync(join(gus.folder, name), 'utf8'))).toEqual(['garbage'])
  })

  test('of a file that is no backup leaves a damaged workspace as it is', async () => {
    const { path, gus } = await scene()
    await gus.store.close()
    writeFileSync(join(gus.folder, databaseFile), 'garbage')
    const before = readdirSync(gus.folder)
    writeFileSync(path, 'a letter to somebody')
    await expect(restoreBeforeOpening(gus.folder, path, 1)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(readdirSync(gus.folder)).toEqual(before)
    expect(readFileSync(join(gus.folder, databaseFile), 'utf8')).toBe('garbage')
  })

  test('is refused before it begins while another engine has the folder open', async () => {
    const { path, gus, whatGusHad } = await scene()
    await expect(restoreBeforeOpening(gus.folder, path, 1)).rejects.toMatchObject({ code: 'CONFLICT' })
    await gus.store.close()
    expect(await contentOf(openAt(gus.folder))).toEqual(whatGusHad)
  })

  test('from a read-only file', async () => {
    const { path, gus, whatAnaHad } = await scene()
    chmodSync(path, 0o400)
    await prepareRestore(gus.store, gus.folder, path, 1)
    await gus.store.close()
    expect(await contentOf(openAt(gus.folder))).toEqual(whatAnaHad)
  })

  test('cut off after any step is finished by the next start', async () => {
    const { path, gus, whatAnaHad } = await scene()
    const keptAs = await prepareRestore(gus.store, gus.folder, path, 1)
    await gus.store.close()
    // As after a crash: the journal holds what the file does not have yet.
    writeFileSync(join(gus.folder, `${databaseFile}-wal`), '')
    const prepared = gus.folder
    let steps = 0
    for (let last = 0; ; last++) {
      const folder = join(temporaryFolder(), 'copy')
      copyTree(prepared, folder)
      const done = crashAfter(folder, last)
      const restored = openAt(folder)
      expect(await contentOf(restored), `cut off after step ${last}`).toEqual(whatAnaHad)
      expect(existsSync(join(folder, keptAs))).toBe(true)
      await restored.store.close()
      steps = last
      if (done) break
    }
    // Journal and database aside, the new one in place, the marker away.
    expect(steps).toBeGreaterThanOrEqual(5)
  })

  test('whose process is killed while it prepares changes nothing, or is ready', async () => {
    const { path, gus, whatAnaHad, whatGusHad } = await scene()
    await gus.store.close()
    const outcomes = new Set<boolean>()
    for (const step of [/^deskbell/, /^restore-.*db$/, /^restore-pending.json$/]) {
      const folder = join(temporaryFolder(), 'copy')
      copyTree(gus.folder, folder)
      await killed('restore', folder, path, has(folder, step))
      const ready = existsSync(join(folder, 'restore-pending.json'))
      outcomes.add(ready)
      expect(await contentOf(openAt(folder))).toEqual(ready ? whatAnaHad : whatGusHad)
      expect(readdirSync(folder).filter((name) => /^restore/.test(name))).toEqual([])
    }
    expect(outcomes).toEqual(new Set([true, false]))
  })

  test('that is asked for twice uses the last one', async () => {
    const { path, gus, whatAnaHad } = await scene()
    const other = join(temporaryFolder(), 'other')
    await makeBackup(gus.store, gus.folder, other, 1)
    await prepareRestore(gus.store, gus.folder, other, 1)
    await prepareRestore(gus.store, gus.folder, path, 2)
    await gus.store.close()
    expect(await contentOf(openAt(gus.folder))).toEqual(whatAnaHad)
  })

  test('through the handlers: answers first, then asks for the restart', async () => {
    const { path, gus, whatAnaHad } = await scene()
    const restarts: string[] = []
    const handlers = makeBackupHandlers({
      store: gus.store,
      dataDir: gus.folder,
      clock: makeFakeClock(),
      restart: () => restarts.push('asked'),
    })
    expect(await handlers['store.inspectBackup']({ path })).toMatchObject({ people: 4 })
    await expect(handlers['store.restore']({ path: `${path}-gone` })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(restarts).toEqual([])
    const { keptAs } = await handlers['store.restore']({ path })
    expect(restarts).toEqual(['asked'])
    await gus.store.close()
    expect(await contentOf(openAt(gus.folder))).toEqual(whatAnaHad)
    expect(existsSync(join(gus.folder, keptAs))).toBe(true)
  })
})

/** Runs the exchange with a file system that fails for good after some steps. Answers whether it came to its end. */
function crashAfter(folder: string, steps: number): boolean {
  let left = steps
  const step = (work: () => void) => {
    if (left === 0) throw new Error('power cut')
    left -= 1
    work()
  }
  try {
    finishRestore(folder, databaseFile, {
      rename: (from, to) => step(() => renameSync(from, to)),
      remove: (path) => step(() => rmSync(path, { force: true })),
    })
    return true
  } catch (error) {
    if ((error as Error).message !== 'power cut') throw error
    return false
  }
}

function copyTree(from: string, to: string): void {
  mkdirSync(to)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) copyTree(join(from, entry.name), join(to, entry.name))
    else if (entry.name !== 'engine.lock') copyFileSync(join(from, entry.name), join(to, entry.name))
  }
}
