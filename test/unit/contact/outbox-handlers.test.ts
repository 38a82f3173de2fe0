import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contactContract } from '../../../src/contact/contract.ts'
import type { StoredOutbound } from '../../../src/contact/outbound-payload.ts'
import { second } from '../../../src/lib/durations.ts'
import { eventually } from '../../fakes/eventually.ts'
import { ownAddress, ownNumber } from '../../fakes/test-store.ts'
import { makeWorld, type World, write } from './outbox-world.ts'
import { addLead, addMail, addPerson, anaMail, anaPhone } from './people.ts'

let world: World

beforeEach(async () => {
  world = await makeWorld()
})
afterEach(() => world.store.close())

const mailTo = (personId: number, more: object = {}) => ({
  personId,
  replyTo: null,
  subject: 'Your kitchen',
  body: 'Hello',
  attachments: [],
  templateId: null,
  ...more,
})
const payloadOf = async (jobId: number): Promise<StoredOutbound> => {
  const { payload } = await world.store.read.db
    .selectFrom('job')
    .select('payload')
    .where('id', '=', jobId)
    .executeTakeFirstOrThrow()
  return JSON.parse(payload)
}
const mailRow = (interactionId: number) =>
  world.store.read.db
    .selectFrom('mail')
    .innerJoin('interaction', 'interaction.id', 'mail.interaction_id')
    .selectAll()
    .where('interaction_id', '=', interactionId)
    .executeTakeFirstOrThrow()
const addHandle = (personId: number, kind: 'email' | 'phone', value: string, lastUsed = 0) =>
  world.store.write((tx) =>
    tx.db
      .insertInto('handle')
      .values({
        person_id: personId,
        kind,
        value,
        label: null,
        opted_out_at: null,
        last_used_at: lastUsed,
        created_at: 0,
      })
      .returning('id')
      .executeTakeFirstOrThrow(),
  )

