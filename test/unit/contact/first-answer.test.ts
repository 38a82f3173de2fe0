import { describe, expect, test } from 'vitest'
import type { AnswerSlot, FirstAnswerSettings } from '../../../src/contact/first-answer/contract.ts'
import { hour, minute, second } from '../../../src/lib/durations.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { emailParty, inboundCall, inboundForm, inboundMail, inboundText } from '../../fakes/inbound.ts'
import { openFirstWorld } from './first-world.ts'

type World = Awaited<ReturnType<typeof openFirstWorld>>

/** Turns some on, with what else is to be otherwise. */
async function turnOn(it: World, slots: readonly AnswerSlot[], more: Partial<FirstAnswerSettings> = {}) {
  const { settings } = await it.call('firstAnswer.get', {})
  const on = Object.fromEntries(slots.map((slot) => [slot, { ...settings.slots[slot], on: true }]))
  await it.call('firstAnswer.save', { settings: { ...settings, ...more, slots: { ...settings.slots, ...on } } })
}

const delay = 20 * second
const opened = async (...slots: AnswerSlot[]) => {
  const it = await openFirstWorld()
  await turnOn(it, slots)
  return it
}
const told = (it: World) => it.told('lead.first_answer')
const from = (who: string, more: Parameters<typeof inboundMail>[0] = {}, at?: number) =>
  inboundMail(
    { messageId: `first@${who}.example`, from: `${who}@home.example`, ...more },
    { parties: [emailParty(`${who}@home.example`, 'Bob Weber')], ...(at === undefined ? {} : { at }) },
  )

test('is off until it is turned on', async () => {
  const it = await openFirstWorld()
  await it.comes(inboundMail())
  await it.clock.advance(minute)
  expect(it.arrived).toEqual([])
  expect(await told(it)).toEqual([])
})

describe('a first answer', () => {
  test('to a mail is a reply in its thread, marked as written by itself, after a short wait, once', async () => {
    const it = await opened('email')
    await it.comes(inboundMail())
    expect(it.arrived).toEqual([])
    const job = await it.store.read.db.selectFrom('job').select(['state', 'not_before', 'answers_id']).execute()
    expect(job).toEqual([{ state: 'queued', not_before: it.clock.now() + delay, answers_id: 1 }])
    await it.clock.advance(delay)
    expect(it.arrived).toMatchObject([
      {
        kind: 'email',
        to: { address: 'ana@lopez-home.example' },
        subject: 'Re: Kitchen remodel',
        inReplyTo: 'first@ana.example',
        automatic: true,
      },
    ])
    expect(it.arrived[0]).toMatchObject({
      body: expect.stringMatching(/^Hi Ana,\n\nthank you for your mail\..*Bright Kitchens$/s),
    })
    await it.comes(inboundMail())
    await it.comes(inboundMail({ messageId: 'second@ana.example', text: 'Hello?' }))
    await it.clock.advance(hour)
    expect(it.arrived).toHaveLength(1)
  })

  test('answers nothing in the eyes of clocks, tasks, list and reports', async () => {
    const it = await opened('email')
    await it.comes(inboundMail())
    const before = await it.call('inbox.row', { personId: 1 })
    await it.clock.advance(delay)
    expect(it.arrived).toHaveLength(1)
    const lead = await it.lead()
    expect(lead).toMatchObject({ first_auto_at: it.clock.now(), first_human_at: null })
    expect(await it.call('inbox.row', { personId: 1 })).toEqual(before)
    expect((await it.tasks())[0]?.doneAt).toBeNull()
    const [entry] = (await it.call('people.timeline', { personId: 1, before: null, limit: 50 })).entries.filter(
      (shown) => shown.kind === 'email' && shown.direction === 'out',
    )
    expect(entry).toMatchObject({ automatic: true, author: null, delivery: 'sent' })
  })

  test.each([
    ['sms', inboundText(), { kind: 'sms', from: '+14155550100', to: '+14155550187' }],
    ['call', inboundCall(), { kind: 'sms', to: '+14155550187', body: expect.stringContaining('missed your call') }],
    ['call', inboundCall({ result: 'voicemail' }), { kind: 'sms', to: '+14155550187' }],
    ['whatsapp', inboundText({ service: 'whatsapp' }), { kind: 'whatsapp', to: '+14155550187' }],
    ['formText', inboundForm({ name: 'Ana', phone: '+14155550187' }), { kind: 'sms', to: '+14155550187' }],
    [
      'form',
      inboundForm({ name: 'Ana', phone: '+14155550187', email: 'ana@l.example' }),
      { kind: 'email', to: { address: 'ana@l.example' }, subject: 'We have your request', inReplyTo: null },
    ],
  ] as const)('goes the way they came: %s %#', async (slot, item, expected) => {
    const it = await opened(slot)
    await it.comes(item)
    await it.clock.advance(delay)
    expect(it.arrived).toMatchObject([expected])
  })

  test('has other words while the business is closed', async () => {
    const it = await opened('email')
    const hours = [{ weekday: 3, from: 9 * 60, to: 17 * 60 }]
    await it.store.set('business', { ...defaultSettings.business, alwaysOpen: false, hours })
    await it.comes(inboundMail())
    await it.clock.advance(delay)
    expect(it.arrived[0]).toMatchObject({ body: expect.stringContaining('We are closed right now. We open ') })
    expect(it.arrived[0]).toMatchObject({ body: expect.not.stringContaining('again soon') })
  })

  test('is signed by whoever owns the lead', async () => {
    const it = await openFirstWorld()
    const { settings } = await it.call('firstAnswer.get', {})
    const email = { on: true, subject: '', inHours: '{{agent.first_name}} will answer you.', afterHours: '' }
    await it.call('firstAnswer.save', { settings: { ...settings, slots: { ...settings.slots, email } } })
    await it.comes(inboundMail())
    await it.clock.advance(delay)
    expect(it.arrived[0]).toMatchObject({ body: 'Dana will answer you.' })
  })
})

