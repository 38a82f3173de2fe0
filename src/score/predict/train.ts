import type { Dataset, OnProgress } from './dataset.ts'
import { type Feature, readFeatures } from './features.ts'
import { fitScorer, type Scorer } from './fit-scorer.ts'
import { splitOf, stratifiedFolds } from './folds.ts'
import { leakWarnings } from './leaks.ts'
import { type Model, modelVersion } from './model.ts'
import { type ColumnPlan, type DroppedColumn, planColumn } from './plan-columns.ts'
import { readTarget, type Target } from './read-target.ts'
import { type HeldOut, type Report, reportOf } from './report.ts'
import { scoreRows } from './score-rows.ts'
import { type Table, TableProblem } from './table.ts'
import { columnWeights } from './top-columns.ts'

export type TrainOptions = {
  /** The column to foresee, of two values. */
  readonly target: string
  /** The value that counts as success; found by itself when left out. */
  readonly positive?: string
  /** Columns to leave out, as the user says. */
  readonly exclude?: readonly string[]
  /** Parts for the cross-validation; 5 when left out, fewer when one outcome has fewer rows. */
  readonly folds?: number
  readonly seed?: number
}

export type Trained = { readonly model: Model; readonly report: Report; readonly heldOut: HeldOut }
export type TrainContext = {
  /** Milliseconds; differences of it become the times of the report. */
  readonly now: () => number
  readonly onProgress?: OnProgress
}

/**
 * Learns to foresee the target: reads the columns, cross-validates the whole of what follows (choice of model, tuning,
 * calibration: nothing is judged by rows it has seen), then learns once more from all rows.
 * @throws TableProblem when the table cannot be learnt from; whatever `onProgress` throws
 */
export function train(table: Table, options: TrainOptions, { now, onProgress = () => {} }: TrainContext): Trained {
  const started = now()
  const seed = options.seed ?? 1
  const target = readTarget(table, options.target, options.positive)
  const outcomes = target.outcomes
  const positives = outcomes.reduce((sum, outcome) => sum + outcome, 0)
  const fewest = Math.min(positives, outcomes.length - positives)
  if (fewest < 2) {
    throw new TableProblem(`"${target.column}" has one of its outcomes only once. Learning needs several of both.`)
  }
  const { plans, dropped, features } = planTable(knownRows(table, target), target.column, options.exclude ?? [])
  const data: Dataset = { features, outcomes }
  const warnings = leakWarnings(data, seed)
  const foldCount = Math.max(2, Math.min(options.folds ?? 5, fewest))
  const work = foldCount + 1

  const folds = stratifiedFolds(outcomes, foldCount, seed)
  const probabilities = new Float64Array(outcomes.length)
  const scorers: Scorer[] = []
  for (let fold = 0; fold < foldCount; fold++) {
    const split = splitOf(folds, fold)
    const scorer = fitScorer(data, split.train, seed, (share) => onProgress((fold + share) / work))
    scoreRows(scorer, features, split.held).forEach((chance, i) => {
      probabilities[split.held[i] as number] = chance
    })
    scorers.push(scorer)
  }
  const validated = now()
  const all = Int32Array.from(outcomes.keys())
  const scorer = fitScorer(data, all, seed, (share) => onProgress((foldCount + share) / work))
  const trained = now()

  const heldOut: HeldOut = {
    rows: [...target.rows],
    outcomes: [...outcomes],
    probabilities: [...probabilities],
    folds: [...folds],
  }
  const report = reportOf({
    heldOut,
    scorer,
    foldScorers: scorers,
    columns: plans.map(({ name, kind }) => ({ name, kind })),
    dropped,
    warnings,
    rowsWithoutOutcome: table.rowCount - outcomes.length,
    topColumns: columnWeights(scorer, features, all, seed),
    trainingMs: trained - validated,
    validationMs: validated - started,
  })
  const { column, positive, negative } = target
  const model: Model = {
    version: modelVersion,
    target: { column, positive, negative },
    trainedOn: { rows: outcomes.length, positives },
    plans,
    scorer,
  }
  return { model, report, heldOut }
}

type PlannedTable = { readonly plans: ColumnPlan[]; readonly dropped: DroppedColumn[]; readonly features: Feature[] }

function planTable(table: Table, target: string, exclude: readonly string[]): PlannedTable {
  const unknown = exclude.filter((name) => !table.columns.some((column) => column.name === name))
  if (unknown.length > 0) throw new TableProblem(`There is no column "${unknown.join('", "')}" to leave out.`)
  const plans: ColumnPlan[] = []
  const dropped: DroppedColumn[] = []
  for (const column of table.columns) {
    if (column.name === target) continue
    const plan: ColumnPlan | DroppedColumn = exclude.includes(column.name)
      ? { name: column.name, reason: 'excluded', detail: 'left out as asked' }
      : planColumn(column)
    if ('reason' in plan) dropped.push(plan)
    else plans.push(plan)
  }
  const features = readFeatures(plans, table)
  const copies = copiesAmong(features)
  for (const [name, of] of copies) dropped.push({ name, reason: 'copy', detail: `the same as "${of}"` })
  const kept = plans.filter(({ name }) => !copies.has(name))
  if (kept.length === 0) throw new TableProblem('No column is left to learn from beside the outcome.')
  return { plans: kept, dropped, features: features.filter(({ column }) => !copies.has(column)) }
}

/** Columns whose single feature repeats that of an earlier column, value by value. */
function copiesAmong(features: readonly Feature[]): Map<string, string> {
  const copies = new Map<string, string>()
  features.forEach((feature, at) => {
    if (feature.part !== 'value') return
    const first = features.slice(0, at).find((other) => !copies.has(other.column) && isSame(other, feature))
    if (first) copies.set(feature.column, first.column)
  })
  return copies
}

function isSame(a: Feature, b: Feature): boolean {
  return (
    a.part === b.part &&
    a.levelCount === b.levelCount &&
    a.values.every((value, row) => Object.is(value, b.values[row]))
  )
}

/** The table without the rows whose outcome is not known. */
function knownRows(table: Table, { rows }: Target): Table {
  if (rows.length === table.rowCount) return table
  return {
    rowCount: rows.length,
    columns: table.columns.map(({ name, cells }) => ({ name, cells: Array.from(rows, (row) => cells[row] ?? null) })),
  }
}
