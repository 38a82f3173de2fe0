import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeClocks } from '../../../src/contact/clocks.ts'
import { day, minute } from '../../../src/lib/durations.ts'
import { drainBacklog } from '../../../src/route/drain-backlog.ts'
import type { PassOn, RouteLead } from '../../../src/route/route-lead.ts'
import { makeFakeClock, tuesdayMorning as start } from '../../fakes/fake-clock.ts'
import { makeTestRoute } from '../../fakes/route.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'

let store: TestStore
let route: RouteLead
let passOn: PassOn
const clocks = makeClocks({ clock: makeFakeClock() })

beforeEach(() => {
  store = openTestStore()
  ;({ routeLead: route, passOn } = makeTestRoute(clocks))
})
afterEach(() => store.close())

const routed = async (leadId: number) => {
  await store.write((tx) => route(tx, leadId, start))
  return ownerOf(leadId)
}
const ownerOf = (leadId: number) =>
  store.read.db
    .selectFrom('lead')
    .leftJoin('member', 'member.id', 'lead.owner_id')
    .select(['member.name', 'lead.owner_reason as reason'])
    .where('lead.id', '=', leadId)
    .executeTakeFirstOrThrow()
const next = async () => (await routed((await store.addLead()).leadId)).name
const setDuty = (name: string, onDuty: 0 | 1) =>
  store.write(({ db }) => db.updateTable('member').set({ on_duty: onDuty }).where('name', '=', name).execute())
const events = () => store.read.db.selectFrom('event').select('text').orderBy('id').execute()

describe('in turn', () => {
  test('one after the other, then from the start', async () => {
    for (const name of ['Dana', 'Sam', 'Kim']) await store.addMember(name)
    expect([await next(), await next(), await next(), await next()]).toEqual(['Dana', 'Sam', 'Kim', 'Dana'])
  })
  test('who is off duty is passed over, and the reason says so', async () => {
    for (const name of ['Dana', 'Sam', 'Kim']) await store.addMember(name)
    await setDuty('Sam', 0)
    await next()
    const { leadId } = await store.addLead()
    expect(await routed(leadId)).toEqual({ name: 'Kim', reason: 'Kim: next in turn; Sam is off duty' })
    expect((await events()).at(-1)).toEqual({ text: 'Kim owns it: next in turn; Sam is off duty' })
    await setDuty('Sam', 1)
    expect([await next(), await next()]).toEqual(['Dana', 'Sam'])
  })
  test('who had it is named beside whoever was passed over, also when one name is in the other', async () => {
    for (const name of ['Al', 'Alma', 'Kim']) await store.addMember(name)
    const { leadId } = await store.addLead()
    expect((await routed(leadId)).name).toBe('Al')
    await setDuty('Al', 0)
    await setDuty('Alma', 0)
    expect((await routed(leadId)).reason).toBe('Kim: the only one who is there; Alma is off duty; Al is off duty')
  })
  test('a restart goes on where it stopped', async () => {
    for (const name of ['Dana', 'Sam']) await store.addMember(name)
    await next()
    route = makeTestRoute(clocks).routeLead
    expect(await next()).toBe('Sam')
  })
  test('whoever had the last turn may have left', async () => {
    for (const name of ['Dana', 'Sam', 'Kim']) await store.addMember(name)
    expect([await next(), await next()]).toEqual(['Dana', 'Sam'])
    await store.write(({ db }) =>
      db.updateTable('member').set({ removed_at: start }).where('name', '=', 'Sam').execute(),
    )
    expect([await next(), await next()]).toEqual(['Kim', 'Dana'])
  })
  test('alone on duty, alone at all', async () => {
    await store.addMember('Dana')
    expect(await routed((await store.addLead()).leadId)).toEqual({
      name: 'Dana',
      reason: 'Dana: the only one in the team',
    })
    await store.addMember('Sam', { onDuty: false })
    expect(await routed((await store.addLead()).leadId)).toEqual({
      name: 'Dana',
      reason: 'Dana: the only one who is there; Sam is off duty',
    })
  })
})

