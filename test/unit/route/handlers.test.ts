import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeClocks } from '../../../src/contact/clocks.ts'
import { phoneRegion } from '../../../src/enrich/phone-region.ts'
import { day, minute } from '../../../src/lib/durations.ts'
import { routeContract } from '../../../src/route/contract.ts'
import { makeRouteHandlers } from '../../../src/route/handlers.ts'
import type { Routing } from '../../../src/settings/contract.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { makeFakeClock, tuesdayMorning as start } from '../../fakes/fake-clock.ts'
import { makeTestRoute } from '../../fakes/route.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'
import { rule } from './rules.ts'

let store: TestStore
let route: ReturnType<typeof makeTestRoute>
let handlers: ReturnType<typeof makeRouteHandlers>
let looked: number

beforeEach(async () => {
  store = openTestStore()
  const clock = makeFakeClock()
  route = makeTestRoute(makeClocks({ clock }))
  looked = 0
  const afresh = () => {
    looked += 1
  }
  handlers = makeRouteHandlers({ store, clock, ...route, phoneRegion, dutyTimer: { afresh } })
  for (const name of ['Dana', 'Sam']) await store.addMember(name)
})
afterEach(() => store.close())

const rules = (...list: Routing['rules']): Routing => ({ ...defaultSettings.routing, rules: list })
const bay = rule('Bay Area', { areaCodes: ['415'], regions: ['California'] }, { how: 'member', memberId: 2 })
const lead = {
  tier: 'hot' as const,
  channel: 'form' as const,
  source: '',
  phone: '',
  postcode: '',
  text: '',
  at: start,
}
const routed = async (leadId: number) => {
  await store.write((tx) => route.routeLead(tx, leadId, start))
  return store.read.db
    .selectFrom('lead')
    .select(['owner_id', 'owner_reason'])
    .where('id', '=', leadId)
    .executeTakeFirst()
}

describe('who gets this lead?', () => {
  test('by rules that are not saved: steps, person, sentence', async () => {
    const test = {
      ...lead,
      phone: '(415) 555-0187',
      routing: rules(rule('calls', { channels: ['call'] }), bay, rule('rest')),
    }
    const answer = await handlers['route.test'](test)
    routeContract['route.test'].output.parse(answer)
    expect(answer).toEqual({
      steps: [
        { ruleId: 'calls', name: 'calls', fits: false, words: 'They came by form, not call' },
        { ruleId: 'Bay Area', name: 'Bay Area', fits: true, words: 'Sam: always theirs' },
      ],
      owner: { id: 2, name: 'Sam' },
      sentence: 'Sam: rule “Bay Area” → always theirs',
    })
  })
  test('moves no turn, and knows who is away at another time', async () => {
    expect((await handlers['route.test'](lead)).owner?.name).toBe('Dana')
    expect((await handlers['route.test'](lead)).owner?.name).toBe('Dana')
    const absence = { member_id: 1, starts_at: start + day, ends_at: start + 2 * day, reason: 'Vacation' }
    await store.write(({ db }) => db.insertInto('absence').values(absence).execute())
    expect((await handlers['route.test']({ ...lead, at: start + day })).sentence).toBe(
      'Sam: the only one who is there; Dana is on vacation',
    )
  })
  test('a number that is still being typed has its area code already', async () => {
    const routing = rules(rule('bay', { areaCodes: ['415'] }, { how: 'member', memberId: 2 }), rule('rest'))
    expect((await handlers['route.test']({ ...lead, phone: '415 5', routing })).owner?.name).toBe('Sam')
  })
})

