import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mostAttempts } from '../../../src/contact/outbox-settle.ts'
import { hour, minute, second } from '../../../src/lib/durations.ts'
import { recordTouch } from '../../../src/store/queries/source-touch.ts'
import { tuesdayMorning } from '../../fakes/fake-clock.ts'
import { makeWorld, type World, write } from './outbox-world.ts'
import { anaMail, anaPhone } from './people.ts'

let world: World

beforeEach(async () => {
  world = await makeWorld()
})
afterEach(() => world.store.close())

const handle = (value: string) =>
  world.store.read.db.selectFrom('handle').selectAll().where('value', '=', value).executeTakeFirstOrThrow()
const row = () =>
  world.store.read.db.selectFrom('lead').selectAll().where('id', '=', world.lead).executeTakeFirstOrThrow()
const removeAccount = (id: number) =>
  world.store.write((tx) =>
    tx.db.updateTable('account').set({ removed_at: world.clock.now() }).where('id', '=', id).execute(),
  )

describe('the undo window', () => {
  it('holds a message back until it is over, and shows it in the list', async () => {
    await world.start()
    const jobId = await write(world, 'email')
    expect((await row()).outbox).toBe('sending')
    await world.clock.advance(9_999)
    expect(await world.job(jobId)).toMatchObject({ state: 'queued', delivery: 'queued' })
    expect(world.provider.arrived).toEqual([])
    await world.clock.advance(1)
    expect(await world.job(jobId)).toMatchObject({ state: 'sent', delivery: 'sent' })
    expect(await row()).toMatchObject({ outbox: 'idle', last_direction: 'out' })
    expect(world.answered).toEqual([{ leadId: world.lead, interactionId: expect.any(Number), human: true }])
  })

  it('is as long as the settings say', async () => {
    await world.store.set('undoSeconds', 30)
    await world.start()
    await write(world, 'sms')
    await world.clock.advance(29 * second)
    expect(world.provider.arrived).toEqual([])
    await world.clock.advance(second)
    expect(world.provider.arrived.length).toBe(1)
  })

  it('does not hold a call back', async () => {
    await world.start()
    await write(world, 'call')
    await world.clock.settle()
    expect(world.provider.arrived.length).toBe(1)
  })

  it('survives the computer sleeping over it', async () => {
    await world.start()
    const jobId = await write(world, 'email')
    await world.clock.sleep(8 * 60 * minute)
    expect((await world.job(jobId)).state).toBe('sent')
    expect(world.provider.arrived.length).toBe(1)
  })
})

describe('what speaks against sending is checked again when it leaves', () => {
  it('does not text somebody who said STOP in the undo window', async () => {
    await world.start()
    const jobId = await write(world, 'sms')
    await world.store.write((tx) =>
      tx.db.updateTable('handle').set({ opted_out_at: world.clock.now() }).where('value', '=', anaPhone).execute(),
    )
    await world.clock.advance(minute)
    expect(world.provider.arrived).toEqual([])
    expect(await world.job(jobId)).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('not to get texts'),
    })
    expect(world.store.announced('outbox.failed')).toMatchObject([{ jobId, personId: world.ana, name: 'Ana Lopez' }])
    expect((await row()).outbox).toBe('failed')
  })

  it('does not write to an address that turned out wrong', async () => {
    await world.start()
    const jobId = await write(world, 'email')
    await world.store.write((tx) =>
      tx.db.updateTable('handle').set({ valid: 0 }).where('value', '=', anaMail).execute(),
    )
    await world.clock.advance(minute)
    expect(world.provider.arrived).toEqual([])
    expect((await world.job(jobId)).state).toBe('failed')
  })

  it('does not send from an account that was removed', async () => {
    await world.start()
    const jobId = await write(world, 'email')
    await removeAccount(world.mailbox)
    world.down.add(world.mailbox)
    await world.clock.advance(minute)
    expect(await world.job(jobId)).toMatchObject({ state: 'failed', problem: expect.stringContaining('removed') })
  })

  it('learns an opt-out from the provider', async () => {
    await world.start()
    world.provider.script.push('says-opted-out')
    const jobId = await write(world, 'sms')
    await world.clock.advance(minute)
    expect(await world.job(jobId)).toMatchObject({ state: 'failed', problem: 'They said STOP.' })
    expect((await handle(anaPhone)).opted_out_at).toBe(world.clock.now() - minute + 10 * second)
    const again = world.contact['contact.sendText']({ personId: world.ana, body: 'Hello?', templateId: null })
    await expect(again).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('texts') })
  })
})