describe('writing a mail', () => {
  it('answers in the thread, from the mailbox it came to, to the address it came from', async () => {
    const { contact, store, ana, lead } = world
    const second_ = await store.addAccount('email', { address: 'Sales@bright-kitchens.example' })
    await addHandle(ana, 'email', 'work@ana.example', world.clock.now() + 1)
    const cited = ['zero@ana.example', 'one@ana.example']
    const parent = await addMail(store, {
      personId: ana,
      leadId: lead,
      accountId: second_,
      subject: 'RE: AW: Kitchen',
      messageId: 'two@ana.example',
      cited,
    })
    const answer = await contact['contact.sendMail'](mailTo(ana, { replyTo: parent, subject: 'Re: RE: AW: Kitchen' }))
    expect(contactContract['contact.sendMail'].output.parse(answer)).toEqual(answer)
    expect(answer.undoUntil).toBe(world.clock.now() + 10 * second)
    expect(await payloadOf(answer.jobId)).toEqual({
      kind: 'email',
      messageId: 'id-1@bright-kitchens.example',
      at: world.clock.now(),
      to: { name: 'Ana Lopez', address: anaMail },
      subject: 'Re: Kitchen',
      body: 'Hello',
      inReplyTo: 'two@ana.example',
      references: [...cited, 'two@ana.example'],
      files: [],
    })
    expect(await mailRow(answer.interactionId)).toMatchObject({
      account_id: second_,
      thread_id: parent,
      message_id: 'id-1@bright-kitchens.example',
      from_address: 'sales@bright-kitchens.example',
      to_addresses: JSON.stringify([anaMail]),
      cited: JSON.stringify([...cited, 'two@ana.example']),
      subject: 'Re: Kitchen',
      direction: 'out',
      delivery: 'queued',
      lead_id: lead,
    })
    // And an answer to the answer carries the whole chain.
    const next = await contact['contact.sendMail'](mailTo(ana, { replyTo: answer.interactionId, subject: '' }))
    expect(await payloadOf(next.jobId)).toMatchObject({
      subject: 'Re: Kitchen',
      to: { address: anaMail },
      inReplyTo: 'id-1@bright-kitchens.example',
      references: [...cited, 'two@ana.example', 'id-1@bright-kitchens.example'],
    })
    expect((await mailRow(next.interactionId)).thread_id).toBe(parent)
  })

  it('threads under a mail without a Message-ID by what that one cited', async () => {
    const { contact, store, ana, lead, mailbox } = world
    const parent = await addMail(store, {
      personId: ana,
      leadId: lead,
      accountId: mailbox,
      messageId: null,
      cited: ['one@ana.example'],
    })
    const { jobId } = await contact['contact.sendMail'](mailTo(ana, { replyTo: parent }))
    expect(await payloadOf(jobId)).toMatchObject({ inReplyTo: null, references: ['one@ana.example'] })
  })

  it('begins a thread of its own otherwise', async () => {
    const { jobId, interactionId } = await world.contact['contact.sendMail'](mailTo(world.ana))
    expect(await payloadOf(jobId)).toMatchObject({ subject: 'Your kitchen', inReplyTo: null, references: [] })
    expect(await mailRow(interactionId)).toMatchObject({ thread_id: interactionId, from_address: ownAddress })
  })

  it('sends its files as they are', async () => {
    await world.start()
    const bytes = new TextEncoder().encode('a plan')
    const attachments = [{ name: 'plan.pdf', contentType: 'application/pdf', bytes }]
    const { interactionId } = await world.contact['contact.sendMail'](mailTo(world.ana, { attachments }))
    const stored = await world.store.read.db
      .selectFrom('attachment')
      .selectAll()
      .where('interaction_id', '=', interactionId)
      .executeTakeFirstOrThrow()
    expect(stored).toMatchObject({ name: 'plan.pdf', content_type: 'application/pdf', size: bytes.byteLength })
    await world.clock.advance(10 * second)
    const arrived = await eventually('the mail arrived', () => world.provider.arrived[0])
    const files = arrived.outbound.kind === 'email' ? arrived.outbound.files : []
    expect(files.map((it) => [it.name, Buffer.from(it.bytes ?? []).toString()])).toEqual([['plan.pdf', 'a plan']])
  })

  it.each([
    ['Hi {{contact.first_name}}', '', /placeholder \{\{contact.first_name\}\}/],
    ['Hi', 'For {{ lead.request', /placeholder/],
    ['{% if x %}Hi', '', /placeholder/],
    ['', 'Subject only', /empty/],
  ])('refuses %s', async (body, subject, message) => {
    const sending = world.contact['contact.sendMail'](mailTo(world.ana, { body, subject }))
    await expect(sending).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(message) })
    expect(await world.store.read.db.selectFrom('interaction').selectAll().execute()).toEqual([])
  })

  it('says what is missing: an address, a mailbox, the person, the mail', async () => {
    const { contact, store } = world
    const nobody = await addPerson(store, { name: 'Bo', phone: '+14155550199' })
    await expect(contact['contact.sendMail'](mailTo(nobody))).rejects.toMatchObject({
      message: 'Bo has no e-mail address yet. Add one on their card first.',
    })
    await expect(contact['contact.sendMail'](mailTo(99))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(contact['contact.sendMail'](mailTo(world.ana, { replyTo: 99 }))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await store.write((tx) => tx.db.updateTable('account').set({ removed_at: 1 }).execute())
    await expect(contact['contact.sendMail'](mailTo(world.ana))).rejects.toMatchObject({
      code: 'NOT_CONNECTED',
      message: expect.stringContaining('Connect a mailbox in Settings first'),
    })
  })

  it('leaves through the sample business where there is one', async () => {
    const sample = await world.store.addAccount('sample')
    const { interactionId } = await world.contact['contact.sendMail'](mailTo(world.ana))
    expect((await mailRow(interactionId)).account_id).toBe(sample)
  })
})

describe('writing a text', () => {
  it('goes to the number they used last, from the line the conversation is on', async () => {
    const { contact, store, ana } = world
    const other = await store.addAccount('twilio', { number: '+14155550111' })
    await addHandle(ana, 'phone', '+14155550188', world.clock.now() + 1)
    const first = await contact['contact.sendText']({ personId: ana, body: 'Hi', templateId: null })
    expect(await payloadOf(first.jobId)).toEqual({
      kind: 'sms',
      from: '+14155550100',
      to: '+14155550188',
      body: 'Hi',
    })
    await store.write((tx) =>
      tx.db.updateTable('interaction').set({ account_id: other }).where('id', '=', first.interactionId).execute(),
    )
    const next = await contact['contact.sendText']({ personId: ana, body: 'And', templateId: null })
    const row = await store.read.db
      .selectFrom('text_message')
      .innerJoin('interaction', 'interaction.id', 'text_message.interaction_id')
      .selectAll()
      .where('interaction_id', '=', next.interactionId)
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ account_id: other, from_number: '+14155550111', to_number: '+14155550188' })
  })

  it('is refused for a number that opted out, with the way out', async () => {
    await world.store.write((tx) => tx.db.updateTable('handle').set({ opted_out_at: 1 }).execute())
    const sending = world.contact['contact.sendText']({ personId: world.ana, body: 'Hi', templateId: null })
    await expect(sending).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('START') })
  })

  it('is refused with a placeholder in it', async () => {
    const sending = world.contact['contact.sendText']({ personId: world.ana, body: 'Hi {{x}}', templateId: null })
    await expect(sending).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })
})

