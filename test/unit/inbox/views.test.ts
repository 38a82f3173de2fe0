import { describe, expect, test } from 'vitest'
import { inboxContract, type PageKey } from '../../../src/inbox/contract.ts'
import { day } from '../../../src/lib/durations.ts'
import { tuesdayMorning as now } from '../../fakes/fake-clock.ts'
import { type Inbox, openInbox } from './leads.ts'

const view = { id: null, name: 'Hot kitchens', icon: 'flame', query: 'kitchen tier:hot', sort: 'score' } as const

const listed = async ({ inbox }: Inbox, id: number, after: PageKey | null = null) =>
  inboxContract['inbox.list'].output.parse(await inbox['inbox.list']({ view: `saved:${id}`, after, limit: 2 }))

describe('a saved view', () => {
  test('lists the leads of its search in its order, page after page, and counts them', async () => {
    const it = await openInbox()
    for (const [name, score, tier] of [
      ['Ana', 84, 'hot'],
      ['Gus', 91, 'hot'],
      ['Kim', 70, 'hot'],
      ['Lea', 60, 'warm'],
    ] as const) {
      await it.say(await it.add(name, { score, tier }), { text: 'a kitchen, please' })
    }
    await it.add('Zoe Kitchen', { score: 20, tier: 'hot' })
    await it.add('Max', { score: 99, tier: 'hot' })
    const { id } = await it.inbox['inbox.saveView'](view)
    const first = await listed(it, id)
    expect(first.rows.map((row) => row.name)).toEqual(['Gus', 'Ana'])
    const second = await listed(it, id, first.next)
    // Who is called so belongs there, too.
    expect(second.rows.map((row) => row.name)).toEqual(['Kim', 'Zoe Kitchen'])
    expect(second.next).toBeNull()
    expect((await it.inbox['inbox.viewCounts']({})).counts).toEqual([{ id, count: 4 }])
    expect(await it.inbox['inbox.ids']({ view: `saved:${id}` })).toMatchObject({ more: false })
    expect((await it.inbox['inbox.ids']({ view: `saved:${id}` })).leadIds).toHaveLength(4)
    // The window asks through the contract.
    const { input } = inboxContract['inbox.list']
    expect(input.parse({ view: `saved:${id}`, after: null, limit: 2 }).view).toBe(`saved:${id}`)
    for (const view of ['saved:', 'saved:x', 'nonsense']) {
      expect(input.safeParse({ view, after: null, limit: 2 }).success).toBe(false)
    }
    await expect(it.inbox['inbox.list']({ view: 'saved:-1', after: null, limit: 2 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    for (const sort of ['due', 'newest'] as const) {
      await it.inbox['inbox.saveView']({ ...view, id, sort })
      expect((await listed(it, id)).rows).toHaveLength(2)
    }
  })

  test('counting stops at a hundred', async () => {
    const it = await openInbox()
    for (let n = 0; n < 104; n++) await it.add(`P ${n}`, { tier: 'warm' })
    const { id } = await it.inbox['inbox.saveView']({ ...view, query: 'tier:warm' })
    expect((await it.inbox['inbox.viewCounts']({})).counts).toEqual([{ id, count: 100 }])
  })

  test('is renamed, moved, removed and brought back as it was', async () => {
    const it = await openInbox()
    const a = (await it.inbox['inbox.saveView']({ ...view, name: 'A' })).id
    const b = (await it.inbox['inbox.saveView']({ ...view, name: 'B' })).id
    const c = (await it.inbox['inbox.saveView']({ ...view, name: 'C' })).id
    const order = async () => (await it.inbox['inbox.views']({})).views.map((each) => each.name).join('')
    await it.inbox['inbox.moveView']({ id: c, before: a })
    expect(await order()).toBe('CAB')
    await it.inbox['inbox.moveView']({ id: c, before: null })
    expect(await order()).toBe('ABC')
    it.store.forget()
    await it.inbox['inbox.removeView']({ id: b })
    expect(await order()).toBe('AC')
    expect(it.store.announced('store.changed')).toMatchObject([{ tables: ['setting'] }])
    await expect(listed(it, b)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(it.inbox['inbox.saveView']({ ...view, id: b })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await it.inbox['inbox.restoreView']({ id: b })
    expect(await order()).toBe('ABC')
    await it.inbox['inbox.saveView']({ ...view, id: b, name: 'Z' })
    expect(await order()).toBe('AZC')
    await expect(it.inbox['inbox.restoreView']({ id: 99 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

test('every lead of a view, for an action on all of them', async () => {
  const it = await openInbox()
  const ana = await it.add('Ana')
  await it.add('Gus', { status: 'done', done_at: now })
  await it.add('Kim', { snoozed_until: now + day })
  expect(await it.inbox['inbox.ids']({ view: 'inbox' })).toEqual({ leadIds: [ana.leadId], more: false })
  expect(await it.inbox['inbox.ids']({ view: 'mine' })).toEqual({ leadIds: [], more: false })
})

test('who is called in a note finds the person, until it was seen and a while longer', async () => {
  const it = await openInbox()
  const sam = await it.store.addMember('Sam Park')
  const ana = await it.add('Ana')
  await it.add('Gus')
  const note = await it.say(ana, { channel: 'note', direction: 'internal', text: '@Sam' })
  await it.store.write(({ db }) =>
    db.insertInto('mention').values({ interaction_id: note, member_id: sam, at: now, seen_at: null }).execute(),
  )
  const list = async () =>
    (await it.inbox['inbox.list']({ view: 'mentions', after: null, limit: 9 })).rows.map((row) => row.name)
  const count = async () => (await it.inbox['inbox.counts']({})).mentions
  // Nobody said who sits here.
  expect([await list(), await count()]).toEqual([[], 0])
  await it.store.set('me', sam)
  expect([await list(), await count()]).toEqual([['Ana'], 1])
  expect(await it.inbox['inbox.seeMentions']({ personId: ana.personId })).toEqual({ seen: 1 })
  expect(await it.inbox['inbox.seeMentions']({ personId: ana.personId })).toEqual({ seen: 0 })
  expect([await list(), await count()]).toEqual([['Ana'], 0])
  await it.clock.advance(4 * day)
  expect(await list()).toEqual([])
})
