import { expect, test } from 'vitest'
import { inboxContract, type ListName, type PageKey } from '../../../src/inbox/contract.ts'
import { nameKey } from '../../../src/store/queries/name-key.ts'
import { indexPerson } from '../../../src/store/queries/search.ts'
import { tuesdayMorning as now } from '../../fakes/fake-clock.ts'
import { type Inbox, openInbox } from './leads.ts'

async function named(it: Inbox, view: ListName, limit = 3): Promise<string[]> {
  const names: string[] = []
  for (let after: PageKey | null = null; ; ) {
    const input = inboxContract['inbox.list'].input.parse({ view, after, limit })
    const page = inboxContract['inbox.list'].output.parse(await it.inbox['inbox.list'](input))
    expect(page.rows.length).toBeLessThanOrEqual(limit)
    names.push(...page.rows.map((row) => row.name))
    after = page.next
    if (!after) return names
  }
}

test('everybody by name, however it is written, page after page; numbers come last', async () => {
  const it = await openInbox()
  const names = [
    'Zoë',
    'ana lopez',
    'Émile',
    'Ana Lopez',
    '(415) 555-0187',
    '“Bo” Miller',
    'Eva',
    'Ñandú',
    'Ольга',
    'emil',
  ]
  for (const name of names) await it.add(name)
  await it.add('Done Dora', { status: 'done', done_at: now })
  const twice = await it.add('Twice', { status: 'done', done_at: now })
  await it.add('Twice', { personId: twice.personId })
  expect(await named(it, 'names:')).toEqual([
    ...['ana lopez', 'Ana Lopez', '“Bo” Miller', 'Done Dora', 'emil', 'Émile', 'Eva', 'Ñandú', 'Twice', 'Zoë', 'Ольга'],
    '(415) 555-0187',
  ])
  expect((await it.inbox['inbox.ids']({ view: 'names:z' })).leadIds).toHaveLength(12)
})

test('from a letter or the beginning of a name on', async () => {
  const it = await openInbox()
  for (const name of ['Ana', 'Bob', 'Émile', 'Eva', 'Zoë', '(415) 555-0187']) await it.add(name)
  expect(await named(it, 'names:B')).toEqual(['Bob', 'Émile', 'Eva', 'Zoë', '(415) 555-0187'])
  expect(await named(it, 'names:év')).toEqual(['Eva', 'Zoë', '(415) 555-0187'])
  expect(await named(it, 'names: ')).toHaveLength(6)
  expect(await named(it, 'names:4')).toEqual(['(415) 555-0187'])
})

test('whoever gets another name stands there, and whoever was merged away nowhere', async () => {
  const it = await openInbox()
  const ana = await it.add('Ana')
  const bob = await it.add('Bob')
  await it.add('Carl')
  await it.store.write(async (tx) => {
    await tx.db.updateTable('person').set({ name: 'Xenia' }).where('id', '=', ana.personId).execute()
    await indexPerson(tx, ana.personId)
    await tx.db.updateTable('person').set({ merged_into: ana.personId }).where('id', '=', bob.personId).execute()
  })
  expect(await named(it, 'names:')).toEqual(['Carl', 'Xenia'])
})

test('a key is the same however a name is written', () => {
  expect(nameKey('  É. Müller')).toBe('e. muller')
  expect(nameKey('(415)') > nameKey('я')).toBe(true)
  expect(nameKey('') > nameKey('zz')).toBe(true)
})
