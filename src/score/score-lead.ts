import type { ClockKind, Tier } from '../inbox/contract.ts'
import { must } from '../lib/assert.ts'
import { recordEvent } from '../store/queries/events.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import { packLedger } from '../store/queries/score-ledger.ts'
import type { WorkspaceSettings } from '../store/queries/settings.ts'
import type { WriteStore } from '../store/store.ts'
import { prepareRules, type ScoreRules, type Verdict } from './evaluate.ts'
import { keepFacts } from './read-facts.ts'
import { withChance } from './with-chance.ts'

export type Scored = {
  readonly score: number
  readonly tier: Tier
  readonly changed: boolean
  /** Deadlines follow the tier: tell the clocks. */
  readonly tierChanged: boolean
}

/**
 * Scores a lead by all that is known of it, and keeps the reasons. Belongs to the transaction of what came in.
 * @param at ms UTC; points grow old up to here
 */
export type ScoreLead = (tx: WriteStore, leadId: number, settings: ScoreSettings, at: number) => Promise<Scored>

export type ScoreSettings = Pick<WorkspaceSettings, 'scoring' | 'tiers' | 'business' | 'predict'>

export function makeScoreLead(): ScoreLead {
  const rulesOf = makeRulesOf()
  return async (tx, leadId, settings, at) => {
    const lead = must((await leadToScore(tx, { leadId }))[0], `lead ${leadId}`)
    const facts = await keepFacts(tx, leadId)
    const verdict = withChance(rulesOf(settings).judge(facts, agedTo(lead, at)), facts, lead.chance, settings.predict)
    return keepVerdict(tx, lead, verdict, { at, why: 'arrival' })
  }
}

/** Rules of settings, made ready once: the same settings again cost nothing. */
export function makeRulesOf(): (settings: ScoreSettings) => ScoreRules {
  let known: { readonly made: string; readonly rules: ScoreRules } | null = null
  let last: { readonly settings: ScoreSettings; readonly rules: ScoreRules } | null = null
  return (settings) => {
    if (last?.settings === settings) return last.rules
    const { scoring, tiers, business } = settings
    const { localPostcodes, zone } = business
    // Settings are read anew for every delivery: it is their text that tells whether they changed.
    const made = JSON.stringify([scoring, tiers, localPostcodes, zone])
    if (known?.made !== made) known = { made, rules: prepareRules(scoring, tiers, { localPostcodes, zone }) }
    last = { settings, rules: known.rules }
    return known.rules
  }
}

export type LeadToScore = {
  readonly leadId: number
  readonly personId: number
  readonly score: number
  readonly tier: Tier
  readonly fit: number | null
  readonly engagement: number | null
  readonly grade: string | null
  readonly qualification: Verdict['qualification']
  /** When it was first called good, ms UTC. */
  readonly mqlAt: number | null
  /** How likely it is won, as a model foresaw it. */
  readonly chance: number | null
  readonly clockKind: ClockKind | null
  readonly clockStartedAt: number | null
}

/** What is stored of its reasons (store/queries/score-ledger.ts); null when it was never scored. */
export type WithEntries = { readonly entries: string | null }

const ourTurn: ReadonlySet<string> = new Set(['owned', 'first_contact', 'next_reply'])

/** Who waits for us does not cool down meanwhile: being slow must never buy a later deadline. */
export const agedTo = ({ clockKind, clockStartedAt }: LeadToScore, at: number) =>
  clockKind !== null && clockStartedAt !== null && ourTurn.has(clockKind) ? Math.min(at, clockStartedAt) : at

/** Whether a verdict differs from what the lead's row says. Its reasons may differ all the same. */
export const differs = (lead: LeadToScore, verdict: Verdict) =>
  verdict.score !== lead.score ||
  verdict.tier !== lead.tier ||
  verdict.fit !== lead.fit ||
  verdict.engagement !== lead.engagement ||
  verdict.grade !== lead.grade ||
  verdict.qualification !== lead.qualification

/** `time`: only because it passed; said in the timeline when the tier moves, not with every point. */
export type Why = { readonly at: number; readonly why: 'arrival' | 'rules' | 'time' }

/** Writes what was decided of a lead: its row, its reasons, and a line in the timeline when there is news. */
export async function keepVerdict(
  tx: WriteStore,
  lead: LeadToScore & WithEntries,
  verdict: Verdict,
  { at, why }: Why,
): Promise<Scored> {
  const { leadId, personId } = lead
  const { score, tier, fit, engagement, grade, qualification } = verdict
  const entries = packLedger(verdict.ledger)
  const changed = differs(lead, verdict)
  const tierChanged = tier !== lead.tier
  const isNew = lead.entries === null && lead.score === 0
  if (entries !== lead.entries) await saveLedger(tx, { leadId, entries })
  if (changed || entries !== lead.entries || isNew) tx.changed('lead', personId)
  // The first moment counts, and it stays when the lead cools down.
  const mqlAt = tier !== 'nurture' || qualification === 'qualified' ? (lead.mqlAt ?? at) : lead.mqlAt
  if (changed || mqlAt !== lead.mqlAt) {
    await saveVerdict(tx, { leadId, score, tier, fit, engagement, grade, qualification, mqlAt })
  }
  if (
    isNew ||
    (why === 'time' ? tierChanged : score !== lead.score || tierChanged || qualification !== lead.qualification)
  ) {
    const data = { score, tier, grade, qualification, was: isNew ? null : lead.score }
    await recordEvent(tx, {
      at,
      type: 'lead.scored',
      personId,
      leadId,
      text: words(verdict, why === 'time' && score < lead.score),
      data,
    })
  }
  return { score, tier, changed, tierChanged }
}

function words({ score, tier, grade, qualification }: Verdict, cooled: boolean): string {
  if (qualification !== null) return qualificationWords[qualification]
  const scored = `${score} · ${tier}${grade === null ? '' : ` · ${grade}`}`
  return cooled ? `Cooled down: ${scored}` : `Scored ${scored}`
}

const qualificationWords = {
  qualified: 'Qualified',
  disqualified: 'Disqualified',
  open: 'Not every question has an answer yet',
} as const

type OfLead = { leadId: number }

export const toScore = [
  'lead.id as leadId',
  'lead.person_id as personId',
  'lead.score',
  'lead.tier',
  'lead.fit',
  'lead.engagement',
  'lead.grade',
  'lead.qualification',
  'lead.mql_at as mqlAt',
  'lead.chance',
  'lead.clock_kind as clockKind',
  'lead.clock_started_at as clockStartedAt',
] as const

const leadToScore = keptQuery<OfLead, LeadToScore & WithEntries>((db, value) =>
  db
    .selectFrom('lead')
    .leftJoin('score_ledger', 'score_ledger.lead_id', 'lead.id')
    .select(toScore)
    .select('score_ledger.entries')
    .where('lead.id', '=', value('leadId')),
)

const saveLedger = keptQuery<OfLead & { entries: string }, unknown>((db, value) =>
  db
    .insertInto('score_ledger')
    .values({ lead_id: value('leadId'), entries: value('entries') })
    .onConflict((conflict) => conflict.column('lead_id').doUpdateSet({ entries: value('entries') })),
)

const saveVerdict = keptQuery<OfLead & Omit<Verdict, 'ledger'> & { mqlAt: number | null }, unknown>((db, value) =>
  db
    .updateTable('lead')
    .set({
      score: value('score'),
      tier: value('tier'),
      fit: value('fit'),
      engagement: value('engagement'),
      grade: value('grade'),
      qualification: value('qualification'),
      mql_at: value('mqlAt'),
    })
    .where('id', '=', value('leadId')),
)
