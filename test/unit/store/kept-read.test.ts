import { afterEach, beforeEach, expect, test } from 'vitest'
import { keptRead } from '../../../src/store/queries/kept-read.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'

let store: TestStore
let reads: number

beforeEach(() => {
  store = openTestStore()
  reads = 0
})
afterEach(() => store.close())

const names = keptRead(['member', 'absence'], async ({ db }) => {
  reads += 1
  const rows = await db.selectFrom('member').select('name').orderBy('id').execute()
  return rows.map((it) => it.name)
})

test('is read once, in whatever transaction, until one of its tables is written to', async () => {
  const dana = await store.addMember('Dana')
  const known = await store.write(names)
  expect(known).toEqual(['Dana'])
  await store.write(async (tx) => {
    expect(await names(tx)).toBe(known)
    await tx.db.insertInto('setting').values({ key: 'me', value: '1' }).execute()
    expect(await names(tx)).toBe(known)
    expect(reads).toBe(1)
    await tx.db.updateTable('member').set({ name: 'Dan' }).where('id', '=', dana).execute()
    expect(await names(tx)).toEqual(['Dan'])
    await tx.db.insertInto('absence').values({ member_id: dana, starts_at: 1, ends_at: 2, reason: '' }).execute()
    await names(tx)
    expect(reads).toBe(3)
  })
  await store.addMember('Sam')
  expect(await store.write(names)).toEqual(['Dan', 'Sam'])
})

test('what a transaction read of its own changes is gone with it', async () => {
  await store.addMember('Dana')
  const failed = store.write(async (tx) => {
    await tx.db.updateTable('member').set({ name: 'Nobody' }).execute()
    expect(await names(tx)).toEqual(['Nobody'])
    throw new Error('taken back')
  })
  await expect(failed).rejects.toThrow('taken back')
  expect(await store.write(names)).toEqual(['Dana'])
})

test('outside of a transaction it is read each time', async () => {
  await store.addMember('Dana')
  await names(store.read)
  await names(store.read)
  expect(reads).toBe(2)
})

test('what failed is tried again', async () => {
  let fails = true
  const shaky = keptRead(['member'], async () => {
    if (fails) throw new Error('not now')
    return 'there'
  })
  await expect(store.write(shaky)).rejects.toThrow('not now')
  fails = false
  expect(await store.write(shaky)).toBe('there')
})

test('a statement that nobody can read the table from makes everything be read again', async () => {
  await store.addMember('Dana')
  await store.write(names)
  await store.write(async (tx) => {
    await tx.db
      .with('who', (db) => db.selectFrom('member').select('id'))
      .updateTable('member')
      .set({ name: 'Dan' })
      .where('id', 'in', (it) => it.selectFrom('who').select('id'))
      .execute()
    expect(await names(tx)).toEqual(['Dan'])
  })
})
