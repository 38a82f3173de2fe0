/**
 * `npm test`: sets up what is missing and runs everything: type check, lint, then the tests on Node 24 with the
 * built app in a real window. `npm test -- test/unit` runs only the tests in that folder, after the same checks.
 * Ends with one line: N passed, N failed, N skipped (type check and lint count as one each).
 */
import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { build } from './build.mjs'
import { hasDisplay, startDisplay } from './display.mjs'
import { setUpForTests } from './setup.mjs'
import { node24, root, run, SetupError, say, script, toolEnvironment } from './shell.mjs'

const report = path.join(root, 'test-results/vitest.json')

await script(async () => {
  const { env } = await setUpForTests()
  const results = [
    await check('type check', 'tsc', ['-b']),
    await check('lint', 'biome', ['check', '.']),
    await buildForTests(),
    await vitest(env, process.argv.slice(2)),
  ]
  const sum = (key) => results.reduce((total, result) => total + result[key], 0)
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
  process.exitCode = sum('failed') === 0 ? 0 : 1
})

async function check(name, command, args) {
  say(`${name} ...`)
  const { code } = await run(command, args, { env: toolEnvironment() })
  if (code !== 0) say(`the ${name} failed.`)
  return { passed: Number(code === 0), failed: Number(code !== 0), skipped: 0 }
}

/** Counts only when it fails: then the window's tests have nothing to open, and the others still tell something. */
async function buildForTests() {
  try {
    await build()
    return { passed: 0, failed: 0, skipped: 0 }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(error.message)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

async function vitest(env, filters) {
  rmSync(report, { force: true })
  const display = hasDisplay() ? undefined : await startDisplay().catch((error) => say(error.message))
  const config = ['run', '--config', 'test/vitest.config.ts']
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const args = ['node_modules/vitest/vitest.mjs', ...config, ...reporters, ...filters]
  // A hundred engines and relays are started: what one compiled, the next ones read.
  const NODE_COMPILE_CACHE = path.join(root, 'node_modules/.cache/compiled')
  const { code } = await run(node24, args, {
    env: { ...toolEnvironment(), NODE_COMPILE_CACHE, ...env, ...display?.env },
  })
  display?.stop()
  return count(code)
}

/** A file that does not load, or an error outside any test, has no failed test to count: it still counts as one. */
function count(code) {
  let found
  try {
    found = JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
  const broken = found.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  const failed = found.numFailedTests + broken.length
  return {
    passed: found.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: found.numPendingTests + found.numTodoTests,
  }
}
