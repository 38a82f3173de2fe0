import { expect, test } from 'vitest'
import { minute } from '../../../src/lib/durations.ts'
import { inboundCall, inboundForm, inboundMail, inboundText, phoneParty } from '../../fakes/inbound.ts'
import { openFirstWorld } from '../contact/first-world.ts'

const spammer = { from: '+14155550666' } as const
const parties = [phoneParty(spammer.from)]

async function opened() {
  const it = await openFirstWorld()
  const { db } = it.store.read
  const blocks = async () => (await it.call('people.blocks', { before: null, limit: 50 })).blocks
  return {
    ...it,
    blocks,
    handlesOf: async (personId = 1) => (await it.call('people.card', { personId })).handles.map((one) => one.id),
    entries: async (personId = 1) =>
      (await it.call('people.timeline', { personId, before: null, limit: 50 })).entries.filter(
        (one) => one.kind !== 'event',
      ),
    openLeads: () => db.selectFrom('lead').select(['id', 'person_id']).where('status', '=', 'open').execute(),
    clocks: () => db.selectFrom('clock').select('state').where('state', '=', 'running').execute(),
    leftOut: () => db.selectFrom('left_out').select(['reason', 'count']).execute(),
    sms: (id: string, body = 'You won') =>
      it.comes(inboundText({ ...spammer, body }, { externalId: id, parties, at: it.clock.now() })),
  }
}

test('what somebody who is blocked sends is kept and marked, opens no lead, rings for nobody and is counted', async () => {
  const it = await opened()
  const { settings } = await it.call('firstAnswer.get', {})
  const on = { on: true, inHours: 'We got it', afterHours: '' }
  const slots = { ...settings.slots, sms: { ...settings.slots.sms, ...on }, call: { ...settings.slots.call, ...on } }
  await it.call('firstAnswer.save', { settings: { ...settings, delaySeconds: 30, slots } })
  await it.sms('SM1')
  const lead = await it.lead()
  expect(await it.clocks()).not.toEqual([])
  const { handleIds, undoId } = await it.call('people.block', { handleIds: await it.handlesOf() })
  expect(undoId).not.toBeNull()
  // What was about to go to them by itself does not go.
  await it.clock.advance(minute)
  expect(it.arrived).toEqual([])
  expect((await it.lead()).status).toBe('not_lead')
  expect(await it.clocks()).toEqual([])

  const before = it.store.announced('lead.opened').length
  await it.sms('SM2', 'Last chance')
  const rings = inboundCall({ ...spammer, result: 'ringing', endedAt: null }, { parties, at: it.clock.now() })
  await it.comes(rings)
  expect(await it.call('contact.openCalls', {})).toEqual({ calls: [] })
  await it.clock.advance(minute)
  await it.comes({ ...rings, revision: '2', content: { ...rings.content, result: 'missed' } as typeof rings.content })
  await it.clock.advance(minute)
  expect(it.arrived).toEqual([])
  expect(await it.openLeads()).toEqual([])
  expect(await it.clocks()).toEqual([])
  expect(it.store.announced('lead.opened')).toHaveLength(before)
  expect(await it.entries()).toMatchObject([
    { text: 'You won' },
    { text: 'Last chance', blocked: true },
    { result: 'missed', blocked: true },
  ])
  expect((await it.entries())[0]).not.toHaveProperty('blocked')
  expect(await it.leftOut()).toEqual([{ reason: 'From somebody you blocked', count: 2 }])
  expect(await it.blocks()).toEqual([
    {
      handleId: handleIds[0],
      personId: 1,
      name: '(415) 555-0666',
      kind: 'phone',
      display: '(415) 555-0666',
      at: expect.any(Number),
      by: 'Dana',
      came: 2,
    },
  ])
  // Of the first text only, which came before.
  expect(await it.told('lead.first_answer')).toEqual(['No automatic first answer: somebody blocked them'])

  // Taken back: the lead is open as it was, and the next thing they send is heard again.
  await it.call('people.unblock', { handleIds })
  await it.call('inbox.undo', { undoId: undoId ?? 0 })
  expect((await it.lead()).status).toBe('open')
  expect(await it.blocks()).toEqual([])
  await it.sms('SM3', 'Hello?')
  expect((await it.entries()).at(-1)).toMatchObject({ text: 'Hello?' })
  expect((await it.entries()).at(-1)).not.toHaveProperty('blocked')
  expect(await it.openLeads()).toEqual([{ id: lead.id, person_id: 1 }])
})

test('one number of somebody is blocked, and the others are heard: their lead stays', async () => {
  const it = await opened()
  await it.comes(inboundForm({ name: 'Ana', email: 'ana@lopez.example', phone: spammer.from }))
  const card = await it.call('people.card', { personId: 1 })
  const number = card.handles.find((one) => one.kind === 'phone')
  expect(await it.call('people.block', { handleIds: [number?.id ?? 0] })).toMatchObject({ undoId: null })
  await it.sms('SM1')
  await it.comes(
    inboundMail(
      { from: 'ana@lopez.example', text: 'Hello' },
      { parties: [{ kind: 'email', value: 'ana@lopez.example', name: null }] },
    ),
  )
  expect(await it.openLeads()).toHaveLength(1)
  expect(await it.entries()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ text: 'You won', blocked: true }),
      expect.not.objectContaining({ blocked: true, kind: 'email' }),
    ]),
  )
  const after = await it.call('people.card', { personId: 1 })
  expect(after.handles.find((one) => one.kind === 'phone')?.blocked).toMatchObject({ by: 'Dana', came: 1 })
})

test('many at once, by their leads; who hides the number cannot be', async () => {
  const it = await opened()
  await it.sms('SM1')
  await it.comes(inboundMail())
  await it.comes(inboundCall({ from: '' }, { at: it.clock.now() }))
  expect(await it.openLeads()).toHaveLength(3)
  const { handleIds, undoId } = await it.call('people.blockLeads', { leadIds: [1, 2, 3] })
  expect(handleIds).toHaveLength(2)
  expect(undoId).not.toBeNull()
  expect(await it.openLeads()).toEqual([{ id: 3, person_id: 3 }])
  await expect(it.call('people.blockLeads', { leadIds: [3] })).rejects.toMatchObject({ code: 'BAD_INPUT' })
})

test('STOP of somebody who is blocked is heard all the same', async () => {
  const it = await opened()
  await it.sms('SM1')
  await it.call('people.block', { handleIds: await it.handlesOf() })
  await it.sms('SM2', 'STOP')
  expect((await it.call('people.card', { personId: 1 })).handles).toMatchObject([{ optOut: { how: 'stop' } }])
})

test('the list of blocks comes in pages, the newest first', async () => {
  const it = await opened()
  for (const last of [1, 2, 3]) {
    const from = `+1415555070${last}`
    await it.comes(inboundText({ from }, { externalId: `SM${last}`, parties: [phoneParty(from)], at: it.clock.now() }))
    await it.call('people.block', { handleIds: await it.handlesOf(last) })
    await it.clock.advance(minute)
  }
  const first = await it.call('people.blocks', { before: null, limit: 2 })
  expect(first).toMatchObject({ blocks: [{ personId: 3 }, { personId: 2 }], more: true })
  const last = first.blocks[1]
  const next = await it.call('people.blocks', { before: { at: last?.at ?? 0, id: last?.handleId ?? 0 }, limit: 2 })
  expect(next).toMatchObject({ blocks: [{ personId: 1 }], more: false })
})