describe('saving', () => {
  test('a lead finds its rule from then on, with its reason and how long it took', async () => {
    await handlers['route.save']({
      routing: rules(rule('web', { sources: ['e-mail'] }, { how: 'load', to: [] }), rule('rest')),
    })
    expect(looked).toBe(1)
    const { leadId } = await store.addLead()
    expect(await routed(leadId)).toEqual({ owner_id: 1, owner_reason: 'Dana: rule “web” → fewest open leads (0)' })
    const event = await store.read.db.selectFrom('event').select(['text', 'data']).executeTakeFirstOrThrow()
    expect(event.text).toBe('Dana owns it: rule “web” → fewest open leads (0)')
    expect(JSON.parse(event.data)).toEqual({ from: null, to: 1, by: 'rule', rule: 'web', tookMs: 0 })
  })
  test('is refused without a last rule for all, and nothing changes', async () => {
    await expect(handlers['route.save']({ routing: rules(bay) })).rejects.toThrow('The last rule must take every lead')
    expect(looked).toBe(0)
    expect(await store.read.db.selectFrom('setting').select('key').where('key', '=', 'routing').execute()).toEqual([])
  })
  test('the turns of a rule that is gone go with it', async () => {
    await routed((await store.addLead()).leadId)
    await handlers['route.save']({ routing: rules(rule('rest')) })
    expect(await store.read.db.selectFrom('route_state').selectAll().execute()).toEqual([])
  })
})

describe('the last leads by other rules', () => {
  test('each at its time, turns going on, nothing written', async () => {
    for (let n = 0; n < 4; n++) {
      await store.addLead({
        name: `Lead ${n}`,
        ownerId: 1,
        tier: n === 3 ? 'warm' : 'hot',
        openedAt: start - (9 - n) * minute,
      })
    }
    const absence = { member_id: 1, starts_at: start - 20 * minute, ends_at: start - 8 * minute - 1, reason: '' }
    await store.write(({ db }) => db.insertInto('absence').values(absence).execute())
    const routing = rules(rule('warm', { tiers: ['warm'] }, { how: 'member', memberId: 2 }), rule('rest'))
    const preview = await handlers['route.preview']({ routing })
    routeContract['route.preview'].output.parse(preview)
    expect(preview.leads.map((it) => [it.name, it.now, it.would])).toEqual([
      ['Lead 3', 'Dana', 'Sam'],
      ['Lead 2', 'Dana', 'Sam'],
      ['Lead 1', 'Dana', 'Dana'],
      // Dana was away then.
      ['Lead 0', 'Dana', 'Sam'],
    ])
    expect(preview.rules).toEqual([
      { ruleId: 'warm', leads: 1, next: 'Sam' },
      { ruleId: 'rest', leads: 3, next: 'Dana' },
    ])
    expect(preview.problems).toEqual([])
    expect(await store.read.db.selectFrom('route_state').selectAll().execute()).toEqual([])
  })
  test('whoever was full then is passed over, and has room again once something was closed', async () => {
    await store.write(({ db }) => db.updateTable('member').set({ capacity: 2 }).where('id', '=', 1).execute())
    await store.addLead({ ownerId: 1, openedAt: start - 2 * day })
    const closed = await store.addLead({ ownerId: 1, openedAt: start - 2 * day })
    const values = { status: 'done', done_at: start - minute } as const
    await store.write(({ db }) => db.updateTable('lead').set(values).where('id', '=', closed.leadId).execute())
    // Enough of somebody else's that those two are older than what is shown.
    for (let n = 0; n < 49; n++) await store.addLead({ name: 'other', ownerId: 2, openedAt: start - day + n })
    await store.addLead({ name: 'later', openedAt: start })
    const { leads } = await handlers['route.preview']({ routing: rules(rule('rest')) })
    expect(leads).toHaveLength(50)
    expect([leads[1]?.would, leads[1]?.sentence]).toEqual([
      'Sam',
      'Sam: the only one who is there; Dana has 2 of 2 leads',
    ])
    expect(leads[0]?.would).toBe('Dana')
  })
  test('a person’s second lead stays with whoever would have had it', async () => {
    const old = await store.addLead({ ownerId: 2, status: 'done', openedAt: start - day })
    const { leadId } = await store.addLead({ name: 'again', openedAt: start - minute })
    await store.write(({ db }) =>
      db.updateTable('lead').set({ person_id: old.personId }).where('id', '=', leadId).execute(),
    )
    const { leads } = await handlers['route.preview']({ routing: rules(rule('rest')) })
    expect(leads[0]?.sentence).toBe('Sam: looked after them before')
  })
  test('nothing there yet', async () => {
    expect((await handlers['route.preview']({ routing: rules(bay) })).problems[0]?.level).toBe('error')
  })
})
