import { day } from '../lib/durations.ts'
import type { ReadStore } from '../store/store.ts'
import type { Scoring } from './contract.ts'

const lately = 90 * day
// Of a handful of leads none may fit a rule that is fine.
const fewestLeads = 20

/** Rules in force that no lead opened in the last 90 days fitted. None while there are too few leads to tell. */
export async function findDeadRules(store: ReadStore, scoring: Scoring, now: number) {
  const since = now - lately
  const { leads } = await leadsSince(store, since).executeTakeFirstOrThrow()
  if (leads < fewestLeads) return { leads, rules: [] }
  const fired = new Set((await rulesSince(store, since).execute()).map((it) => it.rule))
  const inForce = scoring.mode === 'points' ? scoring.rules : scoring.mode === 'buckets' ? scoring.buckets : []
  const rules = inForce.filter((it) => !fired.has(it.id)).map(({ id, label }) => ({ rule: id, label }))
  return { leads, rules }
}

/** Also for whoever asks how many leads came lately. */
export const leadsSince = (store: ReadStore, since: number) =>
  store.db
    .selectFrom('lead')
    .select((it) => it.fn.countAll<number>().as('leads'))
    .where('opened_at', '>=', since)

/** For {@link findDeadRules} and for the test of its plan. */
export const rulesSince = (store: ReadStore, since: number) =>
  store.db
    .selectFrom('lead')
    // A left join keeps the leads as the outer loop.
    .leftJoin('score_entry', 'score_entry.lead_id', 'lead.id')
    .select('score_entry.rule')
    .distinct()
    .where('lead.opened_at', '>=', since)
    .where('score_entry.rule', 'is not', null)
    .$narrowType<{ rule: string }>()
