/**
 * The worker thread in which the sentence encoder runs. It is given texts and answers vectors; it knows nothing of
 * leads, opens no database and never the network.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { AutoModel, AutoTokenizer, env, Tensor } from '@xenova/transformers'
import type { EncoderAnswer, EncoderRequest, EncoderStart } from './encoder-messages.ts'

const { folder } = workerData as EncoderStart
env.allowRemoteModels = false
env.localModelPath = folder
// It would keep copies of what is already a file.
env.useFSCache = false

const modelName = 'all-MiniLM-L6-v2'
// About 20 ms of one core. Of a longer text its beginning and its end are read: people greet and explain first and
// ask last.
const mostTokens = 96
const tailTokens = 30

const tokenizer = await AutoTokenizer.from_pretrained(modelName)
const model = await AutoModel.from_pretrained(modelName, {
  dtype: 'q8',
  device: 'cpu',
  // One core, and no arena: it would keep the memory of the longest text for good.
  session_options: { intraOpNumThreads: 1, interOpNumThreads: 1, enableCpuMemArena: false, enableMemPattern: false },
})

async function encode(text: string): Promise<Float32Array> {
  const all = tokenizer.encode(text)
  const tokens = all.length <= mostTokens ? all : [...all.slice(0, mostTokens - tailTokens), ...all.slice(-tailTokens)]
  const shape = [1, tokens.length]
  const filled = (value: bigint) => new Tensor('int64', new BigInt64Array(tokens.length).fill(value), shape)
  const { last_hidden_state: states } = await model({
    input_ids: new Tensor('int64', BigInt64Array.from(tokens, BigInt), shape),
    attention_mask: filled(1n),
    token_type_ids: filled(0n),
  })
  return meanOf(states.data as Float32Array, tokens.length)
}

/** Mean over the tokens, brought to length 1: how the model was trained to be read. */
function meanOf(states: Float32Array, tokens: number): Float32Array {
  const size = states.length / tokens
  const mean = new Float32Array(size)
  for (let at = 0; at < states.length; at++) mean[at % size] = (mean[at % size] ?? 0) + (states[at] ?? 0)
  const norm = Math.hypot(...mean) || 1
  return mean.map((it) => it / norm)
}

const port = parentPort
if (!port) throw new Error('runs as a worker thread only')
let ending = false
port.on('message', async (message: EncoderRequest | 'end') => {
  if (message === 'end') {
    ending = true
    // Nothing else holds the thread: it ends after the text under way.
    port.close()
    return
  }
  const { id, texts } = message
  const answer: EncoderAnswer = { id, vectors: [] }
  // One after the other: an int8 model scales by the largest value of a batch, so that the same text would get another
  // vector in other company; and one core gains nothing by batches.
  for (const text of texts) {
    if (ending) return
    answer.vectors.push(await encode(text))
  }
  port.postMessage(answer)
})
port.postMessage('ready')
