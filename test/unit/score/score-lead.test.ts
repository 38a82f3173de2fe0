import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeClocks } from '../../../src/contact/clocks.ts'
import { day, hour, minute } from '../../../src/lib/durations.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { makeCoolDown } from '../../../src/score/cool-down.ts'
import { rescoreAll, resumeRescore } from '../../../src/score/rescore-all.ts'
import { makeScoreLead } from '../../../src/score/score-lead.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { readLedger } from '../../../src/store/queries/score-ledger.ts'
import { readSettings } from '../../../src/store/queries/settings.ts'
import { type FakeClock, makeFakeClock, tuesdayMorning as start } from '../../fakes/fake-clock.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'

let store: TestStore
let clock: FakeClock
const scoreLead = makeScoreLead()
beforeEach(() => {
  store = openTestStore()
  clock = makeFakeClock()
})
afterEach(() => store.close())

const wrote = (leadId: number, personId: number, text: string, more: { at?: number; direction?: 'in' | 'out' } = {}) =>
  store.write(({ db }) =>
    db
      .insertInto('interaction')
      .values({
        person_id: personId,
        lead_id: leadId,
        account_id: null,
        channel: 'email',
        direction: more.direction ?? 'in',
        at: more.at ?? start,
        author_id: null,
        automatic: 0,
        subject: '',
        text,
        quoted: null,
        delivery: 'received',
        problem: null,
        created_at: more.at ?? start,
        handle: null,
      })
      .execute(),
  )
const score = (leadId: number, at = start) =>
  store.write(async (tx) => scoreLead(tx, leadId, await readSettings(tx), at))
const ledger = async (leadId: number) =>
  (await readLedger(store.read, leadId))
    .map(({ rule, points }) => ({ rule, points }))
    .toSorted((a, b) => (a.rule < b.rule ? -1 : 1))
const events = async () =>
  (await store.read.db.selectFrom('event').select('text').orderBy('id').execute()).map((it) => it.text)
const kept = async () => (await store.read.db.selectFrom('lead_fact').select('lead_id').execute()).length
const leadRow = (leadId: number) =>
  store.read.db
    .selectFrom('lead')
    .select(['score', 'tier', 'fit', 'engagement', 'grade', 'qualification'])
    .where('id', '=', leadId)
    .executeTakeFirstOrThrow()
const somebody = (more: Parameters<TestStore['addLead']>[0] = {}) =>
  store.addLead({ score: 0, tier: 'nurture', ...more })
const deps = () => ({ store, clock, clocks: makeClocks({ clock }) })

describe('one lead', () => {
  test('keeps the ledger and says it in the timeline, once', async () => {
    const { leadId, personId } = await somebody()
    await wrote(leadId, personId, 'How much is a new roof?')
    expect(await score(leadId)).toEqual({ score: 35, tier: 'warm', changed: true, tierChanged: true })
    expect(await score(leadId)).toEqual({ score: 35, tier: 'warm', changed: false, tierChanged: false })
    expect(await ledger(leadId)).toEqual([
      { rule: 'buying-words', points: 15 },
      { rule: 'wrote', points: 20 },
    ])
    expect(await leadRow(leadId)).toMatchObject({ score: 35, fit: 0, engagement: 35, grade: 'C2', qualification: null })
    expect(await events()).toEqual(['Scored 35 · warm · C2'])
  })

  test('more that comes in replaces the ledger', async () => {
    const { leadId, personId } = await somebody()
    await wrote(leadId, personId, 'How much is a new roof? 94110')
    await score(leadId)
    await wrote(leadId, personId, 'It is urgent', { at: start + hour })
    expect(await score(leadId, start + hour)).toMatchObject({ score: 60, tier: 'hot', changed: true })
    expect((await ledger(leadId)).map((it) => it.rule)).toEqual(['again', 'buying-words', 'urgent-words', 'wrote'])
    expect(await events()).toEqual(['Scored 35 · warm · C2', 'Scored 60 · hot · C1'])
  })

  test('facts are kept while they are true: whatever changes them takes them away', async () => {
    const { leadId, personId } = await somebody()
    await wrote(leadId, personId, 'Hello')
    await score(leadId)
    const changes: readonly (() => Promise<unknown>)[] = [
      () => wrote(leadId, personId, 'urgent', { at: start + minute }),
      () => wrote(leadId, personId, 'our answer', { at: start + minute, direction: 'out' }),
      () => store.write(({ db }) => db.updateTable('interaction').set({ text: 'a quote' }).execute()),
      () => store.write(({ db }) => db.updateTable('person').set({ company: 'Lopez Ltd' }).execute()),
      () => store.write(({ db }) => db.insertInto('handle').values(phoneOf(personId)).execute()),
      () => store.write(({ db }) => db.updateTable('handle').set({ value: '+4930123456' }).execute()),
      () => store.write(({ db }) => db.deleteFrom('handle').execute()),
      () => store.write(({ db }) => db.insertInto('person_field').values(titleOf(personId)).execute()),
      () => store.write(({ db }) => db.updateTable('person_field').set({ reverted_at: 1 }).execute()),
      () => store.write(({ db }) => db.insertInto('source_touch').values(touchOf(personId, leadId)).execute()),
      () => store.write(({ db }) => db.insertInto('message_insight').values(insight).execute()),
      () => store.write(({ db }) => db.insertInto('intent_example').values(example).execute()),
      () => store.write(({ db }) => db.deleteFrom('intent_example').execute()),
    ]
    for (const [index, change] of changes.entries()) {
      expect(await kept(), `before change ${index}`).toBe(1)
      await change()
      expect(await kept(), `after change ${index}`).toBe(0)
      await score(leadId)
    }
  })
})

