import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeClocks } from '../../../src/contact/clocks.ts'
import { hour, minute } from '../../../src/lib/durations.ts'
import { makeHolidayNames } from '../../../src/lib/holidays.ts'
import type { Business } from '../../../src/settings/contract.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { makeSettingsHandlers } from '../../../src/settings/handlers.ts'
import type { WriteStore } from '../../../src/store/store.ts'
import { type FakeClock, makeFakeClock } from '../../fakes/fake-clock.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'

let store: TestStore
let clock: FakeClock
let rescored: number
let drained: number
let handlers: ReturnType<typeof makeSettingsHandlers>

beforeEach(() => {
  store = openTestStore()
  clock = makeFakeClock()
  rescored = 0
  drained = 0
  handlers = makeSettingsHandlers({
    store,
    clock,
    clocks: makeClocks({ clock }),
    fetch: () => Promise.reject(new TypeError('no network in this test')),
    feeds: { nudge: () => {} },
    rescoreAll: async () => {
      rescored += 1
      return 7
    },
    rerouteAbsent: async () => ({ moved: 0, stayed: 0, undoId: null }),
    holidays: makeHolidayNames(),
    drainBacklog: async (tx: WriteStore) => {
      drained += 1
      // The real one asks for leads without an owner: they must be that already, in the same transaction.
      const free = await tx.db.selectFrom('lead').select('id').where('owner_id', 'is', null).execute()
      return free.length
    },
  })
})
afterEach(() => store.close())

const business: Business = { ...defaultSettings.business, name: 'Brightwater', zone: 'America/Los_Angeles' }

