import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { silentLog } from '../../../src/lib/log.ts'
import { DeskbellError } from '../../../src/rpc/errors.ts'
import { databaseFile, openStore } from '../../../src/store/open.ts'
import type { Store } from '../../../src/store/store.ts'
import { temporaryFolder } from '../../fakes/temp-folder.ts'

const addPeople = (store: Store, count: number, name = 'Ana') =>
  store.write(async (tx) => {
    for (let at = 0; at < count; at++) {
      await tx.db
        .insertInto('person')
        .values({ name: `${name} ${at} ${'x'.repeat(300)}`, name_rank: 1, created_at: at, updated_at: at })
        .execute()
    }
  })

async function countPeople(store: Store): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from person`.execute(store.read.db)
  return rows[0]?.n ?? 0
}

/** A workspace with people, closed cleanly. */
async function closedWorkspace(people = 2000): Promise<{ folder: string; path: string }> {
  const folder = temporaryFolder()
  const store = openStore(folder, silentLog)
  await addPeople(store, people)
  await store.close()
  return { folder, path: join(folder, databaseFile) }
}

/** A workspace as a power cut leaves it: people in the file, more of them only in the journal. */
async function crashedWorkspace(): Promise<{ folder: string; path: string; journal: string }> {
  const source = await closedWorkspace(50)
  const store = openStore(source.folder, silentLog)
  for (let batch = 0; batch < 20; batch++) await addPeople(store, 10, 'Late')
  const folder = temporaryFolder()
  const path = join(folder, databaseFile)
  for (const suffix of ['', '-wal']) writeFileSync(path + suffix, readFileSync(source.path + suffix))
  await store.close()
  return { folder, path, journal: `${path}-wal` }
}

function refusal(folder: string): DeskbellError {
  try {
    void openStore(folder, silentLog).close()
  } catch (error) {
    expect(error).toBeInstanceOf(DeskbellError)
    return error as DeskbellError
  }
  return expect.unreachable('the store should not have opened')
}

/** The store refuses, in the user's words, and leaves every byte as it is: somebody may still rescue them. */
function expectDamaged(folder: string, ...paths: string[]): void {
  const before = paths.map((path) => readFileSync(path))
  for (let attempt = 0; attempt < 2; attempt++) {
    const error = refusal(folder)
    expect(error.body).toMatchObject({ code: 'DATABASE_DAMAGED', retryable: false })
    expect(error.message).toMatch(/damaged.*Nothing was deleted.*backup/s)
  }
  for (const [at, path] of paths.entries()) {
    expect(readFileSync(path).equals(before[at] as Buffer), `${path} was changed`).toBe(true)
  }
}

describe('a damaged file', () => {
  test('that is garbage', () => {
    const folder = temporaryFolder()
    const path = join(folder, databaseFile)
    writeFileSync(path, 'This is not a database. '.repeat(1000))
    expectDamaged(folder, path)
  })

  test('of which only the start is left', async () => {
    const { folder, path } = await closedWorkspace()
    truncateSync(path, Math.floor(statSync(path).size / 2))
    expectDamaged(folder, path)
  })

  test('of less than a header', async () => {
    const { folder, path } = await closedWorkspace(1)
    truncateSync(path, 50)
    expectDamaged(folder, path)
  })

  test('that is empty although there are files of a workspace', async () => {
    const { folder, path } = await closedWorkspace(1)
    mkdirSync(join(folder, 'blobs'))
    truncateSync(path, 0)
    expectDamaged(folder, path)
  })

  test('with garbled pages says so when they are read, not "something went wrong"', async () => {
    const { folder, path } = await closedWorkspace()
    const bytes = readFileSync(path)
    bytes.fill(0xa5, Math.floor(bytes.length * 0.75), bytes.length)
    writeFileSync(path, bytes)
    // Which pages they are decides whether opening already meets them.
    const reading = async () => {
      const store = openStore(folder, silentLog)
      onTestFinished(() => store.close().catch(() => {}))
      await store.read.db.selectFrom('person').select('name').execute()
    }
    await expect(reading()).rejects.toMatchObject({ body: { code: 'DATABASE_DAMAGED' } })
  })

  test('with a journal whose header is garbled', async () => {
    const { folder, path, journal } = await crashedWorkspace()
    const bytes = readFileSync(journal)
    bytes.fill(0xa5, 0, 32)
    writeFileSync(journal, bytes)
    expectDamaged(folder, path, journal)
  })

  test.each([
    ['one byte', 1],
    ['a page', 5000],
  ])('with a journal garbled in the middle: %s', async (_, length) => {
    const { folder, path, journal } = await crashedWorkspace()
    const bytes = readFileSync(journal)
    const middle = Math.floor(bytes.length / 2)
    for (let at = middle; at < middle + length; at++) bytes[at] = 255 - (bytes[at] ?? 0)
    writeFileSync(journal, bytes)
    expectDamaged(folder, path, journal)
  })
})

describe('what is no damage', () => {
  test('a journal left by a crash: everything committed is there', async () => {
    const { folder } = await crashedWorkspace()
    const store = openStore(folder, silentLog)
    onTestFinished(() => store.close())
    expect(await countPeople(store)).toBe(250)
  })

  test('a last transaction that was cut off: everything before it is there', async () => {
    const { folder, journal } = await crashedWorkspace()
    truncateSync(journal, statSync(journal).size - 100)
    const store = openStore(folder, silentLog)
    onTestFinished(() => store.close())
    expect(await countPeople(store)).toBe(240)
  })

  test('a journal that is used for the second round', async () => {
    const { folder } = await closedWorkspace(10)
    const store = openStore(folder, silentLog)
    for (let batch = 0; batch < 40; batch++) await addPeople(store, 100, 'Round')
    const raw = new BetterSqlite3(join(folder, databaseFile))
    raw.pragma('wal_checkpoint(FULL)')
    raw.close()
    await addPeople(store, 1, 'Second')
    const copy = temporaryFolder()
    for (const suffix of ['', '-wal']) {
      writeFileSync(join(copy, databaseFile + suffix), readFileSync(join(folder, databaseFile + suffix)))
    }
    await store.close()
    const reopened = openStore(copy, silentLog)
    onTestFinished(() => reopened.close())
    expect(await countPeople(reopened)).toBe(4011)
  })

  test('a first start that was cut off before anything was written', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, databaseFile), '')
    const store = openStore(folder, silentLog)
    onTestFinished(() => store.close())
    expect(await countPeople(store)).toBe(0)
  })
})

describe('one engine a folder', () => {
  test('a second one is refused and the first works on', async () => {
    const folder = temporaryFolder()
    const store = openStore(folder, silentLog)
    onTestFinished(() => store.close())
    expect(refusal(folder).body).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('already running'),
    })
    await addPeople(store, 1)
    expect(await countPeople(store)).toBe(1)
  })

  test('after it closed the next one may', async () => {
    const folder = temporaryFolder()
    await openStore(folder, silentLog).close()
    await openStore(folder, silentLog).close()
  })

  test('another process counts, too, until it dies, however it dies', async () => {
    const folder = temporaryFolder()
    const child = fork(new URL('./open-and-wait.ts', import.meta.url), [folder], { stdio: 'pipe' })
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child, 'message')
    expect(refusal(folder).code).toBe('CONFLICT')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const store = openStore(folder, silentLog)
    onTestFinished(() => store.close())
    expect(await countPeople(store)).toBe(1)
  })
})

test('a place where nothing can be written is named as that', () => {
  const file = join(temporaryFolder(), 'not-a-folder')
  writeFileSync(file, '')
  expect(refusal(join(file, 'data')).body).toMatchObject({
    code: 'REFUSED',
    fault: 'user',
    message: expect.stringContaining('may not write in the folder'),
  })
})
