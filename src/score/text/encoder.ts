import { existsSync } from 'node:fs'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { minute, second } from '../../lib/durations.ts'
import type { Log } from '../../lib/log.ts'
import type { EncoderAnswer, EncoderRequest, EncoderStart } from './encoder-messages.ts'

/** Where the model is, and the program of its thread. */
export type EncoderFiles = { readonly workerFile: string; readonly folder: string }

export type Encoder = {
  /** The files are there. */
  readonly installed: () => boolean
  /**
   * Vectors of length 1, one a text, in their order.
   * @throws EncoderDied when the thread died or did not answer in time; the next call starts a new one
   */
  readonly encode: (texts: readonly string[]) => Promise<readonly Float32Array[]>
  readonly stop: () => Promise<void>
}

export class EncoderDied extends Error {}

// A start reads 23 MB and takes a second; a text 20 ms. On a machine that swaps, much longer.
const patience = minute
// The model takes 200 MB. An office that gets a mail an hour should not pay for it all day.
const idleAfter = 90 * second

// A text takes milliseconds, a start a second; what takes longer hangs.
const endPatience = 15 * second

type Running = {
  readonly worker: Worker
  readonly waiting: Map<number, { resolve: (vectors: readonly Float32Array[]) => void; reject: (error: Error) => void }>
  readonly gone: Promise<void>
}

/**
 * Owner of the encoder's thread: started when something is asked, stopped when nothing is, started anew when it dies.
 * @param files null where there is no model
 */
export function makeEncoder(files: EncoderFiles | null, log: Log): Encoder {
  const parts = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx']
  let running: Running | null = null
  let idle: NodeJS.Timeout | undefined
  let lastId = 0

  function start(): Running {
    if (!files) throw new EncoderDied('there is no text model')
    const { workerFile, folder } = files
    const worker = new Worker(workerFile, {
      workerData: { folder } satisfies EncoderStart,
      // JavaScript's share of the memory; the model's own is as large as the longest text makes it.
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    })
    const waiting: Running['waiting'] = new Map()
    const fail = (why: string) => {
      if (running?.worker === worker) running = null
      for (const { reject } of waiting.values()) reject(new EncoderDied(why))
      waiting.clear()
    }
    const gone = new Promise<void>((resolve) => {
      worker.once('exit', (code) => {
        fail(`the encoder's thread ended with ${code}`)
        resolve()
      })
    })
    worker.on('error', (error) => {
      log.warn({ err: error }, 'the text model failed')
      fail(error.message)
    })
    worker.on('message', (message: EncoderAnswer | 'ready') => {
      if (message === 'ready') return
      waiting.get(message.id)?.resolve(message.vectors)
      waiting.delete(message.id)
    })
    return { worker, waiting, gone }
  }

  async function end(): Promise<void> {
    clearTimeout(idle)
    const ending = running
    running = null
    if (!ending) return
    ending.worker.postMessage('end')
    // A thread that is ended in the middle of a text takes the whole process with it (the native runtime aborts).
    const stuck = setTimeout(() => void ending.worker.terminate(), endPatience)
    await ending.gone
    clearTimeout(stuck)
  }

  return {
    installed: () =>
      files !== null &&
      existsSync(files.workerFile) &&
      parts.every((it) => existsSync(path.join(files.folder, 'all-MiniLM-L6-v2', it))),
    encode: async (texts) => {
      clearTimeout(idle)
      running ??= start()
      const { worker, waiting } = running
      lastId += 1
      const request: EncoderRequest = { id: lastId, texts }
      let timer: NodeJS.Timeout | undefined
      try {
        return await new Promise<readonly Float32Array[]>((resolve, reject) => {
          waiting.set(request.id, { resolve, reject })
          timer = setTimeout(() => {
            waiting.delete(request.id)
            reject(new EncoderDied('the encoder did not answer'))
            if (running?.worker === worker) void end()
          }, patience)
          worker.postMessage(request)
        })
      } finally {
        clearTimeout(timer)
        if (waiting.size === 0 && running?.worker === worker) idle = setTimeout(() => void end(), idleAfter).unref()
      }
    },
    stop: end,
  }
}
