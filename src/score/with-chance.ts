import type { Verdict } from './evaluate.ts'
import type { Facts } from './facts.ts'
import type { PredictSetting } from './learn/contract.ts'

/**
 * Where the chance decides, the tier is that of the chance; points and reasons stay those of the rules. Machines and
 * those whom the questions turn away stay where the rules put them, whatever a model made of leads of people says.
 * @param chance how likely the lead is won, 0 to 1; null while nobody foresaw it
 */
export function withChance(
  verdict: Verdict,
  { arrivals }: Facts,
  chance: number | null,
  { on, cuts }: PredictSetting,
): Verdict {
  if (!on || cuts === null || chance === null || verdict.qualification === 'disqualified') return verdict
  if (arrivals.length > 0 && arrivals.every((it) => it.robot)) return verdict
  return { ...verdict, tier: chance >= cuts.hot ? 'hot' : chance >= cuts.warm ? 'warm' : 'nurture' }
}
