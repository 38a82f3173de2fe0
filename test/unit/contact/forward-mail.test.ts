import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contactContract } from '../../../src/contact/contract.ts'
import { second } from '../../../src/lib/durations.ts'
import { timelineEntry } from '../../../src/people/contract.ts'
import { timelinePage } from '../../../src/people/timeline.ts'
import { eventually } from '../../fakes/eventually.ts'
import { makeWorld, type World, write } from './outbox-world.ts'
import { addMail, addPerson } from './people.ts'

let world: World
let mail: number

beforeEach(async () => {
  world = await makeWorld()
  const { store, ana, lead, mailbox } = world
  mail = await addMail(store, { personId: ana, leadId: lead, accountId: mailbox })
})
afterEach(() => world.store.close())

const forward = (more: object = {}) => ({
  personId: world.ana,
  interactionId: mail,
  to: 'Fitter@Partner.example',
  subject: 'Fwd: Kitchen',
  body: 'Can you do this on Friday?',
  quoted: 'From: Ana\n\nHi {{name}}, could you send me a quote?',
  attachmentIds: [],
  attachments: [],
  ...more,
})
const addFile = async (interactionId: number, name: string, bytes: Uint8Array | null) => {
  const blob = bytes && (await world.store.blobs.put(bytes))
  const row = { interaction_id: interactionId, name, content_type: 'application/pdf', size: bytes?.byteLength ?? 9e7 }
  return world.store.write(async (tx) => {
    const { id } = await tx.db
      .insertInto('attachment')
      .values({ ...row, content_id: null, blob })
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  })
}

describe('passing a mail on', () => {
  it('goes to anybody, with its words and files, in a thread of its own, and answers the lead nothing', async () => {
    await world.start()
    const plan = new TextEncoder().encode('a plan')
    const kept = await addFile(mail, 'plan.pdf', plan)
    await addFile(mail, 'left out.pdf', plan)
    const answer = await world.contact['contact.forwardMail'](forward({ attachmentIds: [kept] }))
    expect(contactContract['contact.forwardMail'].output.parse(answer)).toEqual(answer)
    await world.clock.advance(10 * second)
    const { outbound } = await eventually('the mail arrived', () => world.provider.arrived[0])
    expect(outbound).toMatchObject({
      kind: 'email',
      to: { name: null, address: 'fitter@partner.example' },
      subject: 'Fwd: Kitchen',
      body: 'Can you do this on Friday?\n\nFrom: Ana\n\nHi {{name}}, could you send me a quote?',
      inReplyTo: null,
      references: [],
      files: [{ name: 'plan.pdf', contentType: 'application/pdf', bytes: Buffer.from(plan) }],
    })
    await eventually('it is noted as sent', async () =>
      (await world.job(answer.jobId)).state === 'sent' ? true : undefined,
    )
    expect(world.answered).toEqual([])
    // The same way a mail to the lead does stop the clock.
    await write(world, 'email')
    await world.clock.advance(10 * second)
    await eventually('an answer counts', () => world.answered[0])

    const { entries } = await timelinePage(world.store.read, world.ana, { before: null, limit: 10, country: 'US' })
    const entry = timelineEntry.parse(entries.find((it) => it.id === answer.interactionId))
    expect(entry).toMatchObject({
      kind: 'email',
      direction: 'internal',
      author: 'Joe Miller',
      to: ['fitter@partner.example'],
      text: 'Can you do this on Friday?',
      quoted: expect.stringContaining('could you send me a quote?'),
      attachments: [{ name: 'plan.pdf', stored: true }],
    })
  })

  it('leaves who waits for whom as it was', async () => {
    const row = () =>
      world.store.read.db.selectFrom('lead').select(['last_direction']).where('id', '=', world.lead).executeTakeFirst()
    await world.contact['contact.forwardMail'](forward())
    expect(await row()).toEqual({ last_direction: 'in' })
    await write(world, 'email')
    expect(await row()).toEqual({ last_direction: 'out' })
  })

  it('can be taken back; a failure names whom it did not reach', async () => {
    const { jobId } = await world.contact['contact.forwardMail'](forward())
    expect(await world.contact['contact.cancelSend']({ jobId })).toEqual({ cancelled: true })
    await world.start()
    world.provider.script.push('refuses')
    const { jobId: second_ } = await world.contact['contact.forwardMail'](forward())
    await world.clock.advance(10 * second)
    await eventually('it failed', async () => ((await world.job(second_)).state === 'failed' ? true : undefined))
    expect(world.store.announced('outbox.failed')).toMatchObject([{ name: 'fitter@partner.example' }])
  })

  it('refuses what is no address, what is not theirs, what asked for no mail, and a file that is not here', async () => {
    const { contact, store } = world
    const bo = await addPerson(store, { name: 'Bo', email: 'bo@example.com' })
    const theirs = await addMail(store, {
      personId: bo,
      leadId: null,
      accountId: world.mailbox,
      messageId: 'b@example',
    })
    const tooLarge = await addFile(mail, 'video.mov', null)
    const send = (more: object) => contact['contact.forwardMail'](forward(more))
    await expect(send({ to: 'fitter' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching('no e-mail address'),
    })
    await expect(send({ interactionId: theirs })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(send({ attachmentIds: [tooLarge] })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('video.mov was too large'),
    })
    await store.write((tx) =>
      tx.db.updateTable('handle').set({ opted_out_at: 1 }).where('person_id', '=', bo).execute(),
    )
    await expect(send({ to: 'bo@example.com' })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(await store.read.db.selectFrom('job').selectAll().execute()).toEqual([])
  })
})
