import type { Tier } from '../inbox/contract.ts'
import { recordEvent } from '../store/queries/events.ts'
import { insertKeyedRow } from '../store/queries/insert-row.ts'
import type { WorkspaceSettings } from '../store/queries/settings.ts'
import type { WriteStore } from '../store/store.ts'
import { prepareRules, type ScoreRules } from './evaluate.ts'
import { collectFacts, readArrivals } from './facts.ts'

export type Scored = {
  readonly score: number
  readonly tier: Tier
  readonly changed: boolean
  /** Deadlines follow the tier: tell the clocks. */
  readonly tierChanged: boolean
}

/** Scores a lead by all that came in for it, and keeps the reasons. Belongs to the transaction of what came in. */
export type ScoreLead = (tx: WriteStore, leadId: number, settings: ScoreSettings, at: number) => Promise<Scored>

export type ScoreSettings = Pick<WorkspaceSettings, 'scoreRules' | 'tiers' | 'business'>

export function makeScoreLead(): ScoreLead {
  let known: { readonly settings: ScoreSettings; readonly rules: ScoreRules } | null = null
  return async (tx, leadId, settings, at) => {
    if (known?.settings !== settings) {
      const { scoreRules, tiers, business } = settings
      known = { settings, rules: prepareRules(scoreRules, tiers, business.localPostcodes) }
    }
    return scoreLead(tx, leadId, known.rules, at)
  }
}

async function scoreLead(tx: WriteStore, leadId: number, rules: ScoreRules, at: number): Promise<Scored> {
  const before = await tx.db
    .selectFrom('lead')
    .select(['person_id', 'score', 'tier'])
    .where('id', '=', leadId)
    .executeTakeFirstOrThrow()
  const entriesBefore = await tx.db
    .selectFrom('score_entry')
    .select(['rule', 'points', 'reason'])
    .where('lead_id', '=', leadId)
    .orderBy('rule')
    .execute()
  const { score, tier, ledger } = rules(collectFacts(await readArrivals(tx, leadId)))
  const entries = [...ledger].sort((a, b) => (a.rule < b.rule ? -1 : 1))
  const changed = score !== before.score || tier !== before.tier
  const isNew = entriesBefore.length === 0 && before.score === 0
  if (JSON.stringify(entries) !== JSON.stringify(entriesBefore)) {
    if (entriesBefore.length > 0) await tx.db.deleteFrom('score_entry').where('lead_id', '=', leadId).execute()
    for (const entry of entries) await insertKeyedRow(tx, 'score_entry', { lead_id: leadId, ...entry })
    tx.changed('lead', before.person_id)
  }
  if (changed) await tx.db.updateTable('lead').set({ score, tier }).where('id', '=', leadId).execute()
  if (changed || isNew) {
    const data = { score, tier, was: isNew ? null : before.score }
    const about = { personId: before.person_id, leadId, text: `Scored ${score} · ${tier}`, data }
    await recordEvent(tx, { at, type: 'lead.scored', ...about })
    tx.changed('lead', before.person_id)
  }
  return { score, tier, changed, tierChanged: tier !== before.tier }
}
