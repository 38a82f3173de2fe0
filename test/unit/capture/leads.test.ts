import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { day, hour, minute } from '../../../src/lib/durations.ts'
import { tuesdayMorning as start } from '../../fakes/fake-clock.ts'
import { emailParty, inboundCall, inboundForm, inboundMail, inboundText } from '../../fakes/inbound.ts'
import { type CaptureWorld, openCaptureWorld } from './capture-world.ts'

let world: CaptureWorld
beforeEach(async () => {
  world = await openCaptureWorld()
})
afterEach(() => world.store.close())

describe('a new lead', () => {
  test('is scored, owned, on the clock, in the list and announced, in one go', async () => {
    await world.take(
      inboundForm(
        {
          name: 'Ana Lopez',
          email: 'ana@gmail.com',
          phone: '4155550187',
          message: 'Kitchen remodel',
          budget: '18,000 – 25,000',
          timeline: 'this month',
        },
        { source: { name: 'Google Ads', detail: { utm_campaign: 'kitchens' } } },
      ),
    )
    const [lead] = await world.leads()
    expect(lead).toMatchObject({
      status: 'open',
      stage: 'new',
      score: 95,
      tier: 'hot',
      owner_id: world.dana,
      owner_reason: 'Dana: the only one in the team',
      source: 'Google Ads',
      source_detail: '{"utm_campaign":"kitchens"}',
      opened_at: start,
      last_channel: 'form',
      last_direction: 'in',
      clock_kind: 'first_contact',
      due_at: start + 5 * minute,
    })
    expect(lead?.preview).toBe('Kitchen remodel budget: 18,000 – 25,000 timeline: this month')
    expect(await world.clockStates()).toEqual(['owned met', 'first_contact running'])
    expect(await world.events()).toEqual(['Scored 95 · hot · A2', 'Dana owns it: the only one in the team'])
    expect(world.store.announced('lead.opened')).toEqual([
      {
        leadId: 1,
        personId: 1,
        name: 'Ana Lopez',
        tier: 'hot',
        score: 95,
        preview: lead?.preview,
        ownerId: world.dana,
      },
    ])
    const [changed] = world.store.announced('store.changed').slice(-1)
    expect(changed?.tables).toEqual(expect.arrayContaining(['lead', 'person', 'interaction', 'account']))
    expect(changed?.personIds).toEqual([])
  })

  test.each([
    [inboundMail(), 'E-mail'],
    [inboundText(), 'Text message'],
    [inboundText({ service: 'whatsapp' }), 'WhatsApp'],
    [inboundCall(), 'Phone call'],
    [inboundForm({ email: 'a@b.example' }, { source: { name: ' ', detail: {} } }), 'Web form'],
  ])('always has a source %#', async (item, source) => {
    await world.take(item)
    expect((await world.leads())[0]?.source).toBe(source)
  })

  test('a missed call and a voicemail are leads, with the recording', async () => {
    const recording = {
      name: 'voicemail.mp3',
      contentType: 'audio/mpeg',
      size: 3,
      contentId: null,
      bytes: new Uint8Array([1, 2, 3]),
    }
    await world.take(inboundCall({ result: 'voicemail', durationMs: 32_000, recording }))
    expect(await world.leads()).toMatchObject([
      { missed_call: 1, preview: 'Left a voicemail', score: 40, tier: 'warm' },
    ])
    const [call] = await world.calls()
    const file = await world.db.selectFrom('attachment').selectAll().executeTakeFirstOrThrow()
    expect(call?.recording_id).toBe(file.id)
    expect(await world.store.blobs.get(file.blob ?? '')).toEqual(Buffer.from([1, 2, 3]))
  })

  test('a call somebody took is a lead that was answered', async () => {
    await world.clock.advance(minute)
    await world.take(
      inboundCall({ result: 'answered', answeredAt: start + 8000, endedAt: start + minute, durationMs: 52_000 }),
    )
    expect(await world.leads()).toMatchObject([{ first_human_at: start + 8000, clock_kind: null, missed_call: 0 }])
    expect(await world.clockStates()).toEqual(['owned met', 'first_contact met', 'speed_of_answer met'])
  })

  test('a call that was answered before it began, by an odd length, was answered when it began', async () => {
    await world.take(inboundCall({ result: 'answered', answeredAt: start - 2000, durationMs: 22_000 }))
    expect(await world.leads()).toMatchObject([{ opened_at: start, first_human_at: start, clock_kind: null }])
    expect(await world.clockStates()).toEqual(['owned met', 'first_contact met', 'speed_of_answer met'])
    expect(await world.calls()).toMatchObject([{ answered_at: start }])
  })

  test('a missed call is over when they called again and somebody took it', async () => {
    await world.take(inboundCall({}, { externalId: 'CA1' }))
    expect(await world.leads()).toMatchObject([{ missed_call: 1 }])
    await world.clock.advance(5 * minute)
    await world.take(
      inboundCall({ result: 'answered', answeredAt: start + minute }, { externalId: 'CA2', at: start + minute }),
    )
    expect(await world.leads()).toMatchObject([{ missed_call: 0 }])
  })

  test('a missed call is not over because a text of ours failed', async () => {
    await world.take(inboundCall())
    await world.clock.advance(minute)
    const failed = { delivery: 'failed', problem: 'It is a landline.' } as const
    await world.take(inboundText(failed, { direction: 'out', at: start + minute }))
    expect(await world.leads()).toMatchObject([{ missed_call: 1 }])
  })

  test('what we wrote before they ever asked is no answer to them', async () => {
    await world.take(inboundText())
    await world.take(
      inboundText({ body: 'Our spring offer' }, { externalId: 'SM2', direction: 'out', at: start - hour }),
    )
    expect(await world.leads()).toMatchObject([{ first_human_at: null, clock_kind: 'first_contact' }])
  })

  test('from yesterday counts from yesterday', async () => {
    await world.take(inboundText({}, { at: start - 20 * hour }))
    expect(await world.leads()).toMatchObject([
      { opened_at: start - 20 * hour, due_at: start - 20 * hour + 30 * minute },
    ])
  })

  test('from a clock that is ahead starts now', async () => {
    await world.take(inboundText({}, { at: start + 3 * hour }))
    expect(await world.leads()).toMatchObject([{ opened_at: start, last_at: start }])
  })

  test('a person’s next lead goes to who looked after them before', async () => {
    const sam = await world.store.addMember('Sam')
    await world.take(inboundMail())
    await world.store.write(({ db }) => db.updateTable('lead').set({ owner_id: sam }).where('id', '=', 1).execute())
    await world.setLead(1, { status: 'done', done_at: start })
    await world.clock.advance(8 * day)
    await world.take(inboundMail({ messageId: 'b' }, { at: start + 8 * day }))
    expect(await world.leads()).toMatchObject([
      { id: 1 },
      { id: 2, owner_id: sam, owner_reason: 'Sam: looked after them before' },
    ])
  })
})

