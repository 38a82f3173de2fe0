import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hour } from '../../../src/lib/durations.ts'
import { tuesdayMorning as start } from '../../fakes/fake-clock.ts'
import { emailParty, inboundCall, inboundForm, inboundMail, inboundText, phoneParty } from '../../fakes/inbound.ts'
import { type CaptureWorld, openCaptureWorld } from './capture-world.ts'

let world: CaptureWorld
beforeEach(async () => {
  world = await openCaptureWorld()
})
afterEach(() => world.store.close())

describe('who it is', () => {
  test('the same address twice is one person, one lead, one row', async () => {
    await world.take(inboundMail())
    await world.take(inboundMail({ messageId: 'second@ana', subject: 'One more thing' }, { at: start + hour }))
    expect(await world.people()).toMatchObject([{ name: 'Ana Lopez', name_rank: 1, company: 'Lopez Home' }])
    expect(await world.leads()).toHaveLength(1)
    expect(await world.interactions()).toHaveLength(2)
  })

  test('address and number are compared in their normal form', async () => {
    await world.take(inboundForm({ email: 'ANA@Lopez-Home.example ', phone: '(415) 555-0187', name: 'Ana' }))
    await world.take(inboundMail({ from: 'ana@lopez-home.example' }))
    await world.take(inboundCall({ from: '+14155550187' }))
    expect(await world.handles()).toEqual([
      [1, 'ana@lopez-home.example'],
      [1, '+14155550187'],
    ])
    expect(await world.people()).toMatchObject([{ region: 'California', zone: 'America/Los_Angeles' }])
  })

  test('a caller becomes known when a form names them', async () => {
    await world.take(inboundCall())
    expect(await world.people()).toMatchObject([{ name: '(415) 555-0187', name_rank: 0 }])
    await world.take(
      inboundForm({ name: 'Ana Lopez', email: 'ana@gmail.com', phone: '415 555 0187', company: 'Lopez & Sons' }),
    )
    expect(await world.people()).toMatchObject([{ name: 'Ana Lopez', name_rank: 1, company: 'Lopez & Sons' }])
    expect(await world.leads()).toHaveLength(1)
  })

  test('a name the user typed stays', async () => {
    await world.take(inboundMail())
    await world.store.write(({ db }) =>
      db.updateTable('person').set({ name: 'Ana (kitchen)', name_rank: 2 }).where('id', '=', 1).execute(),
    )
    await world.take(inboundForm({ name: 'ANA LOPEZ', email: 'ana@lopez-home.example' }))
    expect((await world.people())[0]?.name).toBe('Ana (kitchen)')
  })

  test('two people share a number: the one we had to do with last, not merged', async () => {
    await world.take(inboundForm({ name: 'Ana', email: 'ana@a.example' }, { externalId: 'f1', at: start - 3 * hour }))
    await world.take(inboundForm({ name: 'Bob', email: 'bob@b.example' }, { externalId: 'f2', at: start - 2 * hour }))
    await world.take(
      inboundForm({ email: 'ana@a.example', phone: '4155550187' }, { externalId: 'f3', at: start - hour }),
    )
    // Bob's form has Ana's number: both match, Ana was last.
    await world.take(inboundForm({ name: 'Bob', email: 'bob@b.example', phone: '4155550187' }, { externalId: 'f4' }))
    expect((await world.interactions()).map((it) => it.person_id)).toEqual([1, 2, 1, 1])
    expect(await world.handles()).toEqual([
      [1, 'ana@a.example'],
      [2, 'bob@b.example'],
      [1, '+14155550187'],
    ])
  })

  test('an unknown caller, an unknown number from abroad', async () => {
    await world.take(inboundCall({ from: '+442079460018' }))
    expect(await world.people()).toMatchObject([{ name: '+44 20 7946 0018', region: 'United Kingdom' }])
  })

  test('a hidden number is a lead of its own each time: nobody can tell whether it is the same', async () => {
    await world.take(inboundCall({ from: '' }, { externalId: 'CA1' }))
    await world.take(inboundCall({ from: '+266696687' }, { externalId: 'CA2', parties: [phoneParty('+266696687')] }))
    expect((await world.people()).map((it) => it.name)).toEqual(['Hidden number', 'Hidden number'])
    expect(await world.handles()).toEqual([])
    expect((await world.leads()).map((it) => it.missed_call)).toEqual([1, 1])
  })

  test('a form with only a phone, and one with neither', async () => {
    await world.take(inboundForm({ phone: '415.555.0187', message: 'Call me' }, { externalId: 'f1' }))
    await world.take(inboundForm({ name: 'Gus', message: 'I forgot my number' }, { externalId: 'f2' }))
    await world.take(inboundForm({ message: 'Hello?' }, { externalId: 'f3' }))
    expect((await world.people()).map((it) => it.name)).toEqual(['(415) 555-0187', 'Gus', 'Unknown sender'])
    expect(await world.leads()).toHaveLength(3)
  })

  test('a mail without a usable sender is still there', async () => {
    await world.take(inboundMail({ from: '' }, { parties: [] }))
    await world.take(inboundMail({ from: 'nonsense', messageId: 'b' }, { parties: [emailParty('nonsense')] }))
    expect((await world.leads()).map((it) => it.person_id)).toEqual([1, 2])
  })

  test('people in copy are other people', async () => {
    await world.take(inboundMail())
    await world.take(
      inboundMail(
        { messageId: 'b', from: 'carla@c.example' },
        { parties: [emailParty('carla@c.example', 'Carla'), emailParty('ana@lopez-home.example', 'Ana')] },
      ),
    )
    expect((await world.people()).map((it) => it.name)).toEqual(['Ana Lopez', 'Carla'])
    expect(await world.handles()).toHaveLength(2)
  })

  test('a visitor’s number that came with the address belongs to the same person', async () => {
    const parties = [emailParty('gus@g.example', 'Gus'), phoneParty('(415) 555-0111', 'Gus')]
    await world.take(inboundMail({ from: 'wordpress@site.example' }, { parties }))
    expect(await world.handles()).toEqual([
      [1, 'gus@g.example'],
      [1, '+14155550111'],
    ])
  })

  test('what they used last is where to answer', async () => {
    await world.take(inboundForm({ email: 'ana@lopez-home.example', phone: '4155550187' }, { at: start - 2 * hour }))
    await world.take(inboundText())
    const last = await world.db
      .selectFrom('handle')
      .select(['value', 'last_used_at'])
      .orderBy('last_used_at', 'desc')
      .execute()
    expect(last[0]).toEqual({ value: '+14155550187', last_used_at: start })
  })

  test('they are found by a search', async () => {
    await world.take(inboundForm({ name: 'Ana Lopez', email: 'ana@lopez-home.example', phone: '4155550187' }))
    const { sql } = await import('kysely')
    for (const words of ['lopez', '5550187', 'ana*']) {
      const found = await sql`select rowid from person_search where person_search match ${words}`.execute(
        world.store.read.db as never,
      )
      expect(found.rows).toEqual([{ rowid: 1 }])
    }
  })
})

describe('ourselves', () => {
  test.each([
    ['our mailbox', 'office@bright-kitchens.example'],
    ['a member of the team', 'Dana@home.example'],
  ])('a mail from %s is no lead', async (_, from) => {
    await world.take(inboundMail({ from }))
    expect(await world.people()).toEqual([])
    expect(await world.items()).toMatchObject([{ interaction_id: null }])
    expect((await world.items())[0]?.payload).not.toBeNull()
  })
  test('a call from a member’s mobile is no lead', async () => {
    await world.take(inboundCall({ from: '+14155550199' }))
    expect(await world.leads()).toEqual([])
  })
  test('we are never a handle of somebody, also when we are in copy', async () => {
    await world.take(inboundForm({ name: 'Test', email: 'office@bright-kitchens.example', phone: '4155550187' }))
    expect(await world.handles()).toEqual([[1, '+14155550187']])
  })
})
