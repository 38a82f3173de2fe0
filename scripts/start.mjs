/**
 * `npm start`: sets up what is missing and opens the window.
 *
 *   npm start -- --demo                    opens on the sample business
 *   npm start -- --picture FILE            saves a picture of the painted window and exits
 *               [--size 1280x800] [--dark] [--urgent, with the most urgent lead open]
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import path from 'node:path'
import { hasDisplay, startDisplay } from './display.mjs'
import { setUp } from './setup.mjs'
import { root, say, script, typedFile } from './shell.mjs'

await script(async () => {
  const args = argumentsForApp(process.argv.slice(2))
  // A picture is of a fresh app, and must not disturb the one that may be running.
  const home = args.includes('--picture') ? mkdtempSync(path.join(tmpdir(), 'deskbell-picture-')) : undefined
  const { runtime, env } = await setUp()
  let display
  if (!hasDisplay()) {
    say('there is no display here, so the window opens on a virtual one (Xvfb).')
    display = await startDisplay()
  }
  const electronArgs = [
    // Xvfb has no graphics card, and Chromium would complain about that and about a missing D-Bus.
    ...(display ? ['--disable-gpu', '--log-level=3'] : []),
    ...(home ? [`--user-data-dir=${home}`] : []),
    root,
    ...args,
  ]
  const window = spawn(runtime.executable, electronArgs, {
    stdio: 'inherit',
    env: { ...process.env, ...env, ...display?.env },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => window.kill(signal))
  process.exitCode = await new Promise((resolve, reject) => {
    window.once('error', reject)
    window.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal]))
  })
  display?.stop()
  if (home) rmSync(home, { recursive: true, force: true })
})

function argumentsForApp(given) {
  const file = given.indexOf('--picture') + 1
  if (file === 0 || given[file] === undefined) return given
  return given.with(file, typedFile(given[file]))
}
