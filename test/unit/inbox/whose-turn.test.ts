import { describe, expect, test } from 'vitest'
import { makeLadder } from '../../../src/contact/ladder.ts'
import { makeSlaTimer } from '../../../src/contact/sla-timer.ts'
import type { InboxView, PageKey } from '../../../src/inbox/contract.ts'
import { day, hour, minute } from '../../../src/lib/durations.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { makeReadCalendars } from '../../../src/store/queries/calendars.ts'
import { tuesdayMorning as now } from '../../fakes/fake-clock.ts'
import { inboundMail } from '../../fakes/inbound.ts'
import { openFirstWorld } from '../contact/first-world.ts'
import { type Inbox, openInbox } from './leads.ts'

/** In which of the two views a lead stands; the counts of the rail must say the same. */
async function standsIn(it: Inbox, leadId: number): Promise<InboxView[]> {
  const counts = await it.inbox['inbox.counts']({})
  const found: InboxView[] = []
  for (const view of ['inbox', 'waiting'] as const) {
    const { rows } = await it.inbox['inbox.list']({ view, after: null, limit: 200 })
    expect([view, counts[view]]).toEqual([view, rows.length])
    if (rows.some((row) => row.leadId === leadId)) found.push(view)
  }
  return found
}

const answered = { direction: 'out', text: 'Here is the quote', delivery: 'sent' } as const

describe('a lead stands under Waiting, and not in the inbox,', () => {
  test('from our answer until they write', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    await it.say(ana)
    expect(await standsIn(it, ana.leadId)).toEqual(['inbox'])
    await it.clock.advance(minute)
    await it.say(ana, answered)
    expect(await standsIn(it, ana.leadId)).toEqual(['waiting'])
    await it.clock.advance(30 * day)
    expect(await standsIn(it, ana.leadId)).toEqual(['waiting'])
    await it.say(ana)
    expect(await standsIn(it, ana.leadId)).toEqual(['inbox'])
  })

  test('but not for a note, for what went out by itself, nor for what did not reach them', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    await it.say(ana)
    await it.say(ana, { channel: 'note', direction: 'internal', at: now + 1 })
    await it.say(ana, { ...answered, automatic: 1, at: now + 2 })
    await it.say(ana, { ...answered, delivery: 'failed', at: now + 3 })
    await it.say(ana, { direction: 'out', call: { result: 'failed' }, at: now + 4 })
    expect(await standsIn(it, ana.leadId)).toEqual(['inbox'])
    const sent = await it.say(ana, { ...answered, at: now + 5 })
    await it.say(ana, { channel: 'note', direction: 'internal', at: now + 6 })
    expect(await standsIn(it, ana.leadId)).toEqual(['waiting'])
    // The provider finds out later that nobody got it.
    await it.store.write((tx) =>
      tx.db.updateTable('interaction').set({ delivery: 'failed' }).where('id', '=', sent).execute(),
    )
    await it.say(ana, { channel: 'note', direction: 'internal', at: now + 7 })
    expect(await standsIn(it, ana.leadId)).toEqual(['inbox'])
  })

  test('until the second try is due, and from the second try on', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana', { tier: 'warm', clocks: true })
    const answer = async () => {
      const interactionId = await it.say(ana, { ...answered, at: it.clock.now() })
      await it.store.write((tx) =>
        it.clocks.answered(tx, ana.leadId, { at: it.clock.now(), interactionId, human: true }),
      )
      await it.say(ana, { channel: 'note', direction: 'internal', at: it.clock.now() })
    }
    await it.clock.advance(minute)
    await answer()
    expect(await standsIn(it, ana.leadId)).toEqual(['waiting'])
    const { clock } = (await it.inbox['inbox.row']({ personId: ana.personId })) ?? {}
    expect(clock?.kind).toBe('second_touch')
    await it.clock.advanceTo((clock?.dueAt ?? 0) - 1)
    expect(await standsIn(it, ana.leadId)).toEqual(['waiting'])
    await it.clock.advance(1)
    expect(await standsIn(it, ana.leadId)).toEqual(['inbox'])
    await it.clock.advance(minute)
    await answer()
    expect(await standsIn(it, ana.leadId)).toEqual(['waiting'])
  })

  test('until a snooze ends; what we say after that counts again', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    await it.say(ana, answered)
    await it.inbox['inbox.snooze']({ leadIds: [ana.leadId], until: now + minute })
    expect(await standsIn(it, ana.leadId)).toEqual([])
    const timer = makeSlaTimer({
      ...it,
      log: silentLog,
      passOn: async () => false,
      ladder: makeLadder(makeReadCalendars()),
    })
    await timer.start()
    await it.clock.advance(minute)
    expect(await standsIn(it, ana.leadId)).toEqual(['inbox'])
    await it.say(ana, { channel: 'note', direction: 'internal', at: it.clock.now() })
    expect(await standsIn(it, ana.leadId)).toEqual(['inbox'])
    await it.say(ana, { ...answered, at: it.clock.now() })
    expect(await standsIn(it, ana.leadId)).toEqual(['waiting'])
    await timer.stop()
  })

  test('as long as nobody says that it is our turn, and when somebody says that it is theirs', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const leadIds = [ana.leadId]
    await it.say(ana, answered)
    await it.clock.advance(minute)
    const ours = await it.inbox['inbox.waiting']({ leadIds, waiting: false })
    expect(await standsIn(it, ana.leadId)).toEqual(['inbox'])
    await it.inbox['inbox.undo'](ours)
    expect(await standsIn(it, ana.leadId)).toEqual(['waiting'])
    await it.clock.advance(minute)
    await it.say(ana)
    const theirs = await it.inbox['inbox.waiting']({ leadIds, waiting: true })
    expect(await standsIn(it, ana.leadId)).toEqual(['waiting'])
    await it.inbox['inbox.undo'](theirs)
    expect(await standsIn(it, ana.leadId)).toEqual(['inbox'])
  })

  test('but what is late stays, whoever is said to be next', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana', { tier: 'hot', clocks: true })
    await it.clock.advance(hour)
    await it.inbox['inbox.waiting']({ leadIds: [ana.leadId], waiting: true })
    expect(await standsIn(it, ana.leadId)).toEqual(['inbox'])
  })

  test('and whoever opens it again by hand has it before them', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    await it.say(ana, answered)
    await it.clock.advance(minute)
    await it.inbox['inbox.done']({ leadIds: [ana.leadId] })
    const reopened = await it.inbox['inbox.reopen']({ leadIds: [ana.leadId] })
    expect(await standsIn(it, ana.leadId)).toEqual(['inbox'])
    await it.inbox['inbox.undo'](reopened)
    expect(await standsIn(it, ana.leadId)).toEqual([])
  })
})

