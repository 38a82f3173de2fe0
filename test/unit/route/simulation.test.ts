import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { makeClocks } from '../../../src/contact/clocks.ts'
import { day, hour, minute } from '../../../src/lib/durations.ts'
import { makeDutyLook } from '../../../src/route/duty-timer.ts'
import type { Calendar, Routing } from '../../../src/settings/contract.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { insertRow } from '../../../src/store/queries/insert-row.ts'
import type { WriteStore } from '../../../src/store/store.ts'
import { makeFakeClock } from '../../fakes/fake-clock.ts'
import { makeTestRoute } from '../../fakes/route.ts'
import { openTestStore } from '../../fakes/test-store.ts'

const zone = 'America/New_York'
const start = Date.UTC(2026, 0, 1, 5)
const end = start + 365 * day
const leadCount = 10_000

/** The same numbers in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

type Person = {
  readonly name: string
  /** ISO weekdays and hours; `to` over 24 runs past midnight. */
  readonly days: readonly number[]
  readonly from: number
  readonly to: number
  readonly weight: number
  readonly skills: readonly string[]
  readonly capacity: number | null
  readonly mostPerDay: number | null
}

const person = (name: string, days: readonly number[], from: number, to: number, more: Partial<Person>): Person => ({
  ...{ name, days, from, to, weight: 1, skills: [], capacity: null, mostPerDay: null },
  ...more,
})
const people: readonly Person[] = [
  person('Dana', [1, 2, 3, 4, 5], 8, 16, { weight: 5 }),
  person('Sam', [1, 2, 3, 4, 5], 9, 18, { weight: 3, skills: ['roofing'] }),
  person('Kim', [2, 3, 4, 5, 6], 12, 20, { weight: 2, capacity: 60 }),
  person('Lee', [1, 2, 6, 7], 8, 20, { weight: 4, skills: ['Roofing'] }),
  person('Ines', [3, 4, 5, 6, 7], 18, 26, { weight: 1 }),
  person('Max', [1, 2, 3, 4, 5, 6, 7], 8, 13, { weight: 2, mostPerDay: 6 }),
]

const none = {
  tiers: [],
  channels: [],
  sources: [],
  countries: [],
  regions: [],
  areaCodes: [],
  postcodes: [],
  words: [],
}
const routing: Routing = {
  keepOwner: true,
  keepOwnerMinutes: 15,
  rules: [
    {
      id: 'partner',
      name: 'Partner leads',
      when: { ...none, sources: ['Partner'] },
      give: { how: 'load', to: [1, 2, 3] },
    },
    {
      id: 'roof',
      name: 'Roofs',
      when: { ...none, sources: ['Roofs'] },
      give: { how: 'skill', skill: 'roofing', by: 'turn' },
    },
    { id: 'hand', name: 'By hand', when: { ...none, sources: ['Fair'] }, give: { how: 'queue' } },
    {
      id: 'rest',
      name: 'Everybody',
      when: none,
      give: {
        how: 'weights',
        shares: people.map((it, at) => ({ memberId: at + 1, weight: it.weight, mostPerDay: it.mostPerDay })),
      },
    },
  ],
}

async function hasOpenLead({ db }: WriteStore, personId: number): Promise<boolean> {
  const row = await db
    .selectFrom('lead')
    .select('id')
    .where('person_id', '=', personId)
    .where('status', '=', 'open')
    .executeTakeFirst()
  return row !== undefined
}

const ownedClock = ({ db }: WriteStore, leadId: number) =>
  db
    .selectFrom('clock')
    .select(['state', 'due_at'])
    .where('lead_id', '=', leadId)
    .where('kind', '=', 'owned')
    .executeTakeFirst()

