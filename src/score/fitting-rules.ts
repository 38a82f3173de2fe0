import type { WorkspaceSettings } from '../store/queries/settings.ts'
import type { ReadStore } from '../store/store.ts'
import type { Conditions } from './contract.ts'
import { prepareRules } from './evaluate.ts'
import { readFacts } from './read-facts.ts'

type Rule = { readonly id: string; readonly label: string; readonly when: Conditions }

/** Makes rules of others, which have the conditions of scoring, ready to be asked: whose conditions does a lead fit? */
export function makeFittingRules(rules: readonly Rule[], { scoring, tiers, business }: WorkspaceSettings) {
  const buckets = rules.map(({ id, label, when }) => ({ id, label, when, tier: 'hot' as const }))
  const { localPostcodes, zone } = business
  const prepared = prepareRules({ ...scoring, mode: 'buckets', buckets }, tiers, { localPostcodes, zone })
  return async (store: ReadStore, leadId: number, now: number): Promise<readonly string[]> =>
    prepared.holding(await readFacts(store, leadId), now)
}