describe('nobody', () => {
  test('on duty: no owner, with the reason, said once', async () => {
    await store.addMember('Dana', { onDuty: false })
    const { leadId } = await store.addLead()
    expect(await routed(leadId)).toEqual({ name: null, reason: 'Nobody is on duty' })
    await routed(leadId)
    expect(await events()).toEqual([{ text: 'Nobody owns it: nobody is on duty' }])
  })
  test('in the team', async () => {
    expect((await routed((await store.addLead()).leadId)).reason).toBe('There is nobody in the team yet')
  })
})

describe('the owner of before', () => {
  test('on duty keeps it, without using a turn', async () => {
    for (const name of ['Dana', 'Sam']) await store.addMember(name)
    const { leadId } = await store.addLead({ ownerId: 2 })
    expect((await routed(leadId)).name).toBe('Sam')
    expect(await events()).toEqual([])
    expect(await next()).toBe('Dana')
  })
  test('off duty: somebody else takes over', async () => {
    for (const name of ['Dana', 'Sam']) await store.addMember(name)
    const { leadId } = await store.addLead({ ownerId: 1 })
    await setDuty('Dana', 0)
    expect(await routed(leadId)).toEqual({ name: 'Sam', reason: 'Sam: the only one who is there; Dana is off duty' })
  })
  test('off duty and nobody else there: better than nobody', async () => {
    await store.addMember('Dana', { onDuty: false })
    const { leadId } = await store.addLead({ ownerId: 1 })
    expect((await routed(leadId)).name).toBe('Dana')
    expect(await events()).toEqual([])
  })
  test('of their last lead gets the new one', async () => {
    for (const name of ['Dana', 'Sam']) await store.addMember(name)
    const old = await store.addLead({ ownerId: 2, status: 'done', openedAt: start - 30 * day })
    const { leadId } = await store.addLead()
    await store.write(({ db }) =>
      db.updateTable('lead').set({ person_id: old.personId }).where('id', '=', leadId).execute(),
    )
    expect(await routed(leadId)).toEqual({ name: 'Sam', reason: 'Sam: looked after them before' })
    expect(await events()).toEqual([{ text: 'Sam owns it: looked after them before' }])
  })
})

test('the owned clock stops with the owner', async () => {
  await store.addMember('Dana')
  const { leadId } = await store.addLead()
  await store.write((tx) => clocks.opened(tx, leadId, start))
  await routed(leadId)
  const states = await store.read.db.selectFrom('clock').select(['kind', 'state']).orderBy('id').execute()
  expect(states).toEqual([
    { kind: 'owned', state: 'met' },
    { kind: 'first_contact', state: 'running' },
  ])
})

test('somebody comes on duty: the backlog is dealt out, hottest and then oldest first', async () => {
  await store.addLead({ name: 'warm, old', tier: 'warm', openedAt: start - 3 * minute })
  await store.addLead({ name: 'hot, new', tier: 'hot', openedAt: start })
  await store.addLead({ name: 'hot, old', tier: 'hot', openedAt: start - minute })
  await store.addLead({ name: 'done', status: 'done' })
  await store.addMember('Dana', { onDuty: false })
  expect(await store.write((tx) => drainBacklog(tx, { routeLead: route, passOn }, start))).toEqual({
    owned: 0,
    next: null,
  })
  await setDuty('Dana', 1)
  expect(await store.write((tx) => drainBacklog(tx, { routeLead: route, passOn }, start))).toEqual({
    owned: 3,
    next: null,
  })
  const order = await store.read.db
    .selectFrom('event')
    .innerJoin('person', 'person.id', 'event.person_id')
    .select('name')
    .where('event.text', 'like', 'Dana owns it%')
    .orderBy('event.id')
    .execute()
  expect(order.map((it) => it.name)).toEqual(['hot, old', 'hot, new', 'warm, old'])
})
