import shipped from '../../../resources/text-model/classifier.json' with { type: 'json' }
import type { Classifier } from './classifier.ts'

/** What `npm run intents -- --write` trained; its version is kept with every judgement. */
export const modelVersion: string = shipped.version

export function shippedClassifier(): Classifier {
  const bytes = Uint8Array.from(Buffer.from(shipped.weights, 'base64'))
  return { weights: new Float32Array(bytes.buffer), scales: shipped.scales, temperature: shipped.temperature }
}
