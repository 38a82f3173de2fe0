import type { Tier } from '../inbox/contract.ts'
import { missingCase } from '../lib/assert.ts'
import { day } from '../lib/durations.ts'
import { type Asked, type Compiled, type CompileOptions, makeCompiler, type Times } from './conditions.ts'
import type { LedgerEntry, Qualification, ScoreGroup, ScoreRule, Scoring, Tiers } from './contract.ts'
import type { Facts } from './facts.ts'

export type Verdict = {
  readonly score: number
  readonly tier: Tier
  /** Null where points are not counted. */
  readonly fit: number | null
  readonly engagement: number | null
  /** A1 to C3. */
  readonly grade: string | null
  /** Null where no questions are asked. */
  readonly qualification: Qualification | null
  /** Where points are counted, their sum is the score. */
  readonly ledger: readonly LedgerEntry[]
}

/** Rules made ready to be asked many times. */
export type ScoreRules = {
  /** @param now ms UTC: the same facts at the same time always get the same verdict */
  readonly judge: (facts: Facts, now: number) => Verdict
  /** Ids of the rules (of the mode in force) whose conditions hold. */
  readonly holding: (facts: Facts, now: number) => readonly string[]
  /** Whether time alone can change a verdict. */
  readonly grows: boolean
}

/** Makes rules ready: costs as much as a few hundred leads, so keep the answer. */
export function prepareRules(scoring: Scoring, tiers: Tiers, options: CompileOptions): ScoreRules {
  switch (scoring.mode) {
    case 'points':
      return pointRules(scoring, tiers, options)
    case 'buckets':
      return bucketRules(scoring, tiers, options)
    case 'qualify':
      return questionRules(scoring, tiers, options)
    default:
      return missingCase(scoring.mode)
  }
}

export function tierOf(score: number, { hotFrom, warmFrom }: Tiers): Tier {
  if (score >= hotFrom) return 'hot'
  return score >= warmFrom ? 'warm' : 'nurture'
}

const highest = 100

function prepare<R extends { readonly when: ScoreRule['when'] }>(rules: readonly R[], options: CompileOptions) {
  const compiler = makeCompiler(options)
  const compiled = rules.map((rule) => ({ rule, when: compiler.compile(rule.when) }))
  const wordsIn = compiler.finish()
  return { compiled, ask: (facts: Facts, now: number): Asked => ({ facts, now, words: wordsIn(facts) }) }
}

type Prepared = {
  readonly rule: ScoreRule
  readonly when: Compiled
  readonly group: ScoreGroup | null
  /** Of the group among the groups. */
  readonly place: number
}

function pointRules({ rules, groups, grades }: Scoring, tiers: Tiers, options: CompileOptions): ScoreRules {
  const { compiled, ask } = prepare(rules, options)
  const byId = new Map(groups.map((it) => [it.id, it]))
  const prepared: readonly Prepared[] = compiled.map(({ rule, when }) => ({
    rule,
    when,
    group: rule.group === null ? null : (byId.get(rule.group) ?? null),
    place: groups.findIndex((it) => it.id === rule.group),
  }))
  const judge = (facts: Facts, now: number): Verdict => {
    const ledger: LedgerEntry[] = []
    const sums = groups.map(() => 0)
    let outside = 0
    let lowest: ScoreRule | null = null
    const asked = ask(facts, now)
    for (const { rule, when, group, place } of prepared) {
      const times = when.times(asked, rule.withinDays)
      if (times.length === 0) continue
      const entry = entryOf(rule, group, times, now)
      ledger.push(entry)
      if (group === null) outside += entry.points
      else sums[place] = (sums[place] ?? 0) + entry.points
      if (isLower(rule, lowest)) lowest = rule
    }
    const axes = { fit: 0, engagement: 0 }
    for (const [place, group] of groups.entries()) {
      const sum = sums[place] ?? 0
      const kept = clamp(sum, group.floor, group.cap)
      axes[group.axis] += kept
      if (kept !== sum) ledger.push(limit(`#group:${group.id}`, kept - sum, groupWords(group, kept < sum), group.axis))
    }
    let score = axes.fit + axes.engagement + outside
    const top = lowest?.ceiling ?? highest
    if (lowest !== null && score > top) {
      ledger.push(limit('#ceiling', top - score, `Never above ${top}: ${lowest.label}`, null))
      score = top
    }
    const shown = clamp(score, 0, highest)
    if (shown !== score) {
      ledger.push(limit('#scale', shown - score, shown < score ? `${highest} is the most` : '0 is the least', null))
    }
    const fit = clamp(axes.fit, 0, top)
    const engagement = clamp(axes.engagement, 0, top)
    const grade = letter(fit, grades) + digit(engagement, grades)
    return { score: shown, tier: tierOf(shown, tiers), fit, engagement, grade, qualification: null, ledger }
  }
  return {
    judge,
    holding: (facts, now) => {
      const asked = ask(facts, now)
      return prepared.filter(({ rule, when }) => when.times(asked, rule.withinDays).length > 0).map((it) => it.rule.id)
    },
    grows: prepared.some(
      ({ rule, group }) => halfLifeOf(rule, group) !== null || rule.withinDays !== null || asksDays(rule),
    ),
  }
}

