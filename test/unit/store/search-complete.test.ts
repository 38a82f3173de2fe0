import { beforeEach, expect, test } from 'vitest'
import { completeTerm } from '../../../src/store/queries/search-complete.ts'
import type { Term } from '../../../src/store/queries/search-words.ts'
import type { Store } from '../../../src/store/store.ts'
import { openInbox } from '../inbox/leads.ts'

let store: Store
beforeEach(async () => {
  ;({ store } = await openInbox())
})

const write = (text: string) =>
  store.write(async ({ db }) => {
    const { id } = await db
      .insertInto('person')
      .values({ name: 'Ana', name_rank: 1, created_at: 1, updated_at: 1 })
      .returning('id')
      .executeTakeFirstOrThrow()
    await db
      .insertInto('interaction')
      .values({
        ...{ person_id: id, lead_id: null, channel: 'email', direction: 'in', at: 1, automatic: 0 },
        ...{ subject: '', text, delivery: 'received', created_at: 1 },
      })
      .execute()
  })
const begun = (...words: string[]): Term => ({ words, begins: true })

test('a beginning is every word that was written and begins so, and itself', async () => {
  await write('Kitchens, kitchen; kit KITTEN kiß kitchenette. Kiwi')
  expect(await completeTerm(store.read, begun('kitch'))).toEqual({
    ...begun('kitch'),
    endings: ['kitch', 'kitchen', 'kitchenette', 'kitchens'],
  })
  expect((await completeTerm(store.read, begun('the', 'kit'))).endings).toEqual([
    ...['kit', 'kitchen', 'kitchenette', 'kitchens', 'kitten'],
  ])
  expect((await completeTerm(store.read, begun('zebra'))).endings).toEqual(['zebra'])
})

test('a whole word stays as it is', async () => {
  await write('kitchens')
  const whole: Term = { words: ['kitchen'], begins: false }
  expect(await completeTerm(store.read, whole)).toBe(whole)
})

test('of hundreds of words the index is asked itself, except for one letter', async () => {
  await write(Array.from({ length: 300 }, (_, n) => `no${n}`).join(' '))
  expect(await completeTerm(store.read, begun('no'))).toEqual(begun('no'))
  expect((await completeTerm(store.read, begun('n'))).endings).toHaveLength(202)
})
