import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeIngest } from '../../../src/capture/ingest.ts'
import { makeClocks } from '../../../src/contact/clocks.ts'
import { makeContactHandlers } from '../../../src/contact/handlers.ts'
import { markSent } from '../../../src/contact/outbox-settle.ts'
import { makeTasksHandlers } from '../../../src/contact/tasks/handlers.ts'
import { makeConvertHandlers } from '../../../src/convert/handlers.ts'
import { companyFromEmail } from '../../../src/enrich/company.ts'
import { makeLearnFromLead } from '../../../src/enrich/learn-from-lead.ts'
import { phoneRegion } from '../../../src/enrich/phone-region.ts'
import { changeLeads, hasOtherOpenLead, noOutcome, thawClocks, undoChange } from '../../../src/inbox/change-leads.ts'
import { makeInboxHandlers } from '../../../src/inbox/handlers.ts'
import type { Clock } from '../../../src/lib/clock.ts'
import { minute, second } from '../../../src/lib/durations.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { makePeopleHandlers } from '../../../src/people/handlers.ts'
import { contract } from '../../../src/rpc/contract.ts'
import { type SampleAreas, seedSample } from '../../../src/sample/seed.ts'
import { readBudget } from '../../../src/score/read-budget.ts'
import { readTimeline } from '../../../src/score/read-timeline.ts'
import { makeScoreLead } from '../../../src/score/score-lead.ts'
import { openStore } from '../../../src/store/open.ts'
import type { Store } from '../../../src/store/store.ts'
import { type FakeClock, makeFakeClock } from '../../fakes/fake-clock.ts'
import { makeTestRoute } from '../../fakes/route.ts'

let store: Store
let clock: FakeClock

beforeEach(() => {
  store = openStore(':memory:', silentLog)
  clock = makeFakeClock()
})
afterEach(() => store.close())

/** The engine's own areas, put together as it does. */
function areasAt(time: Clock) {
  const clocks = makeClocks({ clock: time })
  const { routeLead } = makeTestRoute(clocks)
  const scoreLead = makeScoreLead()
  const settling = () => ({ now: time.now(), clocks, random: () => 0 })
  const contact = makeContactHandlers({
    links: async () => null,
    askLine: async () => {},
    store,
    clock: time,
    clocks,
    channels: { of: () => null },
    outbox: { nudge: () => {} },
    newId: () => 'unused',
  })
  return {
    ingest: makeIngest({
      store,
      clock: time,
      log: silentLog,
      scoreLead,
      routeLead,
      clocks,
      greet: async () => {},
      enrich: { phoneRegion, companyFromEmail },
      learnFromLead: makeLearnFromLead({ readBudget, readTimeline }),
      markSent: (tx, jobId, sent) => markSent(tx, jobId, sent, settling()),
    }),
    handlers: {
      ...makeInboxHandlers({ store, clock: time, clocks }),
      ...makeConvertHandlers({
        store,
        clock: time,
        clocks,
        inbox: { changeLeads, hasOtherOpenLead, noOutcome, thawClocks, undoChange },
        rulesChanged: () => {},
      }),
      ...contact,
      ...makeTasksHandlers({ store, clock: time }),
      ...makePeopleHandlers({
        store,
        clock: time,
        channels: { of: () => null },
        stages: {
          scoreLead,
          routeLead,
          clocks,
          firstTask: async () => {},
          queueLookups: async () => {},
          phoneRegion,
          companyFromEmail,
        },
        changeLeads,
      }),
    },
  } satisfies SampleAreas
}

const inbox = () => makeInboxHandlers({ store, clock, clocks: makeClocks({ clock }) })
const people = () => areasAt(clock).handlers

