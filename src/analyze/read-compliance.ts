import { setImmediate as nextTurn } from 'node:timers/promises'
import { DateTime } from 'luxon'
import type { ChannelKind, ClockKind, Tier } from '../inbox/contract.ts'
import type { MethodOutput } from '../rpc/contract.ts'
import type { Calendars, ReadCalendars } from '../store/queries/calendars.ts'
import { readSettings } from '../store/queries/settings.ts'
import { firstAnswersQuery, type VerdictRow, verdictsQuery, waitingQuery } from '../store/queries/verdicts.ts'
import type { ReadStore } from '../store/store.ts'
import type { Basis } from './contract.ts'
import { Times } from './spread.ts'
import { Count, type Counted, Groups } from './tally.ts'
import { lastWeeks, partsOf, type Span } from './weeks.ts'
import { type Started, worstOf } from './worst.ts'

export type Asked = { readonly weeks: number; readonly kind: ClockKind; readonly basis: Basis; readonly now: number }

/**
 * Reckons with one row a clock, not in SQL: medians and business time are not there, and hours at a time the engine goes
 * on answering others while it counts a quarter of two hundred thousand leads.
 */
export async function readCompliance(
  store: ReadStore,
  readCalendars: ReadCalendars,
  { weeks: count, kind, basis, now }: Asked,
): Promise<MethodOutput<'analyze.compliance'>> {
  const { zone } = (await readSettings(store)).business
  const calendars = await readCalendars(store)
  const weeks = lastWeeks(now, zone, count)
  const all = { total: new Count(), tiers: new Groups<Tier>(), people: new Groups<number | null>() }
  const channels = new Groups<ChannelKind | null>()
  const started: Started[] = []
  const response = { human: new Times(), automatic: new Times(), leads: 0 }
  const counted: { readonly week: Span; readonly total: Count; readonly tiers: Groups<Tier> }[] = []
  for (const week of weeks) {
    const inWeek = { week, total: new Count(), tiers: new Groups<Tier>() }
    counted.push(inWeek)
    for (const { from, to } of partsOf(week)) {
      // What is due later was not missed.
      if (from > now) break
      const verdicts = await verdictsQuery(store, { kind, basis, from, to: Math.min(to, now + 1) }).execute()
      for (const row of verdicts) {
        const it = countedOf(row, calendars)
        for (const count of [all.total, inWeek.total]) count.add(it)
        for (const groups of [all.tiers, inWeek.tiers]) groups.add(row.tier, it)
        all.people.add(row.ownerId, it)
        channels.add(row.channel, it)
        const { met, excused, tier, channel, startedAt } = row
        if (met === 1 || excused === null) started.push({ late: met === 0, tier, channel, startedAt })
      }
      await addAnswers(store, calendars, { from, to }, response)
      await nextTurn()
    }
  }
  const names = await namesOf(store)
  return {
    from: weeks[0]?.from ?? now,
    to: weeks.at(-1)?.to ?? now,
    zone,
    total: all.total.report(),
    weeks: counted.map(({ week, total, tiers }) => ({
      ...week,
      tally: total.tally(),
      tiers: byTier(tiers).map(([tier, it]) => ({ tier, tally: it.tally() })),
    })),
    tiers: byTier(all.tiers).map(([tier, it]) => ({ tier, ...it.report() })),
    people: mostFirst(all.people).map(([ownerId, it]) => ({
      ownerId,
      name: ownerId === null ? null : (names.get(ownerId) ?? null),
      ...it.report(),
    })),
    channels: mostFirst(channels).map(([channel, it]) => ({ channel, ...it.report() })),
    worst: worstOf(kind, started, (at) => dayTime(at, zone, calendars)),
    response: {
      human: response.human.spans(),
      automatic: response.automatic.spans(),
      leads: response.leads,
    },
    waiting: (await waitingQuery(store, now).executeTakeFirst()) ?? { leads: 0, oldestAt: null },
  }
}

function countedOf({ met, excused, startedAt, stoppedAt, calendar }: VerdictRow, calendars: Calendars): Counted {
  if (stoppedAt === null) return { met, excused, took: null }
  const business = calendars.timeOf(calendar).between(startedAt, stoppedAt)
  return { met, excused, took: { wall: Math.max(0, stoppedAt - startedAt), business } }
}

const dayTime = (at: number, zone: string, calendars: Calendars) => ({
  hour: DateTime.fromMillis(at, { zone }).hour,
  open: calendars.timeOf('business').nextOpen(at) === at,
})

type Response = { readonly human: Times; readonly automatic: Times; leads: number }

async function addAnswers(store: ReadStore, calendars: Calendars, span: Span, response: Response): Promise<void> {
  const time = calendars.timeOf('business')
  for (const { openedAt, humanAt, autoAt } of await firstAnswersQuery(store, span).execute()) {
    response.leads += 1
    if (humanAt !== null) response.human.add(humanAt - openedAt, time.between(openedAt, humanAt))
    if (autoAt !== null) response.automatic.add(autoAt - openedAt, time.between(openedAt, autoAt))
  }
}

async function namesOf(store: ReadStore): Promise<ReadonlyMap<number, string>> {
  const members = await store.db.selectFrom('member').select(['id', 'name']).execute()
  return new Map(members.map((it) => [it.id, it.name]))
}

const order: readonly Tier[] = ['hot', 'warm', 'nurture']
const byTier = (groups: Groups<Tier>) => groups.entries().toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))

function mostFirst<K>(groups: Groups<K>): [K, Count][] {
  const size = ({ met, missed, excused }: Count) => met + missed + excused
  return groups.entries().toSorted(([, a], [, b]) => size(b) - size(a))
}
