import { describe, expect, test } from 'vitest'
import { makeClocks } from '../../../src/contact/clocks.ts'
import { makeLadder } from '../../../src/contact/ladder.ts'
import { makeSlaTimer } from '../../../src/contact/sla-timer.ts'
import type { InboxView, PageKey } from '../../../src/inbox/contract.ts'
import { inboxContract } from '../../../src/inbox/contract.ts'
import { day, hour, minute } from '../../../src/lib/durations.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { makeReadCalendars } from '../../../src/store/queries/calendars.ts'
import { tuesdayMorning as now } from '../../fakes/fake-clock.ts'
import { type Inbox, openInbox } from './leads.ts'

const namesIn = async ({ inbox }: Inbox, view: InboxView, limit = 200) => {
  const page = await inbox['inbox.list']({ view, after: null, limit })
  inboxContract['inbox.list'].output.parse(page)
  return page.rows.map((it) => it.name)
}

describe('views', () => {
  /** One lead of each kind. */
  async function mixed(): Promise<Inbox> {
    const it = await openInbox()
    const dana = await it.store.addMember('Dana')
    const sam = await it.store.addMember('Sam')
    await it.store.set('me', dana)
    await it.add('Hot Harry', { tier: 'hot', clocks: true, owner_id: dana })
    await it.add('Warm Wanda', { tier: 'warm', clocks: true, owner_id: sam, last_at: now - 1 })
    await it.add('Waiting Wilma', { our_word_at: now - 2, owner_id: dana, last_at: now - 2 })
    await it.add('Nobody Ned', { last_at: now - 3 })
    await it.add('Missed Mia', { missed_call: 1, last_channel: 'call', owner_id: sam, last_at: now - 4 })
    await it.add('Snoozed Sue', { snoozed_until: now + hour, owner_id: dana, tier: 'hot', last_at: now - 5 })
    await it.add('Woken Willi', { snoozed_until: now - 1, owner_id: sam, last_at: now - 6 })
    await it.add('Done Dora', { status: 'done', done_at: now - day, last_at: now - 7, owner_id: dana })
    await it.add('Spam Stan', { status: 'not_lead', done_at: now - hour, last_at: now - 8 })
    return it
  }

  test.each<[InboxView, string[]]>([
    ['inbox', ['Hot Harry', 'Warm Wanda', 'Nobody Ned', 'Missed Mia', 'Woken Willi']],
    ['hot', ['Hot Harry']],
    ['due', ['Hot Harry', 'Warm Wanda']],
    ['waiting', ['Waiting Wilma']],
    ['mine', ['Hot Harry', 'Waiting Wilma']],
    ['unassigned', ['Nobody Ned']],
    ['calls', ['Missed Mia']],
    ['snoozed', ['Snoozed Sue']],
    ['done', ['Spam Stan', 'Done Dora']],
    [
      'all',
      [
        ...['Hot Harry', 'Warm Wanda', 'Waiting Wilma', 'Nobody Ned', 'Missed Mia', 'Snoozed Sue', 'Woken Willi'],
        ...['Done Dora', 'Spam Stan'],
      ],
    ],
  ])('%s', async (view, expected) => {
    expect(await namesIn(await mixed(), view)).toEqual(expected)
  })

  test('counts agree with the lists', async () => {
    const it = await mixed()
    await it.clock.advance(4 * minute + 30_000)
    const counts = await it.inbox['inbox.counts']({})
    for (const view of ['inbox', 'hot', 'due', 'waiting', 'mine', 'unassigned', 'calls', 'snoozed'] as const) {
      expect([view, counts[view]]).toEqual([view, (await namesIn(it, view)).length])
    }
    // Hot: first contact within 5 minutes, at risk from 4; warm within 30.
    expect(counts).toMatchObject({ late: 0, atRisk: 1 })
    await it.clock.advance(minute)
    expect(await it.inbox['inbox.counts']({})).toMatchObject({ late: 1, atRisk: 0 })
    await it.clock.advance(hour)
    expect(await it.inbox['inbox.counts']({})).toMatchObject({ late: 2, atRisk: 0, inbox: 6, snoozed: 0 })
  })

  test('nobody said who sits here: nothing is mine', async () => {
    const it = await openInbox()
    await it.add('Ana')
    expect(await namesIn(it, 'mine')).toEqual([])
    expect((await it.inbox['inbox.counts']({})).mine).toBe(0)
  })

  test('somebody who came back is one row, the newest', async () => {
    const it = await openInbox()
    const first = await it.add('Ana', { status: 'done', done_at: now - day })
    expect(await namesIn(it, 'done')).toEqual(['Ana'])
    const second = await it.add('Ana', { personId: first.personId })
    for (const view of ['all', 'inbox'] as const) {
      const { rows } = await it.inbox['inbox.list']({ view, after: null, limit: 10 })
      expect(rows.map((row) => row.leadId)).toEqual([second.leadId])
    }
    expect(await namesIn(it, 'done')).toEqual([])
    expect((await it.inbox['inbox.row']({ personId: first.personId }))?.leadId).toBe(second.leadId)
  })
})

