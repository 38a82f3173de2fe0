import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { engineProcess } from '../fakes/engine-process.ts'
import { eventually } from '../fakes/eventually.ts'
import { ms, percentile, perSecond, printFigure } from './figures.ts'

/**
 * A list of 100,000 people through the whole way (decode, split, judge, person, numbers, source, search index), while
 * the window asks for its list ten times a second over the same port: the longest of these waits is what somebody feels.
 */
const count = Number(process.argv[2] ?? 100_000)
const dataDir = mkdtempSync(join(tmpdir(), 'deskbell-bench-'))
const engine = engineProcess(dataDir)
try {
  await engine.start()
  const { call } = engine.client()
  const idle = await waits(async () => pause(3000))
  printFigure('list while nothing runs, p95', ms(percentile(idle.took, 0.95)))

  const bytes = new TextEncoder().encode(list(count))
  const opening = performance.now()
  const { importId, shape } = await call('capture.openImport', { fileName: 'customers.csv', bytes })
  printFigure(`opening a file of ${(bytes.length / 1e6).toFixed(1)} MB`, ms(performance.now() - opening))
  const plan = { as: 'people', source: 'Old system', mayText: false, shape } as const
  await step('dry run', 'checked', () => call('capture.checkImport', { importId, plan }))
  await step('import', 'done', () => call('capture.runImport', { importId }))
  await step('undo', 'undone', () => call('capture.undoImport', { importId }))

  async function step(name: string, state: string, begin: () => Promise<unknown>): Promise<void> {
    const started = performance.now()
    const { took } = await waits(async () => {
      await begin()
      await eventually(
        name,
        async () => {
          await pause(200)
          const run = await call('capture.import', { importId })
          if (run.state === 'failed') throw new Error(run.problem ?? 'failed')
          return run.state === state
        },
        900_000,
      )
    })
    const whole = performance.now() - started
    const beside = `list meanwhile p95 ${ms(percentile(took, 0.95))}, at most ${ms(Math.max(...took))}`
    printFigure(`${name} of ${count} rows`, perSecond(count, whole), beside)
  }
} finally {
  await engine.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

/** How long the list takes, asked for ten times a second while `work` goes on. */
async function waits(work: () => Promise<unknown>): Promise<{ readonly took: number[] }> {
  const { call } = engine.client()
  const took: number[] = []
  let over = false
  const asking = (async () => {
    while (!over) {
      const started = performance.now()
      await call('inbox.list', { view: 'inbox', after: null, limit: 50 })
      took.push(performance.now() - started)
      await pause(100)
    }
  })()
  await work()
  over = true
  await asking
  return { took }
}

/** Names, addresses, numbers of a real shape; one row in fifty is in it twice, one in a hundred is no use. */
function list(rows: number): string {
  const lines = ['Name;E-mail;Phone;Company;Job title;Notes']
  for (let n = 0; n < rows; n++) {
    const who = n % 50 === 49 ? n - 1 : n
    const email = n % 100 === 98 ? 'none' : `person.${who}@company-${who % 5000}.example`
    const phone =
      n % 100 === 98
        ? ''
        : `+1 (${415 + (who % 3)}) ${200 + (Math.floor(who / 10_000) % 700)}-${String(who % 10_000).padStart(4, '0')}`
    lines.push(`Person Number${who};${email};${phone};"Company ${who % 5000}, Inc.";Owner;`)
  }
  return lines.join('\r\n')
}
