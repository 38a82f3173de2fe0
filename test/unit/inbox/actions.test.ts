import { describe, expect, test } from 'vitest'
import { day, hour, minute } from '../../../src/lib/durations.ts'
import { refreshLeadRow } from '../../../src/store/queries/lead-row.ts'
import { tuesdayMorning as now } from '../../fakes/fake-clock.ts'
import { type Inbox, openInbox } from './leads.ts'

const eventTexts = async ({ store }: Inbox, personId: number) =>
  (
    await store.read.db
      .selectFrom('event')
      .select('text')
      .where('person_id', '=', personId)
      .where('text', '!=', '')
      .where('undone_at', 'is', null)
      .orderBy('id')
      .execute()
  ).map((it) => it.text)

const hot = { tier: 'hot', clocks: true } as const

describe('each action can be taken back exactly', () => {
  test.each<[string, (it: Inbox, leadIds: number[]) => Promise<{ undoId: number }>]>([
    ['done', ({ inbox }, leadIds) => inbox['inbox.done']({ leadIds })],
    ['not a lead', ({ inbox }, leadIds) => inbox['inbox.notALead']({ leadIds })],
    ['snooze', ({ inbox }, leadIds) => inbox['inbox.snooze']({ leadIds, until: now + day })],
    [
      'assign',
      async ({ inbox, store }, leadIds) => inbox['inbox.assign']({ leadIds, memberId: await store.addMember('Sam') }),
    ],
  ])('%s', async (_, act) => {
    const it = await openInbox()
    const leads = [await it.add('Ana', hot), await it.add('Gus', { tier: 'warm', clocks: true }), await it.add('Kim')]
    const leadIds = leads.map((lead) => lead.leadId)
    const before = await Promise.all(leadIds.map(it.raw))
    const { undoId } = await act(it, leadIds)
    const after = await Promise.all(leadIds.map(it.raw))
    for (const [at, lead] of after.entries()) expect(lead).not.toEqual(before[at])
    expect(await eventTexts(it, leads[0]?.personId ?? 0)).toHaveLength(1)

    it.store.forget()
    expect(await it.inbox['inbox.undo']({ undoId })).toEqual({ undone: true })
    expect(await Promise.all(leadIds.map(it.raw))).toEqual(before)
    expect(it.store.announced('store.changed')).toHaveLength(1)
    expect(it.store.announced('store.changed')[0]?.personIds).toEqual(leads.map((lead) => lead.personId))
    // What was taken back is not told any more.
    expect(await eventTexts(it, leads[0]?.personId ?? 0)).toEqual([])

    expect(await it.inbox['inbox.undo']({ undoId })).toEqual({ undone: false })
    expect(await Promise.all(leadIds.map(it.raw))).toEqual(before)
  })

  test('reopen', async () => {
    const it = await openInbox()
    const { leadId } = await it.add('Ana', hot)
    await it.inbox['inbox.done']({ leadIds: [leadId] })
    const before = await it.raw(leadId)
    const { undoId } = await it.inbox['inbox.reopen']({ leadIds: [leadId] })
    expect(await it.raw(leadId)).not.toEqual(before)
    expect(await it.inbox['inbox.undo']({ undoId })).toEqual({ undone: true })
    expect(await it.raw(leadId)).toEqual(before)
  })

  test('in any order: undo the assignment, then the snooze before it', async () => {
    const it = await openInbox()
    const { leadId } = await it.add('Ana', hot)
    const before = await it.raw(leadId)
    const snooze = await it.inbox['inbox.snooze']({ leadIds: [leadId], until: now + hour })
    const assign = await it.inbox['inbox.assign']({ leadIds: [leadId], memberId: await it.store.addMember('Sam') })
    await it.inbox['inbox.undo'](snooze)
    await it.inbox['inbox.undo'](assign)
    expect(await it.raw(leadId)).toEqual(before)
  })

  test('two actions of the same kind, the newer first', async () => {
    const it = await openInbox()
    const { leadId } = await it.add('Ana')
    const before = await it.raw(leadId)
    const first = await it.inbox['inbox.snooze']({ leadIds: [leadId], until: now + hour })
    const second = await it.inbox['inbox.snooze']({ leadIds: [leadId], until: now + day })
    await expect(it.inbox['inbox.undo'](first)).rejects.toMatchObject({ code: 'CONFLICT' })
    await it.inbox['inbox.undo'](second)
    await it.inbox['inbox.undo'](first)
    expect(await it.raw(leadId)).toEqual(before)
  })
})

