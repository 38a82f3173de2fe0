import { type CompiledQuery, sql } from 'kysely'
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

test('what is the same in every call is part of the SQL, so that partial indexes are taken', async () => {
  const due = keptQuery<{ leadId: number; most: number }, { id: number }>((db, value) =>
    db
      .selectFrom('clock')
      .select('id')
      .where('state', '=', "run'ning" as never)
      .where('lead_id', '=', value('leadId'))
      .limit(value('most')),
  )
  const compiled: CompiledQuery[] = []
  await store.write(async (tx) => {
    const run: typeof tx.run = (query) => {
      compiled.push(query)
      return tx.run(query)
    }
    await due({ ...tx, run }, { leadId: 7, most: 1 })
  })
  expect(compiled.map(({ sql, parameters }) => [sql, parameters])).toEqual([
    [`select "id" from "clock" where "state" = 'run''ning' and "lead_id" = +? limit +?`, [7, 1]],
  ])
})

test('values of every type come through as they are', async () => {
  const { personId } = await store.addLead({ name: 'Ana' })
  await store.write((tx) => rename(tx, { id: personId, name: '+1415' }))
  const person = await store.read.db.selectFrom('person').select('name').executeTakeFirstOrThrow()
  expect(person.name).toBe('+1415')
  const [row] = await keptQuery<Record<string, unknown>, Record<string, unknown>>((db, value) =>
    db.selectNoFrom([
      sql`${value('text')}`.as('text'),
      sql`${value('whole')}`.as('whole'),
      sql`${value('part')}`.as('part'),
      sql`${value('bytes')}`.as('bytes'),
      sql`${value('nothing')}`.as('nothing'),
    ]),
  )(store.read, { text: '007', whole: 2 ** 40, part: 0.5, bytes: Buffer.from([0, 255]), nothing: null })
  expect(row).toEqual({ text: '007', whole: 2 ** 40, part: 0.5, bytes: Buffer.from([0, 255]), nothing: null })
})
