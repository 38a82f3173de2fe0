import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron } from 'playwright'
import { launchDeskbell, newHome, removeHome, runtime } from '../e2e/harness.ts'
import { ms, percentile, printFigure } from './figures.ts'

const runs = Number(process.argv[2] ?? 5)

/**
 * From the start of the process to a window with something in it, in turn: an Electron app of one empty page, Deskbell
 * at its first start, Deskbell with the sample business (41 people, seeded before).
 */
const empty = emptyApp()
const sampleHome = newHome()
const took = { empty: [] as number[], first: [] as number[], sample: [] as number[] }
try {
  await deskbell(sampleHome, ['--demo'], 'option')
  for (let run = 0; run < runs; run++) {
    took.empty.push(await emptyWindow())
    const home = newHome()
    took.first.push(await deskbell(home, [], 'button'))
    removeHome(home)
    took.sample.push(await deskbell(sampleHome, ['--demo'], 'option'))
  }
} finally {
  removeHome(sampleHome)
  rmSync(empty, { recursive: true, force: true })
}
const base = percentile(took.empty, 0.5)
const beside = (values: readonly number[]) => `${(percentile(values, 0.5) / base).toFixed(2)} × the empty app`
printFigure('start of an empty Electron app', ms(base))
printFigure('start of Deskbell, first run', ms(percentile(took.first, 0.5)), beside(took.first))
printFigure('start of Deskbell, inbox filled', ms(percentile(took.sample, 0.5)), beside(took.sample))

async function deskbell(home: string, args: readonly string[], role: 'option' | 'button'): Promise<number> {
  const desk = await untilAttached(() => launchDeskbell({ home, args, atOnce: true }))
  await desk.page.getByRole(role).first().waitFor()
  const ended = performance.now()
  await desk.quit()
  return ended - desk.startedAt
}

async function emptyWindow(): Promise<number> {
  const noSandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const options = { executablePath: runtime().executable, args: [...noSandbox, empty], timeout: 15_000 }
  const { app, startedAt } = await untilAttached(async () => {
    const started = performance.now()
    return { app: await _electron.launch(options), startedAt: started }
  })
  const page = await app.firstWindow()
  await page.getByRole('button').first().waitFor()
  const ended = performance.now()
  await app.close()
  return ended - startedAt
}

/** A window that opens at once is now and then gone to its next page while Playwright attaches to the first. */
async function untilAttached<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start()
    } catch (error) {
      if (attempt === 6) throw error
    }
  }
}

function emptyApp(): string {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-empty-'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', version: '1.0.0', main: 'main.cjs' }))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><button>empty</button>')
  writeFileSync(
    join(folder, 'main.cjs'),
    `const { app, BrowserWindow } = require('electron')
     app.whenReady().then(() => new BrowserWindow().loadFile(${JSON.stringify(join(folder, 'index.html'))}))`,
  )
  return folder
}
