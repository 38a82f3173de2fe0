import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, type ElectronApplication, type Page } from 'playwright'
// Brings the type of `window.deskbell`.
import type {} from '../../preload/host-contract.ts'
import { eventually } from '../fakes/eventually.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const drivenApp = path.join(root, 'test/e2e/fixtures/driven-app')
/** Ms that a step may take, on the slowest machine that runs the tests beside other work. */
const patience = 120_000
/** Pictures, and what the apps said: look here when a test fails. */
const results = path.join(root, 'test-results')

export type DeskbellOptions = {
  /** Of the app. The engine runs as `runtimeEnv` says unless it is named here; `undefined` removes a name. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly args?: readonly string[]
  /** The app's own folder; a new one by default. Give the same to a second app to see what survives. */
  readonly home?: string
  /** Open the window without waiting for us, as for a person. Then one launch in ten fails; see fixtures/driven-app. */
  readonly atOnce?: boolean
}

export type Deskbell = {
  readonly app: ElectronApplication
  readonly page: Page
  readonly home: string
  /** When the process was started, by `performance.now()`. */
  readonly startedAt: number
  /** What the app and its engine wrote on standard error so far. */
  readonly errors: () => string
  /** Calls the engine from the window, over the same bridge as the pages. */
  readonly call: (method: string, input: unknown) => Promise<CallResult>
  /** Calls a service of the main process. */
  readonly host: (service: string, input: unknown) => Promise<CallResult>
  readonly enginePid: () => number
  /** The hard way: SIGKILL, as a crash or an out-of-memory would. */
  readonly killEngine: () => number
  /** Waits until an engine answers that is not the one that was killed. */
  readonly untilEngineRuns: (notPid?: number) => Promise<void>
  /** Saves the window in test-results/. */
  readonly picture: (name: string) => Promise<string>
  /** Quits in order and waits until the process is gone. */
  readonly quit: () => Promise<void>
  /** SIGKILL to the app and all its children. */
  readonly kill: () => Promise<void>
}

export type CallResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } }

/** A folder for the app's data that is removed by `removeHome`. */
export const newHome = () => mkdtempSync(path.join(tmpdir(), 'deskbell-e2e-'))
export const removeHome = (home: string) =>
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })

/** The Electron of `npm test` and `npm run bench`, or for a test that is run alone, the one the scripts find. */
export function runtime(): { readonly executable: string; readonly engineNode: string | undefined } {
  const { DESKBELL_ELECTRON: executable, DESKBELL_ENGINE_NODE: engineNode } = process.env
  if (executable) return { executable, engineNode }
  const found = execFileSync('node', [path.join(root, 'scripts/electron-runtime.mjs')], {
    stdio: 'pipe',
  })
  return JSON.parse(found.toString())
}

/** Opens the window of fixtures/driven-app, which waits for this. */
async function openWindow(app: ElectronApplication): Promise<void> {
  await eventually('the app waits to open', () =>
    app.evaluate(() => {
      const { openDeskbell } = globalThis as { openDeskbell?: () => void }
      openDeskbell?.()
      return openDeskbell !== undefined
    }),
  )
}

/** Starts the built app in the real Electron and waits for its window. */
export async function launchDeskbell({
  env = {},
  args = [],
  home = newHome(),
  atOnce = false,
}: DeskbellOptions = {}): Promise<Deskbell> {
  const { executable, engineNode } = runtime()
  mkdirSync(results, { recursive: true })
  const noSandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const startedAt = performance.now()
  const app = await _electron.launch({
    timeout: patience,
    executablePath: executable,
    args: [...noSandbox, `--user-data-dir=${home}`, atOnce ? root : drivenApp, ...args],
    env: definedOnly({ ...process.env, DESKBELL_ENGINE_NODE: engineNode, DESKBELL_CHECK_OUTPUT: '1', ...env }),
  })
  let errors = ''
  // Playwright forgets the process once the app is closed.
  const main = app.process()
  main.stderr?.on('data', (chunk) => {
    errors += chunk
    appendFileSync(path.join(results, 'app.log'), chunk)
  })
  if (!atOnce) await openWindow(app)
  const page = await app.firstWindow({ timeout: patience })
  page.setDefaultTimeout(patience)
  await page.waitForFunction(() => 'deskbell' in window)

  const host: Deskbell['host'] = (service, input) =>
    page.evaluate(
      ([s, i]) => {
        const services = window.deskbell.host as unknown as Record<string, (input: unknown) => Promise<CallResult>>
        return services[s as string]?.(i) as Promise<CallResult>
      },
      [service, input],
    )
  const enginePid = () => {
    const pid = childrenOf(main.pid ?? 0).find(isEngine)?.pid
    if (pid === undefined) throw new Error('no engine is running')
    return pid
  }
  const gone = new Promise<void>((resolve) => main.once('exit', () => resolve()))
  return {
    app,
    page,
    home,
    startedAt,
    errors: () => errors,
    call: (method, input) => page.evaluate(([m, i]) => window.deskbell.call(m as string, i), [method, input]),
    host,
    enginePid,
    killEngine: () => {
      const pid = enginePid()
      process.kill(pid, 'SIGKILL')
      return pid
    },
    untilEngineRuns: async (notPid) => {
      // The window may hear of a death a moment after it, so the state alone could be the one before.
      const other = () => childrenOf(main.pid ?? 0).some((it) => isEngine(it) && it.pid !== notPid)
      await eventually('another engine', other)
      await eventually('the engine runs', async () => {
        const answer = await host('engineState', {})
        return answer.ok && (answer.value as { state: string }).state === 'running'
      })
    },
    picture: async (name) => {
      const file = path.join(results, `${name}.png`)
      await page.screenshot({ path: file })
      return file
    },
    quit: async () => {
      await app.close()
      await gone
    },
    kill: async () => {
      if (main.exitCode !== null || main.signalCode !== null) return
      const pid = main.pid ?? 0
      const family = [pid, ...childrenOf(pid).map((it) => it.pid)]
      for (const member of family) {
        try {
          process.kill(member, 'SIGKILL')
        } catch {
          // went by itself
        }
      }
      await gone
    },
  }
}

/** All descendants of a process with their command lines. Reads /proc: a small Debian has no `ps`. */
function childrenOf(pid: number): { readonly pid: number; readonly command: string }[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        // The name in brackets may hold anything; the parent is the second field after it.
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
        return [{ pid: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, 'utf8') }]
      } catch {
        return [] // ended meanwhile
      }
    })
  const below = (parent: number): typeof all =>
    all.filter((it) => it.parent === parent).flatMap((it) => [it, ...below(it.pid)])
  return below(pid)
}

/** Either way it may run: Electron's utility process for Node, or a Node child with the engine's entry. */
function isEngine({ command }: { readonly command: string }): boolean {
  return command.includes('--utility-sub-type=node.mojom.NodeService') || /engine[\w-]*\.m?js\0/.test(command)
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
