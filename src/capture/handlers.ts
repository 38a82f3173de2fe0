import { notFound } from '../rpc/errors.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import type { Store } from '../store/store.ts'
import type { captureContract } from './contract.ts'
import type { Imports } from './import/imports.ts'
import { allRuns, asImportRun, rowsOf, runById } from './import/queries.ts'
import { type LogTouchDeps, logTouch } from './log-touch.ts'

export type CaptureDeps = { readonly store: Store; readonly imports: Imports; readonly touches: LogTouchDeps }

export function makeCaptureHandlers({ store, imports, touches }: CaptureDeps): HandlersOf<typeof captureContract> {
  const done = async (work: Promise<void>) => {
    await work
    return {}
  }
  return {
    'capture.logTouch': (touch) => logTouch(touches, touch),
    'capture.openImport': ({ fileName, bytes }) => imports.open(fileName, bytes),
    'capture.previewImport': ({ importId, reading }) => imports.preview(importId, reading),
    'capture.checkImport': ({ importId, plan }) => done(imports.check(importId, plan)),
    'capture.runImport': ({ importId }) => done(imports.run(importId)),
    'capture.cancelImport': ({ importId }) => done(imports.cancel(importId)),
    'capture.undoImport': ({ importId }) => done(imports.undo(importId)),
    'capture.dropImport': ({ importId }) => done(imports.drop(importId)),
    'capture.import': async ({ importId }) => {
      const run = await runById(store.read, importId)
      if (!run) throw notFound('This list')
      return asImportRun(store.read, run)
    },
    'capture.imports': async () => {
      const imports: Awaited<ReturnType<typeof asImportRun>>[] = []
      for (const run of await allRuns(store.read)) imports.push(await asImportRun(store.read, run))
      return { imports }
    },
    'capture.importRows': (page) => rowsOf(store.read, page),
  }
}
