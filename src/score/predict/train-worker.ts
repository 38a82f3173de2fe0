/** The worker thread that learns, so that no message waits for it. Built to out/train-worker.js. */
import { type MessagePort, parentPort } from 'node:worker_threads'
import { must } from '../../lib/assert.ts'
import { TableProblem } from './table.ts'
import { train } from './train.ts'
import type { FromTrainWorker, ToTrainWorker } from './train-messages.ts'

const leastStep = 0.01

const port: MessagePort = must(parentPort, 'the port of the training worker')
port.on('message', (message: ToTrainWorker) => port.postMessage(answerTo(message)))

function answerTo({ table, options }: ToTrainWorker): FromTrainWorker {
  let told = 0
  const onProgress = (share: number) => {
    if (share < told + leastStep) return
    told = share
    port.postMessage({ kind: 'progress', share } satisfies FromTrainWorker)
  }
  try {
    return { kind: 'trained', trained: train(table, options, { now: () => performance.now(), onProgress }) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { kind: 'failed', message, isTableProblem: error instanceof TableProblem }
  }
}
