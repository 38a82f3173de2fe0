import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeClocks } from '../../../src/contact/clocks.ts'
import { day } from '../../../src/lib/durations.ts'
import type { Routing } from '../../../src/settings/contract.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { readTeam, removeMember, saveMember } from '../../../src/settings/team.ts'
import { makeReadCalendars } from '../../../src/store/queries/calendars.ts'
import { readSettings } from '../../../src/store/queries/settings.ts'
import { makeFakeClock, tuesdayMorning as now } from '../../fakes/fake-clock.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'

let store: TestStore
const clocks = makeClocks({ clock: makeFakeClock() })

beforeEach(() => {
  store = openTestStore()
})
afterEach(() => store.close())

const dana = { id: null, name: 'Dana', email: null, mobile: null, onDuty: true }
const save = (member: Parameters<typeof saveMember>[1], at = now) => store.write((tx) => saveMember(tx, member, at))
const remove = (id: number) => store.write((tx) => removeMember(tx, id, now, clocks))
const team = (at = now) => readTeam(store.read, at)
const nine = [{ weekday: 1, from: 540, to: 1020 }]

describe('hours, skills, capacity, days off', () => {
  test('are kept, and stay when they are not mentioned', async () => {
    const absences = [{ startsAt: now + day, endsAt: now + 3 * day, reason: 'Vacation' }]
    const { id } = await save({
      ...dana,
      calendar: 'business',
      skills: ['Roofing', 'roofing', 'Spanish'],
      capacity: 20,
      absences,
    })
    const expected = { calendar: 'business', skills: ['roofing', 'Spanish'], capacity: 20, absences }
    expect(await team()).toMatchObject([expected])
    await save({ ...dana, id, name: 'Dana W' })
    expect(await team()).toMatchObject([{ name: 'Dana W', ...expected }])
    await save({ ...dana, id, calendar: null, skills: [], capacity: null, absences: [] })
    expect(await team()).toMatchObject([{ calendar: null, skills: [], capacity: null, absences: [] }])
  })
  test('days off that are over are no longer shown, and stay on record', async () => {
    const absences = [{ startsAt: now, endsAt: now + day, reason: 'Vacation' }]
    const { id } = await save({ ...dana, absences })
    expect(await team(now + day)).toMatchObject([{ absences: [] }])
    await save({ ...dana, id, absences: [] }, now + 2 * day)
    expect(await store.read.db.selectFrom('absence').select('reason').execute()).toEqual([{ reason: 'Vacation' }])
  })
  test('hours of their own are a calendar that is theirs, with the days off of the business', async () => {
    const days = { holidays: { country: 'US', state: null, region: null }, dates: [], feed: null }
    await store.set('business', { ...defaultSettings.business, zone: 'America/New_York', days })
    const { id } = await save({ ...dana, hours: nine })
    const [member] = await team()
    expect(member?.calendar).toBe(`member-${id}`)
    const { calendars } = await readSettings(store.read)
    expect(calendars).toMatchObject([
      { id: `member-${id}`, name: 'Hours of Dana', zone: 'America/New_York', hours: nine, days },
    ])
    const time = (await makeReadCalendars()(store.read)).timeOf(`member-${id}`)
    // Tuesday 10:00: Monday 9:00 in New York, where the clocks change that Sunday.
    expect(time.nextOpen(now)).toBe(Date.UTC(2026, 2, 9, 13))
  })
  test('hours that are not there are refused', async () => {
    await expect(save({ ...dana, calendar: 'nowhere' })).rejects.toThrow('not there any more')
    await expect(save({ ...dana, hours: [...nine, { weekday: 1, from: 600, to: 700 }] })).rejects.toThrow('overlap')
    expect(await team()).toEqual([])
  })
})

describe('somebody leaves', () => {
  const when = { ...defaultSettings.routing.rules[0]?.when } as Routing['rules'][number]['when']
  test('and drops out of the rules; a rule for nobody else is left to be seen, the last one is for everybody', async () => {
    const { id } = await save({ ...dana, hours: nine })
    const { id: sam } = await save({ ...dana, name: 'Sam' })
    const rules: Routing['rules'] = [
      { id: 'a', name: 'a', when, give: { how: 'turn', to: [id, sam] } },
      { id: 'b', name: 'b', when, give: { how: 'load', to: [id] } },
      {
        ...{ id: 'c', name: 'c', when },
        give: { how: 'weights', shares: [id, sam].map((memberId) => ({ memberId, weight: 1, mostPerDay: null })) },
      },
      { id: 'd', name: 'd', when, give: { how: 'member', memberId: id } },
    ]
    await store.set('routing', { ...defaultSettings.routing, rules })
    await remove(id)
    const { routing, calendars } = await readSettings(store.read)
    expect(routing.rules.map((it) => it.give)).toEqual([
      { how: 'turn', to: [sam] },
      { how: 'load', to: [id] },
      { how: 'weights', shares: [{ memberId: sam, weight: 1, mostPerDay: null }] },
      { how: 'turn', to: [] },
    ])
    expect(calendars).toEqual([])
  })
})
