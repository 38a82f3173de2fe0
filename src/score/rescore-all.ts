import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Clocks } from '../contact/clocks.ts'
import type { Clock } from '../lib/clock.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import { readSettings, type WorkspaceSettings } from '../store/queries/settings.ts'
import type { ReadStore, Store, WriteStore } from '../store/store.ts'
import type { LedgerEntry } from './contract.ts'
import type { ScoreRules } from './evaluate.ts'
import { unpackFacts } from './facts.ts'
import { keepFacts } from './read-facts.ts'
import { agedTo, differs, keepVerdict, type LeadToScore, makeRulesOf, readLeadToScore, type Why } from './score-lead.ts'
import { withChance } from './with-chance.ts'

export type RescoreDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly clocks: Pick<Clocks, 'retargeted'>
}

export type Rescored = {
  /** Leads that were looked at. */
  readonly looked: number
  /** Leads that got another score, tier or grade. */
  readonly changed: number
}

// Read and judged at once: some milliseconds in which nothing else runs.
const portion = 200
// Written at once: a message that arrives meanwhile waits for one chunk, not for all.
const chunk = 25

/**
 * Scores every open lead again, after rules or tiers changed, or because time passed. Deadlines follow where the tier
 * did. Leads are judged outside of transactions by the facts that are kept of them; only those that move are written.
 * A run that is cut off goes on at the next start (`resumeRescore`).
 */
export async function rescoreAll(deps: RescoreDeps, why: 'rules' | 'time'): Promise<Rescored> {
  return run(deps, why, 0)
}

/** Gives some leads what follows for them now that their chance is another. Does nothing while rules alone decide. */
export async function rescoreByChance(deps: RescoreDeps, leadIds: readonly number[]): Promise<void> {
  const { predict } = await readSettings(deps.store.read)
  if (!predict.on || predict.cuts === null) return
  await deps.store.write((tx) => keep(tx, deps, leadIds, makeRulesOf(), { at: deps.clock.now(), why: 'rules' }))
}

/** Goes on where a run was cut off by the end of the program. @returns null when there was none */
export async function resumeRescore(deps: RescoreDeps): Promise<Rescored | null> {
  const cut = await deps.store.read.db.selectFrom('rescore_run').select('after_id').executeTakeFirst()
  return cut ? run(deps, 'rules', cut.after_id) : null
}

async function run(deps: RescoreDeps, why: 'rules' | 'time', from: number): Promise<Rescored> {
  const { store, clock } = deps
  const rulesOf = makeRulesOf()
  let looked = 0
  let changed = 0
  // What time alone did, the next hour does again.
  const remembers = why === 'rules'
  if (remembers) await remember(store, from)
  for (let after = from; ; ) {
    const settings = await readSettings(store.read)
    const rules = rulesOf(settings)
    // New rules may bring new reasons for the same score.
    const leads = await (why === 'rules' ? reasonsAfter : verdictsAfter)(store.read, { after })
    const last = leads.at(-1)
    if (last === undefined) break
    const now = clock.now()
    const moving = leads.filter((lead) => moves(lead, rules, settings, now)).map((it) => it.leadId)
    for (let start = 0; start < moving.length; start += chunk) {
      await setImmediate()
      changed += await store.write((tx) =>
        keep(tx, deps, moving.slice(start, start + chunk), rulesOf, { at: now, why }),
      )
    }
    looked += leads.length
    after = last.leadId
    if (remembers) await remember(store, after)
    // The others get their turn: what waits for the database alone never lets go of the thread.
    await setImmediate()
  }
  if (remembers) await store.write(({ db }) => db.deleteFrom('rescore_run').execute())
  return { looked, changed }
}

/** Leads whose facts are not kept are looked at in the transaction, which keeps them. */
function moves(lead: Candidate, rules: ScoreRules, { predict }: WorkspaceSettings, now: number): boolean {
  const facts = lead.facts === null ? null : unpackFacts(lead.facts)
  if (facts === null) return true
  const verdict = withChance(rules.judge(facts, agedTo(lead, now)), facts, lead.chance, predict)
  return differs(lead, verdict) || (lead.reasons !== undefined && lead.reasons !== reasonsOf(verdict.ledger))
}

/** Judged again in its transaction: something may have come in since it was looked at. */
async function keep(
  tx: WriteStore,
  { clocks }: RescoreDeps,
  leadIds: readonly number[],
  rulesOf: ReturnType<typeof makeRulesOf>,
  why: Why,
): Promise<number> {
  const settings = await readSettings(tx)
  const rules = rulesOf(settings)
  let changed = 0
  for (const leadId of leadIds) {
    const lead = await readLeadToScore(tx, leadId)
    if (lead === null) continue
    const facts = await keepFacts(tx, leadId)
    const verdict = withChance(rules.judge(facts, agedTo(lead, why.at)), facts, lead.chance, settings.predict)
    const scored = await keepVerdict(tx, lead, verdict, why)
    if (scored.changed) changed += 1
    if (!scored.tierChanged) continue
    await clocks.retargeted(tx, leadId)
    await refreshLeadRow(tx, leadId)
  }
  return changed
}

async function remember(store: Store, after: number): Promise<void> {
  const row = { id: 1, after_id: after }
  await store.write(({ db }) =>
    db
      .insertInto('rescore_run')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ after_id: after }))
      .execute(),
  )
}

type Candidate = LeadToScore & {
  readonly facts: string | null
  /** Their reasons as they are stored, as one text; left out when only the verdict matters. */
  readonly reasons?: string
}

/** The same text that the query makes of what is stored. */
const reasonsOf = (ledger: readonly LedgerEntry[]) =>
  ledger
    .toSorted((a, b) => (a.rule < b.rule ? -1 : 1))
    .map((it) => [it.rule, it.points, it.raw, it.at ?? '', it.reason].join('\t'))
    .join('\n')

const reasons = sql<string>`coalesce((
  select string_agg(rule || char(9) || points || char(9) || raw || char(9) || coalesce(at, '') || char(9) || reason, char(10)
    order by rule)
  from score_entry where lead_id = lead.id), '')`

/** A portion of open leads with what is kept of them, also for the test of its plan. */
export function leadsAfter(db: ReadStore['db'], after: number) {
  return db
    .selectFrom('lead')
    .leftJoin('lead_fact', 'lead_fact.lead_id', 'lead.id')
    .select([
      'lead.id as leadId',
      'lead.person_id as personId',
      'lead.score',
      'lead.tier',
      'lead.fit',
      'lead.engagement',
      'lead.grade',
      'lead.qualification',
      'lead.chance',
      'lead.clock_kind as clockKind',
      'lead.clock_started_at as clockStartedAt',
      'lead_fact.facts',
    ])
    .where('lead.status', '=', 'open')
    .where('lead.id', '>', after)
    .orderBy('lead.id')
    .limit(portion)
}

const verdictsAfter = keptQuery<{ after: number }, Candidate>((db, value) => leadsAfter(db, value('after')))
const reasonsAfter = keptQuery<{ after: number }, Candidate>((db, value) =>
  leadsAfter(db, value('after')).select(reasons.as('reasons')),
)