describe('clocks', () => {
  test('stop when a lead is done, and go on where they were when it is opened again', async () => {
    const it = await openInbox()
    const { leadId, personId } = await it.add('Ana', hot)
    const clock = (await it.inbox['inbox.row']({ personId }))?.clock
    expect(clock?.kind).toBe('owned')
    await it.clock.advance(30_000)
    await it.inbox['inbox.done']({ leadIds: [leadId] })
    expect((await it.inbox['inbox.row']({ personId }))?.clock).toBeNull()
    await it.clock.advance(hour)
    await it.inbox['inbox.reopen']({ leadIds: [leadId] })
    expect(await it.inbox['inbox.row']({ personId })).toMatchObject({ status: 'open', clock })
  })

  test('stay stopped when a human answered while the lead was done', async () => {
    const it = await openInbox()
    for (const back of ['undo', 'reopen'] as const) {
      const ana = await it.add(`Ana ${back}`, hot)
      const { undoId } = await it.inbox['inbox.done']({ leadIds: [ana.leadId] })
      await it.clock.advance(minute)
      await it.say(ana, { direction: 'out', text: 'Answered from the phone' })
      if (back === 'undo') await it.inbox['inbox.undo']({ undoId })
      else await it.inbox['inbox.reopen']({ leadIds: [ana.leadId] })
      expect(await it.inbox['inbox.row']({ personId: ana.personId })).toMatchObject({ status: 'open', clock: null })
    }
  })

  test('an owner stops "somebody must take it"; taking the owner off starts it again', async () => {
    const it = await openInbox()
    const { leadId, personId } = await it.add('Ana', hot)
    const memberId = await it.store.addMember('Sam')
    await it.inbox['inbox.assign']({ leadIds: [leadId], memberId })
    expect((await it.inbox['inbox.row']({ personId }))?.clock?.kind).toBe('first_contact')
    await it.clock.advance(minute)
    const { undoId } = await it.inbox['inbox.assign']({ leadIds: [leadId], memberId: null })
    expect((await it.inbox['inbox.row']({ personId }))?.clock).toMatchObject({ kind: 'owned', startedAt: now + minute })
    await it.inbox['inbox.undo']({ undoId })
    expect((await it.inbox['inbox.row']({ personId }))?.clock?.kind).toBe('first_contact')
  })

  test('that were answered meanwhile stay answered when an assignment is undone', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana', hot)
    const memberId = await it.store.addMember('Sam')
    const { undoId } = await it.inbox['inbox.assign']({ leadIds: [ana.leadId], memberId })
    await it.clock.advance(minute)
    const interactionId = await it.say(ana, { direction: 'out' })
    await it.store.write(async (tx) => {
      await it.clocks.answered(tx, ana.leadId, { at: it.clock.now(), interactionId, human: true })
      await refreshLeadRow(tx, ana.leadId)
    })
    await it.inbox['inbox.undo']({ undoId })
    expect(await it.inbox['inbox.row']({ personId: ana.personId })).toMatchObject({
      owner: null,
      clock: { kind: 'second_touch' },
    })
  })
})

describe('what changed meanwhile is not overwritten', () => {
  test('a message opened the lead again: undoing "done" is refused, and done works once more', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana', hot)
    const { undoId } = await it.inbox['inbox.done']({ leadIds: [ana.leadId] })
    await it.store.write(async (tx) => {
      await tx.db.updateTable('lead').set({ status: 'open', done_at: null }).where('id', '=', ana.leadId).execute()
      await it.clocks.asked(tx, ana.leadId, it.clock.now())
      await refreshLeadRow(tx, ana.leadId)
    })
    await expect(it.inbox['inbox.undo']({ undoId })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Nothing was overwritten'),
    })
    const again = await it.inbox['inbox.done']({ leadIds: [ana.leadId] })
    expect(await it.inbox['inbox.row']({ personId: ana.personId })).toMatchObject({ status: 'done', clock: null })
    expect(await it.inbox['inbox.undo'](again)).toEqual({ undone: true })
    expect(await it.inbox['inbox.row']({ personId: ana.personId })).toMatchObject({ status: 'open' })
  })

  test('of many leads those that did not change come back', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const gus = await it.add('Gus')
    const { undoId } = await it.inbox['inbox.done']({ leadIds: [ana.leadId, gus.leadId] })
    await it.inbox['inbox.reopen']({ leadIds: [ana.leadId] })
    await it.inbox['inbox.notALead']({ leadIds: [ana.leadId] })
    expect(await it.inbox['inbox.undo']({ undoId })).toEqual({ undone: true })
    expect(await it.inbox['inbox.row']({ personId: ana.personId })).toMatchObject({ status: 'not_lead' })
    expect(await it.inbox['inbox.row']({ personId: gus.personId })).toMatchObject({ status: 'open' })
  })

  test('another owner is another respect: "done" can still be undone', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const memberId = await it.store.addMember('Sam')
    const { undoId } = await it.inbox['inbox.done']({ leadIds: [ana.leadId] })
    await it.inbox['inbox.assign']({ leadIds: [ana.leadId], memberId })
    await it.inbox['inbox.undo']({ undoId })
    expect(await it.inbox['inbox.row']({ personId: ana.personId })).toMatchObject({
      status: 'open',
      owner: { name: 'Sam' },
    })
  })

  test('the person has a newer lead: the old one is not opened beside it', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const { undoId } = await it.inbox['inbox.done']({ leadIds: [ana.leadId] })
    await it.add('Ana', { personId: ana.personId })
    await expect(it.inbox['inbox.undo']({ undoId })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(it.inbox['inbox.reopen']({ leadIds: [ana.leadId] })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('newer lead'),
    })
  })
})