describe('nobody gets one', () => {
  test.each([
    ['robots', inboundMail({ robot: 'auto-reply' })],
    [
      'addresses nobody reads',
      inboundMail({ from: 'no-reply@shop.example' }, { parties: [emailParty('no-reply@shop.example')] }),
    ],
    ['what was there before', inboundMail({}, { history: true })],
    ['a call that was answered', inboundCall({ result: 'answered', answeredAt: Date.UTC(2026, 2, 3, 15, 0) })],
    ['a call that still rings', inboundCall({ result: 'ringing', endedAt: null })],
    ['a landline', inboundCall({ from: '+442079460123' })],
    ['a caller who hides the number', inboundCall({ from: '' })],
  ])('of: %s', async (_, item) => {
    const it = await opened('email', 'call', 'form', 'sms')
    await it.comes(item)
    await it.clock.advance(hour)
    expect(it.arrived).toEqual([])
  })

  test('typed in by hand', async () => {
    const it = await opened('email', 'call', 'form', 'sms')
    await it.call('people.add', { name: 'Bob', email: 'bob@home.example', phone: null, source: 'Walk-in' })
    await it.clock.advance(hour)
    expect(it.arrived).toEqual([])
  })

  test('for what was found late, and it is said', async () => {
    const it = await opened('email')
    await it.comes(from('late', {}, it.clock.now() - 16 * minute))
    await it.clock.advance(hour)
    expect(it.arrived).toEqual([])
    expect(await told(it)).toEqual(['No automatic first answer: it came in too late for that'])
  })

  test('who asked not to be written to', async () => {
    const it = await opened('sms')
    await it.comes(inboundText({ body: 'STOP' }))
    await it.comes(inboundText({ body: 'Why do you not answer' }, { externalId: 'SM2' }))
    await it.clock.advance(hour)
    expect(it.arrived).toEqual([])
    expect(await told(it)).toHaveLength(1)
  })

  test('when a human was faster, even with something that can still be taken back', async () => {
    const it = await opened('email', 'call')
    await it.comes(inboundMail())
    await it.clock.advance(delay - second)
    await it.call('contact.sendMail', {
      personId: 1,
      replyTo: 1,
      subject: '',
      body: 'I am here',
      attachments: [],
      templateId: null,
    })
    await it.clock.advance(minute)
    expect(it.arrived).toMatchObject([{ body: 'I am here' }])
    expect(await told(it)).toEqual(['No automatic first answer: somebody was faster'])
    await it.comes(inboundCall())
    await it.comes(inboundCall({ result: 'answered', answeredAt: it.clock.now() }, { externalId: 'CA9' }))
    await it.clock.advance(minute)
    expect(it.arrived).toHaveLength(1)
  })

  test('when the lead was closed, the message read like advertising, or it was switched off meanwhile', async () => {
    const it = await opened('email')
    await it.comes(from('bob'))
    await it.call('inbox.notALead', { leadIds: [1] })
    await it.comes(from('spam'))
    await it.store.write((tx) =>
      tx.db
        .insertInto('message_insight')
        .values({
          ...{ interaction_id: 3, intent: 'spam', confidence: 90, urgency: 'none', urgency_reason: '' },
          ...{ job_size: null, vector: new Uint8Array(), model_version: 'x', at: it.clock.now() },
        })
        .execute(),
    )
    await it.clock.advance(minute)
    expect(await told(it)).toEqual([
      'No automatic first answer: the lead was closed before',
      'No automatic first answer: it reads like advertising',
    ])
    await it.comes(from('eve'))
    const { settings } = await it.call('firstAnswer.get', {})
    const email = { ...settings.slots.email, on: false }
    await it.call('firstAnswer.save', { settings: { ...settings, slots: { ...settings.slots, email } } })
    await it.clock.advance(minute)
    expect(it.arrived).toEqual([])
    const row = await it.call('inbox.row', { personId: 3 })
    expect(row?.outbox).toBe('idle')
  })

  test('twice in a day, on whatever way they come; three calls in a minute are one text', async () => {
    const it = await opened('call', 'sms')
    for (const id of ['CA1', 'CA2', 'CA3']) {
      await it.comes(inboundCall({}, { externalId: id }))
      await it.clock.advance(30 * second)
    }
    await it.comes(inboundText({}, { externalId: 'SM1' }))
    await it.clock.advance(hour)
    expect(it.arrived).toHaveLength(1)
    await it.clock.advance(24 * hour)
    await it.comes(inboundCall({}, { externalId: 'CA4', at: it.clock.now() }))
    await it.clock.advance(minute)
    expect(it.arrived).toHaveLength(2)
  })
})

