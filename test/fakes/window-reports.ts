import type { Judged, Spread, Tally } from '../../src/analyze/contract.ts'
import type { ChannelKind, Tier } from '../../src/inbox/contract.ts'
import { day, hour, minute } from '../../src/lib/durations.ts'
import type { MethodInput, MethodName, MethodOutput } from '../../src/rpc/contract.ts'
import type { World } from './window-data.ts'

type Mine = Extract<MethodName, 'analyze.compliance' | 'analyze.complianceLeads' | 'analyze.excuse'>
type Answers = { readonly [M in Mine]: (input: MethodInput<M>) => MethodOutput<M> }

/** What the made-up engine answers about reports: the rows of the list as if each had been due once. */
export function reportAnswers(world: World): Answers {
  const excused = new Map<number, string>()
  const judged = (now: number): Judged[] =>
    world.rows.map((row, index) => {
      const late = index % 3 === 1
      const startedAt = now - ((index * 37) % 50) * day - hour
      return {
        clockId: row.leadId,
        leadId: row.leadId,
        personId: row.personId,
        name: row.name,
        tier: row.tier,
        channel: row.channel,
        owner: row.owner?.name ?? null,
        startedAt,
        dueAt: startedAt + 30 * minute,
        stoppedAt: index % 7 === 1 ? null : startedAt + (late ? 50 + index : 3 + (index % 20)) * minute,
        verdict: late ? (excused.has(row.leadId) ? 'excused' : 'missed') : 'met',
        excused: excused.get(row.leadId) ?? null,
      }
    })
  return {
    'analyze.compliance': ({ weeks }) => {
      const now = Date.now()
      const all = judged(now)
      const to = now - (now % day) + day
      const from = to - weeks * 7 * day
      const grouped = <K>(key: (it: Judged) => K) =>
        [...Map.groupBy(all, key)].map(([key, of]) => ({ key, tally: tallyOf(of), took: tookOf(of) }))
      const late = all.filter((it) => it.verdict === 'missed')
      return {
        from,
        to,
        zone: 'UTC',
        total: { tally: tallyOf(all), took: tookOf(all) },
        weeks: Array.from({ length: weeks }, (_, index) => {
          const week = { from: from + index * 7 * day, to: from + (index + 1) * 7 * day }
          const inside = all.filter((it) => it.dueAt >= week.from && it.dueAt < week.to)
          const tiers = [...Map.groupBy(inside, (it) => it.tier)].map(([tier, of]) => ({ tier, tally: tallyOf(of) }))
          return { ...week, tally: tallyOf(inside), tiers }
        }),
        tiers: grouped((it) => it.tier).map(({ key: tier, ...it }) => ({ tier, ...it })),
        people: grouped((it) => it.owner).map(({ key: name, ...it }, index) => ({
          ownerId: name === null ? null : index + 1,
          name,
          ...it,
        })),
        channels: grouped((it) => it.channel).map(({ key: channel, ...it }) => ({ channel, ...it })),
        worst:
          late.length < 3
            ? null
            : {
                sentence: `Warm leads by mail wait longest for a first answer: 61% in time; 14 of 36 late, most after 16:00.`,
                tier: 'warm' satisfies Tier,
                channel: 'email' satisfies ChannelKind,
              },
        response: {
          human: tookOf(all),
          automatic: { wall: spread([4000, 9000, 52_000]), business: spread([4000]) },
          leads: all.length,
        },
        waiting: { leads: all.length === 0 ? 0 : 6, oldestAt: all.length === 0 ? null : now - 3 * hour },
      }
    },
    'analyze.complianceLeads': ({ tier, channel, verdict, from, to }) => ({
      rows: judged(Date.now()).filter(
        (it) =>
          (tier === undefined || it.tier === tier) &&
          (channel === undefined || it.channel === channel) &&
          (verdict === undefined || it.verdict === verdict) &&
          it.dueAt >= from &&
          it.dueAt < to,
      ),
      next: null,
    }),
    'analyze.excuse': ({ clockId, reason }) => {
      if (reason === null) excused.delete(clockId)
      else excused.set(clockId, reason)
      return {}
    },
  }
}

function tallyOf(judged: readonly Judged[]): Tally {
  const count = (verdict: Judged['verdict']) => judged.filter((it) => it.verdict === verdict).length
  return { met: count('met'), missed: count('missed'), excused: count('excused') }
}

function tookOf(judged: readonly Judged[]) {
  const times = judged.flatMap(({ startedAt, stoppedAt }) => (stoppedAt === null ? [] : [stoppedAt - startedAt]))
  return { wall: spread(times), business: spread(times.map((it) => it / 2)) }
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? null
  return { n: sorted.length, median: at(0.5), p90: at(0.9), p95: at(0.95) }
}