describe('order', () => {
  test('what is due next comes first, late or not; then the newest', async () => {
    const it = await openInbox()
    await it.add('old', { last_at: now - day })
    await it.add('new', { last_at: now })
    await it.add('due later', { tier: 'warm', clocks: true })
    await it.add('due soon', { tier: 'hot', clocks: true })
    await it.clock.advance(day)
    await it.add('newest', {})
    expect(await namesIn(it, 'inbox')).toEqual(['due soon', 'due later', 'newest', 'new', 'old'])
  })

  test('snoozed by when they come back', async () => {
    const it = await openInbox()
    await it.add('later', { snoozed_until: now + day })
    await it.add('sooner', { snoozed_until: now + hour })
    expect(await namesIn(it, 'snoozed')).toEqual(['sooner', 'later'])
  })
})

describe('pages', () => {
  test.each<InboxView>(['inbox', 'all', 'due', 'snoozed', 'done'])(
    '%s: every row once, in one order, also with equal keys',
    async (view) => {
      const it = await openInbox()
      for (let at = 0; at < 53; at++) {
        await it.add(`Person ${at}`, {
          ...(view === 'due' && { clocks: true, tier: 'hot' }),
          ...(view === 'snoozed' && { snoozed_until: now + hour }),
          ...(view === 'done' && { status: 'done', done_at: now }),
        })
      }
      const all = (await it.inbox['inbox.list']({ view, after: null, limit: 200 })).rows
      expect(all).toHaveLength(53)
      const paged: number[] = []
      let after: PageKey | null = null
      do {
        const page: Awaited<ReturnType<(typeof it.inbox)['inbox.list']>> = await it.inbox['inbox.list']({
          view,
          after,
          limit: 10,
        })
        expect(page.rows.length).toBeLessThanOrEqual(10)
        paged.push(...page.rows.map((row) => row.leadId))
        after = page.next
      } while (after)
      expect(paged).toEqual(all.map((row) => row.leadId))
    },
  )

  test('a lead that is done between two pages takes none with it', async () => {
    const it = await openInbox()
    const ids: number[] = []
    for (let at = 0; at < 20; at++) ids.push((await it.add(`P${at}`, { last_at: now - at })).leadId)
    const first = await it.inbox['inbox.list']({ view: 'inbox', after: null, limit: 10 })
    await it.inbox['inbox.done']({ leadIds: ids.slice(0, 5) })
    const second = await it.inbox['inbox.list']({ view: 'inbox', after: first.next, limit: 10 })
    expect(second.rows.map((row) => row.leadId)).toEqual(ids.slice(10))
    expect(second.next).toBeNull()
  })
})

