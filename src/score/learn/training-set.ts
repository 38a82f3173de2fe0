import { setImmediate } from 'node:timers/promises'
import type { Tier } from '../../inbox/contract.ts'
import { readSettings } from '../../store/queries/settings.ts'
import type { ReadStore } from '../../store/store.ts'
import type { Verdict } from '../evaluate.ts'
import { type Table, tableFromRecords } from '../predict/table.ts'
import { makeRulesOf } from '../score-lead.ts'
import { decisionOf, type KnowDeps, type Known, readKnownThen } from './known-then.ts'

export const target = 'outcome'
export const positive = 'won'

export type TrainingSet = {
  /** With the column {@link target}. */
  readonly table: Table
  /** What the rules of today say of the same leads at the same moments, by row: to put them in order by. */
  readonly rulesOrder: readonly number[]
  readonly rulesScores: readonly number[]
  readonly rulesTiers: readonly Tier[]
}

// More says nothing new, and the oldest are of another business.
const latest = 20_000
const portion = 50

export type Counted = {
  readonly outcomes: number
  readonly won: number
  /** When the first of them ended, ms UTC. */
  readonly firstAt: number | null
}

/** How often each end is known: what the gate asks for. */
export async function countOutcomes(store: ReadStore): Promise<Counted> {
  const row = await countOutcomesQuery(store).executeTakeFirstOrThrow()
  return { outcomes: row.outcomes, won: row.won ?? 0, firstAt: row.firstAt }
}

export const countOutcomesQuery = (store: ReadStore) =>
  store.db
    .selectFrom('lead')
    .select((it) => [
      it.fn.countAll<number>().as('outcomes'),
      it.fn.min<number | null>('outcome_at').as('firstAt'),
      it.fn.sum<number | null>(it.case().when('outcome', '=', 'won').then(1).else(0).end()).as('won'),
    ])
    .where('outcome', 'is not', null)
    .where('outcome_at', 'is not', null)
    .where('merged_into', 'is', null)

/** Every lead whose end is known, as it was when it had to be judged. Others get their turn in between. */
export async function readTrainingSet(store: ReadStore, deps: KnowDeps): Promise<TrainingSet> {
  const settings = await readSettings(store)
  const rules = makeRulesOf()(settings)
  const leads = await endedLeadsQuery(store).execute()
  const records: Known[] = []
  const verdicts: Verdict[] = []
  for (const [at, lead] of leads.entries()) {
    if (at % portion === portion - 1) await setImmediate()
    const then = decisionOf(lead)
    const { facts, known } = await readKnownThen(store, lead, then, settings.business, deps)
    records.push({ ...known, [target]: lead.outcome === 'won' ? positive : 'not won' })
    verdicts.push(rules.judge(facts, then))
  }
  return {
    table: tableFromRecords(records),
    rulesOrder: verdicts.map((it) => it.score + tierRank[it.tier] / 10),
    rulesScores: verdicts.map((it) => it.score),
    rulesTiers: verdicts.map((it) => it.tier),
  }
}

// Without points only the tier tells leads apart; with them it follows the points and changes nothing.
const tierRank = { hot: 2, warm: 1, nurture: 0 } as const

export const endedLeadsQuery = (store: ReadStore) =>
  store.db
    .selectFrom('lead')
    .select([
      'id as leadId',
      'opened_at as openedAt',
      'first_human_at as firstHumanAt',
      'outcome_at as outcomeAt',
      'outcome',
    ])
    .where('outcome', 'is not', null)
    .where('outcome_at', 'is not', null)
    .where('merged_into', 'is', null)
    .orderBy('outcome_at', 'desc')
    .orderBy('id', 'desc')
    .limit(latest)
