import type { Scorer } from './fit-scorer.ts'
import { aucInterval, type Interval } from './intervals.ts'
import type { LeakWarning } from './leaks.ts'
import { auc, brierScore, lift, logLoss, type ScoreBin, scoreBins } from './metrics.ts'
import type { ColumnPlan, DroppedColumn } from './plan-columns.ts'
import type { ColumnWeight } from './top-columns.ts'

/** What the model foresaw for rows it had not seen: the honest ground for every comparison. By place. */
export type HeldOut = {
  /** Row of the table. */
  readonly rows: readonly number[]
  readonly outcomes: readonly number[]
  readonly probabilities: readonly number[]
  readonly folds: readonly number[]
}

/** What a training tells about itself. Every figure of `quality` is of rows that the model had not seen. */
export type Report = {
  readonly rows: number
  readonly positives: number
  readonly rowsWithoutOutcome: number
  readonly columns: readonly { readonly name: string; readonly kind: ColumnPlan['kind'] }[]
  readonly dropped: readonly DroppedColumn[]
  readonly warnings: readonly LeakWarning[]
  readonly quality: Quality
  readonly chosen: Choice
  /** Of each cross-validation fold, which chose by itself. */
  readonly foldChoices: readonly Choice[]
  readonly topColumns: readonly ColumnWeight[]
  /** Learning from all rows, tuning included. */
  readonly trainingMs: number
  /** Reading the table and the cross-validation. */
  readonly validationMs: number
}
export type Quality = {
  readonly auc: number
  /** DeLong, 95 %. */
  readonly aucInterval: Interval
  readonly foldAuc: readonly number[]
  readonly brier: number
  readonly logLoss: number
  /** How many times more often the top 10 % (20 %) came true than all. */
  readonly lift10: number
  readonly lift20: number
  /** Calibration plot and conversion by score decile, the highest first. */
  readonly deciles: readonly ScoreBin[]
}
export type Choice = {
  readonly model: 'share' | 'linear' | 'trees' | 'mix'
  readonly treeShare: number
  readonly trees: number
  readonly calibration: Scorer['calibration']['kind']
}

type Parts = Omit<Report, 'rows' | 'positives' | 'quality' | 'chosen' | 'foldChoices'> & {
  readonly heldOut: HeldOut
  readonly scorer: Scorer
  readonly foldScorers: readonly Scorer[]
}

export function reportOf({ heldOut, scorer, foldScorers, ...rest }: Parts): Report {
  return {
    rows: heldOut.rows.length,
    positives: heldOut.outcomes.reduce((sum, outcome) => sum + outcome, 0),
    quality: qualityOf(heldOut),
    chosen: choiceOf(scorer),
    foldChoices: foldScorers.map(choiceOf),
    ...rest,
  }
}

/** Figures of foreseen probabilities; of the rules' too, when they are given as probabilities. */
export function qualityOf({ outcomes, probabilities, folds }: Omit<HeldOut, 'rows'>): Quality {
  const { auc: area, low, high } = aucInterval(outcomes, probabilities)
  const foldAuc = [...new Set(folds)]
    .sort((a, b) => a - b)
    .map((fold) => {
      const of = (values: readonly number[]) => values.filter((_, at) => folds[at] === fold)
      return auc(of(outcomes), of(probabilities))
    })
  return {
    auc: area,
    aucInterval: { low, high },
    foldAuc,
    brier: brierScore(outcomes, probabilities),
    logLoss: logLoss(outcomes, probabilities),
    lift10: lift(outcomes, probabilities, 0.1),
    lift20: lift(outcomes, probabilities, 0.2),
    deciles: scoreBins(outcomes, probabilities),
  }
}

function choiceOf({ linear, trees, treeShare, calibration }: Scorer): Choice {
  const count = trees?.trees.length ?? 0
  const isShare = !linear && count === 0
  const model = isShare ? 'share' : linear && trees ? 'mix' : linear ? 'linear' : 'trees'
  return { model, treeShare, trees: count, calibration: calibration.kind }
}