const asksDays = ({ when }: Pick<ScoreRule, 'when'>) =>
  [...when.all, ...when.any, ...when.not].some((it) => it.kind === 'touches' && it.withinDays !== null)

/** The lowest ceiling, and of equal ones the same whatever the order of the rules. */
function isLower(rule: ScoreRule, than: ScoreRule | null): boolean {
  if (rule.ceiling === null) return false
  if (than === null || than.ceiling === null) return true
  return rule.ceiling < than.ceiling || (rule.ceiling === than.ceiling && rule.id < than.id)
}

/** What somebody does grows old; what they are does not. */
const halfLifeOf = (rule: ScoreRule, group: ScoreGroup | null) =>
  group?.axis === 'engagement' ? rule.halfLifeDays : null

function entryOf(rule: ScoreRule, group: ScoreGroup | null, times: Times, now: number): LedgerEntry {
  const counted = Math.min(times.length, rule.times)
  const halfLife = halfLifeOf(rule, group)
  const raw = rule.points * counted
  let left = raw
  if (halfLife !== null) {
    left = 0
    for (let n = 0; n < counted; n += 1) {
      left += rule.points * 0.5 ** (Math.max(0, now - (times[n] ?? now)) / (halfLife * day))
    }
  }
  const often = counted > 1 ? ` (${counted} times)` : ''
  return {
    rule: rule.id,
    points: whole(left),
    reason: rule.label + often,
    kind: 'rule',
    raw,
    axis: group?.axis ?? null,
    at: halfLife === null ? null : (times[0] ?? null),
  }
}

// Half points away from zero on both sides, and no -0, which JSON and databases do not know.
const whole = (points: number) => Math.sign(points) * Math.round(Math.abs(points)) || 0
const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value))

const limit = (rule: string, points: number, reason: string, axis: LedgerEntry['axis']): LedgerEntry => ({
  rule,
  points,
  reason,
  kind: 'limit',
  raw: points,
  axis,
  at: null,
})

const groupWords = ({ label, cap, floor }: ScoreGroup, over: boolean) =>
  over ? `Capped at ${cap} (${label})` : `No lower than ${floor} (${label})`

const letter = (fit: number, { a, b }: Scoring['grades']) => (fit >= a ? 'A' : fit >= b ? 'B' : 'C')
const digit = (engagement: number, { one, two }: Scoring['grades']) =>
  engagement >= one ? '1' : engagement >= two ? '2' : '3'

const noGrade = { fit: null, engagement: null, grade: null } as const

/** A score for the order of the list: the lowest of the tier. */
const scoreOf = (tier: Tier, { hotFrom, warmFrom }: Tiers) =>
  tier === 'hot' ? hotFrom : tier === 'warm' ? warmFrom : 0

const reasonEntry = (rule: string, points: number, reason: string): LedgerEntry => ({
  ...limit(rule, points, reason, null),
  kind: 'rule',
})

/** The first rule that fits decides; without one it is nurture. */
function bucketRules({ buckets }: Scoring, tiers: Tiers, options: CompileOptions): ScoreRules {
  const { compiled, ask } = prepare(buckets, options)
  return {
    judge: (facts, now) => {
      const asked = ask(facts, now)
      const decides = compiled.find(({ when }) => when.times(asked, null).length > 0)?.rule
      const tier = decides?.tier ?? 'nurture'
      const score = scoreOf(tier, tiers)
      const ledger = decides ? [reasonEntry(decides.id, score, decides.label)] : []
      return { score, tier, ...noGrade, qualification: null, ledger }
    },
    holding: (facts, now) => {
      const asked = ask(facts, now)
      return compiled.filter(({ when }) => when.times(asked, null).length > 0).map((it) => it.rule.id)
    },
    grows: buckets.some(asksDays),
  }
}

/** All yes: qualified, act now. One no: disqualified. Otherwise there is something left to ask. */
function questionRules({ questions }: Scoring, tiers: Tiers, options: CompileOptions): ScoreRules {
  const { compiled, ask } = prepare(questions, options)
  return {
    judge: (facts, now) => {
      const asked = ask(facts, now)
      const answers = compiled.map(({ rule, when }) => ({ rule, says: when.answer(asked) }))
      const qualification = verdictOf(answers.map((it) => it.says))
      const tier = qualification === 'qualified' ? 'hot' : qualification === 'open' ? 'warm' : 'nurture'
      const ledger = answers.map(({ rule, says }) => reasonEntry(rule.id, 0, `${answerWords(says)}: ${rule.label}`))
      return { score: scoreOf(tier, tiers), tier, ...noGrade, qualification, ledger }
    },
    holding: (facts, now) => {
      const asked = ask(facts, now)
      return compiled.filter(({ when }) => when.answer(asked) === true).map((it) => it.rule.id)
    },
    grows: false,
  }
}

function verdictOf(answers: readonly (boolean | null)[]): Qualification {
  if (answers.includes(false)) return 'disqualified'
  return answers.length === 0 || answers.includes(null) ? 'open' : 'qualified'
}

const answerWords = (says: boolean | null) => (says === null ? 'Not said yet' : says ? 'Yes' : 'No')
