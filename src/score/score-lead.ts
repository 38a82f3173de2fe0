import type { ClockKind, Tier } from '../inbox/contract.ts'
import { must } from '../lib/assert.ts'
import { recordEvent } from '../store/queries/events.ts'
import { insertKeyedRow } from '../store/queries/insert-row.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import type { WorkspaceSettings } from '../store/queries/settings.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import type { LedgerEntry } from './contract.ts'
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
  /** How likely it is won, as a model foresaw it. */
  readonly chance: number | null
  readonly clockKind: ClockKind | null
  readonly clockStartedAt: number | null
}

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
  lead: LeadToScore,
  verdict: Verdict,
  { at, why }: Why,
): Promise<Scored> {
  const { leadId, personId } = lead
  const { score, tier, fit, engagement, grade, qualification, ledger } = verdict
  const entries = ledger.toSorted((a, b) => (a.rule < b.rule ? -1 : 1))
  const before = await entriesOf(tx, { leadId })
  const changed = differs(lead, verdict)
  const tierChanged = tier !== lead.tier
  const isNew = before.length === 0 && lead.score === 0
  if (JSON.stringify(entries.map(inOrder)) !== JSON.stringify(before.map(inOrder))) {
    if (before.length > 0) await dropEntries(tx, { leadId })
    for (const entry of entries) await insertKeyedRow(tx, 'score_entry', { lead_id: leadId, ...inOrder(entry) })
    tx.changed('lead', personId)
  }
  if (changed) await saveVerdict(tx, { leadId, score, tier, fit, engagement, grade, qualification })
  if (tier !== 'nurture' || qualification === 'qualified') await saveFirstGood(tx, { leadId, at })
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
  if (changed || isNew) tx.changed('lead', personId)
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

/** Columns in one order: rows are compared and statements kept by their text. */
const inOrder = ({ rule, points, reason, kind, raw, axis, at }: LedgerEntry): LedgerEntry => ({
  rule,
  points,
  reason,
  kind,
  raw,
  axis,
  at,
})

type OfLead = { leadId: number }

const toScore = [
  'id as leadId',
  'person_id as personId',
  'score',
  'tier',
  'fit',
  'engagement',
  'grade',
  'qualification',
  'chance',
  'clock_kind as clockKind',
  'clock_started_at as clockStartedAt',
] as const

const leadToScore = keptQuery<OfLead, LeadToScore>((db, value) =>
  db.selectFrom('lead').select(toScore).where('id', '=', value('leadId')),
)

/** What scoring reads of a lead's row. */
export async function readLeadToScore(store: ReadStore, leadId: number): Promise<LeadToScore | null> {
  return (await leadToScore(store, { leadId }))[0] ?? null
}

const entriesOf = keptQuery<OfLead, LedgerEntry>((db, value) =>
  db
    .selectFrom('score_entry')
    .select(['rule', 'points', 'reason', 'kind', 'raw', 'axis', 'at'])
    .where('lead_id', '=', value('leadId'))
    .orderBy('rule'),
)

const dropEntries = keptQuery<OfLead, unknown>((db, value) =>
  db.deleteFrom('score_entry').where('lead_id', '=', value('leadId')),
)

const saveVerdict = keptQuery<OfLead & Omit<Verdict, 'ledger'>, unknown>((db, value) =>
  db
    .updateTable('lead')
    .set({
      score: value('score'),
      tier: value('tier'),
      fit: value('fit'),
      engagement: value('engagement'),
      grade: value('grade'),
      qualification: value('qualification'),
    })
    .where('id', '=', value('leadId')),
)

// The first moment counts, and it stays when the lead cools down.
const saveFirstGood = keptQuery<OfLead & { at: number }, unknown>((db, value) =>
  db
    .updateTable('lead')
    .set({ mql_at: value('at') })
    .where('id', '=', value('leadId'))
    .where('mql_at', 'is', null),
)