describe('dialling', () => {
  const call = (id: number) =>
    world.store.read.db
      .selectFrom('call')
      .innerJoin('interaction', 'interaction.id', 'call.interaction_id')
      .selectAll()
      .where('interaction_id', '=', id)
      .executeTakeFirstOrThrow()

  it('logs the call before any phone rings', async () => {
    const { interactionId } = await world.contact['contact.dial']({ personId: world.ana })
    expect(world.provider.arrived).toEqual([])
    expect(await call(interactionId)).toMatchObject({
      channel: 'call',
      direction: 'out',
      result: 'ringing',
      from_number: ownNumber,
      to_number: anaPhone,
      lead_id: world.lead,
      manual: 0,
    })
    expect((await world.contact['contact.openCalls']({})).calls).toMatchObject([
      { interactionId, name: 'Ana Lopez', number: '(415) 555-0187', direction: 'out', result: 'ringing' },
    ])
    await world.start()
    await world.clock.settle()
    // Deskbell was not running when the time came.
    expect(await call(interactionId)).toMatchObject({ result: 'failed', delivery: 'failed' })
  })

  it('rings the member first', async () => {
    await world.start()
    await write(world, 'call')
    await world.clock.settle()
    expect(world.provider.arrived.map((it) => it.outbound)).toEqual([
      { kind: 'call', from: '+14155550100', ownPhone: '+14155550122', to: anaPhone },
    ])
  })

  it('says where to enter the own number, and when the line is down', async () => {
    const { contact, store, ana } = world
    await store.set('me', await store.addMember('Kim'))
    await expect(contact['contact.dial']({ personId: ana })).rejects.toMatchObject({
      code: 'NOT_CONNECTED',
      message: expect.stringContaining('Enter your mobile number in Settings'),
    })
    await store.set('me', null)
    await expect(contact['contact.dial']({ personId: ana })).rejects.toMatchObject({
      message: expect.stringContaining('Choose who you are'),
    })
    world.down.add(world.line)
    await expect(contact['contact.dial']({ personId: ana })).rejects.toMatchObject({
      message: expect.stringContaining('not connected at the moment'),
    })
  })

  it('does not ring a phone that is in use', async () => {
    await world.start()
    await write(world, 'call')
    await expect(world.contact['contact.dial']({ personId: world.ana })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'You are still on a call with Ana Lopez. Hang up first.',
    })
  })

  it('hangs up: takes back what has not left, ends what has, and leaves alone what is over', async () => {
    const before = await world.contact['contact.dial']({ personId: world.ana })
    await world.contact['contact.hangUp'](before)
    expect(await call(before.interactionId)).toMatchObject({ result: 'cancelled', delivery: 'cancelled' })
    await world.start()
    await world.contact['contact.dial']({ personId: world.ana })
    await world.clock.settle()
    expect(world.provider.arrived.length).toBe(1)
    const on = (await world.contact['contact.openCalls']({})).calls[0]?.interactionId ?? 0
    await world.contact['contact.hangUp']({ interactionId: on })
    expect(world.provider.hungUp).toEqual([world.provider.arrived[0]?.externalId])
    await expect(world.contact['contact.hangUp'](before)).resolves.toEqual({})
  })

  it('does not call a wrong number or somebody who asked for no calls, but does call who texted STOP', async () => {
    const { contact, store, ana } = world
    await store.write((tx) => tx.db.updateTable('handle').set({ opted_out_at: 1 }).execute())
    const { interactionId } = await contact['contact.dial']({ personId: ana })
    await contact['contact.hangUp']({ interactionId })
    await contact['contact.setOutcome']({ interactionId, outcome: 9 })
    await expect(contact['contact.dial']({ personId: ana })).rejects.toMatchObject({
      message: expect.stringContaining('asked not to be called'),
    })
    await contact['contact.setOutcome']({ interactionId, outcome: 8 })
    await expect(contact['contact.dial']({ personId: ana })).rejects.toMatchObject({
      message: expect.stringContaining('marked as wrong'),
    })
  })

  it('belongs to the lead that is open, else to the last one', async () => {
    const { contact, store, ana, lead } = world
    await store.write((tx) => tx.db.updateTable('lead').set({ status: 'done' }).execute())
    const old = await contact['contact.addNote']({ personId: ana, text: 'Called in' })
    const next = await addLead(store, ana)
    const now = await contact['contact.addNote']({ personId: ana, text: 'Called again' })
    const leadIds = await store.read.db.selectFrom('interaction').select(['id', 'lead_id']).execute()
    expect(leadIds).toEqual([
      { id: old.interactionId, lead_id: lead },
      { id: now.interactionId, lead_id: next },
    ])
  })
})
