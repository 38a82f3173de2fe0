import { expect, test } from 'vitest'
import { predict } from '../../../../src/score/predict/model.ts'
import { TableProblem } from '../../../../src/score/predict/table.ts'
import { train } from '../../../../src/score/predict/train.ts'
import { trainInWorker, trainWorkerUrl } from '../../../../src/score/predict/train-in-worker.ts'
import { leads, stillClock } from './made-up.ts'

const worker = trainWorkerUrl()

test('a worker learns what the same training learns here, and tells how far it is', async () => {
  const table = leads(250)
  const shares: number[] = []
  const { model, heldOut } = await trainInWorker(
    table,
    { target: 'won', folds: 2 },
    { worker, onProgress: (it) => shares.push(it) },
  )
  const here = train(table, { target: 'won', folds: 2 }, { now: stillClock() })
  expect(heldOut).toEqual(here.heldOut)
  expect(predict(model, table)).toEqual(predict(here.model, table))
  expect(shares.length).toBeGreaterThan(5)
})

test('a training is cancelled while it runs, and before it began', async () => {
  const controller = new AbortController()
  const reason = new Error('the workspace was closed')
  const training = trainInWorker(
    leads(3000),
    { target: 'won' },
    {
      worker,
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    },
  )
  await expect(training).rejects.toBe(reason)
  await expect(trainInWorker(leads(100), { target: 'won' }, { worker, signal: controller.signal })).rejects.toBe(reason)
})

test('however long a step takes, a cancelled training ends at once', async () => {
  const controller = new AbortController()
  const reason = new Error('the workspace was closed')
  const endless = new URL('data:text/javascript,for (;;);')
  const training = trainInWorker(leads(50), { target: 'won' }, { worker: endless, signal: controller.signal })
  controller.abort(reason)
  await expect(training).rejects.toBe(reason)
})

test('a table that cannot be learnt from is told in words; a worker that is not there is an error', async () => {
  await expect(trainInWorker(leads(50), { target: 'lost' }, { worker })).rejects.toThrow(TableProblem)
  await expect(trainInWorker(leads(50), { target: 'won' }, { worker: new URL('gone.ts', worker) })).rejects.toThrow()
})

test('the built worker lies in out/, whichever file asks', () => {
  for (const file of ['engine.js', 'main/engine-entry.js', 'main/chunks/engine-abc.js']) {
    expect(trainWorkerUrl(`file:///opt/out/app.asar/out/${file}`).href).toBe(
      'file:///opt/out/app.asar/out/train-worker.js',
    )
  }
})
