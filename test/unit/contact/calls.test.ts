import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contactContract } from '../../../src/contact/contract.ts'
import { day, hour, minute } from '../../../src/lib/durations.ts'
import { makeWorld, type World, write } from './outbox-world.ts'
import { addPerson, anaPhone } from './people.ts'

let world: World

beforeEach(async () => {
  world = await makeWorld()
})
afterEach(() => world.store.close())

const log = (outcome: number, more: object = {}) =>
  world.contact['contact.logCall']({ personId: world.ana, direction: 'out', outcome, note: '', ...more })
const callOf = (id: number) =>
  world.store.read.db
    .selectFrom('call')
    .innerJoin('interaction', 'interaction.id', 'call.interaction_id')
    .selectAll()
    .where('interaction_id', '=', id)
    .executeTakeFirstOrThrow()
const ana = () =>
  world.store.read.db.selectFrom('handle').selectAll().where('value', '=', anaPhone).executeTakeFirstOrThrow()
const leadRow = () =>
  world.store.read.db.selectFrom('lead').selectAll().where('id', '=', world.lead).executeTakeFirstOrThrow()

/** A call of Ana's that nobody took, as the poll files it. */
const missedCall = () =>
  world.store.write(async (tx) => {
    const { id } = await tx.db
      .insertInto('interaction')
      .values({
        person_id: world.ana,
        lead_id: world.lead,
        account_id: world.line,
        channel: 'call',
        direction: 'in',
        at: world.clock.now(),
        author_id: null,
        automatic: 0,
        subject: '',
        text: '',
        quoted: null,
        delivery: 'received',
        problem: null,
        created_at: world.clock.now(),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await tx.db
      .insertInto('call')
      .values({
        interaction_id: id,
        from_number: anaPhone,
        to_number: '+14155550100',
        result: 'missed',
        outcome: null,
        note: null,
        answered_at: null,
        ended_at: world.clock.now(),
        duration_ms: null,
        manual: 0,
        recording_id: null,
      })
      .execute()
    await tx.db.updateTable('lead').set({ missed_call: 1 }).where('id', '=', world.lead).execute()
    return id
  })

describe('the outcome of a call', () => {
  it.each([1, 5, 6, 7, 9])('%i is a contact and stops the clocks', async (outcome) => {
    const { interactionId } = await log(outcome)
    expect(world.answered).toEqual([{ leadId: world.lead, interactionId, human: true }])
  })

  it.each([2, 3, 4, 8, 0])('%i is none', async (outcome) => {
    await log(outcome)
    expect(world.answered).toEqual([])
  })

  it('stops a call from being missed', async () => {
    const interactionId = await missedCall()
    await world.contact['contact.setOutcome']({ interactionId, outcome: 3, note: 'Called back, no answer' })
    expect(await leadRow()).toMatchObject({
      missed_call: 0,
      preview: expect.stringContaining('Called back, no answer'),
    })
    expect(await callOf(interactionId)).toMatchObject({ result: 'missed', outcome: 3, note: 'Called back, no answer' })
  })

  it('keeps the note when only the outcome changes', async () => {
    const { interactionId } = await log(2, { note: 'Left a message' })
    await world.contact['contact.setOutcome']({ interactionId, outcome: 1 })
    expect(await callOf(interactionId)).toMatchObject({ outcome: 1, note: 'Left a message' })
    await world.contact['contact.setOutcome']({ interactionId, outcome: 1, note: '' })
    expect((await callOf(interactionId)).note).toBeNull()
  })

  it('can be found by the words of its note', async () => {
    await log(1, { note: 'Wants oak worktops' })
    const hits = await world.store.read.db
      .selectFrom('interaction')
      .select('id')
      .where('text', 'like', '%oak worktops%')
      .execute()
    expect(hits.length).toBe(1)
  })

  it('8 marks the number as wrong, until it is corrected', async () => {
    const { interactionId } = await log(8)
    expect((await ana()).valid).toBe(0)
    await world.contact['contact.setOutcome']({ interactionId, outcome: 1 })
    expect((await ana()).valid).toBe(1)
  })

  it('9 stops texts to every number of the person, until it is corrected; a STOP of theirs stays', async () => {
    const { store, contact } = world
    const values = { person_id: world.ana, kind: 'phone' as const, label: null, last_used_at: 0, created_at: 0 }
    await store.write((tx) =>
      tx.db
        .insertInto('handle')
        .values([
          { ...values, value: '+14155550188', opted_out_at: null },
          { ...values, value: '+14155550189', opted_out_at: 5 },
        ])
        .execute(),
    )
    await world.clock.advance(minute)
    const { interactionId } = await log(9)
    const optOuts = async () => {
      const rows = await store.read.db
        .selectFrom('handle')
        .select('opted_out_at')
        .where('kind', '=', 'phone')
        .orderBy('value')
        .execute()
      return rows.map((it) => it.opted_out_at)
    }
    expect(await optOuts()).toEqual([world.clock.now(), world.clock.now(), 5])
    await world.clock.advance(minute)
    await contact['contact.setOutcome']({ interactionId, outcome: 7 })
    expect(await optOuts()).toEqual([null, null, 5])
  })

  it('of a call that is not there is refused', async () => {
    await expect(world.contact['contact.setOutcome']({ interactionId: 99, outcome: 1 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})

describe('a call made elsewhere', () => {
  it('is logged by hand', async () => {
    const at = world.clock.now() - hour
    await world.store.write((tx) =>
      tx.db
        .updateTable('lead')
        .set({ opened_at: at - hour })
        .execute(),
    )
    const { interactionId } = await log(1, { note: 'Wants a visit', at })
    expect(await callOf(interactionId)).toMatchObject({
      manual: 1,
      at,
      to_number: anaPhone,
      result: 'answered',
      outcome: 1,
      direction: 'out',
      delivery: 'sent',
    })
    expect((await world.contact['contact.openCalls']({})).calls).toEqual([])
  })

  it('before the lead came in answers nothing in it', async () => {
    await log(1, { at: world.clock.now() - day })
    expect(world.answered).toEqual([])
  })

  it('cannot be in the future', async () => {
    await expect(log(1, { at: world.clock.now() + minute })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  it('needs no number: people call from anywhere', async () => {
    const bo = await addPerson(world.store, { name: 'Bo', email: 'bo@x.example' })
    const { interactionId } = await log(1, { personId: bo, direction: 'in' })
    expect(await callOf(interactionId)).toMatchObject({ from_number: '', result: 'answered', lead_id: null })
  })
})

describe('the call bar', () => {
  const open = async () => {
    const answer = await world.contact['contact.openCalls']({})
    return contactContract['contact.openCalls'].output.parse(answer).calls
  }
  const setCall = (id: number, change: object) =>
    world.store.write((tx) => tx.db.updateTable('call').set(change).where('interaction_id', '=', id).execute())

  it('keeps a dialled call until it has an outcome, also over a restart', async () => {
    const outbox = await world.start()
    const { interactionId } = await world.job(await write(world, 'call'))
    await world.clock.advance(1000)
    expect((await open()).map((it) => it.result)).toEqual(['ringing'])
    await setCall(interactionId, { result: 'in_progress', answered_at: world.clock.now() })
    expect((await open()).map((it) => it.result)).toEqual(['in_progress'])
    await setCall(interactionId, { result: 'answered', ended_at: world.clock.now() })
    await outbox.stop()
    await world.start()
    expect(await open()).toMatchObject([{ interactionId, result: 'ended', problem: null, note: '' }])
    await world.contact['contact.setOutcome']({ interactionId, outcome: 1 })
    expect(await open()).toEqual([])
  })

  it('lets go of yesterday, by the calendar of the business', async () => {
    await world.start()
    const { interactionId } = await world.job(await write(world, 'call'))
    await world.clock.settle()
    await setCall(interactionId, { result: 'no_answer', ended_at: world.clock.now() })
    // 15:00 UTC; the business is in UTC.
    await world.clock.advance(8 * hour)
    expect((await open()).length).toBe(1)
    await world.clock.advance(2 * hour)
    expect(await open()).toEqual([])
  })

  it('shows a call that could not be placed for a moment, with the reason', async () => {
    await world.start()
    world.provider.script.push('refuses')
    await write(world, 'call')
    await world.clock.settle()
    expect(await open()).toMatchObject([{ result: 'ended', problem: 'Not a number.' }])
    await world.clock.advance(3 * minute)
    expect(await open()).toEqual([])
  })

  it('does not show a call that was lost track of as ringing for ever', async () => {
    await world.start()
    await write(world, 'call')
    await world.clock.advance(5 * hour)
    expect((await open()).map((it) => it.result)).toEqual(['ended'])
    await expect(world.contact['contact.dial']({ personId: world.ana })).resolves.toBeDefined()
  })
})
