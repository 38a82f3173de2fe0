/**
 * `npm run intents`: how well the text model tells what people want. Judges the held-out half of the hand-written
 * messages with the shipped classifier and prints accuracy, confusion table, calibration and time a message.
 * `npm run intents -- --write` first trains anew on the other half (resources/text-model), choosing its settings by
 * cross-validation there. The held-out half is never trained on and chooses nothing.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ranOnNode24, root, say, script } from './shell.mjs'

const file = (name) => path.join(root, name)
const json = (name) => JSON.parse(readFileSync(file(name), 'utf8'))
const classifierFile = file('resources/text-model/classifier.json')
const folds = 3
const modelFolder = file('resources/text-model')

await script(async () => {
  if (await ranOnNode24()) return
  const { makeEncoder } = await import('../src/score/text/encoder.ts')
  const files = { workerFile: file('src/score/text/encoder-worker.ts'), folder: modelFolder }
  const encoder = makeEncoder(files, { warn: (...words) => console.error(...words) })
  try {
    if (process.argv.includes('--write')) await trainAnew(encoder)
    await judge(encoder)
  } finally {
    await encoder.stop()
  }
})

async function trainAnew(encoder) {
  const { fillPhrases } = await import('../src/score/text/phrases.ts')
  const { crossValidate, accuracyOf, fitTemperature, logLoss, train } = await import('../src/score/text/train.ts')
  const messages = await embed(encoder, messagesToTrainOn(), 1)
  const channels = ['email', 'sms', 'call', 'form', 'whatsapp', 'chat']
  const filled = fillPhrases(json('resources/text-model/phrases.json'), 3)
  const phrases = await embed(
    encoder,
    filled.map((it, at) => ({ ...it, subject: '', channel: channels[at % channels.length] })),
    1,
  )
  say(`${messages.length} messages and ${phrases.length} sentences to train on`)
  const truth = messages.map((it) => it.intent)
  let best
  for (const choice of choices()) {
    const said = crossValidate(messages, phrases, choice, folds)
    const temperature = fitTemperature(said, truth)
    const loss = logLoss(said, truth, temperature)
    say(`${JSON.stringify(choice)}: ${percent(accuracyOf(said, truth))} right, log loss ${loss.toFixed(3)}`)
    if (!best || loss < best.loss) best = { choice, temperature, loss }
  }
  const { weights, scales } = train([...messages, ...phrases], best.choice)
  const shipped = {
    version: `minilm-${createHash('sha256').update(weights).digest('hex').slice(0, 12)}`,
    trainedOn: trainedOn(),
    scales,
    temperature: best.temperature,
    weights: Buffer.from(weights.buffer).toString('base64'),
  }
  writeFileSync(classifierFile, `${JSON.stringify(shipped, null, 2)}\n`)
  say(`wrote ${path.relative(root, classifierFile)}`)
}

/** The half that is trained on, and the messages that were written for training only. */
function messagesToTrainOn() {
  return [...json('resources/text-model/intents.json'), ...json('resources/text-model/intents-more.json')]
}

function* choices() {
  const scales = { vector: 3, signs: 1, vocabulary: 3, pieces: 3 }
  for (const penalty of [0.0005, 0.001]) yield { scales, penalty }
}

/** Fingerprint of what was trained on, so that a test sees when classifier.json is behind. */
function trainedOn() {
  const hash = createHash('sha256')
  for (const name of ['intents.json', 'intents-more.json', 'phrases.json'])
    hash.update(readFileSync(path.join(modelFolder, name)))
  return hash.digest('hex')
}

async function judge(encoder) {
  const { baseOdds, intents, mostLikely } = await import('../src/score/text/classifier.ts')
  const { shippedClassifier } = await import('../src/score/text/shipped-classifier.ts')
  const { similarity } = await import('../src/score/text/vector.ts')
  const classifier = shippedClassifier()
  const times = []
  const heldOut = await embed(encoder, json('test/fixtures/intents-held-out.json'), 1, times)
  const judged = heldOut.map((it) => ({ truth: it.intent, ...mostLikely(baseOdds(classifier, it)) }))
  const right = judged.filter((it) => it.intent === it.truth).length
  say(`${right} of ${judged.length} held-out messages right: ${percent(right / judged.length)}`)
  printConfusion(judged, intents)
  printCalibration(judged)
  times.sort((a, b) => a - b)
  const at = (share) => times[Math.floor(times.length * share)].toFixed(1)
  say(`ms a message on one core: p50 ${at(0.5)}, p95 ${at(0.95)}`)
  const trained = await embed(encoder, messagesToTrainOn(), 1)
  const nearest = heldOut.map((it) => Math.max(...trained.map((other) => similarity(it.vector, other.vector))))
  say(`nearest of any two messages across the halves: cosine ${Math.max(...nearest).toFixed(2)}`)
}

async function embed(encoder, rows, weight, times = []) {
  const { prepareText } = await import('../src/score/text/prepare-text.ts')
  // Once for the start of the thread, so that it is not counted.
  await encoder.encode(['hello'])
  const embedded = []
  for (const row of rows) {
    const before = process.cpuUsage()
    const text = prepareText(row)
    const [vector] = await encoder.encode([text])
    const { user, system } = process.cpuUsage(before)
    // Time of the processor, not of the clock: others may be using this machine.
    times.push((user + system) / 1000)
    embedded.push({ ...row, text, vector, weight })
  }
  return embedded
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`
}

function printConfusion(judged, intents) {
  say(`${'truth \\ told'.padEnd(20)}${intents.map((it) => it.slice(0, 7).padStart(8)).join('')}`)
  for (const truth of intents) {
    const counts = intents.map((told) => judged.filter((it) => it.truth === truth && it.intent === told).length)
    say(`${truth.padEnd(20)}${counts.map((it) => String(it || '·').padStart(8)).join('')}`)
  }
}

function printCalibration(judged) {
  for (const [from, to] of [
    [0, 50],
    [50, 70],
    [70, 85],
    [85, 95],
    [95, 101],
  ]) {
    const within = judged.filter((it) => it.confidence >= from && it.confidence < to)
    if (within.length === 0) continue
    const said = within.reduce((sum, it) => sum + it.confidence, 0) / within.length / 100
    const true_ = within.filter((it) => it.intent === it.truth).length / within.length
    say(
      `sure ${from}-${Math.min(100, to)} %: ${within.length} messages, said ${percent(said)}, right ${percent(true_)}`,
    )
  }
}
