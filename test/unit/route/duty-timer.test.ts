import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Clocks, makeClocks } from '../../../src/contact/clocks.ts'
import { day, hour, minute, second } from '../../../src/lib/durations.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { type DutyTimer, makeDutyTimer } from '../../../src/route/duty-timer.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { type FakeClock, makeFakeClock, tuesdayMorning as start } from '../../fakes/fake-clock.ts'
import { makeTestRoute } from '../../fakes/route.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'

let store: TestStore
let clock: FakeClock
let clocks: Clocks
let route: ReturnType<typeof makeTestRoute>
let timer: DutyTimer

beforeEach(async () => {
  store = openTestStore()
  clock = makeFakeClock()
  clocks = makeClocks({ clock })
  route = makeTestRoute(clocks)
  timer = makeDutyTimer({ store, clock, log: silentLog, ...route })
  await store.set('business', { ...defaultSettings.business, zone: 'America/New_York' })
})
afterEach(async () => {
  await timer.stop()
  await store.close()
})

const change = (id: number, values: { on_duty?: 0 | 1; calendar?: string; capacity?: number }) =>
  store.write(({ db }) => db.updateTable('member').set(values).where('id', '=', id).execute())
const away = (id: number, from: number, to: number) =>
  store.write(({ db }) =>
    db.insertInto('absence').values({ member_id: id, starts_at: from, ends_at: to, reason: 'Vacation' }).execute(),
  )
const owner = async (leadId: number) =>
  (
    await store.read.db
      .selectFrom('lead')
      .leftJoin('member', 'member.id', 'owner_id')
      .select('member.name')
      .where('lead.id', '=', leadId)
      .executeTakeFirstOrThrow()
  ).name
const opened = async (ownerId: number | null) => {
  const { leadId } = await store.addLead({ ownerId, openedAt: clock.now() })
  await store.write((tx) => clocks.opened(tx, leadId, clock.now()))
  return leadId
}

test('what waits is dealt out at the start of a shift, to the second', async () => {
  // Business hours end at 17:00 in New York, 22:00 UTC, and begin at 9:00.
  const dana = await store.addMember('Dana')
  await change(dana, { calendar: 'business' })
  await clock.advanceTo(start + 8 * hour)
  const leadId = await opened(null)
  await timer.start()
  const opening = start + day - hour
  await clock.advanceTo(opening - 1)
  expect(await owner(leadId)).toBeNull()
  await clock.advance(1)
  expect(await owner(leadId)).toBe('Dana')
})

test('a computer that slept through it deals out when it wakes', async () => {
  const dana = await store.addMember('Dana')
  await change(dana, { calendar: 'business' })
  await clock.advanceTo(start + 8 * hour)
  const leadId = await opened(null)
  await timer.start()
  await clock.sleep(16 * hour)
  expect(await owner(leadId)).toBe('Dana')
})

test('somebody who is there already gets a second shift’s leads, too', async () => {
  const dana = await store.addMember('Dana')
  await change(dana, { calendar: 'business' })
  await timer.start()
  await clock.advanceTo(start + 8 * hour)
  const leadId = await opened(null)
  await clock.advance(hour)
  expect(await owner(leadId)).toBeNull()
  await clock.advanceTo(start + day)
  expect(await owner(leadId)).toBe('Dana')
})

test('coming on duty by the switch, and room again after a full day', async () => {
  const dana = await store.addMember('Dana', { onDuty: false })
  const waiting = await opened(null)
  await timer.start()
  await change(dana, { on_duty: 1, capacity: 1 })
  timer.nudge()
  await clock.advance(second)
  expect(await owner(waiting)).toBe('Dana')
  const next = await opened(null)
  timer.nudge()
  await clock.advance(minute)
  expect(await owner(next)).toBeNull()
  await store.write(({ db }) => db.updateTable('lead').set({ status: 'done' }).where('id', '=', waiting).execute())
  timer.nudge()
  await clock.advance(second)
  expect(await owner(next)).toBe('Dana')
})

test('an absence begins: what is unanswered goes to others, what is answered stays', async () => {
  const dana = await store.addMember('Dana')
  await store.addMember('Sam')
  const unanswered = await opened(dana)
  const answered = await opened(dana)
  await store.write(async ({ db }) => {
    await db.updateTable('lead').set({ first_human_at: start }).where('id', '=', answered).execute()
    await db.updateTable('clock').set({ state: 'met' }).where('lead_id', '=', answered).execute()
  })
  await away(dana, start + hour, start + 3 * day)
  await timer.start()
  await clock.advance(hour - 1)
  expect(await owner(unanswered)).toBe('Dana')
  await clock.advance(1)
  expect(await owner(unanswered)).toBe('Sam')
  expect(await owner(answered)).toBe('Dana')
})

test('nobody else there: it stays, and goes when somebody comes', async () => {
  const dana = await store.addMember('Dana')
  const sam = await store.addMember('Sam', { onDuty: false })
  const leadId = await opened(dana)
  await away(dana, start, start + 3 * day)
  await timer.start()
  expect(await owner(leadId)).toBe('Dana')
  await change(sam, { on_duty: 1 })
  timer.nudge()
  await clock.advance(second)
  expect(await owner(leadId)).toBe('Sam')
})

test('new rules look at everything again', async () => {
  await store.addMember('Dana')
  const [rest] = defaultSettings.routing.rules
  if (!rest) throw new Error('no rule')
  await store.set('routing', { ...defaultSettings.routing, rules: [{ ...rest, give: { how: 'queue' } }] })
  const { leadId } = await store.addLead()
  await timer.start()
  await clock.advance(hour)
  expect(await owner(leadId)).toBeNull()
  await store.set('routing', defaultSettings.routing)
  timer.afresh()
  await clock.advance(second)
  expect(await owner(leadId)).toBe('Dana')
})

test('more than one portion waits: all of them, the hottest first', async () => {
  const dana = await store.addMember('Dana', { onDuty: false })
  for (let n = 0; n < 450; n++) await store.addLead({ tier: n % 2 === 0 ? 'nurture' : 'hot' })
  await timer.start()
  await change(dana, { on_duty: 1 })
  timer.nudge()
  await clock.advance(second)
  await expect
    .poll(() => store.read.db.selectFrom('lead').select('id').where('owner_id', '=', dana).execute())
    .toHaveLength(450)
  const routed = await store.read.db
    .selectFrom('event')
    .innerJoin('lead', 'lead.id', 'lead_id')
    .select('tier')
    .where('type', '=', 'lead.routed')
    .where('event.text', 'like', 'Dana%')
    .orderBy('event.id')
    .execute()
  expect(routed.map((it) => it.tier)).toEqual([...Array(225).fill('hot'), ...Array(225).fill('nurture')])
})
