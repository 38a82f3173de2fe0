/**
 * `npm run bench [name ...]`: measures, in one run on this machine. Figures move from run to run: what counts is the
 * ratio beside each of them. Nothing here fails on a figure.
 */
import path from 'node:path'
import { build } from './build.mjs'
import { hasDisplay, startDisplay } from './display.mjs'
import { setUpForTests } from './setup.mjs'
import { node24, root, run, say, script, toolEnvironment } from './shell.mjs'

const benches = [
  'first-sync',
  'inbox-query',
  'search-notmuch',
  'form-to-row',
  'start-up',
  'relay',
  'csv-import',
  'route',
  'rescore',
  'report',
]

await script(async () => {
  const { env } = await setUpForTests()
  await build()
  const display = hasDisplay() ? undefined : await startDisplay()
  const asked = process.argv.slice(2)
  for (const name of asked.length > 0 ? asked : benches) {
    say(`measuring ${name} ...`)
    const file = path.join(root, 'test/bench', `${name}.ts`)
    const { code } = await run(node24, [file], { env: { ...toolEnvironment(), ...env, ...display?.env } })
    if (code !== 0) process.exitCode = 1
  }
  display?.stop()
})
