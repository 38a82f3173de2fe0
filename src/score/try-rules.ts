import { setImmediate } from 'node:timers/promises'
import type { WorkspaceSettings } from '../store/queries/settings.ts'
import type { ReadStore } from '../store/store.ts'
import type { LedgerEntry, Scoring, Tiers, Trial } from './contract.ts'
import { prepareRules, type ScoreRules, type Verdict } from './evaluate.ts'
import type { Facts } from './facts.ts'
import { readFacts } from './read-facts.ts'
import { agedTo, type LeadToScore, toScore } from './score-lead.ts'

// Who would move is told of these; whether a rule ever fires, of more.
const triedLeads = 50
const lookedLeads = 500
// Leads that are over have no facts kept and are read anew, half a millisecond each.
const breath = 20
// With fewer leads "never" and "always" say nothing.
const fewestToTell = 20

type Proposal = { readonly scoring: Scoring; readonly tiers: Tiers }

/** What other rules would do to the last leads, beside what the rules in force do to them at the same moment. */
export async function tryRules(
  store: ReadStore,
  proposal: Proposal,
  settings: Pick<WorkspaceSettings, 'scoring' | 'tiers' | 'business'>,
  now: number,
): Promise<Trial> {
  const { localPostcodes, zone } = settings.business
  const options = { localPostcodes, zone }
  const current = prepareRules(settings.scoring, settings.tiers, options)
  const proposed = prepareRules(proposal.scoring, proposal.tiers, options)
  const leads = await lastLeads(store)
  const known: { readonly lead: Candidate; readonly facts: Facts }[] = []
  for (const [index, lead] of leads.entries()) {
    known.push({ lead, facts: await readFacts(store, lead.leadId) })
    // Somebody drags a number about: messages must not wait for it.
    if (index % breath === 0) await setImmediate()
  }
  const tried = known.slice(0, triedLeads)
  const moves = tried.flatMap(({ lead, facts }) => moveOf(lead, facts, current, proposed, agedTo(lead, now)))
  const holds = known.map(({ lead, facts }) => proposed.holding(facts, agedTo(lead, now)))
  const fired = countsOf(proposal.scoring, holds)
  return {
    tried: tried.length,
    changed: moves.length,
    moves: moves.toSorted((a, b) => distance(b) - distance(a) || b.leadId - a.leadId),
    fired,
    looked: known.length,
    warnings: warningsOf(proposal.scoring, fired, known.length),
  }
}

type Move = Trial['moves'][number]
type Candidate = LeadToScore & { readonly name: string; readonly company: string | null }

/** The newest, whatever became of them; two people who became one are one. */
const lastLeads = (store: ReadStore): Promise<Candidate[]> =>
  store.db
    .selectFrom('lead')
    .innerJoin('person', 'person.id', 'lead.person_id')
    .select([...toScore, 'person.name', 'person.company'])
    .where('lead.merged_into', 'is', null)
    .orderBy('lead.id', 'desc')
    .limit(lookedLeads)
    .execute()

function moveOf(lead: Candidate, facts: Facts, current: ScoreRules, proposed: ScoreRules, at: number): Move[] {
  const before = current.judge(facts, at)
  const after = proposed.judge(facts, at)
  if (JSON.stringify(judged(before)) === JSON.stringify(judged(after))) return []
  const { leadId, personId, name, company } = lead
  return [
    {
      leadId,
      personId,
      name,
      company,
      before: judged(before),
      after: judged(after),
      added: missingIn(before.ledger, after.ledger),
      removed: missingIn(after.ledger, before.ledger),
    },
  ]
}

const judged = ({ score, tier, grade, qualification }: Verdict) => ({ score, tier, grade, qualification })

const missingIn = (others: readonly LedgerEntry[], ledger: readonly LedgerEntry[]) =>
  ledger.filter(({ reason, points }) => !others.some((it) => it.reason === reason && it.points === points))

const tierRank = { hot: 2, warm: 1, nurture: 0 } as const
const distance = ({ before, after }: Move) =>
  Math.abs(tierRank[after.tier] - tierRank[before.tier]) * 1000 + Math.abs(after.score - before.score)

const rulesInForce = ({ mode, rules, buckets, questions }: Scoring) =>
  mode === 'points' ? rules : mode === 'buckets' ? buckets : questions

function countsOf(scoring: Scoring, holds: readonly (readonly string[])[]): Trial['fired'] {
  const counts = new Map<string, number>()
  for (const id of holds.flat()) counts.set(id, (counts.get(id) ?? 0) + 1)
  return rulesInForce(scoring).map(({ id }) => ({ rule: id, leads: counts.get(id) ?? 0 }))
}

function warningsOf(scoring: Scoring, fired: Trial['fired'], looked: number): Trial['warnings'] {
  const warnings: Trial['warnings'] = []
  for (const { rule, leads } of fired) {
    if (looked < fewestToTell) break
    if (leads === 0) warnings.push({ rule, text: `Fits none of the last ${looked} leads.` })
    if (leads === looked)
      warnings.push({ rule, text: `Fits every one of the last ${looked} leads, so it tells nothing.` })
  }
  if (scoring.mode === 'points') warnings.push(...pointWarnings(scoring))
  if (scoring.mode === 'buckets') warnings.push(...hiddenBuckets(scoring))
  return warnings
}

function pointWarnings({ rules, groups }: Scoring): Trial['warnings'] {
  const warnings: Trial['warnings'] = []
  for (const { id, label, cap } of groups) {
    const most = rules
      .filter((it) => it.group === id && it.points > 0)
      .reduce((sum, it) => sum + it.points * it.times, 0)
    if (most > 0 && most < cap) {
      warnings.push({
        rule: null,
        text: `${label}: its rules add up to ${most} at most, so its limit of ${cap} never applies.`,
      })
    }
  }
  for (const [index, rule] of rules.entries()) {
    const same = rules.slice(0, index).find((it) => JSON.stringify(it.when) === JSON.stringify(rule.when))
    if (same) warnings.push({ rule: rule.id, text: `Asks for the same as “${same.label}”: both count together.` })
  }
  return warnings
}

function hiddenBuckets({ buckets }: Scoring): Trial['warnings'] {
  return buckets.flatMap((rule, index) => {
    const same = buckets.slice(0, index).find((it) => JSON.stringify(it.when) === JSON.stringify(rule.when))
    return same ? [{ rule: rule.id, text: `Never decides: “${same.label}” asks for the same and comes first.` }] : []
  })
}