test('a year of shifts and vacations: 10,000 leads', async () => {
  const random = seeded(20_260_301)
  const began = process.cpuUsage()
  const clock = makeFakeClock(start)
  const store = openTestStore()
  const clocks = makeClocks({ clock })
  const route = makeTestRoute(clocks)
  const look = makeDutyLook({ store, clock, ...route })

  // The team, its hours, and three or four vacations for everybody.
  const calendars = people.map(({ name, days, from, to }, at): Calendar => {
    const hours = days.map((weekday) => ({ weekday, from: from * 60, to: to * 60 }))
    return { id: `c${at + 1}`, name, zone, hours, alwaysOpen: false, days: defaultSettings.business.days }
  })
  await store.set('calendars', calendars)
  const everyDay = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: 8 * 60, to: 20 * 60 }))
  await store.set('business', { ...defaultSettings.business, zone, hours: everyDay })
  await store.set('routing', routing)
  const vacations: { readonly id: number; readonly from: number; readonly to: number }[] = []
  for (const [at, it] of people.entries()) {
    const id = await store.addMember(it.name)
    await store.write(async ({ db }) => {
      const values = { calendar: `c${at + 1}`, skills: JSON.stringify(it.skills), capacity: it.capacity }
      await db.updateTable('member').set(values).where('id', '=', id).execute()
      for (let n = 0; n < 3 + (at % 2); n++) {
        const from = start + Math.floor(random() * 350) * day + Math.floor(random() * 24) * hour
        const to = from + Math.ceil(random() * 14) * day
        vacations.push({ id, from, to })
        await db
          .insertInto('absence')
          .values({ member_id: id, starts_at: from, ends_at: to, reason: 'Vacation' })
          .execute()
      }
    })
  }

  /** Whether somebody is there, by the clock on the wall and nothing of the product. */
  const isThere = (id: number, at: number): boolean => {
    const it = people[id - 1]
    if (!it || vacations.some((away) => away.id === id && away.from <= at && at < away.to)) return false
    const local = DateTime.fromMillis(at, { zone })
    const clockHour = local.hour + local.minute / 60
    const yesterday = ((local.weekday + 5) % 7) + 1
    return (
      (it.days.includes(local.weekday) && it.from <= clockHour && clockHour < it.to) ||
      (it.days.includes(yesterday) && clockHour + 24 < it.to)
    )
  }

  type Lead = {
    readonly at: number
    readonly source: string
    readonly tier: 'hot' | 'warm'
    readonly comesBack: boolean
  }
  const arrivals = Array.from({ length: leadCount }, (): Lead => {
    const r = random()
    return {
      at: start + Math.floor((random() * (end - start)) / minute) * minute + 20_000,
      source: r < 0.15 ? 'Partner' : r < 0.3 ? 'Roofs' : r < 0.33 ? 'Fair' : 'Website',
      tier: random() < 0.4 ? 'hot' : 'warm',
      // Some come back, to whoever knows them.
      comesBack: random() < 0.08,
    }
  }).toSorted((a, b) => a.at - b.at)

  const everybody: number[] = []
  const unowned: { readonly leadId: number; readonly at: number }[] = []
  const open: { readonly id: number; readonly until: number }[] = []
  const passedOn: number[] = []
  let late = 0
  let nextArrival = 0
  let nextRound = start
  let nextLook: number | null = start

  const arrive = (lead: Lead) =>
    store.write(async (tx) => {
      const who = lead.comesBack ? everybody[Math.floor(random() * everybody.length)] : undefined
      const isOpen = who ? await hasOpenLead(tx, who) : true
      const isNew = who === undefined || isOpen
      const person = { name: 'Somebody', name_rank: 1, created_at: lead.at, updated_at: lead.at }
      const personId = isNew ? await insertRow(tx, 'person', person) : who
      if (isNew) everybody.push(personId)
      const id = await insertRow(tx, 'lead', {
        ...{
          person_id: personId,
          status: 'open' as const,
          source: lead.source,
          source_detail: '{}',
          score: 50,
        },
        ...{ tier: lead.tier, opened_at: lead.at, last_at: lead.at, last_channel: 'form' as const },
        ...{ last_direction: 'in' as const, preview: '', missed_call: 0 as const, outbox: 'idle' as const },
      })
      await clocks.opened(tx, id, lead.at)
      const isOwned = await route.routeLead(tx, id, lead.at)
      const owned = isOwned ? undefined : await ownedClock(tx, id)
      if (owned) unowned.push({ leadId: id, at: owned.due_at })
      open.push({ id, until: lead.at + Math.ceil(random() * 48) * hour })
    })

  const finish = (now: number) =>
    store.write(async ({ db }) => {
      const ids = open.filter((it) => it.until <= now).map((it) => it.id)
      // Whoever has nobody cannot be finished.
      const done = await db
        .updateTable('lead')
        .set({ status: 'done', done_at: now, first_human_at: now })
        .where('id', 'in', ids)
        .where('owner_id', 'is not', null)
        .returning('id')
        .execute()
      const gone = new Set(done.map((it) => it.id))
      if (gone.size > 0)
        await db
          .updateTable('clock')
          .set({ state: 'cancelled', next_at: null })
          .where('lead_id', 'in', [...gone])
          .where('state', '=', 'running')
          .execute()
      open.splice(0, open.length, ...open.filter((it) => !gone.has(it.id)))
    })

  for (;;) {
    const due = unowned.reduce((first, it) => (first && first.at <= it.at ? first : it), unowned[0])
    const arrival = arrivals[nextArrival]
    const at = Math.min(arrival?.at ?? Infinity, nextRound, nextLook ?? Infinity, due?.at ?? Infinity)
    if (at > end) break
    await clock.advanceTo(Math.max(at, clock.now()))
    if (due && due.at === at) {
      unowned.splice(unowned.indexOf(due), 1)
      await store.write(async (tx) => {
        if ((await ownedClock(tx, due.leadId))?.state !== 'running') return
        late += 1
        if (await route.passOn(tx, due.leadId, at)) passedOn.push(due.leadId)
      })
    } else if (arrival && arrival.at === at) {
      nextArrival += 1
      await arrive(arrival)
    } else {
      if (at === nextRound) {
        nextRound += 4 * hour
        if (open.length > 0) await finish(at)
      }
      nextLook = await look.once()
    }
  }
  expect(nextArrival).toBe(leadCount)

  // Everything that was given, as the timeline keeps it.
  const events = await store.read.db
    .selectFrom('event')
    .select(['lead_id', 'at', 'data'])
    .where('type', '=', 'lead.routed')
    .orderBy('id')
    .execute()
  const routed = events.map(({ lead_id, at, data }) => ({
    leadId: lead_id ?? 0,
    at,
    ...(JSON.parse(data) as { from: number | null; to: number | null; by: string; rule: string | null }),
  }))
  const given = routed.flatMap((it) => (it.to === null ? [] : [{ ...it, to: it.to }]))

  const offDuty = given.filter((it) => {
    // An owner who is back within the quarter of an hour keeps the lead.
    const soon = it.rule === null && it.by === 'rule'
    return !isThere(it.to, it.at) && !(soon && isThere(it.to, it.at + 15 * minute))
  })

  // What each would have got of a pie that is cut anew for each lead among those who were there and not full for the day.
  const expected = people.map(() => 0)
  const actual = people.map(() => 0)
  const today = new Map<string, number>()
  for (const it of given.filter((lead) => lead.rule === 'rest')) {
    const date = DateTime.fromMillis(it.at, { zone }).toISODate()
    const there = people.flatMap(({ weight, mostPerDay }, at) => {
      const had = today.get(`${at} ${date}`) ?? 0
      return isThere(at + 1, it.at) && (mostPerDay === null || had < mostPerDay) ? [{ at, weight }] : []
    })
    const total = there.reduce((sum, one) => sum + one.weight, 0)
    for (const { at, weight } of there) expected[at] = (expected[at] ?? 0) + weight / total
    actual[it.to - 1] = (actual[it.to - 1] ?? 0) + 1
    const key = `${it.to - 1} ${date}`
    today.set(key, (today.get(key) ?? 0) + 1)
  }

  // A lead without an owner after its time, although somebody was there.
  const clocksOwned = await store.read.db
    .selectFrom('clock')
    .select(['lead_id', 'due_at', 'stopped_at'])
    .where('kind', '=', 'owned')
    .execute()
  const forgotten = clocksOwned.filter(({ due_at, stopped_at }) => {
    for (let at = due_at; at < Math.min(end, stopped_at ?? end); at += 5 * minute) {
      if (people.some((_, index) => isThere(index + 1, at))) return true
    }
    return false
  })

  // Of this process: how busy the machine is otherwise says nothing.
  const used = process.cpuUsage(began)
  const took = (used.user + used.system) / 1000
  const rows = people.map(({ name, weight }, at) => {
    const [want, got] = [expected[at] ?? 0, actual[at] ?? 0]
    return `${name.padEnd(6)} ${String(weight).padStart(6)} ${want.toFixed(1).padStart(10)} ${String(got).padStart(8)} ${`${(100 * (got / want - 1)).toFixed(2)} %`.padStart(9)} ${String(given.filter((it) => it.to === at + 1).length).padStart(8)}`
  })
  process.stdout.write(
    [
      `${leadCount} leads, ${vacations.length} vacations, ${(took / 1000).toFixed(1)} s of processor time`,
      'name   weight   expected      got      off  any rule',
      ...rows,
      `given ${given.length}, to somebody off duty ${offDuty.length}, out of time ${late} (passed on at once ${passedOn.length}), unowned past its clock with somebody there ${forgotten.length}`,
      '',
    ].join('\n'),
  )
  expect(offDuty).toEqual([])
  expect(forgotten).toEqual([])
  for (const [at, want] of expected.entries()) {
    expect(Math.abs((actual[at] ?? 0) / want - 1), people[at]?.name).toBeLessThan(0.02)
  }
  // The test is no test when little happens in it.
  expect(given.length).toBeGreaterThan(leadCount)
  expect(passedOn.length).toBeGreaterThan(50)
  expect(took).toBeLessThan(60_000)
  await store.close()
}, 180_000)