const phoneOf = (personId: number) =>
  ({
    person_id: personId,
    kind: 'phone',
    value: '+14155550187',
    label: null,
    opted_out_at: null,
    last_used_at: 1,
    created_at: 1,
  }) as const
const titleOf = (personId: number) =>
  ({
    person_id: personId,
    field: 'title',
    value: 'Owner',
    words: null,
    origin: 'typed',
    confidence: 100,
    at: 1,
  }) as const
const touchOf = (personId: number, leadId: number) =>
  ({ person_id: personId, lead_id: leadId, at: 1, source: 'Google Ads', detail: '{}' }) as const
const insight = {
  interaction_id: 1,
  intent: 'booking',
  confidence: 90,
  urgency: 'none',
  urgency_reason: '',
  job_size: null,
  vector: new Uint8Array(4),
  model_version: 'x',
  at: 1,
} as const
const example = { interaction_id: 1, intent: 'spam', author_id: null, at: 1 } as const

describe('every open lead', () => {
  const tiles = {
    ...defaultSettings.scoring,
    rules: [
      {
        id: 'tiles',
        label: 'Asks for tiles',
        group: null,
        points: 80,
        when: { all: [{ kind: 'text' as const, anyOf: ['tile'] }], any: [], not: [] },
        times: 1,
        halfLifeDays: null,
        withinDays: null,
        ceiling: null,
      },
    ],
  }

  test('new rules: scored again in portions, and deadlines follow', async () => {
    for (let n = 0; n < 530; n++) {
      const { leadId, personId } = await somebody({ name: `Person ${n}` })
      await wrote(leadId, personId, 'Do you do tiles?')
    }
    await somebody({ name: 'Done long ago', status: 'done' })
    expect(await rescoreAll(deps(), 'rules')).toEqual({ looked: 530, changed: 530 })
    expect(await rescoreAll(deps(), 'rules')).toEqual({ looked: 530, changed: 0 })
    await store.set('scoring', tiles)
    expect(await rescoreAll(deps(), 'rules')).toEqual({ looked: 530, changed: 530 })
    const hot = await store.read.db
      .selectFrom('lead')
      .select(['due_at', 'clock_kind'])
      .where('tier', '=', 'hot')
      .execute()
    expect(hot).toHaveLength(530)
    expect(hot.every((it) => it.clock_kind === 'owned')).toBe(true)
    expect(await store.read.db.selectFrom('rescore_run').selectAll().execute()).toEqual([])
  })

  test('another name of a rule reaches the card though no score moves', async () => {
    const { leadId, personId } = await somebody()
    await wrote(leadId, personId, 'tiles?')
    await store.set('scoring', tiles)
    await rescoreAll(deps(), 'rules')
    const [rule] = tiles.rules
    if (rule) await store.set('scoring', { ...tiles, rules: [{ ...rule, label: 'Wants tiles' }] })
    expect(await rescoreAll(deps(), 'rules')).toEqual({ looked: 1, changed: 0 })
    expect((await readLedger(store.read, leadId)).map((it) => it.reason)).toEqual(['Wants tiles'])
  })

  test('a run that was cut off goes on where it was', async () => {
    const first = await somebody()
    const second = await somebody({ name: 'Gus' })
    for (const it of [first, second]) await wrote(it.leadId, it.personId, 'tiles?')
    await store.set('scoring', tiles)
    expect(await resumeRescore(deps())).toBeNull()
    await store.write(({ db }) => db.insertInto('rescore_run').values({ id: 1, after_id: first.leadId }).execute())
    expect(await resumeRescore(deps())).toEqual({ looked: 1, changed: 1 })
    expect((await leadRow(first.leadId)).score).toBe(0)
    expect((await leadRow(second.leadId)).score).toBe(80)
  })
})

describe('time', () => {
  test('a lead nobody owes anything cools down by itself, and the timeline says so when the tier moves', async () => {
    const { leadId, personId } = await somebody()
    await wrote(leadId, personId, 'How much is a new roof?')
    await score(leadId)
    const coolDown = makeCoolDown({ ...deps(), log: silentLog })
    coolDown.start()
    await clock.advance(2 * minute)
    await coolDown.stop()
    expect(await leadRow(leadId)).toMatchObject({ score: 35, tier: 'warm' })
    await clock.advance(7 * day)
    store.forget()
    coolDown.start()
    await clock.advance(2 * minute)
    await expect.poll(() => leadRow(leadId)).toMatchObject({ score: 25, tier: 'nurture', grade: 'C2' })
    expect(await events()).toEqual(['Scored 35 · warm · C2', 'Cooled down: 25 · nurture · C2'])
    expect(store.announced('store.changed').some((it) => it.tables.includes('lead'))).toBe(true)
    // And again, an hour later.
    const aWeekOn = async () => {
      await clock.advance(7 * day)
      return (await leadRow(leadId)).score
    }
    await expect.poll(aWeekOn).toBeLessThan(20)
    expect(await events()).toHaveLength(2)
    await coolDown.stop()
  })

  test('who waits for our answer does not cool down: being slow buys no later deadline', async () => {
    const { leadId, personId } = await somebody()
    await wrote(leadId, personId, 'How much is a new roof?')
    await score(leadId)
    await store.write((tx) => makeClocks({ clock }).opened(tx, leadId, start))
    await store.write(async (tx) => {
      const { refreshLeadRow } = await import('../../../src/store/queries/lead-row.ts')
      await refreshLeadRow(tx, leadId)
    })
    await clock.advance(30 * day)
    expect(await rescoreAll(deps(), 'time')).toEqual({ looked: 1, changed: 0 })
    expect(await leadRow(leadId)).toMatchObject({ score: 35, tier: 'warm' })
  })
})
