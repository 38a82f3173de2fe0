import { Worker } from 'node:worker_threads'
import { type Table, TableProblem } from './table.ts'
import type { Trained, TrainOptions } from './train.ts'
import type { FromTrainWorker, ToTrainWorker } from './train-messages.ts'

export type TrainCall = {
  /** Where the worker lies: `trainWorkerUrl()`. */
  readonly worker: URL
  readonly onProgress?: (share: number) => void
  /** Aborting ends the training at once, whatever it is at; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * Trains in a worker thread of its own, which ends with the training.
 * @throws TableProblem when the table cannot be learnt from
 */
export async function trainInWorker(table: Table, options: TrainOptions, call: TrainCall): Promise<Trained> {
  const { worker: url, onProgress, signal } = call
  signal?.throwIfAborted()
  const worker = new Worker(url)
  let cancel = () => {}
  try {
    return await new Promise<Trained>((resolve, reject) => {
      // It never waits, so no message would reach it: its thread is ended below.
      cancel = () => reject(signal?.reason)
      worker.on('message', (answer: FromTrainWorker) => {
        switch (answer.kind) {
          case 'progress':
            return onProgress?.(answer.share)
          case 'trained':
            return resolve(answer.trained)
          case 'failed':
            return reject(answer.isTableProblem ? new TableProblem(answer.message) : new Error(answer.message))
        }
      })
      worker.once('error', reject)
      worker.once('exit', (code) => reject(new Error(`The training worker ended by itself (exit code ${code}).`)))
      signal?.addEventListener('abort', cancel, { once: true })
      worker.postMessage({ table, options } satisfies ToTrainWorker)
    })
  } finally {
    signal?.removeEventListener('abort', cancel)
    await worker.terminate()
  }
}

/**
 * Where the worker lies: beside this file in the sources, in out/ when built, whatever chunk of out/ or out/main/ this
 * module was bundled into.
 */
export function trainWorkerUrl(from: string = import.meta.url): URL {
  if (from.endsWith('.ts')) return new URL('./train-worker.ts', from)
  const out = /^(.*\/out\/)(?:main\/)?(?:chunks\/)?[^/]*$/.exec(from)?.[1]
  return new URL('train-worker.js', out ?? from)
}