describe('a failure', () => {
  it('that may pass is tried again, later each time, and given up after six attempts', async () => {
    await world.start()
    world.provider.script.push(...Array<'is-busy'>(20).fill('is-busy'))
    const jobId = await write(world, 'email')
    await world.clock.advance(10 * second)
    const first = await world.job(jobId)
    expect(first).toMatchObject({ state: 'queued', attempts: 1, delivery: 'queued', problem: 'Busy.' })
    expect(first.notBefore - world.clock.now()).toBeGreaterThanOrEqual(minute)
    await world.clock.advance(2 * minute)
    const second_ = await world.job(jobId)
    expect(second_.attempts).toBe(2)
    expect(second_.notBefore - first.notBefore).toBeGreaterThanOrEqual(2 * minute)
    await world.clock.advance(24 * 60 * minute)
    expect(await world.job(jobId)).toMatchObject({ state: 'failed', attempts: mostAttempts, problem: 'Busy.' })
    expect(world.store.announced('outbox.failed').length).toBe(1)
    expect(world.provider.arrived).toEqual([])
  })

  it('that passes leaves nothing behind', async () => {
    await world.start()
    world.provider.script.push('breaks-early', 'is-busy')
    const jobId = await write(world, 'email')
    await world.clock.advance(10 * minute)
    expect(await world.job(jobId)).toMatchObject({ state: 'sent', delivery: 'sent', problem: null })
    expect(world.provider.arrived.length).toBe(1)
    expect(world.store.announced('outbox.failed')).toEqual([])
  })

  it('for good waits for the user, who can try again', async () => {
    await world.start()
    world.provider.script.push('refuses')
    const jobId = await write(world, 'sms')
    await world.clock.advance(60 * minute)
    expect(await world.job(jobId)).toMatchObject({ state: 'failed', attempts: 1, problem: 'Not a number.' })
    await expect(world.contact['contact.retrySend']({ jobId })).resolves.toMatchObject({ jobId })
    await world.clock.settle()
    expect(await world.job(jobId)).toMatchObject({ state: 'sent', problem: null })
    expect(world.provider.arrived.length).toBe(1)
    await expect(world.contact['contact.retrySend']({ jobId })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('that the provider reports later is mended by a new text with the same words', async () => {
    await world.start()
    const jobId = await write(world, 'sms', 'Tomorrow?')
    await world.clock.advance(minute)
    const first = await world.job(jobId)
    expect(first.state).toBe('sent')
    // As capture does when the phone company gives a text back.
    await world.store.write(async (tx) => {
      await tx.db.updateTable('job').set({ state: 'failed' }).where('id', '=', jobId).execute()
      await tx.db
        .updateTable('interaction')
        .set({ delivery: 'failed', problem: 'Switched off.' })
        .where('id', '=', first.interactionId)
        .execute()
    })
    const again = await world.contact['contact.retrySend']({ jobId })
    expect(again.interactionId).not.toBe(first.interactionId)
    await world.clock.settle()
    expect(await world.job(again.jobId)).toMatchObject({ state: 'sent', delivery: 'sent', problem: null })
    expect(await world.job(jobId)).toMatchObject({ state: 'cancelled', delivery: 'failed', problem: 'Switched off.' })
    expect(world.provider.arrived.map((it) => it.outbound)).toEqual([
      { kind: 'sms', from: '+14155550100', to: anaPhone, body: 'Tomorrow?' },
      { kind: 'sms', from: '+14155550100', to: anaPhone, body: 'Tomorrow?' },
    ])
    expect((await row()).outbox).toBe('idle')
    await expect(world.contact['contact.retrySend']({ jobId })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('of a call is told at once: no phone rings later', async () => {
    await world.start()
    world.provider.script.push('is-busy')
    const jobId = await write(world, 'call')
    await world.clock.advance(60 * minute)
    expect(await world.job(jobId)).toMatchObject({ state: 'failed', problem: 'Busy. Please dial again.' })
    expect(world.provider.arrived).toEqual([])
    await expect(world.contact['contact.retrySend']({ jobId })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('does not end the outbox when a channel has a bug', async () => {
    await world.start()
    world.provider.script.push('throws')
    const jobId = await write(world, 'email')
    await world.clock.advance(2 * minute)
    expect((await world.job(jobId)).state).toBe('sent')
    expect(world.provider.arrived.length).toBe(1)
  })
})

describe('an unknown outcome', () => {
  it('rests before the provider is asked', async () => {
    await world.start()
    world.provider.script.push('breaks-sent')
    const jobId = await write(world, 'sms')
    await world.clock.advance(29 * second)
    expect(world.provider.finds).toEqual([])
    expect((await world.job(jobId)).state).toBe('committing')
    await world.clock.advance(second)
    expect(world.provider.finds).toEqual([20 * second])
    expect((await world.job(jobId)).state).toBe('sent')
    expect(world.provider.arrived.length).toBe(1)
  })

  it('is sent again only after the provider said twice that it has nothing', async () => {
    await world.start()
    world.provider.script.push('breaks-unsent')
    const jobId = await write(world, 'email')
    await world.clock.advance(30 * second)
    expect((await world.job(jobId)).state).toBe('committing')
    await world.clock.advance(10 * second)
    expect(world.provider.finds.length).toBe(2)
    expect(world.provider.arrived.length).toBe(1)
    expect((await world.job(jobId)).state).toBe('sent')
  })

  it('is not guessed while the provider cannot be asked', async () => {
    await world.start()
    world.provider.script.push('breaks-sent')
    world.provider.unreachable = true
    const jobId = await write(world, 'email')
    await world.clock.advance(120 * minute)
    expect((await world.job(jobId)).state).toBe('committing')
    // Further and further apart, at most every five minutes.
    expect(world.provider.finds.length).toBeGreaterThan(20)
    expect(world.provider.finds.length).toBeLessThan(40)
    world.provider.unreachable = false
    await world.clock.advance(6 * minute)
    expect((await world.job(jobId)).state).toBe('sent')
    expect(world.provider.arrived.length).toBe(1)
  })

  it('of a call is never dialled again', async () => {
    await world.start()
    world.provider.script.push('breaks-unsent')
    const jobId = await write(world, 'call')
    await world.clock.advance(60 * minute)
    expect(world.provider.arrived).toEqual([])
    expect(await world.job(jobId)).toMatchObject({
      state: 'failed',
      problem: 'We could not tell whether the call went through. Please dial again.',
    })
  })

  it('of a call is not waited for longer than a person would', async () => {
    await world.start()
    world.provider.script.push('breaks-sent')
    world.provider.unreachable = true
    const jobId = await write(world, 'call')
    await world.clock.advance(4 * minute)
    expect((await world.job(jobId)).state).toBe('failed')
  })

  it('keeps a second text to the same person back, but not one to somebody else', async () => {
    await world.start()
    world.provider.script.push('breaks-unsent')
    const first = await write(world, 'sms', 'OK')
    const second_ = await write(world, 'sms', 'OK')
    const mail = await write(world, 'email')
    await world.clock.advance(15 * second)
    expect((await world.job(first)).state).toBe('committing')
    expect((await world.job(second_)).state).toBe('queued')
    expect((await world.job(mail)).state).toBe('sent')
    await world.clock.advance(minute)
    expect([await world.job(first), await world.job(second_)].map((it) => it.state)).toEqual(['sent', 'sent'])
    expect(world.provider.arrived.filter((it) => it.outbound.kind === 'sms').length).toBe(2)
    const items = await world.store.read.db.selectFrom('inbound_item').select('interaction_id').execute()
    expect(new Set(items.map((it) => it.interaction_id)).size).toBe(3)
  })

  it('does not take an older text with the same words for this one', async () => {
    await world.start()
    await write(world, 'sms', 'OK')
    await world.clock.advance(11 * second)
    world.provider.script.push('breaks-unsent')
    const again = await write(world, 'sms', 'OK')
    await world.clock.advance(2 * minute)
    expect((await world.job(again)).state).toBe('sent')
    expect(world.provider.arrived.length).toBe(2)
  })

  it('of a channel that never answers is looked up, too', async () => {
    await world.start()
    world.provider.script.push('hangs-sent')
    const jobId = await write(world, 'sms')
    await world.clock.advance(30 * minute)
    expect((await world.job(jobId)).state).toBe('sent')
    expect(world.provider.arrived.length).toBe(1)
  })

  it('of a channel that hangs before anything left is tried again', async () => {
    await world.start()
    world.provider.script.push('hangs-early')
    const jobId = await write(world, 'sms')
    await world.clock.advance(40 * minute)
    expect(await world.job(jobId)).toMatchObject({ state: 'sent', attempts: 2 })
    expect(world.provider.arrived.length).toBe(1)
  })
})

describe('a channel that is told not to go on', () => {
  it('may call that a failure: the message waits for the next start all the same', async () => {
    world.provider.script.push('misreads-us')
    const jobId = await write(world, 'email')
    let stopped: Promise<void> | null = null
    const outbox = await world.start({
      pass: async (where) => {
        if (where === 'send called') stopped = outbox.stop()
      },
      isDead: () => false,
    })
    await world.clock.advance(15 * second)
    await stopped
    expect(await world.job(jobId)).toMatchObject({ state: 'queued', attempts: 0, problem: null })
    await world.start()
    await world.clock.advance(second)
    expect((await world.job(jobId)).state).toBe('sent')
    expect(world.provider.arrived.length).toBe(1)
  })

  it('may wake up while a later attempt is under way: one of them sends', async () => {
    await world.start()
    world.provider.script.push('dawdles', 'dawdles-less')
    const jobId = await write(world, 'sms')
    await world.clock.advance(21 * minute + 5 * second)
    expect(await world.job(jobId)).toMatchObject({ state: 'sending', attempts: 2 })
    await world.clock.advance(20 * minute)
    expect((await world.job(jobId)).state).toBe('sent')
    expect(world.provider.arrived.length).toBe(1)
  })
})

describe('a clock that was an hour ahead and is right again', () => {
  const wasWrittenAhead = (jobId: number, state: 'queued' | 'committing') =>
    world.store.write(({ db }) =>
      db
        .updateTable('job')
        .set((it) => ({
          state,
          attempts: state === 'queued' ? 0 : 1,
          claimed_at: state === 'queued' ? null : it('not_before', '+', hour),
          not_before: it('not_before', '+', hour),
          created_at: it('created_at', '+', hour),
          updated_at: it('updated_at', '+', hour),
        }))
        .where('id', '=', jobId)
        .execute(),
    )

  it('holds nothing back for an hour', async () => {
    const jobId = await write(world, 'sms')
    await wasWrittenAhead(jobId, 'queued')
    await world.start()
    expect(world.provider.arrived, 'time to take it back').toEqual([])
    await world.clock.advance(10 * second)
    expect((await world.job(jobId)).state).toBe('sent')
    expect(world.provider.arrived.length).toBe(1)
  })

  it('looks for what may have left where it can be, not in the future', async () => {
    const jobId = await write(world, 'sms')
    await wasWrittenAhead(jobId, 'committing')
    world.provider.arrived.push({
      externalId: 'SM1',
      outbound: { kind: 'sms', from: '+14155550100', to: anaPhone, body: 'Tomorrow at three works.' },
    })
    await world.start()
    await world.clock.advance(minute)
    expect(world.provider.finds[0]).toBeGreaterThan(hour)
    expect((await world.job(jobId)).state).toBe('sent')
    expect(world.provider.arrived.length).toBe(1)
    expect(world.answeredAt[0]).toBeGreaterThanOrEqual(tuesdayMorning)
  })
})

describe('a message that is found to have left', () => {
  it('answered when it left, not when we heard of it', async () => {
    await world.start()
    world.provider.script.push('breaks-sent')
    world.provider.unreachable = true
    await write(world, 'sms')
    await world.clock.advance(3 * hour)
    world.provider.unreachable = false
    await world.clock.advance(hour)
    expect(world.answeredAt).toEqual([tuesdayMorning + 10 * second])
  })
})

describe('a poll that is faster than the answer', () => {
  const fileIt = (externalId: string, interactionId: number | null) =>
    world.store.write((tx) =>
      tx.db
        .insertInto('inbound_item')
        .values({
          account_id: world.line,
          external_id: externalId,
          revision: 'done:delivered',
          interaction_id: interactionId,
          received_at: world.clock.now(),
          payload: null,
          payload_blob: null,
        })
        .execute(),
    )
  const items = () =>
    world.store.read.db.selectFrom('inbound_item').select(['external_id', 'revision', 'interaction_id']).execute()

  it.each(['nobody’s', 'ours'] as const)('and filed it as %s makes no difference', async (whose) => {
    await world.start()
    const jobId = await write(world, 'sms')
    const { interactionId } = await world.job(jobId)
    world.provider.onArrival = ({ externalId }) =>
      fileIt(externalId, whose === 'ours' ? interactionId : null).then(() => {})
    await world.clock.advance(minute)
    expect(await world.job(jobId)).toMatchObject({ state: 'sent', delivery: 'sent' })
    expect(await items()).toEqual([{ external_id: 'SM1', revision: 'done:delivered', interaction_id: interactionId }])
  })

  it.each(['takes-it', 'breaks-sent'] as const)('and filed it a second time loses that one (%s)', async (script) => {
    await world.start()
    world.provider.script.push(script)
    const jobId = await write(world, 'sms', 'Unmistakable words')
    const { interactionId } = await world.job(jobId)
    world.provider.onArrival = async ({ externalId }) => {
      const twin = await world.store.write(async (tx) => {
        const own = await tx.db
          .selectFrom('interaction')
          .selectAll()
          .where('id', '=', interactionId)
          .executeTakeFirstOrThrow()
        const { id: _, ...copy } = own
        const { id } = await tx.db
          .insertInto('interaction')
          .values({ ...copy, delivery: 'delivered' })
          .returning('id')
          .executeTakeFirstOrThrow()
        await tx.db
          .insertInto('text_message')
          .values({ interaction_id: id, from_number: '+1', to_number: anaPhone })
          .execute()
        // As for a number that was taken off the card in between: then the poll met somebody new.
        const touch = { personId: world.ana, leadId: null, interactionId: id, at: own.at, source: 'Text', detail: {} }
        await recordTouch(tx, touch)
        return id
      })
      await fileIt(externalId, twin)
    }
    await world.clock.advance(2 * minute)
    expect(await world.job(jobId)).toMatchObject({ state: 'sent', delivery: 'delivered' })
    expect(world.provider.arrived.length).toBe(1)
    expect(await items()).toEqual([{ external_id: 'SM1', revision: 'done:delivered', interaction_id: interactionId }])
    const interactions = await world.store.read.db.selectFrom('interaction').select('id').execute()
    expect(interactions).toEqual([{ id: interactionId }])
  })

  it('and knows it as ours settles an unknown outcome without a question', async () => {
    await world.start()
    world.provider.script.push('breaks-sent')
    world.provider.unreachable = true
    const jobId = await write(world, 'sms')
    const { interactionId } = await world.job(jobId)
    world.provider.onArrival = ({ externalId }) => fileIt(externalId, interactionId).then(() => {})
    await world.clock.advance(minute)
    expect((await world.job(jobId)).state).toBe('sent')
    expect(world.provider.finds).toEqual([])
  })

  it('and shows what had been given up as lost keeps it from being sent again', async () => {
    const jobId = await write(world, 'sms')
    await fileIt('SM9', (await world.job(jobId)).interactionId)
    await world.start()
    await world.clock.advance(minute)
    expect((await world.job(jobId)).state).toBe('sent')
    expect(world.provider.arrived).toEqual([])
  })
})

describe('accounts', () => {
  it('send one after another, and beside each other', async () => {
    await world.start()
    const sending = new Map<string, number>()
    let most = 0
    let mostTogether = 0
    world.provider.onArrival = async ({ outbound }) => {
      sending.set(outbound.kind, (sending.get(outbound.kind) ?? 0) + 1)
      most = Math.max(most, ...sending.values())
      mostTogether = Math.max(mostTogether, [...sending.values()].filter((it) => it > 0).length)
      await new Promise<void>((resolve) => world.clock.after(second, resolve))
      sending.set(outbound.kind, (sending.get(outbound.kind) ?? 0) - 1)
    }
    for (let n = 0; n < 5; n++) await write(world, 'email', `Mail ${n}`)
    for (let n = 0; n < 5; n++) await write(world, 'sms', `Text ${n}`)
    await world.clock.advance(minute)
    expect(world.provider.arrived.length).toBe(10)
    expect(most).toBe(1)
    expect(mostTogether).toBe(2)
    const texts = world.provider.arrived.flatMap(({ outbound }) => (outbound.kind === 'sms' ? [outbound.body] : []))
    expect(texts).toEqual(['Text 0', 'Text 1', 'Text 2', 'Text 3', 'Text 4'])
  })

  it('that are not connected keep what they have until they are', async () => {
    await world.start()
    world.down.add(world.mailbox)
    const jobId = await write(world, 'email')
    await world.clock.advance(60 * minute)
    expect(await world.job(jobId)).toMatchObject({ state: 'queued', attempts: 0 })
    world.down.clear()
    await world.clock.advance(10 * second)
    expect((await world.job(jobId)).state).toBe('sent')
  })

  it('that are busy for too long place no call: nobody expects the phone to ring any more', async () => {
    await world.start()
    await write(world, 'sms')
    world.provider.onArrival = () => new Promise((resolve) => world.clock.after(minute, resolve))
    await world.clock.advance(10 * second)
    const jobId = await write(world, 'call')
    await world.clock.advance(2 * minute)
    expect(world.provider.arrived.map((it) => it.outbound.kind)).toEqual(['sms'])
    expect(await world.job(jobId)).toMatchObject({
      state: 'failed',
      problem: 'The call could not be placed in time. Please dial again.',
    })
  })
})

describe('a disk that is full', () => {
  it('delays what is to be written down, and sends nothing twice', async () => {
    let full = false
    const outbox = await world.start({
      pass: async (where) => {
        if (full && where === 'before a transaction') throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' })
      },
      isDead: () => false,
    })
    world.provider.onArrival = async () => {
      full = true
    }
    const jobId = await write(world, 'sms')
    await world.clock.advance(2 * minute)
    expect((await world.job(jobId)).state).toBe('committing')
    full = false
    await world.clock.advance(6 * minute)
    expect((await world.job(jobId)).state).toBe('sent')
    expect(world.provider.arrived.length).toBe(1)
    await outbox.stop()
  })
})
