import {
  type Classifier,
  type Features,
  featureLength,
  featuresOf,
  intents,
  logits,
  type Message,
  type Scales,
  softmax,
} from './classifier.ts'
import type { Intent } from './contract.ts'

export type Labelled = Message & { readonly intent: Intent; readonly weight: number }

export type Choice = {
  readonly scales: Scales
  /** Strength of the pull of all weights towards 0. */
  readonly penalty: number
}

const rounds = 200

/** Multinomial logistic regression with an L2 penalty, by accelerated gradient descent: the same data, the same weights. */
export function train(examples: readonly Labelled[], { scales, penalty }: Choice): Classifier {
  const sum = examples.reduce((total, it) => total + it.weight, 0)
  const rows = examples.map((it) => ({
    features: featuresOf(it, scales),
    wanted: intents.indexOf(it.intent),
    weight: it.weight / sum,
  }))
  const size = intents.length * featureLength
  const weights = new Float32Array(size)
  const ahead = new Float32Array(size)
  // A step of 1 over the largest curvature never overshoots.
  const longest = Math.max(...rows.map(({ features }) => features.values.reduce((sum, it) => sum + it * it, 0)))
  const step = 1 / (longest / 2 + penalty)
  for (let round = 1; round <= rounds; round++) {
    const slope = slopeAt(ahead, rows, penalty)
    const momentum = (round - 1) / (round + 2)
    for (let at = 0; at < size; at++) {
      const next = (ahead[at] as number) - step * (slope[at] as number)
      ahead[at] = next + momentum * (next - (weights[at] as number))
      weights[at] = next
    }
  }
  return { weights, scales, temperature: 1 }
}

type Row = { readonly features: Features; readonly wanted: number; readonly weight: number }

function slopeAt(weights: Float32Array, rows: readonly Row[], penalty: number): Float32Array {
  const slope = new Float32Array(weights.length)
  for (let at = 0; at < weights.length; at++) {
    slope[at] = (at + 1) % featureLength === 0 ? 0 : (weights[at] as number) * penalty
  }
  for (const { features, wanted, weight } of rows) {
    const odds = softmax(logits(weights, features))
    const { places, values } = features
    for (let intent = 0; intent < odds.length; intent++) {
      const error = ((odds[intent] as number) - (intent === wanted ? 1 : 0)) * weight
      if (Math.abs(error) < 1e-7) continue
      const from = intent * featureLength
      for (let at = 0; at < places.length; at++) {
        const place = from + (places[at] as number)
        slope[place] = (slope[place] as number) + error * (values[at] as number)
      }
    }
  }
  return slope
}

/**
 * What a classifier says of every example that was left out of its training, in the order of the examples.
 * @param always in every training, never asked about
 */
export function crossValidate(
  examples: readonly Labelled[],
  always: readonly Labelled[],
  choice: Choice,
  folds: number,
): number[][] {
  const said: number[][] = []
  for (let fold = 0; fold < folds; fold++) {
    const classifier = train([...examples.filter((_, at) => at % folds !== fold), ...always], choice)
    examples.forEach((it, at) => {
      if (at % folds === fold) said[at] = logits(classifier.weights, featuresOf(it, choice.scales))
    })
  }
  return said
}

/** Mean of -ln(probability of the truth): what a choice of settings is judged by. */
export function logLoss(said: readonly (readonly number[])[], truth: readonly Intent[], temperature = 1): number {
  const sum = said.reduce((total, values, at) => {
    const odds = softmax(values.map((it) => it / temperature))
    return total - Math.log(Math.max(1e-9, odds[intents.indexOf(truth[at] as Intent)] ?? 0))
  }, 0)
  return sum / said.length
}

/** Share that is told right. */
export function accuracyOf(said: readonly (readonly number[])[], truth: readonly Intent[]): number {
  const right = said.filter(
    (values, at) => values.indexOf(Math.max(...values)) === intents.indexOf(truth[at] as Intent),
  )
  return right.length / said.length
}

/** The temperature at which the probabilities of left-out examples are the most honest. */
export function fitTemperature(said: readonly (readonly number[])[], truth: readonly Intent[]): number {
  let best = { temperature: 1, loss: Number.POSITIVE_INFINITY }
  for (let temperature = 0.2; temperature <= 2; temperature += 0.05) {
    const loss = logLoss(said, truth, temperature)
    if (loss < best.loss) best = { temperature, loss }
  }
  return best.temperature
}
