import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ChannelKind, ClockKind, Tier } from '../inbox/contract.ts'
import { localMinutes } from '../lib/local-minutes.ts'
import type { MethodOutput } from '../rpc/contract.ts'
import type { Calendars, ReadCalendars } from '../store/queries/calendars.ts'
import { readSettings } from '../store/queries/settings.ts'
import { firstAnswersIn, type VerdictRow, verdictsIn, waitingQuery } from '../store/queries/verdicts.ts'
import type { ReadStore } from '../store/store.ts'
import type { Basis } from './contract.ts'
import { Times } from './spread.ts'
import { Count, type Counted, Groups, TimedCount } from './tally.ts'
import { lastWeeks, partsOf, type Span } from './weeks.ts'
import { type DayTime, StartedGroups, worstOf } from './worst.ts'

export type Asked = {
  readonly weeks: number
  readonly ago?: number | undefined
  readonly kind: ClockKind
  readonly basis: Basis
  readonly now: number
}

/**
 * Reckons with one row a clock, not in SQL: medians and business time are not there, and hours at a time the engine goes
 * on answering others while it counts a quarter of two hundred thousand leads.
 */
export async function readCompliance(
  store: ReadStore,
  readCalendars: ReadCalendars,
  { weeks: count, ago, kind, basis, now }: Asked,
): Promise<MethodOutput<'analyze.compliance'>> {
  const { zone } = (await readSettings(store)).business
  const calendars = await readCalendars(store)
  const weeks = lastWeeks(now, zone, count, ago)
  const timed = () => new TimedCount()
  const total = timed()
  const groups = {
    tiers: new Groups<Tier, TimedCount>(timed),
    people: new Groups<number | null, TimedCount>(timed),
    channels: new Groups<ChannelKind | null, TimedCount>(timed),
  }
  const started = new StartedGroups()
  const response = { human: new Times(), automatic: new Times(), leads: 0 }
  const counted: { readonly week: Span; readonly total: Count; readonly tiers: Groups<Tier, Count> }[] = []
  for (const week of weeks) {
    const inWeek = { week, total: new Count(), tiers: new Groups<Tier, Count>(() => new Count()) }
    counted.push(inWeek)
    for (const { from, to } of partsOf(week)) {
      // What is due later was not missed.
      if (from > now) break
      for (const row of await verdictsIn(store, { kind, basis, from, to: Math.min(to, now + 1) })) {
        const it = countedOf(row, calendars)
        total.add(it)
        inWeek.total.add(it)
        inWeek.tiers.add(row.tier, it)
        groups.tiers.add(row.tier, it)
        groups.people.add(row.ownerId, it)
        groups.channels.add(row.channel, it)
        const { met, excused, tier, channel, startedAt } = row
        if (met === 1 || excused === null) started.add({ late: met === 0, tier, channel, startedAt })
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
    total: await reportOf(total),
    weeks: counted.map(({ week, total, tiers }) => ({
      ...week,
      tally: total.tally(),
      tiers: byTier(tiers).map(([tier, it]) => ({ tier, tally: it.tally() })),
    })),
    tiers: await reportsOf(byTier(groups.tiers), (tier) => ({ tier })),
    people: await reportsOf(mostFirst(groups.people), (ownerId) => ({
      ownerId,
      name: ownerId === null ? null : (names.get(ownerId) ?? null),
    })),
    channels: await reportsOf(mostFirst(groups.channels), (channel) => ({ channel })),
    worst: await worstOf(kind, started.values(), dayTimeIn(zone, calendars)),
    response: { human: response.human.spans(), automatic: response.automatic.spans(), leads: response.leads },
    waiting: (await waitingQuery(store, now).executeTakeFirst()) ?? { leads: 0, oldestAt: null },
  }
}

function countedOf({ met, excused, startedAt, stoppedAt, calendar }: VerdictRow, calendars: Calendars): Counted {
  if (stoppedAt === null) return { met, excused, took: null }
  const business = calendars.timeOf(calendar).between(startedAt, stoppedAt)
  return { met, excused, took: { wall: Math.max(0, stoppedAt - startedAt), business } }
}

/** Putting a hundred thousand times in order takes some milliseconds: the others get their turn after each. */
async function reportOf(count: TimedCount) {
  await nextTurn()
  return count.report()
}

async function reportsOf<K, N extends object>(groups: readonly (readonly [K, TimedCount])[], nameOf: (key: K) => N) {
  const reports: (N & Awaited<ReturnType<typeof reportOf>>)[] = []
  for (const [key, count] of groups) reports.push({ ...nameOf(key), ...(await reportOf(count)) })
  return reports
}

function dayTimeIn(zone: string, calendars: Calendars): (at: number) => DayTime {
  const localOf = localMinutes(zone)
  const business = calendars.timeOf('business')
  return (at) => ({ hour: Math.floor(localOf(at).minutes / 60), open: business.nextOpen(at) === at })
}

type Response = { readonly human: Times; readonly automatic: Times; leads: number }

async function addAnswers(store: ReadStore, calendars: Calendars, span: Span, response: Response): Promise<void> {
  const time = calendars.timeOf('business')
  for (const { openedAt, humanAt, autoAt } of await firstAnswersIn(store, span)) {
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
const byTier = <C extends Count>(groups: Groups<Tier, C>) =>
  groups.entries().toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))

function mostFirst<K, C extends Count>(groups: Groups<K, C>): [K, C][] {
  const size = ({ met, missed, excused }: Count) => met + missed + excused
  return groups.entries().toSorted(([, a], [, b]) => size(b) - size(a))
}
