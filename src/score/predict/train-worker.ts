/** The worker thread that learns, so that no message waits for it. Built to out/train-worker.js. */
import { type MessagePort, parentPort, receiveMessageOnPort } from 'node:worker_threads'
import { must } from '../../lib/assert.ts'
import { TableProblem } from './table.ts'
import { train } from './train.ts'
import type { FromTrainWorker, ToTrainWorker } from './train-messages.ts'

const leastStep = 0.01

class Cancelled extends Error {
  override readonly name = 'Cancelled'
}

const port: MessagePort = must(parentPort, 'the port of the training worker')
port.on('message', (message: ToTrainWorker) => {
  port.postMessage(message.kind === 'train' ? answerTo(message) : cancelled)
})

const cancelled: FromTrainWorker = { kind: 'cancelled' }

function answerTo({ table, options }: ToTrainWorker & { kind: 'train' }): FromTrainWorker {
  let told = 0
  const onProgress = (share: number) => {
    // Learning never waits, so that no message would come through by itself.
    const waiting = receiveMessageOnPort(port) as { message: ToTrainWorker } | undefined
    if (waiting?.message.kind === 'cancel') throw new Cancelled()
    if (share < told + leastStep) return
    told = share
    port.postMessage({ kind: 'progress', share } satisfies FromTrainWorker)
  }
  try {
    return { kind: 'trained', trained: train(table, options, { now: () => performance.now(), onProgress }) }
  } catch (error) {
    if (error instanceof Cancelled) return cancelled
    const message = error instanceof Error ? error.message : String(error)
    return { kind: 'failed', message, isTableProblem: error instanceof TableProblem }
  }
}
