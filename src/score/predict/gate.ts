import { type AucDifference, compareAuc } from './intervals.ts'
import type { HeldOut } from './report.ts'

/** What a model may do with so many known outcomes behind it. */
export type Permission = 'off' | 'shadow' | 'may-route'

const fewestForShadow = 100
const fewestForRouting = 500
// One-sided 95 %: only "better" has to be shown.
const z = 1.6448536269514722

/** @param outcomeCount leads won or lost */
export function permissionFor(outcomeCount: number): Permission {
  if (outcomeCount < fewestForShadow) return 'off'
  return outcomeCount < fewestForRouting ? 'shadow' : 'may-route'
}

export type Verdict = AucDifference & {
  /** The model orders leads better than the rules, by more than chance (DeLong, one-sided 95 %). */
  readonly isBetter: boolean
}

/**
 * Is the model better than the rules, on rows it had not seen?
 * @param rulesScores the rules' scores of the same leads, by row of the table that was learnt from
 */
export function isBetterThan({ rows, outcomes, probabilities }: HeldOut, rulesScores: ArrayLike<number>): Verdict {
  const rules = rows.map((row) => rulesScores[row] ?? Number.NaN)
  if (rules.some(Number.isNaN)) throw new RangeError('the rules have no score for some of the rows')
  const compared = compareAuc(outcomes, probabilities, rules)
  return { ...compared, isBetter: compared.difference > z * compared.standardError }
}
