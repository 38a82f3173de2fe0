import type { Tier } from '../../inbox/contract.ts'
import { isBetterThan, permissionFor } from '../predict/gate.ts'
import { aucInterval } from '../predict/intervals.ts'
import { lift, scoreBins } from '../predict/metrics.ts'
import type { HeldOut } from '../predict/report.ts'
import type { Trained } from '../predict/train.ts'
import { columnWords } from './column-words.ts'
import type { ChanceCuts, LearnOrder, LearnReport } from './contract.ts'
import type { TrainingSet } from './training-set.ts'

export const neededToLearn = 100
export const neededToDecide = 500

export type Judged = {
  readonly state: 'refused' | 'shadow' | 'ready'
  /** Why it may not do more; empty when it may. */
  readonly reason: string
  readonly report: LearnReport
}

const mostNamed = 6

/** What a fresh model may do, by how it fared on leads that it had not seen, beside the rules on the same leads. */
export function judgeModel({ heldOut, report: trained }: Trained, set: TrainingSet): Judged {
  const { rows, outcomes, probabilities } = heldOut
  const verdict = isBetterThan(heldOut, set.rulesOrder)
  const rulesScores = rows.map((row) => set.rulesScores[row] ?? 0)
  const report: LearnReport = {
    version: 1,
    model: orderOf(outcomes, probabilities, probabilities),
    rules: orderOf(
      outcomes,
      rows.map((row) => set.rulesOrder[row] ?? 0),
      rulesScores.map((it) => it / 100),
    ),
    difference: verdict.difference,
    differenceLow: verdict.interval.low,
    differenceHigh: verdict.interval.high,
    isBetter: verdict.isBetter,
    cuts: cutsOf(heldOut, set.rulesTiers),
    proposedTiers: proposeTiers(rulesScores, outcomes),
    looksAt: trained.topColumns.slice(0, mostNamed).map((it) => columnWords(it.column)),
    seconds: (trained.trainingMs + trained.validationMs) / 1000,
  }
  return { ...permit(report, outcomes.length), report }
}

function permit({ model, rules, isBetter }: LearnReport, count: number): Pick<Judged, 'state' | 'reason'> {
  if (!(model.low > 0.5)) {
    return {
      state: 'refused',
      reason: 'What you know of leads when they come in does not tell yet how they end. Your rules go on alone.',
    }
  }
  const figures = `${percent(model.auc)} against ${percent(rules.auc)}`
  if (permissionFor(count) === 'may-route') {
    if (isBetter) return { state: 'ready', reason: '' }
    return {
      state: 'refused',
      reason: `It does not put leads in a better order than your rules do (${figures} right), so it may not decide.`,
    }
  }
  const missing = neededToDecide - count
  const more = `${missing} more ${missing === 1 ? 'outcome' : 'outcomes'}`
  return {
    state: 'shadow',
    reason: isBetter
      ? `It runs beside your rules and does better so far (${figures} right). It may decide after ${more}.`
      : `It runs beside your rules, which are as good so far (${figures} right). It may decide after ${more}, if it is better then.`,
  }
}

const percent = (share: number) => `${Math.round(share * 100)}%`

function orderOf(outcomes: readonly number[], order: readonly number[], foreseen: readonly number[]): LearnOrder {
  const { auc, low, high } = aucInterval(outcomes, order)
  // Bins follow the order; what was foreseen in them is told apart, since rules foresee no chance.
  const bins = scoreBins(outcomes, order)
  const sorted = foreseen.map((value, at) => ({ value, key: order[at] ?? 0 })).sort((a, b) => b.key - a.key)
  let from = 0
  const deciles = bins.map((bin) => {
    const part = sorted.slice(from, from + bin.count)
    from += bin.count
    return { ...bin, foreseen: part.reduce((sum, it) => sum + it.value, 0) / Math.max(1, part.length) }
  })
  return { auc, low, high, lift10: lift(outcomes, order, 0.1), deciles }
}

/** As many leads hot and warm as by the rules: the team is as busy as before, with the likelier ones. */
function cutsOf({ rows, probabilities }: HeldOut, tiers: readonly Tier[]): ChanceCuts {
  const sorted = probabilities.toSorted((a, b) => b - a)
  const own = rows.map((row) => tiers[row])
  const hot = own.filter((it) => it === 'hot').length
  const warm = hot + own.filter((it) => it === 'warm').length
  // None of a kind: nothing reaches it.
  const cut = (count: number) => (count === 0 ? 1 : (sorted[count - 1] ?? 0))
  return { hot: cut(hot), warm: cut(warm) }
}

const fewest = 20

/**
 * Where the tiers would tell most: hot from the lowest score from which leads are won twice as often as all, warm from
 * the lowest from which those below hot are won at least as often.
 */
function proposeTiers(scores: readonly number[], outcomes: readonly number[]): LearnReport['proposedTiers'] {
  const share = (from: number, below: number) => {
    const part = outcomes.filter((_, at) => (scores[at] ?? 0) >= from && (scores[at] ?? 0) < below)
    return part.length < fewest ? null : part.reduce((sum, it) => sum + it, 0) / part.length
  }
  const base = share(0, 101)
  if (base === null || base === 0) return null
  const lowest = (from: number, to: number, below: number, least: number) => {
    for (let at = from; at < to; at++) if ((share(at, below) ?? -1) >= least) return at
    return null
  }
  const hotFrom = lowest(2, 101, 101, Math.min(0.9, 2 * base))
  if (hotFrom === null) return null
  const warmFrom = lowest(1, hotFrom, hotFrom, base)
  return warmFrom === null ? null : { hotFrom, warmFrom }
}