describe('more of the same person', () => {
  test('continues the open lead: new score, one clock', async () => {
    await world.take(inboundMail({ subject: 'Hi', text: 'Do you do roofs?' }))
    expect((await world.leads())[0]).toMatchObject({ score: 20, tier: 'nurture', due_at: null })
    await world.clock.advance(hour)
    await world.take(inboundMail({ messageId: 'b', text: 'How much? It is urgent' }, { at: start + hour }))
    expect(await world.leads()).toMatchObject([
      { score: 60, tier: 'hot', clock_kind: 'first_contact', clock_started_at: start + hour },
    ])
    expect(world.store.announced('lead.opened')).toHaveLength(1)
  })

  test('done three days ago: opened again, in its timeline', async () => {
    await world.take(inboundMail())
    await world.setLead(1, { status: 'done', done_at: start })
    await world.clock.advance(3 * day)
    await world.take(inboundText({}, { at: start + 3 * day, parties: [emailParty('ana@lopez-home.example')] }))
    expect(await world.leads()).toMatchObject([{ status: 'open', done_at: null }])
    expect(await world.events()).toContain('Opened again: they wrote')
  })

  test('opened again while nobody is there: somebody has to take it, and to answer', async () => {
    await world.store.write(({ db }) => db.updateTable('member').set({ on_duty: 0 }).execute())
    await world.take(inboundMail({ text: 'A quote please, it is urgent' }))
    await world.setLead(1, { status: 'done', done_at: start })
    await world.store.write((tx) => world.clocks.closed(tx, 1, start))
    await world.clock.advance(day)
    await world.take(inboundMail({ messageId: 'b' }, { at: start + day }))
    expect(await world.clockStates()).toEqual([
      'owned cancelled',
      'first_contact cancelled',
      'owned running',
      'first_contact running',
    ])
  })

  test('done eight days ago: a new lead', async () => {
    await world.take(inboundMail())
    await world.setLead(1, { status: 'done', done_at: start })
    await world.clock.advance(8 * day)
    await world.take(inboundMail({ messageId: 'b' }, { at: start + 8 * day }))
    expect((await world.leads()).map((it) => it.status)).toEqual(['done', 'open'])
  })

  test('a snoozed lead wakes up', async () => {
    await world.take(inboundMail())
    await world.setLead(1, { snoozed_until: start + day })
    await world.take(inboundCall({}, { parties: [emailParty('ana@lopez-home.example')] }))
    expect((await world.leads())[0]?.snoozed_until).toBeNull()
    expect(await world.events()).toContain('Back from snooze: they called')
  })

  test('one that was snoozed even if they write sleeps on, and owes nothing until it wakes', async () => {
    await world.take(inboundMail())
    await world.setLead(1, { snoozed_until: start + day, snooze_keep: 1 })
    await world.take(inboundMail({ messageId: 'again', inReplyTo: 'first@ana.example' }))
    const [lead] = await world.leads()
    expect(lead).toMatchObject({ snoozed_until: start + day, due_at: null })
    expect(await world.events()).not.toContain('Back from snooze: they wrote')
    const clocks = await world.db
      .selectFrom('clock')
      .select(['state', 'pause_reason'])
      .where('state', '=', 'running')
      .execute()
    expect(clocks.length).toBeGreaterThan(0)
    expect(clocks.every((it) => it.pause_reason === 'snoozed')).toBe(true)
  })

  test('called "not a lead": the conversation stays filed, another matter is a lead', async () => {
    await world.take(inboundMail())
    await world.setLead(1, { status: 'not_lead', done_at: start })
    await world.take(inboundMail({ messageId: 'b', inReplyTo: 'first@ana.example' }))
    expect((await world.leads()).map((it) => it.status)).toEqual(['not_lead'])
    await world.take(inboundMail({ messageId: 'c', subject: 'A new house' }))
    expect((await world.leads()).map((it) => it.status)).toEqual(['not_lead', 'open'])
  })
})

