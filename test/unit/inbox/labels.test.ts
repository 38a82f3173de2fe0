import { describe, expect, test } from 'vitest'
import { type Inbox, openInbox } from './leads.ts'

const rowsOf = async (it: Inbox) =>
  (await it.inbox['inbox.list']({ view: 'inbox', after: null, limit: 50 })).rows
    .map((row) => [row.name, ...row.labels])
    .sort()
const namesOf = async (it: Inbox, text: string) =>
  (await it.inbox['inbox.search']({ text, limit: 20 })).hits.map((hit) => hit.name).sort()
const sentences = async (it: Inbox) =>
  (await it.store.read.db.selectFrom('event').select('text').where('undone_at', 'is', null).execute())
    .map((event) => event.text)
    .filter((text) => text !== '')

async function world() {
  const it = await openInbox()
  const ana = await it.add('Ana')
  const ben = await it.add('Ben')
  const put = (leadIds: number[], name: string, on = true) => it.inbox['inbox.label']({ leadIds, name, on })
  const undo = (undoId: number) => it.inbox['inbox.undo']({ undoId })
  return { ...it, ana, ben, put, undo }
}

describe('a label', () => {
  test('is put on many people at once, shows on their rows, and is one however it is written', async () => {
    const it = await world()
    await it.put([it.ana.leadId], 'VIP')
    await it.put([it.ana.leadId, it.ben.leadId], ' vip ')
    await it.put([it.ben.leadId], 'Café  Kunde')
    expect(await rowsOf(it)).toEqual([
      ['Ana', 'VIP'],
      ['Ben', 'Café Kunde', 'VIP'],
    ])
    expect((await it.inbox['inbox.labels']({})).labels.map(({ name, people }) => [name, people])).toEqual([
      ['Café Kunde', 1],
      ['VIP', 2],
    ])
    expect((await it.inbox['inbox.row']({ personId: it.ben.personId }))?.labels).toEqual(['Café Kunde', 'VIP'])
    expect(await sentences(it)).toEqual(['Label “VIP”', 'Label “VIP”', 'Label “Café Kunde”'])
  })

  test('stays on the person from one lead to the next', async () => {
    const it = await world()
    await it.put([it.ana.leadId], 'VIP')
    await it.inbox['inbox.done']({ leadIds: [it.ana.leadId] })
    await it.add('Ana', { personId: it.ana.personId })
    expect(await rowsOf(it)).toEqual([['Ana', 'VIP'], ['Ben']])
  })

  test('is found by label:, whole or in part, and left out with a minus', async () => {
    const it = await world()
    await it.put([it.ana.leadId], 'VIP')
    await it.put([it.ben.leadId], 'VIP later')
    expect(await namesOf(it, 'label:vip')).toEqual(['Ana'])
    expect(await namesOf(it, 'label:lat')).toEqual(['Ben'])
    expect(await namesOf(it, '-label:vip')).toEqual(['Ben'])
    expect(await namesOf(it, 'label:"vip later" OR label:vip')).toEqual(['Ana', 'Ben'])
    expect(await namesOf(it, 'label:nothing')).toEqual([])
  })

  test('taken off or put on is taken back, only for whom it changed', async () => {
    const it = await world()
    const both = [it.ana.leadId, it.ben.leadId]
    await it.put([it.ana.leadId], 'VIP')
    const { undoId } = await it.put(both, 'VIP')
    expect(await it.undo(undoId)).toEqual({ undone: true })
    expect(await rowsOf(it)).toEqual([['Ana', 'VIP'], ['Ben']])
    expect(await sentences(it)).toEqual(['Label “VIP”'])
    expect(await it.undo(undoId)).toEqual({ undone: false })
    const off = await it.put(both, 'vip', false)
    expect(await rowsOf(it)).toEqual([['Ana'], ['Ben']])
    expect(await it.undo(off.undoId)).toEqual({ undone: true })
    expect(await rowsOf(it)).toEqual([['Ana', 'VIP'], ['Ben']])
  })

  test('that changed again meanwhile is not overwritten', async () => {
    const it = await world()
    const on = await it.put([it.ana.leadId], 'VIP')
    await it.put([it.ana.leadId], 'VIP', false)
    await expect(it.undo(on.undoId)).rejects.toMatchObject({ code: 'CONFLICT' })
    const other = await it.put([it.ben.leadId], 'VIP')
    await it.put([it.ben.leadId], 'VIP', false)
    await it.clock.advance(1000)
    await it.put([it.ben.leadId], 'VIP')
    await expect(it.undo(other.undoId)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await rowsOf(it)).toEqual([['Ana'], ['Ben', 'VIP']])
  })

  test('is renamed, removed and brought back with everybody who wore it', async () => {
    const it = await world()
    await it.put([it.ana.leadId], 'VIP')
    await it.put([it.ben.leadId], 'Builder')
    const [builder, vip] = (await it.inbox['inbox.labels']({})).labels.map((label) => label.id) as [number, number]
    await it.inbox['inbox.renameLabel']({ id: vip, name: 'Best' })
    await expect(it.inbox['inbox.renameLabel']({ id: vip, name: 'BUILDER' })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect(await rowsOf(it)).toEqual([
      ['Ana', 'Best'],
      ['Ben', 'Builder'],
    ])
    await it.inbox['inbox.removeLabel']({ id: builder })
    expect(await rowsOf(it)).toEqual([['Ana', 'Best'], ['Ben']])
    expect(await namesOf(it, 'label:builder')).toEqual([])
    await it.inbox['inbox.restoreLabel']({ id: builder })
    expect(await rowsOf(it)).toEqual([
      ['Ana', 'Best'],
      ['Ben', 'Builder'],
    ])
    await it.inbox['inbox.removeLabel']({ id: builder })
    await it.put([it.ana.leadId], 'Builder')
    await expect(it.inbox['inbox.restoreLabel']({ id: builder })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('needs a name, a lead, and to be there when it is taken off', async () => {
    const it = await world()
    await expect(it.put([it.ana.leadId], '  ')).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(it.put([999], 'VIP')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(it.put([it.ana.leadId], 'VIP', false)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await it.inbox['inbox.labels']({})).labels).toEqual([])
  })
})