async function openLead(ownerId: number | null): Promise<number> {
  return store.write(async (tx) => {
    const at = clock.now()
    const person = await tx.db
      .insertInto('person')
      .values({
        name: 'Ana',
        name_rank: 1,
        company: null,
        title: null,
        region: null,
        zone: null,
        created_at: at,
        updated_at: at,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const lead = await tx.db
      .insertInto('lead')
      .values({
        person_id: person.id,
        status: 'open',
        owner_id: ownerId,
        owner_reason: null,
        source: 'Website',
        source_detail: '{}',
        score: 80,
        tier: 'hot',
        opened_at: at,
        done_at: null,
        snoozed_until: null,
        first_auto_at: null,
        first_human_at: null,
        clock_kind: null,
        clock_started_at: null,
        risk_at: null,
        due_at: null,
        last_at: at,
        last_channel: 'form',
        last_direction: 'in',
        preview: '',
        missed_call: 0,
        outbox: 'idle',
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await makeClocks({ clock }).opened(tx, lead.id, at)
    return lead.id
  })
}

const leadRow = (id: number) =>
  store.read.db.selectFrom('lead').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

describe('the business', () => {
  it('is stored in order, and everything with it', async () => {
    const hours = [
      { weekday: 2, from: 600, to: 700 },
      { weekday: 1, from: 840, to: 1080 },
      { weekday: 1, from: 540, to: 780 },
    ]
    await handlers['settings.saveBusiness']({ ...business, hours, localPostcodes: ['941', '', '941', '940'] })
    const saved = (await handlers['settings.get']({})).business
    expect(saved.hours.map((it) => [it.weekday, it.from])).toEqual([
      [1, 540],
      [1, 840],
      [2, 600],
    ])
    expect(saved.localPostcodes).toEqual(['941', '940'])
    expect(rescored).toBe(1)
  })

  it.each([
    ['a zone nobody has', { zone: 'Mars/Olympus' }, /not a time zone/],
    ['an empty week', { hours: [] }, /at least one opening time/],
    ['a country that is none', { country: 'QQ' }, /country/],
    [
      'hours that overlap',
      {
        hours: [
          { weekday: 1, from: 540, to: 780 },
          { weekday: 1, from: 720, to: 1020 },
        ],
      },
      /On Monday the hours overlap: 9:00–13:00 and 12:00–17:00/,
    ],
  ])('refuses %s in words', async (_name, wrong, message) => {
    await expect(handlers['settings.saveBusiness']({ ...business, ...wrong })).rejects.toThrow(message)
    expect((await handlers['settings.get']({})).business).toEqual(defaultSettings.business)
  })

  it('allows an empty week around the clock', async () => {
    await handlers['settings.saveBusiness']({ ...business, hours: [], alwaysOpen: true })
    expect((await handlers['settings.get']({})).business.alwaysOpen).toBe(true)
  })

  it('moves the deadlines of open leads when its hours change', async () => {
    await store.set('business', { ...business, alwaysOpen: true })
    const lead = await openLead(null)
    const open = [{ weekday: 2, from: 0, to: 1 }]
    await handlers['settings.saveBusiness']({ ...business, hours: open, alwaysOpen: false })
    const after = await leadRow(lead)
    // Open one minute a week, on Tuesdays: the first minute of work is next Tuesday's.
    expect((after.due_at ?? 0) - clock.now()).toBeGreaterThan(6 * 24 * hour)
  })
})

describe('targets and rules', () => {
  it('new targets move running deadlines', async () => {
    await store.set('business', { ...business, alwaysOpen: true })
    const lead = await openLead(await store.addMember('Dana'))
    const hot = { ...defaultSettings.sla.hot, ownedMs: minute, firstContactMs: 20 * minute, nextReplyMs: 30 * minute }
    await handlers['settings.saveSla']({ sla: { ...defaultSettings.sla, hot }, tiers: defaultSettings.tiers })
    expect((await leadRow(lead)).due_at).toBe(clock.now() + 20 * minute)
    expect(rescored).toBe(0)
  })

  it('new tiers score everybody again', async () => {
    await handlers['settings.saveSla']({ sla: defaultSettings.sla, tiers: { hotFrom: 70, warmFrom: 30 } })
    expect(rescored).toBe(1)
  })

  it('owning cannot take longer than answering', async () => {
    const hot = { ...defaultSettings.sla.hot, ownedMs: hour, firstContactMs: minute, nextReplyMs: null }
    const input = { sla: { ...defaultSettings.sla, hot }, tiers: defaultSettings.tiers }
    await expect(handlers['settings.saveSla'](input)).rejects.toThrow('cannot be longer')
  })

  it('scores are numbers from 50 leads a week on, or as the owner says', async () => {
    const shown = async () => (await handlers['settings.get']({})).scoreShown
    for (let n = 0; n < 49; n++) await store.addLead({ openedAt: clock.now() - (n % 7) * 23 * hour })
    await store.addLead({ openedAt: clock.now() - 8 * 24 * hour })
    expect(await shown()).toEqual({ number: false, leadsLastWeek: 49 })
    await store.addLead({ openedAt: clock.now() })
    expect(await shown()).toEqual({ number: true, leadsLastWeek: 50 })
    await store.set('scoring', { ...defaultSettings.scoring, number: 'hide' })
    expect((await shown()).number).toBe(false)
  })
})

describe('preferences', () => {
  it('change one at a time', async () => {
    const me = await store.addMember('Dana')
    await handlers['settings.savePreferences']({ undoSeconds: 20, me })
    await handlers['settings.savePreferences']({ setUp: true })
    expect(await handlers['settings.get']({})).toMatchObject({ undoSeconds: 20, me, setUp: true, notifications: true })
    await expect(handlers['settings.savePreferences']({ me: 99, undoSeconds: 5 })).rejects.toThrow('no longer there')
    expect((await handlers['settings.get']({})).undoSeconds).toBe(20)
  })

  it('know whether this is the sample business', async () => {
    expect((await handlers['settings.get']({})).sample).toBe(false)
    await store.addAccount('sample')
    expect((await handlers['settings.get']({})).sample).toBe(true)
  })
})

describe('the team', () => {
  const dana = { id: null, name: 'Dana', email: 'Dana@Example.org', mobile: '(415) 555-0111', onDuty: true }

  it('keeps numbers and addresses in one form; the first member sits in front of the window', async () => {
    const { id } = await handlers['team.save'](dana)
    expect((await handlers['team.list']({})).members).toEqual([
      {
        ...{ id, name: 'Dana', email: 'dana@example.org', mobile: '+14155550111', onDuty: true },
        ...{ calendar: null, skills: [], capacity: null, absences: [] },
      },
    ])
    expect((await handlers['settings.get']({})).me).toBe(id)
  })

  it.each([
    ['a number that is none', { mobile: '12' }, /whole phone number/],
    ['an address that is none', { email: 'dana' }, /whole e-mail address/],
  ])('refuses %s', async (_name, wrong, message) => {
    await expect(handlers['team.save']({ ...dana, ...wrong })).rejects.toThrow(message)
    expect((await handlers['team.list']({})).members).toEqual([])
  })

  it('has nobody twice', async () => {
    await handlers['team.save'](dana)
    await expect(handlers['team.save']({ ...dana, name: 'dana' })).rejects.toThrow('already')
  })

  it('gives out the backlog when somebody comes on duty, and only then', async () => {
    const { id } = await handlers['team.save']({ ...dana, onDuty: false })
    expect(drained).toBe(0)
    await handlers['team.save']({ ...dana, id, onDuty: true })
    expect(drained).toBe(1)
    await handlers['team.save']({ ...dana, id, mobile: null })
    expect(drained).toBe(1)
  })

  it('gets the open leads of who leaves back, with their clocks running', async () => {
    await store.set('business', { ...business, alwaysOpen: true })
    const { id } = await handlers['team.save'](dana)
    await handlers['team.save']({ ...dana, name: 'Sam' })
    const lead = await openLead(id)
    await handlers['team.remove']({ id })
    expect(await leadRow(lead)).toMatchObject({
      owner_id: null,
      owner_reason: 'Dana left the team',
      clock_kind: 'owned',
    })
    expect(drained).toBe(3)
    expect((await handlers['team.list']({})).members.map((it) => it.name)).toEqual(['Sam'])
    expect((await handlers['settings.get']({})).me).toBeNull()
  })

  it('keeps its last member', async () => {
    const { id } = await handlers['team.save'](dana)
    await expect(handlers['team.remove']({ id })).rejects.toThrow('Somebody has to be left')
  })
})
