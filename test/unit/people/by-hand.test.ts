import { describe, expect, test } from 'vitest'
import { minute } from '../../../src/lib/durations.ts'
import { inboundForm, inboundMail, inboundText } from '../../fakes/inbound.ts'
import { openFirstWorld } from '../contact/first-world.ts'

const number = '+14155550187'
const other = '+14155550188'

type World = Awaited<ReturnType<typeof openFirstWorld>>

async function opened() {
  const it = await openFirstWorld()
  await it.comes(inboundText({ body: 'Do you paint fences?' }))
  const handles = async () => (await it.call('people.card', { personId: 1 })).handles
  return {
    ...it,
    handles,
    handle: async (value = number) => {
      const found = (await handles()).find((one) => one.value === value)
      return found ?? expect.unreachable(`no handle ${value}`)
    },
    said: async () =>
      (await it.call('people.timeline', { personId: 1, before: null, limit: 50 })).entries
        .filter((entry) => entry.kind === 'event')
        .map((entry) => entry.text),
  }
}

const pauses = ({ store }: World) =>
  store.read.db.selectFrom('clock').select('pause_reason').where('state', '=', 'running').execute()

describe('no more texts, written down by hand', () => {
  test('refuses texts, pauses what is owed, says who and when, and is taken back without a reason', async () => {
    const it = await opened()
    const { id: handleId } = await it.handle()
    await it.call('people.optOut', { handleId })
    expect(await it.handle()).toMatchObject({ optedOutAt: it.clock.now(), optOut: { how: 'hand', by: 'Dana' } })
    expect(await pauses(it)).toEqual([{ pause_reason: 'opted_out' }])
    await expect(it.call('contact.sendText', { personId: 1, body: 'Yes', templateId: null })).rejects.toMatchObject({
      message: expect.stringContaining('asked not to get texts'),
    })
    await it.clock.advance(minute)
    // Twice is once: the first time counts.
    await it.call('people.optOut', { handleId })
    expect((await it.handle()).optedOutAt).toBe(it.clock.now() - minute)
    await it.call('people.liftOptOut', { handleId })
    expect(await it.handle()).toMatchObject({ optedOutAt: null, optOut: null })
    expect(await pauses(it)).toEqual([{ pause_reason: null }])
    expect(await it.said()).toEqual(
      expect.arrayContaining(['Noted: no more texts to (415) 555-0187', 'Texts to (415) 555-0187 are allowed again']),
    )
  })

  test('a STOP that follows is theirs: it takes a reason, which stays in the timeline', async () => {
    const it = await opened()
    const { id: handleId } = await it.handle()
    await it.call('people.optOut', { handleId })
    const since = it.clock.now()
    await it.clock.advance(minute)
    await it.comes(inboundText({ body: 'STOP' }, { externalId: 'SM2' }))
    expect(await it.handle()).toMatchObject({ optedOutAt: since, optOut: { how: 'stop', by: null } })
    const lift = (reason?: string) => it.call('people.liftOptOut', { handleId, ...(reason && { reason }) })
    await expect(lift()).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(lift('  ')).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await it.handle()).optedOutAt).toBe(since)
    await lift('Signed the form at the counter')
    expect((await it.handle()).optedOutAt).toBeNull()
    expect(await it.said()).toContain('Texts to (415) 555-0187 are allowed again: Signed the form at the counter')
  })

  test('an outcome that is corrected takes back only what it set', async () => {
    const it = await opened()
    const call = { personId: 1, direction: 'out', outcome: 9, note: '' } as const
    const { interactionId } = await it.call('contact.logCall', call)
    expect((await it.handle()).optOut).toEqual({ how: 'call', by: 'Dana' })
    await it.comes(inboundText({ body: 'stop' }, { externalId: 'SM2' }))
    await it.call('contact.setOutcome', { interactionId, outcome: 1 })
    expect((await it.handle()).optOut).toEqual({ how: 'stop', by: null })
  })

  test('of an address refuses mail, and an unsubscribe link makes it theirs', async () => {
    const it = await openFirstWorld()
    await it.comes(inboundMail())
    const [handle] = (await it.call('people.card', { personId: 1 })).handles
    const handleId = handle?.id ?? 0
    await it.call('people.optOut', { handleId })
    const mail = { personId: 1, subject: 'Hi', body: 'Hi', replyTo: null, attachments: [], templateId: null }
    await expect(it.call('contact.sendMail', mail)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await it.comes(inboundMail({ messageId: 'u@ana', subject: 'unsubscribe' }))
    await expect(it.call('people.liftOptOut', { handleId })).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})

describe('a wrong number', () => {
  test('is never texted or dialled again, whoever chose it, until that is taken back by hand', async () => {
    const it = await opened()
    const { id: handleId } = await it.handle()
    await it.call('people.setWrong', { handleId, wrong: true })
    expect(await it.handle()).toMatchObject({ valid: false, wrong: { at: it.clock.now(), by: 'Dana' } })
    expect(await pauses(it)).toEqual([{ pause_reason: 'opted_out' }])
    const text = { personId: 1, handleId, body: 'Hello', templateId: null }
    await expect(it.call('contact.sendText', text)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(it.call('contact.dial', { personId: 1, handleId })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    // A call that showed the same and is corrected does not take back what a member said.
    const call = { personId: 1, direction: 'out', outcome: 8, note: '' } as const
    const { interactionId } = await it.call('contact.logCall', call)
    await it.call('contact.setOutcome', { interactionId, outcome: 1 })
    expect((await it.handle()).valid).toBe(false)
    await it.call('people.setWrong', { handleId, wrong: false })
    expect(await it.handle()).toMatchObject({ valid: true, wrong: null })
    await it.call('contact.sendText', text)
  })

  test('that was queued a moment before does not leave', async () => {
    const it = await opened()
    const { id: handleId } = await it.handle()
    await it.call('contact.sendText', { personId: 1, body: 'Hello', templateId: null })
    await it.call('people.setWrong', { handleId, wrong: true })
    await it.clock.advance(minute)
    expect(it.arrived).toEqual([])
  })
})

describe('use this first', () => {
  test('goes before the one they used last, for what people send; what is sent by itself answers where they wrote', async () => {
    const it = await opened()
    await it.call('people.addHandle', { personId: 1, kind: 'phone', value: other })
    const first = await it.handle()
    await it.clock.advance(minute)
    await it.comes(
      inboundText(
        { from: other, body: 'Are you there?' },
        { externalId: 'SM2', at: it.clock.now(), parties: [{ kind: 'phone', value: other, name: null }] },
      ),
    )
    expect((await it.handles())[0]?.value).toBe(other)
    expect(await it.call('people.useFirst', { handleId: first.id, first: true })).toEqual({ before: null })
    expect(await it.handles()).toMatchObject([
      { value: number, first: true },
      { value: other, first: false },
    ])
    await it.call('contact.sendText', { personId: 1, body: 'Yes', templateId: null })
    await it.clock.advance(minute)
    expect(it.arrived).toMatchObject([{ kind: 'sms', to: number }])
    const second = await it.handle(other)
    expect(await it.call('people.useFirst', { handleId: second.id, first: true })).toEqual({ before: first.id })
    expect((await it.handles()).filter((one) => one.first)).toMatchObject([{ value: other }])
    await it.call('people.setWrong', { handleId: second.id, wrong: true })
    expect((await it.handles()).filter((one) => one.first)).toEqual([])
    await expect(it.call('people.useFirst', { handleId: second.id, first: true })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    })
  })

  test('is no matter to a first answer', async () => {
    const it = await opened()
    const { settings } = await it.call('firstAnswer.get', {})
    const sms = { ...settings.slots.sms, on: true, inHours: 'We got it', afterHours: '' }
    await it.call('firstAnswer.save', { settings: { ...settings, delaySeconds: 0, slots: { ...settings.slots, sms } } })
    const lead = await it.lead()
    await it.call('people.addHandle', { personId: 1, kind: 'phone', value: other })
    await it.call('people.useFirst', { handleId: (await it.handle()).id, first: true })
    await it.call('inbox.notALead', { leadIds: [lead.id] })
    await it.clock.advance(minute)
    await it.comes(
      inboundText(
        { from: other },
        { externalId: 'SM2', at: it.clock.now(), parties: [{ kind: 'phone', value: other, name: null }] },
      ),
    )
    await it.clock.advance(minute)
    expect(it.arrived).toMatchObject([{ kind: 'sms', to: other }])
  })
})

test('numbers in the timeline read as people write them, whatever is stored', async () => {
  const it = await opened()
  await it.call('people.addHandle', { personId: 1, kind: 'phone', value: '+442079460000' })
  await it.comes(inboundForm({ email: 'ana@lopez.example', phone: number }))
  const said = await it.said()
  expect(said).toContain('Added +44 20 7946 0000')
  expect(said.join(' ')).not.toMatch(/\+1\d/)
})
