import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Clocks } from '../contact/clocks.ts'
import type { Clock } from '../lib/clock.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import { packLedger } from '../store/queries/score-ledger.ts'
import { readSettings, type WorkspaceSettings } from '../store/queries/settings.ts'
import type { ReadStore, Store, WriteStore } from '../store/store.ts'
import type { ScoreRules, Verdict } from './evaluate.ts'
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
// Written at once: a message that arrives meanwhile waits for one chunk, not for all. What has to be collected from
// everything that is stored takes ten times as long.
const chunk = { decided: 250, open: 25 }
// A run that is cut off looks at so many leads again, at most: noting how far it got is a commit, too.
const noted = 10 * portion

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
  await deps.store.write((tx) =>
    keep(
      tx,
      deps,
      leadIds.map((leadId) => ({ leadId })),
      makeRulesOf(),
      { at: deps.clock.now(), why: 'rules' },
    ),
  )
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
    const by = { rules: rulesOf(settings), predict: settings.predict }
    const leads = await candidates(store.read, { after })
    const last = leads.at(-1)
    if (last === undefined) break
    const now = clock.now()
    const moving = leads.flatMap((lead) => judged(lead, by, { at: now, why }) ?? [])
    for (const some of chunksOf(moving)) {
      await setImmediate()
      changed += await store.write((tx) => keep(tx, deps, some, rulesOf, { at: now, why }))
    }
    looked += leads.length
    after = last.leadId
    if (remembers && looked % noted === 0) await remember(store, after)
    // The others get their turn: what waits for the database alone never lets go of the thread.
    await setImmediate()
  }
  if (remembers) await store.write(({ db }) => db.deleteFrom('rescore_run').execute())
  return { looked, changed }
}

/** What was decided of a lead, of what, and by which rules; null where its facts are not kept yet. */
type Judged = {
  readonly leadId: number
  readonly of: Candidate
  readonly by: By
  readonly verdict: Verdict | null
}

type By = { readonly rules: ScoreRules; readonly predict: WorkspaceSettings['predict'] }

function chunksOf(moving: readonly Judged[]): (readonly Judged[])[] {
  const { decided = [], open = [] } = Object.groupBy(moving, (it) => (it.verdict === null ? 'open' : 'decided'))
  const cut = (list: readonly Judged[], size: number) =>
    Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size))
  return [...cut(decided, chunk.decided), ...cut(open, chunk.open)]
}

/** Null for a lead that stays as it is. Where facts are not kept, the transaction looks, and keeps them. */
function judged(lead: Candidate, by: By, { at, why }: Why): Judged | null {
  const facts = lead.facts === null ? null : unpackFacts(lead.facts)
  const verdict = facts && withChance(by.rules.judge(facts, agedTo(lead, at)), facts, lead.chance, by.predict)
  // New rules may bring new reasons for the same score; what time does to points alone is told with the next change.
  const stays =
    verdict !== null && !differs(lead, verdict) && (why === 'time' || packLedger(verdict.ledger) === lead.entries)
  return stays ? null : { leadId: lead.leadId, of: lead, by, verdict }
}

/** Judged again in its transaction when something came in since it was looked at, or the rules changed. */
async function keep(
  tx: WriteStore,
  { clocks }: RescoreDeps,
  moving: readonly (Pick<Judged, 'leadId'> & Partial<Judged>)[],
  rulesOf: ReturnType<typeof makeRulesOf>,
  why: Why,
): Promise<number> {
  const settings = await readSettings(tx)
  const by = { rules: rulesOf(settings), predict: settings.predict }
  const known = new Map(moving.map((it) => [it.leadId, it]))
  const leads = await candidatesOf(tx, { ids: JSON.stringify([...known.keys()]) })
  const first = moving[0]?.by
  const sameRules = first?.rules === by.rules && JSON.stringify(first.predict) === JSON.stringify(by.predict)
  let changed = 0
  for (const lead of leads) {
    const { leadId } = lead
    const before = known.get(leadId)
    let verdict = before && sameRules && isSame(before.of, lead) ? before.verdict : null
    if (!verdict) {
      const facts = (lead.facts === null ? null : unpackFacts(lead.facts)) ?? (await keepFacts(tx, leadId))
      verdict = withChance(by.rules.judge(facts, agedTo(lead, why.at)), facts, lead.chance, by.predict)
    }
    const scored = await keepVerdict(tx, lead, verdict, why)
    if (scored.changed) changed += 1
    if (!scored.tierChanged) continue
    await clocks.retargeted(tx, leadId)
    await refreshLeadRow(tx, leadId)
  }
  return changed
}

/** Whether a verdict still stands: what it was made of is what is stored now. */
const isSame = (then: Candidate | undefined, now: Candidate) =>
  then?.facts === now.facts &&
  then.chance === now.chance &&
  then.clockKind === now.clockKind &&
  then.clockStartedAt === now.clockStartedAt

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
