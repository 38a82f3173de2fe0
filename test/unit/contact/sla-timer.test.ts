import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Clocks, makeClocks } from '../../../src/contact/clocks.ts'
import { makeLadder } from '../../../src/contact/ladder.ts'
import { makeSlaTimer, type SlaTimer } from '../../../src/contact/sla-timer.ts'
import { day, hour, minute } from '../../../src/lib/durations.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { makeReadCalendars } from '../../../src/store/queries/calendars.ts'
import { type FakeClock, makeFakeClock, tuesdayMorning as start } from '../../fakes/fake-clock.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'

let store: TestStore
let clock: FakeClock
let clocks: Clocks
let timer: SlaTimer

beforeEach(async () => {
  store = openTestStore()
  clock = makeFakeClock()
  clocks = makeClocks({ clock })
  timer = newTimer()
  await store.set('business', { ...defaultSettings.business, zone: 'America/New_York' })
})
afterEach(async () => {
  await timer.stop()
  await store.close()
})

const newTimer = () =>
  makeSlaTimer({
    store,
    clock,
    log: silentLog,
    clocks: makeClocks({ clock }),
    passOn: async () => false,
    ladder: makeLadder(makeReadCalendars()),
  })
const said = () =>
  store.announcements.flatMap(({ name, payload }) => {
    if (name === 'sla.warning') return [`${payload.clock} ${payload.percent}`]
    return name === 'sla.breached' ? [`${payload.clock} late`] : []
  })
/** A hot lead with an owner: only the clock of 5 minutes. */
const hotLead = async (at = clock.now()) => {
  const ownerId = await store.addMember('Dana')
  const { leadId } = await store.addLead({ ownerId })
  await store.write((tx) => clocks.opened(tx, leadId, at))
  return leadId
}

test('warns at 50 and 80 %, says when it is late, each once and at its moment', async () => {
  const leadId = await hotLead()
  await timer.start()
  await clock.advanceTo(start + 2.5 * minute - 1)
  expect(said()).toEqual([])
  await clock.advance(1)
  expect(said()).toEqual(['first_contact 50'])
  await clock.advanceTo(start + 4 * minute)
  expect(said()).toEqual(['first_contact 50', 'first_contact 80'])
  await clock.advanceTo(start + 5 * minute)
  await clock.advance(day)
  expect(said()).toEqual(['first_contact 50', 'first_contact 80', 'first_contact late'])
  expect(store.announced('sla.breached')).toMatchObject([{ leadId, name: 'Ana Lopez', dueAt: start + 5 * minute }])
  const events = await store.read.db.selectFrom('event').select(['text', 'at']).execute()
  expect(events).toEqual([{ text: 'First answer is late', at: start + 5 * minute }])
})

test('a restart repeats nothing', async () => {
  await hotLead()
  await timer.start()
  await clock.advanceTo(start + 4 * minute)
  await timer.stop()
  timer = newTimer()
  await timer.start()
  await clock.advance(0)
  expect(said()).toEqual(['first_contact 50', 'first_contact 80'])
})

test('stopped: it says nothing', async () => {
  await hotLead()
  await timer.start()
  await timer.stop()
  await clock.advance(hour)
  expect(said()).toEqual([])
  expect(clock.pending()).toBe(0)
})

test('after a long sleep only the worst is said', async () => {
  await hotLead()
  await timer.start()
  await clock.sleep(hour)
  expect(said()).toEqual(['first_contact late'])
})

test('asleep until between 80 % and the deadline: 80 %, then late', async () => {
  await hotLead()
  await timer.start()
  await clock.sleep(4.5 * minute)
  await clock.advance(minute)
  expect(said()).toEqual(['first_contact 80', 'first_contact late'])
})

test('notices the wake-up of the computer within seconds, even when its timers stood still', async () => {
  await timer.start()
  await hotLead(start + 10 * minute)
  // Nobody nudged: the look every few seconds finds it.
  await clock.advanceTo(start + 12.5 * minute + 15_000)
  expect(said()).toEqual(['first_contact 50'])
})

test('an answer in time: nothing is said', async () => {
  const leadId = await hotLead()
  await timer.start()
  await store.write((tx) => clocks.closed(tx, leadId, clock.now()))
  await clock.advance(hour)
  expect(said()).toEqual([])
})

test('a nudge: a lead that came later is watched to the millisecond', async () => {
  await timer.start()
  await clock.advance(1234)
  await hotLead()
  timer.nudge()
  await clock.settle()
  await clock.advance(2.5 * minute - 1)
  expect(said()).toEqual([])
  await clock.advance(1)
  expect(said()).toEqual(['first_contact 50'])
})

test('three hundred at once are all said', async () => {
  for (let n = 0; n < 300; n++) {
    const { leadId } = await store.addLead({ tier: 'hot', name: `Person ${n}` })
    await store.write((tx) => clocks.opened(tx, leadId, start))
  }
  await timer.start()
  await clock.sleep(hour)
  expect(said().filter((it) => it === 'owned late')).toHaveLength(300)
  expect(said().filter((it) => it === 'first_contact late')).toHaveLength(300)
})

test('nothing is late at night: on Friday 16:58 there are three minutes left on Monday', async () => {
  await clock.advanceTo(Date.UTC(2026, 2, 6, 21, 58))
  await hotLead()
  await timer.start()
  await clock.advanceTo(Date.UTC(2026, 2, 9, 13, 0) - 1)
  expect(said()).toEqual([])
  await clock.advance(3 * minute + 1)
  expect(said()).toEqual(['first_contact 50', 'first_contact 80', 'first_contact late'])
})

test('a snoozed lead comes back at its time, with a line in its timeline', async () => {
  const { leadId, personId } = await store.addLead({ tier: 'nurture' })
  await store.write(({ db }) =>
    db
      .updateTable('lead')
      .set({ snoozed_until: start + hour })
      .where('id', '=', leadId)
      .execute(),
  )
  await timer.start()
  await clock.advance(hour - 1)
  const snoozed = () => store.read.db.selectFrom('lead').select('snoozed_until').executeTakeFirstOrThrow()
  expect((await snoozed()).snoozed_until).toBe(start + hour)
  store.forget()
  await clock.advance(1)
  expect((await snoozed()).snoozed_until).toBeNull()
  expect(store.announced('store.changed')).toMatchObject([{ tables: ['interaction', 'lead'], personIds: [personId] }])
  expect(await store.read.db.selectFrom('event').select('text').execute()).toEqual([{ text: 'Back from snooze' }])
})

test('a database that fails for a moment is asked again', async () => {
  await hotLead()
  let failures = 2
  const write: TestStore['write'] = (task) =>
    failures-- > 0 ? Promise.reject(new Error('disk I/O error')) : store.write(task)
  timer = makeSlaTimer({
    store: { ...store, write },
    clock,
    log: silentLog,
    clocks: makeClocks({ clock }),
    passOn: async () => false,
    ladder: makeLadder(makeReadCalendars()),
  })
  await timer.start()
  await clock.advance(10 * minute)
  expect(said()).toContain('first_contact late')
})