describe('the sample business', () => {
  it('looks like a business at work', async () => {
    expect(await seedSample({ store, clock, areasAt, variant: 'brightwater' })).toBe('seeded')
    const { rows } = await inbox()['inbox.list']({ view: 'inbox', after: null, limit: 200 })
    contract['inbox.list'].output.parse({ rows, next: null })
    const ana = rows.find((it) => it.name === 'Ana Lopez')
    expect(ana).toMatchObject({
      score: 84,
      tier: 'hot',
      source: 'Google Ads',
      channel: 'call',
      missedCall: true,
      owner: { name: 'Dana Whitfield' },
      clock: { kind: 'first_contact' },
    })
    expect((ana?.clock?.dueAt ?? 0) - clock.now()).toBe(minute + 12 * second)
    const marcus = rows.find((it) => it.name === 'Marcus Weber')
    expect(marcus).toMatchObject({ tier: 'hot', owner: null })
    expect(marcus?.clock?.dueAt).toBeLessThan(clock.now())

    const counts = await inbox()['inbox.counts']({})
    for (const view of ['hot', 'due', 'waiting', 'mine', 'unassigned', 'calls', 'snoozed', 'late'] as const) {
      expect(counts[view], view).toBeGreaterThan(0)
    }
    expect(new Set(rows.map((it) => it.tier))).toEqual(new Set(['hot', 'warm', 'nurture']))
    expect(new Set(rows.map((it) => it.channel))).toEqual(new Set(['call', 'sms', 'whatsapp', 'form', 'email']))
    expect(rows.every((it) => it.source !== '')).toBe(true)
    const done = await inbox()['inbox.list']({ view: 'done', after: null, limit: 200 })
    expect(done.rows.length).toBeGreaterThan(3)
    const owners = new Set(rows.map((it) => it.owner?.name))
    expect(owners.size).toBe(4)
  })

  it('has one person for each of its people, with all they are reached at', async () => {
    await seedSample({ store, clock, areasAt, variant: 'brightwater' })
    const names = await store.read.db.selectFrom('person').select(['name', 'company']).execute()
    expect(new Set(names.map((it) => it.name)).size).toBe(names.length)
    expect(names).toHaveLength(41)
    expect(names).toContainEqual({ name: 'Rosa Delgado', company: 'Delgado Bakery' })
    const handles = await store.read.db.selectFrom('handle').select('value').execute()
    expect(handles.length).toBeGreaterThan(55)
  })

  it('has leads that were won, lost and not for it', async () => {
    await seedSample({ store, clock, areasAt, variant: 'brightwater' })
    const leads = await store.read.db
      .selectFrom('lead')
      .select(['outcome', 'status', 'value_minor'])
      .where('outcome', 'is not', null)
      .orderBy('outcome')
      .execute()
    expect(leads).toEqual([
      { outcome: 'disqualified', status: 'done', value_minor: null },
      { outcome: 'lost', status: 'done', value_minor: null },
      { outcome: 'lost', status: 'done', value_minor: null },
      { outcome: 'won', status: 'done', value_minor: 89_000 },
    ])
  })

  it('has voicemails that play and files that open', async () => {
    await seedSample({ store, clock, areasAt, variant: 'brightwater' })
    const { people: found } = await people()['people.find']({ text: 'Ana Lopez', limit: 1 })
    const { entries } = await people()['people.timeline']({
      personId: found[0]?.personId ?? 0,
      before: null,
      limit: 50,
    })
    const call = entries.find((it) => it.kind === 'call')
    const { bytes, contentType } = await people()['people.attachment']({
      attachmentId: call?.kind === 'call' ? (call.recording?.id ?? 0) : 0,
    })
    expect(contentType).toBe('audio/wav')
    expect(Buffer.from(bytes.slice(0, 12)).toString('latin1')).toMatch(/^RIFF....WAVE$/s)
    expect(bytes.length).toBe(44 + 41 * 8000)
    expect(Buffer.from(bytes).readUInt32LE(40)).toBe(bytes.length - 44)
    const files = await store.read.db.selectFrom('attachment').select(['name', 'blob']).execute()
    expect(files.every((it) => it.blob !== null)).toBe(true)
  })

  it('is made once, also when the first start was cut off', async () => {
    let left = 60
    const fragile = (time: Clock): SampleAreas => {
      const areas = areasAt(time)
      return {
        ...areas,
        ingest: (...delivery) => {
          left -= 1
          return left < 0 ? Promise.reject(new Error('killed')) : areas.ingest(...delivery)
        },
      }
    }
    await expect(seedSample({ store, clock, areasAt: fragile, variant: 'brightwater' })).rejects.toThrow('killed')
    await clock.advance(10 * minute)
    expect(await seedSample({ store, clock, areasAt, variant: 'brightwater' })).toBe('seeded')
    const interactions = await store.read.db.selectFrom('interaction').select(['channel', 'text', 'at']).execute()
    expect(await seedSample({ store, clock, areasAt, variant: 'brightwater' })).toBe('kept')
    expect(await store.read.db.selectFrom('interaction').select(['channel', 'text', 'at']).execute()).toEqual(
      interactions,
    )
    const notes = interactions.filter((it) => it.channel === 'note').map((it) => it.text)
    expect(new Set(notes).size).toBe(notes.length)
    expect(notes.length).toBeGreaterThan(4)
    expect(await store.read.db.selectFrom('person').select('id').execute()).toHaveLength(41)
  })

  it('never touches a real business', async () => {
    await store.write(async (tx) => {
      await tx.db
        .insertInto('member')
        .values({ name: 'Dana', email: null, mobile: null, on_duty: 1, created_at: 1, removed_at: null })
        .execute()
    })
    expect(await seedSample({ store, clock, areasAt, variant: 'brightwater' })).toBe('kept')
    expect(await store.read.db.selectFrom('account').select('id').execute()).toEqual([])
  })
})

describe('the ugly business', () => {
  it('has a thread of four hundred, names that hurt, and everything late', async () => {
    expect(await seedSample({ store, clock, areasAt, variant: 'ugly' })).toBe('seeded')
    const { rows } = await inbox()['inbox.list']({ view: 'inbox', after: null, limit: 200 })
    expect(rows.length).toBeGreaterThan(65)
    const owed = rows.filter((it) => it.clock !== null)
    expect(owed.length).toBeGreaterThan(60)
    expect(owed.every((it) => (it.clock?.dueAt ?? 0) < clock.now())).toBe(true)
    expect(Math.max(...rows.map((it) => it.name.length))).toBeGreaterThan(75)
    expect(rows.some((it) => /\p{Script=Arabic}/u.test(it.name))).toBe(true)
    const all = await inbox()['inbox.list']({ view: 'all', after: null, limit: 200 })
    const thread = all.rows.find((it) => it.name === 'Thread of Four Hundred')
    const entries = await store.read.db
      .selectFrom('interaction')
      .select('id')
      .where('person_id', '=', thread?.personId ?? 0)
      .execute()
    expect(entries).toHaveLength(400)
  })
})