describe('history and robots', () => {
  test('what was there before the account was connected is filed and opens nothing', async () => {
    await world.take(inboundMail({}, { history: true, at: start - 300 * day }))
    await world.take(inboundCall({}, { history: true, at: start - 300 * day }))
    expect(await world.leads()).toEqual([])
    expect((await world.interactions()).map((it) => it.lead_id)).toEqual([null, null])
    expect(world.store.announced('lead.opened')).toEqual([])
  })

  test('a machine opens no lead and reopens none', async () => {
    await world.take(inboundMail({ robot: 'newsletter' }))
    expect(await world.leads()).toEqual([])
    await world.take(inboundMail({ messageId: 'b' }))
    await world.setLead(1, { status: 'done', done_at: start })
    await world.take(inboundMail({ messageId: 'c', robot: 'auto-reply', subject: 'Out of office' }))
    expect(await world.leads()).toMatchObject([{ status: 'done', preview: expect.stringContaining('Kitchen remodel') }])
    expect(await world.interactions()).toHaveLength(3)
  })
})

describe('we answered elsewhere', () => {
  const sent = (more: Parameters<typeof inboundMail>[0] = {}, at = start + 2 * minute) =>
    inboundMail(
      {
        messageId: 'sent@office',
        from: world.ownAddress,
        to: ['ana@lopez-home.example'],
        subject: 'Re: Kitchen remodel',
        text: 'Sure!',
        ...more,
      },
      { direction: 'out', at },
    )

  test('by mail, seen in the Sent folder: the clocks stop', async () => {
    await world.take(inboundMail({ text: 'A quote please, it is urgent' }))
    await world.clock.advance(3 * minute)
    await world.take(sent())
    expect(await world.leads()).toMatchObject([
      { first_human_at: start + 2 * minute, clock_kind: 'second_touch', last_direction: 'out', score: 55 },
    ])
    expect(await world.clockStates()).toEqual(['owned met', 'first_contact met', 'second_touch running'])
    expect((await world.interactions())[1]).toMatchObject({ lead_id: 1, automatic: 0, delivery: 'sent' })
  })

  test('an automatic answer is recorded and stops nothing', async () => {
    await world.take(inboundMail({ text: 'A quote please, it is urgent' }))
    await world.clock.advance(3 * minute)
    await world.take(sent({ robot: 'auto-reply' }))
    expect(await world.leads()).toMatchObject([{ first_human_at: null, first_auto_at: start + 2 * minute }])
    expect(await world.clockStates()).toEqual(['owned met', 'first_contact running'])
  })

  test('the Sent folder was read before the INBOX', async () => {
    await world.clock.advance(hour)
    await world.take(sent())
    expect(await world.leads()).toEqual([])
    await world.take(inboundMail({ text: 'A quote please, it is urgent' }))
    expect(await world.leads()).toMatchObject([{ clock_kind: 'second_touch' }])
    // Found by the lead that comes after the answer, too.
    expect(await world.clockStates()).toContain('first_contact met')
  })

  test('one mail to two leads answers both', async () => {
    await world.take(inboundMail({ text: 'A quote please, urgent' }))
    await world.take(
      inboundMail(
        { messageId: 'b', from: 'bob@b.example', text: 'Price? Urgent' },
        { parties: [emailParty('bob@b.example', 'Bob')] },
      ),
    )
    await world.clock.advance(3 * minute)
    await world.take(sent({ to: ['ana@lopez-home.example', 'bob@b.example'] }))
    expect((await world.leads()).map((it) => it.clock_kind)).toEqual(['second_touch', 'second_touch'])
    expect(await world.handles()).toEqual([
      [1, 'ana@lopez-home.example'],
      [2, 'bob@b.example'],
    ])
  })

  test('to a stranger: filed, no lead', async () => {
    await world.take(sent({ to: ['new@n.example'] }))
    expect(await world.leads()).toEqual([])
    expect(await world.people()).toMatchObject([{ name: 'new@n.example' }])
  })

  test('by text', async () => {
    await world.take(inboundText())
    await world.clock.advance(3 * minute)
    await world.take(inboundText({ body: 'On my way' }, { externalId: 'SM2', direction: 'out', at: start + minute }))
    expect(await world.leads()).toMatchObject([{ first_human_at: start + minute, clock_kind: 'second_touch' }])
  })

  test('a text that failed is no answer', async () => {
    await world.take(inboundText())
    await world.take(
      inboundText({ delivery: 'failed', problem: 'Landline' }, { externalId: 'SM2', direction: 'out', at: start }),
    )
    expect((await world.leads())[0]?.first_human_at).toBeNull()
  })

  test('by phone only when they took the call', async () => {
    await world.take(inboundText())
    await world.take(inboundCall({ result: 'no_answer' }, { externalId: 'CA2', direction: 'out', at: start + minute }))
    expect((await world.leads())[0]).toMatchObject({ first_human_at: null, preview: 'You called, no answer' })
    await world.clock.advance(10 * minute)
    await world.take(
      inboundCall(
        { result: 'answered', answeredAt: start + 2 * minute },
        { externalId: 'CA3', direction: 'out', at: start + 2 * minute },
      ),
    )
    expect((await world.leads())[0]?.first_human_at).toBe(start + 2 * minute)
  })

  test('and they write again: next_reply', async () => {
    await world.take(inboundMail({ text: 'A quote please, it is urgent' }))
    await world.clock.advance(hour)
    await world.take(sent())
    await world.take(inboundMail({ messageId: 'c', inReplyTo: 'sent@office', text: 'And when?' }, { at: start + hour }))
    expect((await world.leads())[0]).toMatchObject({ clock_kind: 'next_reply', clock_started_at: start + hour })
  })
})