describe('what cannot be', () => {
  test('a lead that is not there, and nothing is done to the others', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    await expect(it.inbox['inbox.done']({ leadIds: [ana.leadId, 999] })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await it.inbox['inbox.row']({ personId: ana.personId })).toMatchObject({ status: 'open' })
    expect(await eventTexts(it, ana.personId)).toEqual([])
  })

  test('snoozing into the past, or what is done', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    for (const until of [now, now - 1]) {
      await expect(it.inbox['inbox.snooze']({ leadIds: [ana.leadId], until })).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringContaining('still to come'),
      })
    }
    await it.inbox['inbox.done']({ leadIds: [ana.leadId] })
    await expect(it.inbox['inbox.snooze']({ leadIds: [ana.leadId], until: now + hour })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
  })

  test('assigning to nobody on the team', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    await expect(it.inbox['inbox.assign']({ leadIds: [ana.leadId], memberId: 77 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('undoing something that is no action', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    await it.inbox['inbox.done']({ leadIds: [ana.leadId] })
    await expect(it.inbox['inbox.undo']({ undoId: 999 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(it.inbox['inbox.undo']({ undoId: 1 })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  test('pressing "done" twice is no error, and undoing the second changes nothing', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    await it.inbox['inbox.done']({ leadIds: [ana.leadId] })
    const second = await it.inbox['inbox.done']({ leadIds: [ana.leadId] })
    expect(await it.inbox['inbox.undo'](second)).toEqual({ undone: false })
    expect(await it.inbox['inbox.row']({ personId: ana.personId })).toMatchObject({ status: 'done' })
    expect(await eventTexts(it, ana.personId)).toEqual(['Done'])
  })
})

describe('the timeline says who did what', () => {
  test('in words', async () => {
    const it = await openInbox()
    const dana = await it.store.addMember('Dana')
    const sam = await it.store.addMember('Sam')
    await it.store.set('me', dana)
    await it.store.set('business', {
      ...(await import('../../../src/settings/defaults.ts')).defaultSettings.business,
      zone: 'America/New_York',
    })
    const { leadId, personId } = await it.add('Ana')
    const leadIds = [leadId]
    await it.inbox['inbox.assign']({ leadIds, memberId: sam })
    await it.inbox['inbox.assign']({ leadIds, memberId: dana })
    await it.inbox['inbox.assign']({ leadIds, memberId: null })
    await it.inbox['inbox.snooze']({ leadIds, until: now + day })
    await it.inbox['inbox.notALead']({ leadIds })
    await it.inbox['inbox.reopen']({ leadIds })
    await it.inbox['inbox.done']({ leadIds })
    expect(await eventTexts(it, personId)).toEqual([
      'Dana gave it to Sam',
      'Dana took it',
      'Owner taken off',
      'Snoozed until Wed 4 Mar, 10:00',
      'Not a lead',
      'Opened again',
      'Done',
    ])
  })
})

test('500 leads at once are one transaction and one undo', async () => {
  const it = await openInbox()
  const leadIds: number[] = []
  for (let at = 0; at < 500; at++) leadIds.push((await it.add(`P${at}`)).leadId)
  it.store.forget()
  const { undoId } = await it.inbox['inbox.done']({ leadIds })
  expect(it.store.announced('store.changed')).toHaveLength(1)
  expect((await it.inbox['inbox.counts']({})).inbox).toBe(0)
  await it.inbox['inbox.undo']({ undoId })
  expect((await it.inbox['inbox.counts']({})).inbox).toBe(500)
})
