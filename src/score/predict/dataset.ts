import type { Feature } from './features.ts'

/** What a model learns from: features and outcomes of all rows; a fit is told which of the rows it may see. */
export type Dataset = {
  readonly features: readonly Feature[]
  /** 0 or 1 by row. */
  readonly outcomes: Uint8Array
}

/** Told how far a fit has come, 0 to 1. Throwing from it ends the fit: that is how a training is cancelled. */
export type OnProgress = (share: number) => void