test('a task whose time came brings it back until it is ticked off', async () => {
  const it = await openFirstWorld()
  await it.comes(inboundMail())
  const views = async () => {
    const { inbox, waiting } = await it.call('inbox.counts', {})
    return { inbox, waiting }
  }
  await it.call('contact.sendMail', {
    ...{ personId: 1, replyTo: 1, subject: '', body: 'Yes!', attachments: [], templateId: null },
  })
  await it.clock.advance(minute)
  expect(it.arrived).toHaveLength(1)
  expect(await views()).toEqual({ inbox: 0, waiting: 1 })
  const due = { kind: 'todo', words: 'Send the plan', dueAt: it.clock.now() + minute, ownerId: null } as const
  const { taskId } = await it.call('tasks.add', { personId: 1, ...due })
  expect(await views()).toEqual({ inbox: 0, waiting: 1 })
  await it.clock.advance(minute)
  expect(await views()).toEqual({ inbox: 1, waiting: 0 })
  await it.call('tasks.tick', { taskId, done: true })
  expect(await views()).toEqual({ inbox: 0, waiting: 1 })
})

test('what could not be sent is nobody’s turn but ours', async () => {
  const it = await openInbox()
  const ana = await it.add('Ana', { our_word_at: now, outbox: 'failed' })
  expect(await standsIn(it, ana.leadId)).toEqual(['inbox'])
})

describe('pages', () => {
  const paged = async (it: Inbox, view: InboxView) => {
    const names: string[] = []
    for (let after: PageKey | null = null; ; ) {
      const { rows, next } = await it.inbox['inbox.list']({ view, after, limit: 2 })
      names.push(...rows.map((row) => row.name))
      after = next
      if (!after) return names
    }
  }
  const tryAgain = (dueAt: number) => ({
    ...{
      clock_kind: 'second_touch',
      clock_started_at: now - day,
      risk_at: dueAt,
      due_at: dueAt,
      our_word_at: now - day,
    },
  })

  test('of the inbox pass over whom nobody must write to yet, those of Waiting over whom somebody must', async () => {
    const it = await openInbox()
    await it.add('quiet for long', { our_word_at: now - 9 * day, last_at: now - 9 * day })
    await it.add('quiet', { our_word_at: now - day, last_at: now - day })
    await it.add('thanked', { last_at: now - 2 * day })
    await it.add('wrote', { last_at: now - hour })
    await it.add('try soon', tryAgain(now + hour) as never)
    await it.add('try later', tryAgain(now + day) as never)
    await it.add('try now', tryAgain(now - hour) as never)
    await it.add('try since', tryAgain(now - day) as never)
    await it.add('hot', { tier: 'hot', clocks: true })
    expect(await paged(it, 'inbox')).toEqual(['hot', 'try since', 'try now', 'wrote', 'thanked'])
    expect(await paged(it, 'waiting')).toEqual(['try soon', 'try later', 'quiet', 'quiet for long'])
    expect(await it.inbox['inbox.counts']({})).toMatchObject({ inbox: 5, waiting: 4 })
  })
})
