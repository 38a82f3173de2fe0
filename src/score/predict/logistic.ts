import { sigmoid } from './calibrate.ts'
import type { SparseRows } from './design.ts'
import { solvePositive } from './solve-positive.ts'

export type LinearFit = { readonly intercept: number; readonly weights: Float64Array }

/** What is made as small as possible: the negative log-likelihood and l2/2 times the squared weights. */
export type LogisticOptions = {
  readonly l2: number
  /** Where to begin: the fit of a nearby strength. */
  readonly start?: LinearFit
}

const mostRounds = 50

/**
 * Logistic regression by Newton's method (iteratively reweighted least squares). The intercept is not penalised.
 * @param outcomes 0 or 1 by row; with one outcome alone the intercept stays finite
 */
export function fitLogistic(rows: SparseRows, outcomes: Uint8Array, { l2, start }: LogisticOptions): LinearFit {
  const size = rows.width + 1
  const last = rows.width
  let weights = new Float64Array(size)
  if (start) {
    weights.set(start.weights)
    weights[last] = start.intercept
  }
  let loss = lossOf(rows, outcomes, weights, l2)
  for (let round = 0; round < mostRounds; round++) {
    const { gradient, hessian } = derivatives(rows, outcomes, weights, l2)
    const step = solvePositive(hessian, gradient)
    let share = 1
    let next = weights
    let nextLoss = loss
    for (; share > 1e-4; share /= 2) {
      next = weights.map((weight, at) => weight - share * (step[at] as number))
      nextLoss = lossOf(rows, outcomes, next, l2)
      if (nextLoss <= loss) break
    }
    if (!(nextLoss <= loss)) break
    const gained = loss - nextLoss
    weights = next
    loss = nextLoss
    if (gained <= 1e-10 * (Math.abs(loss) + 1e-10)) break
  }
  return { intercept: weights[last] as number, weights: weights.slice(0, last) }
}

/** Log-odds of each row. */
export function linearScores({ starts, columns, values }: SparseRows, { intercept, weights }: LinearFit): Float64Array {
  const scores = new Float64Array(starts.length - 1)
  for (let row = 0; row < scores.length; row++) {
    let sum = intercept
    for (let at = starts[row] as number; at < (starts[row + 1] as number); at++) {
      sum += (values[at] as number) * (weights[columns[at] as number] as number)
    }
    scores[row] = sum
  }
  return scores
}

function lossOf(rows: SparseRows, outcomes: Uint8Array, weights: Float64Array, l2: number): number {
  const scores = linearScores(rows, { intercept: weights[rows.width] as number, weights })
  let loss = 0
  for (let row = 0; row < scores.length; row++) {
    const margin = outcomes[row] === 1 ? (scores[row] as number) : -(scores[row] as number)
    loss += margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin
  }
  for (let at = 0; at < rows.width; at++) loss += (l2 / 2) * (weights[at] as number) ** 2
  return loss
}

function derivatives(rows: SparseRows, outcomes: Uint8Array, weights: Float64Array, l2: number) {
  const { width, starts, columns, values } = rows
  const size = width + 1
  const gradient = new Float64Array(size)
  // Lower triangle by rows; columns of a row rise, so that the later one is the line.
  const hessian = new Float64Array(size * size)
  const scores = linearScores(rows, { intercept: weights[width] as number, weights })
  for (let row = 0; row < scores.length; row++) {
    const p = sigmoid(scores[row] as number)
    const error = p - (outcomes[row] as number)
    const weight = p * (1 - p)
    const from = starts[row] as number
    const to = starts[row + 1] as number
    for (let at = from; at < to; at++) {
      const column = columns[at] as number
      const value = values[at] as number
      const weighted = weight * value
      gradient[column] = (gradient[column] as number) + error * value
      const line = column * size
      for (let other = from; other <= at; other++) {
        const slot = line + (columns[other] as number)
        hessian[slot] = (hessian[slot] as number) + weighted * (values[other] as number)
      }
      const edge = width * size + column
      hessian[edge] = (hessian[edge] as number) + weighted
    }
    gradient[width] = (gradient[width] as number) + error
    hessian[size * size - 1] = (hessian[size * size - 1] as number) + weight
  }
  for (let at = 0; at < width; at++) {
    gradient[at] = (gradient[at] as number) + l2 * (weights[at] as number)
    hessian[at * size + at] = (hessian[at * size + at] as number) + l2
  }
  // One outcome alone pulls the intercept to infinity: a trace of penalty holds it.
  gradient[width] = (gradient[width] as number) + 1e-6 * (weights[width] as number)
  hessian[size * size - 1] = (hessian[size * size - 1] as number) + 1e-6
  return { gradient, hessian }
}