describe('a row', () => {
  test('says what a window shows', async () => {
    const it = await openInbox()
    const dana = await it.store.addMember('Dana')
    const ana = await it.add('Ana Lopez', {
      company: 'Lopez Homes',
      tier: 'hot',
      score: 84,
      owner_id: dana,
      clocks: true,
    })
    await it.say(ana, { subject: 'Kitchen', text: 'Could you  send\n a quote?' })
    expect(await it.inbox['inbox.row']({ personId: ana.personId })).toEqual({
      leadId: ana.leadId,
      personId: ana.personId,
      name: 'Ana Lopez',
      company: 'Lopez Homes',
      status: 'open',
      score: 84,
      tier: 'hot',
      grade: null,
      qualification: null,
      source: 'Website form',
      owner: { id: dana, name: 'Dana' },
      preview: 'Kitchen · Could you send a quote?',
      channel: 'email',
      direction: 'in',
      missedCall: false,
      lastAt: now,
      clock: { kind: 'first_contact', startedAt: now, riskAt: now + 4 * minute, dueAt: now + 5 * minute },
      snoozedUntil: null,
      labels: [],
      taskDueAt: null,
      outbox: 'idle',
    })
    expect(await it.inbox['inbox.row']({ personId: 999 })).toBeNull()
  })

  test('a missed call stays until a human answers or gives it an outcome', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const call = await it.say(ana, { call: { result: 'voicemail' } })
    await it.say(ana, { channel: 'form', at: now + 1, text: 'I also wrote' })
    await it.say(ana, { direction: 'out', automatic: 1, at: now + 2, text: 'We got your request' })
    expect(await namesIn(it, 'calls')).toEqual(['Ana'])
    await it.say(ana, { direction: 'out', at: now + 3, text: 'Hello Ana' })
    expect(await namesIn(it, 'calls')).toEqual([])
    await it.say(ana, { at: now + 4, call: { result: 'missed' } })
    expect(await namesIn(it, 'calls')).toEqual(['Ana'])
    await it.store.write((tx) =>
      tx.db.updateTable('call').set({ outcome: 1 }).where('interaction_id', '!=', call).execute(),
    )
    await it.say(ana, { channel: 'note', direction: 'internal', at: now + 5, text: 'called back' })
    expect(await namesIn(it, 'calls')).toEqual([])
  })

  test('a note of ours does not end the waiting', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    await it.say(ana, { direction: 'out', text: 'Here is the quote' })
    await it.say(ana, { channel: 'note', direction: 'internal', at: now + 1, text: 'They seem keen' })
    expect(await namesIn(it, 'waiting')).toEqual(['Ana'])
  })
})

describe('the most urgent lead', () => {
  test('is the open one with the earliest deadline that is not snoozed', async () => {
    const it = await openInbox()
    expect(await it.inbox['inbox.urgent']({})).toBeNull()
    await it.add('warm', { tier: 'warm', clocks: true })
    const hot = await it.add('hot', { tier: 'hot', clocks: true })
    await it.add('nothing owed')
    expect((await it.inbox['inbox.urgent']({}))?.name).toBe('hot')
    await it.inbox['inbox.snooze']({ leadIds: [hot.leadId], until: now + hour })
    expect((await it.inbox['inbox.urgent']({}))?.name).toBe('warm')
    await it.clock.advance(2 * hour)
    const timer = makeSlaTimer({
      store: it.store,
      clock: it.clock,
      log: silentLog,
      clocks: makeClocks(it),
      passOn: async () => false,
      ladder: makeLadder(makeReadCalendars()),
    })
    await timer.start()
    await timer.stop()
    // Its clocks stood still for that hour, and the warm one has been late for longer.
    expect((await it.inbox['inbox.urgent']({}))?.name).toBe('warm')
    expect((await it.inbox['inbox.row']({ personId: hot.personId }))?.clock?.kind).toBe('owned')
  })
})
