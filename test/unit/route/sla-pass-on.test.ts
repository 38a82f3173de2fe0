import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Clocks, makeClocks } from '../../../src/contact/clocks.ts'
import { makeLadder } from '../../../src/contact/ladder.ts'
import { makeSlaTimer, type SlaTimer } from '../../../src/contact/sla-timer.ts'
import { minute } from '../../../src/lib/durations.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { makeReadCalendars } from '../../../src/store/queries/calendars.ts'
import { type FakeClock, makeFakeClock, tuesdayMorning as start } from '../../fakes/fake-clock.ts'
import { makeTestRoute } from '../../fakes/route.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'

let store: TestStore
let clock: FakeClock
let clocks: Clocks
let timer: SlaTimer

beforeEach(async () => {
  store = openTestStore()
  clock = makeFakeClock()
  clocks = makeClocks({ clock })
  timer = makeSlaTimer({
    store,
    clock,
    log: silentLog,
    clocks,
    passOn: makeTestRoute(clocks).passOn,
    ladder: makeLadder(makeReadCalendars()),
  })
  await store.set('business', { ...defaultSettings.business, alwaysOpen: true })
  await timer.start()
})
afterEach(async () => {
  await timer.stop()
  await store.close()
})

const ownerOf = (leadId: number) =>
  store.read.db
    .selectFrom('lead')
    .leftJoin('member', 'member.id', 'lead.owner_id')
    .select(['member.name', 'owner_reason as reason', 'clock_kind'])
    .where('lead.id', '=', leadId)
    .executeTakeFirstOrThrow()
const opened = async (ownerId: number | null) => {
  const { leadId } = await store.addLead({ ownerId })
  await store.write((tx) => clocks.opened(tx, leadId, start))
  timer.nudge()
  return leadId
}

test('nobody took it in time: whoever has the least to do, whatever the rules', async () => {
  const queue = { id: 'q', name: 'By hand', when: defaultSettings.routing.rules[0]?.when, give: { how: 'queue' } }
  await store.set('routing', { ...defaultSettings.routing, rules: [queue as never] })
  const dana = await store.addMember('Dana')
  await store.addMember('Sam')
  await store.addLead({ ownerId: dana })
  const leadId = await opened(null)
  await clock.advance(minute - 1)
  expect((await ownerOf(leadId)).name).toBeNull()
  await clock.advance(1)
  expect(await ownerOf(leadId)).toEqual({
    name: 'Sam',
    reason: 'Sam: nobody took it in time → fewest open leads (0)',
    clock_kind: 'first_contact',
  })
  const owned = await store.read.db.selectFrom('clock').select('state').where('kind', '=', 'owned').executeTakeFirst()
  expect(owned?.state).toBe('met')
})

test('a late first answer passes on from who is not there, and only from them', async () => {
  const dana = await store.addMember('Dana')
  const sam = await store.addMember('Sam')
  const there = await opened(dana)
  const away = await opened(sam)
  await store.write(({ db }) => db.updateTable('member').set({ on_duty: 0 }).where('id', '=', sam).execute())
  await clock.advance(5 * minute)
  expect((await ownerOf(there)).name).toBe('Dana')
  expect(await ownerOf(away)).toMatchObject({
    name: 'Dana',
    reason: 'Dana: Sam is off duty, and time is up → fewest open leads (1)',
    clock_kind: 'first_contact',
  })
})

test('with nobody there it stays as it is', async () => {
  const sam = await store.addMember('Sam', { onDuty: false })
  const theirs = await opened(sam)
  const nobodys = await opened(null)
  await clock.advance(10 * minute)
  expect((await ownerOf(theirs)).name).toBe('Sam')
  expect((await ownerOf(nobodys)).name).toBeNull()
})
