import { type Intent, intent, notLeads } from './contract.ts'
import { lexicalFeatures, lexicalLength, piecesLength, piecesOf, vocabularyLength, vocabularyOf } from './lexical.ts'
import { similarity, vectorLength } from './vector.ts'

export const intents: readonly Intent[] = intent.options

const fromSigns = vectorLength
const fromWords = fromSigns + lexicalLength
const fromPieces = fromWords + vocabularyLength

/** Number of inputs: the embedding, the signs, the vocabulary, pieces of words and one that is always 1. */
export const featureLength = fromPieces + piecesLength + 1

/** A trained multinomial logistic regression over embedding and words. */
export type Classifier = {
  /** One row of {@link featureLength} an intent, in the order of {@link intents}. */
  readonly weights: Float32Array
  /** What the embedding and the words are multiplied by before the weights. */
  readonly scales: Scales
  /** Makes the probabilities say how often they are right; from cross-validation. */
  readonly temperature: number
}

export type Scales = {
  readonly vector: number
  readonly signs: number
  readonly vocabulary: number
  readonly pieces: number
}

/** The inputs that are not 0: most words are not in a message. */
export type Features = { readonly places: Int32Array; readonly values: Float32Array }

/** A message as the classifier sees it. */
export type Message = {
  readonly vector: Float32Array
  /** As `prepareText` makes it. */
  readonly text: string
  readonly channel: string
}

/** Probability of each of {@link intents}, in their order; they add up to 1. */
export type Odds = readonly number[]

/** One message that a person judged: another intent, or only that it is no lead. */
export type Example = { readonly vector: Float32Array; readonly says: Intent | 'not_a_lead' }

export function featuresOf({ vector, text, channel }: Message, scales: Scales): Features {
  const words = vocabularyOf(text)
  const pieces = piecesOf(text)
  // However long a text is, its words together weigh the same.
  const share = scales.vocabulary / Math.sqrt(Math.max(1, words.length))
  const pieceShare = scales.pieces / Math.sqrt(Math.max(1, pieces.length))
  const inputs = [
    ...Array.from(vector, (it, at) => [at, it * scales.vector] as const),
    ...lexicalFeatures(text, channel).map((it, at) => [fromSigns + at, it * scales.signs] as const),
    ...words.map((it) => [fromWords + it, share] as const),
    ...pieces.map((it) => [fromPieces + it, pieceShare] as const),
    [featureLength - 1, 1] as const,
  ].filter(([, value]) => value !== 0)
  return { places: Int32Array.from(inputs, ([at]) => at), values: Float32Array.from(inputs, ([, value]) => value) }
}

/** What the shipped model says, without what was learned here. */
export function baseOdds(classifier: Classifier, message: Message): Odds {
  const features = featuresOf(message, classifier.scales)
  return softmax(logits(classifier.weights, features).map((it) => it / classifier.temperature))
}

export function logits(weights: Float32Array, { places, values }: Features): number[] {
  return intents.map((_, row) => {
    let sum = 0
    const from = row * featureLength
    for (let at = 0; at < places.length; at++) {
      sum += (weights[from + (places[at] as number)] as number) * (values[at] as number)
    }
    return sum
  })
}

export function softmax(values: readonly number[]): number[] {
  const most = Math.max(...values)
  const powers = values.map((it) => Math.exp(it - most))
  const sum = powers.reduce((total, it) => total + it, 0)
  return powers.map((it) => it / sum)
}

// Two messages about the same thing by different people have a cosine of 0.6 and more; of two messages of the
// hand-written set with different intents one pair in a thousand does.
const alike = 0.55
const same = 0.75
// One correction outweighs the model for what is nearly the same message, and no other.
const mostTrust = 0.95

/**
 * Moves the odds towards what people said of similar messages: at once, with a single one, and only for messages that
 * are close to it.
 */
export function learnFrom(odds: Odds, vector: Float32Array, examples: readonly Example[]): Odds {
  const near = examples
    .map(({ vector: other, says }) => ({ says, trust: trustIn(similarity(vector, other)) }))
    .filter(({ trust }) => trust > 0)
    .toSorted((a, b) => b.trust - a.trust)
    .slice(0, nearest)
  const total = near.reduce((sum, { trust }) => sum + trust, 0)
  const trust = near[0]?.trust ?? 0
  if (total === 0) return odds
  const said = odds.map(() => 0)
  for (const { says, trust: share } of near) {
    sayingOdds(says, odds).forEach((it, at) => {
      said[at] = (said[at] ?? 0) + (it * share) / total
    })
  }
  return odds.map((it, at) => it * (1 - trust) + (said[at] ?? 0) * trust)
}

const nearest = 5

const trustIn = (cosine: number) => mostTrust * Math.max(0, Math.min(1, (cosine - alike) / (same - alike)))

/** "Not a lead" does not say what it is: what the model thinks, the intents of leads left out. */
function sayingOdds(says: Example['says'], odds: Odds): Odds {
  if (says !== 'not_a_lead') return intents.map((it) => (it === says ? 1 : 0))
  const kept = odds.map((it, at) => (notLeads.has(intents[at] as Intent) ? it : 0))
  const sum = kept.reduce((total, it) => total + it, 0)
  return kept.map((it) => it / (sum || 1))
}

export function mostLikely(odds: Odds): { readonly intent: Intent; readonly confidence: number } {
  const best = odds.reduce((winner, it, at) => (it > (odds[winner] ?? 0) ? at : winner), 0)
  return { intent: intents[best] as Intent, confidence: Math.round((odds[best] ?? 0) * 100) }
}
