import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Log, silentLog } from '../../../src/lib/log.ts'
import { openStore } from '../../../src/store/open.ts'
import type { Announcement, Store, WriteStore } from '../../../src/store/store.ts'
import { temporaryFolder } from '../../fakes/temp-folder.ts'

function open(log: Log = silentLog): Store {
  const store = openStore(temporaryFolder(), log)
  onTestFinished(() => store.close())
  return store
}

const insert = (tx: WriteStore, name: string) =>
  tx.db.insertInto('person').values({ name, name_rank: 1, created_at: 1, updated_at: 1 }).execute()

const names = async (store: Store) =>
  (await store.read.db.selectFrom('person').select('name').orderBy('id').execute()).map((it) => it.name)

describe('a transaction', () => {
  test('that fails leaves nothing and tells nobody', async () => {
    const store = open()
    const told: Announcement[] = []
    store.onCommit((added) => told.push(...added))
    const failing = store.write(async (tx) => {
      await insert(tx, 'Ana')
      tx.changed('person', 1)
      tx.announce('engine.ready', { epoch: 'never' })
      throw new Error('in the middle')
    })
    await expect(failing).rejects.toThrow('in the middle')
    expect(await names(store)).toEqual([])
    expect(told).toEqual([])
  })

  test('runs after those asked for before, and a failed one does not stop the next', async () => {
    const store = open()
    const order: number[] = []
    const first = store.write(async (tx) => {
      await insert(tx, 'one')
      await new Promise<void>((resolve) => setImmediate(resolve))
      order.push(1)
      throw new Error('no')
    })
    const second = store.write(async (tx) => {
      order.push(2)
      await insert(tx, 'two')
    })
    await expect(first).rejects.toThrow('no')
    await second
    expect(order).toEqual([1, 2])
    expect(await names(store)).toEqual(['two'])
  })

  test('is committed, whoever cannot bear to hear of it', async () => {
    const logged: string[] = []
    const store = open({ ...silentLog, error: (_, message) => void logged.push(message) })
    store.onCommit(() => {
      throw new Error('the window is gone')
    })
    await store.write(async (tx) => {
      await insert(tx, 'Ana')
      tx.changed('person', 1)
    })
    expect(await names(store)).toEqual(['Ana'])
    expect(logged).toEqual(['a change could not be announced'])
  })

  test('tells once, after the commit, what changed and whose', async () => {
    const store = open()
    const told: Announcement[] = []
    const seen: string[][] = []
    let reading: Promise<unknown> = Promise.resolve()
    store.onCommit((added) => {
      told.push(...added)
      reading = names(store).then((it) => seen.push(it))
    })
    await store.write(async (tx) => {
      await insert(tx, 'Ana')
      tx.changed('person', 4)
      tx.changed('lead', 4)
      tx.changed('lead', 5)
    })
    await reading
    expect(told).toEqual([
      { name: 'store.changed', payload: { tables: ['person', 'lead'], personIds: [4, 5], seq: 1 } },
    ])
    expect(seen).toEqual([['Ana']])
    // A change of everybody's wins over single ids, and the numbers rise.
    await store.write(async (tx) => {
      tx.changed('person', 4)
      tx.changed('setting')
    })
    expect(told.at(-1)?.payload).toEqual({ tables: ['person', 'setting'], personIds: [], seq: 2 })
  })
})

describe('reading', () => {
  test('is not blocked by a long write, and sees nothing of it before it is committed', async () => {
    const store = open()
    await store.write((tx) => insert(tx, 'before'))
    let finish = () => {}
    const held = new Promise<void>((resolve) => {
      finish = resolve
    })
    let wrote = () => {}
    const written = new Promise<void>((resolve) => {
      wrote = resolve
    })
    const writing = store.write(async (tx) => {
      await insert(tx, 'during')
      wrote()
      await held
    })
    await written
    expect(await names(store)).toEqual(['before'])
    finish()
    await writing
    expect(await names(store)).toEqual(['before', 'during'])
  })

  test('cannot write', async () => {
    const store = open()
    const trick = sql`delete from person`.execute(store.read.db)
    await expect(trick).rejects.toThrow(/readonly|may not write/)
  })
})

