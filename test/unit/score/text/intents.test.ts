import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { silentLog } from '../../../../src/lib/log.ts'
import {
  baseOdds,
  type Example,
  intents,
  learnFrom,
  type Message,
  mostLikely,
} from '../../../../src/score/text/classifier.ts'
import type { Intent } from '../../../../src/score/text/contract.ts'
import { makeEncoder } from '../../../../src/score/text/encoder.ts'
import { fillPhrases, type Phrases } from '../../../../src/score/text/phrases.ts'
import { prepareText } from '../../../../src/score/text/prepare-text.ts'
import { shippedClassifier } from '../../../../src/score/text/shipped-classifier.ts'
import { packVector, similarity, unpackVector } from '../../../../src/score/text/vector.ts'

type Row = { readonly intent: Intent; readonly channel: string; readonly subject: string; readonly text: string }
type Known = Message & { readonly intent: Intent }

const here = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const json = (path: string): unknown => JSON.parse(readFileSync(here(path), 'utf8'))
const trained = json('resources/text-model/intents.json') as Row[]
const more = json('resources/text-model/intents-more.json') as Row[]
const kept = json('test/fixtures/intents-held-out.json') as Row[]

const encoder = makeEncoder(
  { workerFile: here('src/score/text/encoder-worker.ts'), folder: here('resources/text-model') },
  silentLog,
)
const classifier = shippedClassifier()
let heldOut: readonly Known[] = []
let learned: readonly Known[] = []
beforeAll(async () => {
  heldOut = await embed(kept)
  learned = await embed(trained)
})
afterAll(() => encoder.stop())

/** In portions, as the product asks: what takes more than a minute counts as hung. */
async function encode(texts: readonly string[]): Promise<Float32Array[]> {
  const vectors: Float32Array[] = []
  for (let at = 0; at < texts.length; at += 50) vectors.push(...(await encoder.encode(texts.slice(at, at + 50))))
  return vectors
}

async function embed(rows: readonly Row[]): Promise<Known[]> {
  const texts = rows.map(prepareText)
  const vectors = await encode(texts)
  return rows.map((row, at) => ({ ...row, text: texts[at] ?? '', vector: vectors[at] ?? new Float32Array() }))
}

const accuracy = (examples: readonly Example[]) =>
  heldOut.filter((it) => mostLikely(learnFrom(baseOdds(classifier, it), it.vector, examples)).intent === it.intent)
    .length / heldOut.length

describe('the hand-written messages', () => {
  test('are at least 400, and which half one is in follows from its hash', () => {
    expect(trained.length + kept.length).toBeGreaterThanOrEqual(400)
    expect(Math.abs(trained.length - kept.length)).toBeLessThanOrEqual(intents.length)
    const hash = ({ subject, text }: Row) => createHash('sha256').update(`${subject}\n${text}`).digest('hex')
    for (const intent of intents) {
      const of = (rows: readonly Row[]) => rows.filter((it) => it.intent === intent).map(hash)
      expect(of(kept).length).toBeGreaterThanOrEqual(20)
      expect(
        of(trained)
          .toSorted()
          .at(-1)
          ?.localeCompare(of(kept).toSorted()[0] ?? ''),
      ).toBe(-1)
    }
  })

  test('none of the held-out half is near what is trained on', async () => {
    const phrases = fillPhrases(json('resources/text-model/phrases.json') as Phrases, 1)
    const sentences = await encode(phrases.map(({ text }) => prepareText({ subject: '', text })))
    const near = (vectors: readonly Float32Array[]) =>
      Math.max(...heldOut.map((it) => Math.max(...vectors.map((other) => similarity(it.vector, other)))))
    expect(near(learned.map((it) => it.vector))).toBeLessThan(0.8)
    expect(near((await embed(more)).map((it) => it.vector))).toBeLessThan(0.8)
    expect(near(sentences)).toBeLessThan(0.8)
  })
})

describe('intents', () => {
  test('are told right on the held-out half', () => {
    expect(accuracy([])).toBeGreaterThanOrEqual(leastAccuracy)
  })

  test('twenty corrections do not wreck it', () => {
    // Messages that the model gets wrong, corrected, and messages it gets right, "corrected" to something else.
    const wrong = learned.map((it, at) => ({ vector: it.vector, says: intents[(at * 7) % intents.length] as Intent }))
    const corrections = wrong.filter((_, at) => at % Math.floor(wrong.length / 20) === 0).slice(0, 20)
    expect(corrections).toHaveLength(20)
    expect(accuracy(corrections)).toBeGreaterThan(accuracy([]) - 0.01)
  })

  test('a correction outweighs the model for what is nearly the same', () => {
    for (const it of heldOut.slice(0, 50)) {
      const says = intents[(intents.indexOf(it.intent) + 3) % intents.length] as Intent
      expect(mostLikely(learnFrom(baseOdds(classifier, it), it.vector, [{ vector: it.vector, says }])).intent).toBe(
        says,
      )
    }
  })

  test('odds add up to one, with and without corrections', () => {
    for (const it of heldOut.slice(0, 20)) {
      const odds = learnFrom(baseOdds(classifier, it), it.vector, [{ vector: it.vector, says: 'not_a_lead' }])
      expect(odds.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 6)
    }
  })
})

test('vectors packed for the database keep their angles', () => {
  const [a, b] = heldOut
  if (!a || !b) throw new Error('no messages')
  const back = unpackVector(packVector(a.vector))
  expect(similarity(back, a.vector)).toBeGreaterThan(0.999)
  expect(similarity(back, b.vector)).toBeCloseTo(similarity(a.vector, b.vector), 2)
})

const leastAccuracy = 0.9
