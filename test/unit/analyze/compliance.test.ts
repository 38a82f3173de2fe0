import { beforeEach, describe, expect, test } from 'vitest'
import { day, hour, minute, second } from '../../../src/lib/durations.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { tuesdayMorning as now } from '../../fakes/fake-clock.ts'
import { half, openReports, type Reports } from './reports.ts'

let world: Reports
beforeEach(async () => {
  world = await openReports()
})

const report = (more: { weeks?: number; basis?: 'decided' | 'today' } = {}) =>
  world.client.call('analyze.compliance', { weeks: 4, kind: 'first_contact', basis: 'decided', ...more })

const start = now - 3 * hour
const met = { started_at: start, state: 'met', stopped_at: start + 10 * minute } as const
const missed = { started_at: start, state: 'missed', stopped_at: start + 50 * minute } as const
const late = { started_at: start, state: 'running' } as const

describe('what counts', () => {
  test.each([
    ['met', met, {}, { met: 1, missed: 0, excused: 0 }],
    ['answered late', missed, {}, { met: 0, missed: 1, excused: 0 }],
    ['not answered, and the deadline passed', late, {}, { met: 0, missed: 1, excused: 0 }],
    ['excused', { ...missed, excused: 'Power cut' }, {}, { met: 0, missed: 0, excused: 1 }],
    [
      'put aside after the deadline',
      { ...missed, state: 'cancelled', decided_state: null, decided_due_at: null },
      {},
      { met: 0, missed: 1, excused: 0 },
    ],
    ['of somebody who opted out later', late, { handles: [start + 40 * minute] }, { met: 0, missed: 1, excused: 0 }],
    ['of somebody who opted out of one of two', late, { handles: [start, null] }, { met: 0, missed: 1, excused: 0 }],
    ['not due yet', { started_at: now - minute, state: 'running' }, {}, null],
    ['stands still since before the deadline', { ...late, paused_at: start + 5 * minute }, {}, null],
    ['put aside before the deadline', { started_at: start, state: 'cancelled', stopped_at: start + minute }, {}, null],
    ['we wanted something of them', missed, { origin: 'outbound' }, null],
    ['no lead', missed, { status: 'not_lead', done_at: now }, null],
    ['had opted out by then', late, { handles: [start] }, null],
    ['of another kind', { ...missed, kind: 'next_reply' }, {}, null],
    ['before these weeks', { ...met, started_at: start - 60 * day, stopped_at: start - 60 * day + minute }, {}, null],
  ] as const)('%s', async (_, clock, lead, expected) => {
    await world.add(clock, lead)
    const { total, weeks, tiers } = await report()
    expect(total.tally).toEqual(expected ?? { met: 0, missed: 0, excused: 0 })
    expect(weeks.at(-1)?.tally).toEqual(total.tally)
    expect(tiers).toHaveLength(expected ? 1 : 0)
  })

  test('a lead that went on in another is not counted twice', async () => {
    const kept = await world.add(met)
    await world.add(missed, { status: 'done', done_at: now, merged_into: kept.leadId })
    expect((await report()).total.tally).toEqual({ met: 1, missed: 0, excused: 0 })
  })
})

describe('weeks', () => {
  // The clocks of New York went forward on Sunday, 8 March 2026.
  const monday = Date.UTC(2026, 2, 9, 4, 0)

  test('a miss counts in the week of its deadline, by the clocks of the business', async () => {
    await world.clock.advanceTo(monday + day)
    const sunday = { started_at: monday - half - second, state: 'missed', stopped_at: monday + hour } as const
    await world.add(sunday)
    await world.add({ ...sunday, started_at: monday - half, stopped_at: monday + 2 * hour })
    const { weeks } = await report({ weeks: 2 })
    expect(weeks.map((it) => [it.from, it.to, it.tally.missed])).toEqual([
      [Date.UTC(2026, 2, 2, 5, 0), monday, 1],
      [monday, Date.UTC(2026, 2, 16, 4, 0), 1],
    ])
  })

  test('what is met counts when it was met', async () => {
    await world.clock.advanceTo(monday + day)
    await world.add({ started_at: monday - minute, state: 'met', stopped_at: monday + minute })
    expect((await report({ weeks: 2 })).weeks.map((it) => it.tally.met)).toEqual([0, 1])
  })
})

