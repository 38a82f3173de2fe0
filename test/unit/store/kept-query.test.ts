import { afterEach, beforeEach, expect, test } from 'vitest'
import { keptQuery } from '../../../src/store/queries/kept-query.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'

let store: TestStore

beforeEach(() => {
  store = openTestStore()
})
afterEach(() => store.close())

const named = keptQuery<{ name: string; rank: number }, { id: number }>((db, value) =>
  db.selectFrom('person').select('id').where('name', '=', value('name')).where('name_rank', '=', value('rank')),
)
const rename = keptQuery<{ id: number; name: string }, unknown>((db, value) =>
  db
    .updateTable('person')
    .set({ name: value('name') })
    .where('id', '=', value('id')),
)

test('is run with the values of each call, in a transaction and outside of one', async () => {
  const { personId } = await store.addLead({ name: 'Ana' })
  const { name_rank: rank } = await store.read.db.selectFrom('person').select('name_rank').executeTakeFirstOrThrow()
  expect(await named(store.read, { name: 'Ana', rank })).toEqual([{ id: personId }])
  await store.write(async (tx) => {
    await rename(tx, { id: personId, name: "Ana'); drop table person" })
    expect(await named(tx, { name: "Ana'); drop table person", rank })).toEqual([{ id: personId }])
    expect(await named(tx, { name: 'Ana', rank })).toEqual([])
  })
})

test('what it changed is gone with the transaction, and an error of the database is told as one', async () => {
  const { personId } = await store.addLead({ name: 'Ana' })
  const failing = store.write(async (tx) => {
    await rename(tx, { id: personId, name: 'Bo' })
    await rename(tx, { id: personId, name: null as never })
  })
  await expect(failing).rejects.toThrow(/NOT NULL/)
  const person = await store.read.db.selectFrom('person').select('name').executeTakeFirstOrThrow()
  expect(person.name).toBe('Ana')
})

test('a query that no value is given to needs not be kept', () => {
  expect(() => keptQuery((db) => db.selectFrom('person').select('id'))).toThrow('without a value')
})
