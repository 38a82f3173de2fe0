import type { Table } from './table.ts'
import type { Trained, TrainOptions } from './train.ts'

/** What the training worker is told. One training a worker. */
export type ToTrainWorker = { readonly table: Table; readonly options: TrainOptions }

/** What it answers: progress (0 to 1), then one of the others. */
export type FromTrainWorker =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'trained'; readonly trained: Trained }
  /** `isTableProblem`: the message is meant for the user; otherwise the fault is ours. */
  | { readonly kind: 'failed'; readonly message: string; readonly isTableProblem: boolean }
