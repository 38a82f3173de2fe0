import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Clocks } from '../contact/clocks.ts'
import type { Clock } from '../lib/clock.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import { packLedger } from '../store/queries/score-ledger.ts'
import { readSettings, type WorkspaceSettings } from '../store/queries/settings.ts'
import type { ReadStore, Store, WriteStore } from '../store/store.ts'
import type { ScoreRules } from './evaluate.ts'
import { unpackFacts } from './facts.ts'
import { keepFacts } from './read-facts.ts'
import {
  agedTo,
  differs,
  keepVerdict,
  type LeadToScore,
  makeRulesOf,
  toScore,
  type Why,
  type WithEntries,
} from './score-lead.ts'
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
const portion = 500
// Written at once: a message that arrives meanwhile waits for one chunk, not for all.
const chunk = 100

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
    const leads = await candidates(store.read, { after })
    const last = leads.at(-1)
    if (last === undefined) break
    const now = clock.now()
    const moving = leads.filter((lead) => moves(lead, rules, settings, { at: now, why })).map((it) => it.leadId)
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
function moves(lead: Candidate, rules: ScoreRules, { predict }: WorkspaceSettings, { at, why }: Why): boolean {
  const facts = lead.facts === null ? null : unpackFacts(lead.facts)
  if (facts === null) return true
  const verdict = withChance(rules.judge(facts, agedTo(lead, at)), facts, lead.chance, predict)
  // New rules may bring new reasons for the same score; what time does to points alone is told with the next change.
  return differs(lead, verdict) || (why === 'rules' && packLedger(verdict.ledger) !== lead.entries)
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
  for (const lead of await candidatesOf(tx, { ids: JSON.stringify(leadIds) })) {
    const { leadId } = lead
    const facts = (lead.facts === null ? null : unpackFacts(lead.facts)) ?? (await keepFacts(tx, leadId))
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

type Candidate = LeadToScore & WithEntries & { readonly facts: string | null }

const kept = (db: ReadStore['db']) =>
  db
    .selectFrom('lead')
    .leftJoin('lead_fact', 'lead_fact.lead_id', 'lead.id')
    .leftJoin('score_ledger', 'score_ledger.lead_id', 'lead.id')
    .select([...toScore, 'lead_fact.facts', 'score_ledger.entries'])

/** A portion of open leads with what is kept of them, also for the test of its plan. */
export const candidatesAfter = (db: ReadStore['db'], after: number) =>
  kept(db).where('lead.status', '=', 'open').where('lead.id', '>', after).orderBy('lead.id').limit(portion)

const candidates = keptQuery<{ after: number }, Candidate>((db, value) => candidatesAfter(db, value('after')))

const candidatesOf = keptQuery<{ ids: string }, Candidate>((db, value) =>
  kept(db).where('lead.id', 'in', sql<number>`(select value from json_each(${value('ids')}))`),
)