describe('a full disk', () => {
  /** SQLite's own way to run out of room: no page may be added to the file any more. */
  const fillUp = (store: Store) =>
    store.write(async (tx) => {
      const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(tx.db)
      await sql`pragma max_page_count = ${sql.raw(String(rows[0]?.page_count))}`.execute(tx.db)
    })
  const makeRoom = (store: Store) => store.write((tx) => sql`pragma max_page_count = 1000000`.execute(tx.db))

  test('says so, keeps what was there, and works again when there is room', async () => {
    const store = open()
    await store.write((tx) => insert(tx, 'before'))
    await fillUp(store)
    const failing = store.write(async (tx) => {
      await insert(tx, 'small')
      await insert(tx, 'x'.repeat(1_000_000))
    })
    await expect(failing).rejects.toMatchObject({
      body: { code: 'DISK_FULL', fault: 'user', retryable: true, message: expect.stringContaining('disk is full') },
    })
    expect(await names(store)).toEqual(['before'])
    await makeRoom(store)
    await store.write((tx) => insert(tx, 'after'))
    expect(await names(store)).toEqual(['before', 'after'])
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(store.read.db)
    expect(rows).toEqual([{ integrity_check: 'ok' }])
  })
})

describe('the statement cache', () => {
  test('prepares a query once, whatever its values', async () => {
    const prepared: string[] = []
    const prepare = BetterSqlite3.prototype.prepare
    BetterSqlite3.prototype.prepare = function (this: BetterSqlite3.Database, source: string) {
      prepared.push(source)
      return prepare.call(this, source) as never
    } as never
    onTestFinished(() => {
      BetterSqlite3.prototype.prepare = prepare
    })
    const store = open()
    prepared.length = 0
    for (let id = 1; id <= 20; id++) {
      await store.read.db.selectFrom('person').select('name').where('id', '=', id).execute()
    }
    expect(prepared.filter((it) => it.includes('"person"'))).toHaveLength(1)
  })

  test('survives more different statements than it keeps, and a change of the schema', async () => {
    const store = open()
    await store.write((tx) => insert(tx, 'Ana'))
    for (let at = 0; at < 700; at++) {
      const { rows } = await sql<{ n: number }>`select ${sql.raw(String(at))} as n`.execute(store.read.db)
      expect(rows).toEqual([{ n: at }])
    }
    expect(await names(store)).toEqual(['Ana'])
    await store.write((tx) => sql`create index extra on person (name)`.execute(tx.db))
    expect(await names(store)).toEqual(['Ana'])
  })
})

test('a slow query is logged with its text and without its values', async () => {
  const lines: { fields: object; message: string }[] = []
  const store = open({ ...silentLog, warn: (fields, message) => lines.push({ fields, message }) })
  await sql`with recursive n (i) as (select 1 union all select i + 1 from n where i < 2000000)
    select max(i) from n where ${'somebody@private.example'} != ''`.execute(store.read.db)
  expect(lines).toHaveLength(1)
  expect(lines[0]?.message).toBe('slow query')
  expect(JSON.stringify(lines)).toContain('with recursive')
  expect(JSON.stringify(lines)).not.toContain('private.example')
})

test('a file that cannot be stored leaves no part of itself behind: on a full disk they would pile up', async () => {
  const store = open()
  const bytes = new Uint8Array([1, 2, 3])
  const name = createHash('sha256').update(bytes).digest('hex')
  const put = store.blobs.put(bytes)
  // Something in its place makes the last step fail.
  mkdirSync(join(store.blobs.folder, name.slice(0, 2), name, 'in the way'), { recursive: true })
  await expect(put).rejects.toThrow()
  expect(readdirSync(join(store.blobs.folder, name.slice(0, 2)))).toEqual([name])
})