test('a call that rang first and was missed then is answered once, whatever else is learned of it', async () => {
  const it = await opened('call')
  await it.comes(inboundCall({ result: 'ringing', endedAt: null }, { revision: 'ringing' }))
  await it.clock.advance(minute)
  expect(it.arrived).toEqual([])
  await it.comes(inboundCall({}, { revision: 'missed', at: it.clock.now() - minute }))
  await it.comes(inboundCall({ result: 'voicemail' }, { revision: 'voicemail', at: it.clock.now() - minute }))
  await it.clock.advance(minute)
  expect(it.arrived).toHaveLength(1)
})

test('a wording that asks for what is not known is not sent, and that is said', async () => {
  const it = await openFirstWorld()
  const { settings } = await it.call('firstAnswer.get', {})
  const email = { on: true, subject: '', inHours: 'Call {{contact.phone}}', afterHours: '' }
  await it.call('firstAnswer.save', { settings: { ...settings, slots: { ...settings.slots, email } } })
  await it.comes(from('bob'))
  await it.clock.advance(hour)
  expect(it.arrived).toEqual([])
  const words = 'its wording asks for {{contact.phone}}, which is not known'
  expect(await told(it)).toEqual([`No automatic first answer: ${words}`])
  expect((await it.call('firstAnswer.get', {})).trouble).toMatchObject({ message: `Not sent: ${words}.`, personId: 1 })
  expect(
    await it.call('firstAnswer.preview', { slot: 'email', subject: '', body: 'Hi {{contact.first_name | "you"}}!' }),
  ).toMatchObject({ name: 'Bob Weber', body: 'Hi Bob!', missing: [], mistake: null })
  expect(
    await it.call('firstAnswer.preview', { slot: 'email', subject: '', body: 'Hi {{contact.shoe_size}}' }),
  ).toMatchObject({ mistake: expect.stringContaining('contact.shoe_size') })
})

test('too many people in an hour stop it, until somebody looked', async () => {
  const it = await openFirstWorld()
  await turnOn(it, ['email'], { mostAnHour: 3 })
  for (const who of ['a1', 'b2', 'c3', 'd4', 'e5']) await it.comes(from(who))
  await it.clock.advance(minute)
  // What waited when it stopped does not leave either.
  expect(it.arrived).toEqual([])
  const state = await it.call('firstAnswer.get', {})
  expect(state.pausedAt).not.toBeNull()
  expect(state.trouble?.message).toMatch(/^More than 3 people within an hour/)
  await it.clock.advance(hour)
  await it.call('firstAnswer.resume', {})
  await it.comes(from('f6', {}, it.clock.now()))
  await it.clock.advance(minute)
  expect(it.arrived).toHaveLength(1)
  expect(await it.call('firstAnswer.get', {})).toMatchObject({ sent: 1, waiting: 0, pausedAt: null, trouble: null })
})

test('settings that could not be sent are refused', async () => {
  const it = await openFirstWorld()
  const { settings } = await it.call('firstAnswer.get', {})
  const save = (slot: AnswerSlot, change: object) =>
    it.call('firstAnswer.save', {
      settings: { ...settings, slots: { ...settings.slots, [slot]: { ...settings.slots[slot], ...change } } },
    })
  await expect(save('sms', { on: true, inHours: '' })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  await expect(save('form', { on: true, subject: '' })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  await expect(save('sms', { inHours: 'Hi {{contact.first_name' })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  await save('sms', { on: true })
  expect((await it.call('firstAnswer.get', {})).settings.slots.sms.on).toBe(true)
})