describe('a calendar that is edited later', () => {
  test('changes the verdict of today, not the one of then', async () => {
    const { clocks, store } = world
    const { leadId, personId } = await store.addLead({ tier: 'warm', openedAt: now })
    await store.write((tx) => clocks.opened(tx, leadId, now))
    await world.clock.advance(5 * hour)
    await answer(leadId, personId, now + 5 * hour)
    await store.set('business', {
      ...defaultSettings.business,
      zone: 'America/New_York',
      alwaysOpen: false,
      hours: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: 9 * 60, to: 17 * 60 })),
      days: { ...defaultSettings.business.days, dates: [{ date: '2026-03-03', name: 'Flood', hours: [] }] },
    })
    await store.write((tx) => clocks.recalculated(tx))
    expect((await report({ basis: 'decided' })).total.tally).toEqual({ met: 0, missed: 1, excused: 0 })
    expect((await report({ basis: 'today' })).total.tally).toEqual({ met: 1, missed: 0, excused: 0 })
  })
})

const answer = (leadId: number, personId: number, at: number) =>
  world.store.write(async (tx) => {
    const { id: interactionId } = await tx.db
      .insertInto('interaction')
      .values({
        person_id: personId,
        lead_id: leadId,
        channel: 'email',
        direction: 'out',
        at,
        automatic: 0,
        account_id: null,
        author_id: null,
        subject: '',
        text: 'Hi',
        quoted: null,
        delivery: 'sent',
        problem: null,
        created_at: at,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await world.clocks.answered(tx, leadId, { at, interactionId, human: true })
  })

describe('a snooze', () => {
  const snoozed = async () => {
    const { leadId, personId } = await world.store.addLead({ tier: 'warm', openedAt: now })
    await world.store.write((tx) => world.clocks.opened(tx, leadId, now))
    await world.store.write((tx) => world.clocks.paused(tx, leadId, now + 5 * minute, 'snoozed'))
    await world.clock.advance(3 * hour)
    return { leadId, personId }
  }

  test('answered while it lasts is in time', async () => {
    const { leadId, personId } = await snoozed()
    await answer(leadId, personId, now + 2 * hour)
    expect((await report()).total.tally).toEqual({ met: 1, missed: 0, excused: 0 })
  })

  test('done while it lasts is neither', async () => {
    const { leadId } = await snoozed()
    await world.store.write((tx) => world.clocks.closed(tx, leadId, now + 2 * hour))
    await world.clock.advance(day)
    expect((await report()).total.tally).toEqual({ met: 0, missed: 0, excused: 0 })
  })
})

describe('the numbers and the leads behind them', () => {
  test('are the same for every week, tier, channel and person, page by page', async () => {
    const dana = await world.store.addMember('Dana')
    let seed = 7
    const next = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    for (let n = 0; n < 60; n++) {
      const started_at = now - day - next(20) * day
      const tier = (['hot', 'warm', 'nurture'] as const)[next(3)] ?? 'hot'
      const channel = (['email', 'call', null] as const)[next(3)] ?? null
      const state = (['met', 'missed', 'running'] as const)[next(3)] ?? 'met'
      const owner = next(2) ? dana : null
      await world.add(
        {
          started_at,
          state,
          tier,
          channel,
          owner_id: state === 'running' ? null : owner,
          stopped_at: state === 'running' ? null : started_at + (state === 'met' ? minute : hour),
          excused: state === 'missed' && next(4) === 0 ? 'Ill' : null,
        },
        { owner_id: owner },
      )
    }
    const { from, to, total, weeks, tiers, people, channels } = await report()
    const clocks = new Set<number>()
    const behind = async (slice: object) => {
      const tally = { met: 0, missed: 0, excused: 0 }
      let after: { at: number; clockId: number } | null = null
      do {
        const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(slice, after)
        for (const row of page.rows) {
          tally[row.verdict] += 1
          clocks.add(row.clockId)
        }
        after = page.next
      } while (after)
      return tally
    }
    const pageOf = (slice: object, after: { at: number; clockId: number } | null) =>
      world.client.call('analyze.complianceLeads', {
        kind: 'first_contact',
        basis: 'decided',
        from,
        to,
        after,
        limit: 7,
        ...slice,
      })
    expect(await behind({})).toEqual(total.tally)
    expect(clocks.size).toBe(60)
    for (const { tally, ...week } of weeks) expect(await behind({ from: week.from, to: week.to })).toEqual(tally)
    for (const { tier, tally } of tiers) expect(await behind({ tier })).toEqual(tally)
    for (const { ownerId, tally } of people) expect(await behind({ ownerId })).toEqual(tally)
    for (const { channel, tally } of channels) expect(await behind({ channel })).toEqual(tally)
    expect(await behind({ verdict: 'missed' })).toEqual({ met: 0, missed: total.tally.missed, excused: 0 })
    expect(people.map((it) => it.name).toSorted()).toEqual(['Dana', null])
    expect([tiers.length, channels.length, people.length]).toEqual([3, 3, 2])
  })

  test('a miss is excused with its reason, told in the timeline, and counted again', async () => {
    const { clockId, personId } = await world.add(missed)
    await world.client.call('analyze.excuse', { clockId, reason: 'The line was down' })
    expect((await report()).total.tally).toEqual({ met: 0, missed: 0, excused: 1 })
    const told = await world.store.read.db.selectFrom('event').select(['type', 'text', 'person_id']).execute()
    expect(told).toEqual([
      { type: 'clock.excused', text: 'Late answer not counted: The line was down', person_id: personId },
    ])
    await world.client.call('analyze.excuse', { clockId, reason: null })
    expect((await report()).total.tally).toEqual({ met: 0, missed: 1, excused: 0 })
  })

  test('nothing is to excuse where nothing was missed', async () => {
    const { clockId } = await world.add(met)
    await expect(world.client.call('analyze.excuse', { clockId, reason: 'Why' })).rejects.toThrow('not missed')
    await expect(world.client.call('analyze.excuse', { clockId: 99, reason: 'Why' })).rejects.toThrow()
  })
})

describe('how long it takes', () => {
  test('first answers by the wall and in business time, human and automatic, and who still waits', async () => {
    // Monday 16:30 in New York to Tuesday 9:30: 17 hours, of which the business was open for one.
    const monday = Date.UTC(2026, 2, 2, 21, 30)
    const answered = { first_human_at: monday + 17 * hour, first_auto_at: monday + second }
    await world.add({ started_at: monday, state: 'met', stopped_at: monday + 17 * hour }, answered)
    await world.add(
      { started_at: now - hour, state: 'running' },
      { clock_kind: 'first_contact', clock_started_at: now - hour, risk_at: now, due_at: now - half },
    )
    const { response, waiting, total } = await report()
    expect(response.leads).toBe(2)
    expect(response.human.wall).toEqual({ n: 1, median: 17 * hour, p90: 17 * hour, p95: 17 * hour })
    expect(response.human.business.median).toBe(hour)
    expect(response.automatic.wall.median).toBe(second)
    expect(waiting).toEqual({ leads: 1, oldestAt: now - hour })
    expect(total.took.business.median).toBe(hour)
  })

  test('a call that nobody took has no time to it', async () => {
    await world.add({ kind: 'speed_of_answer', started_at: start, state: 'missed', stopped_at: start + half })
    const asked = { weeks: 1, kind: 'speed_of_answer', basis: 'decided' } as const
    const { total } = await world.client.call('analyze.compliance', asked)
    expect(total).toMatchObject({ tally: { missed: 1 }, took: { wall: { n: 0, median: null } } })
  })
})
