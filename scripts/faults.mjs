/**
 * `npm run faults [seed]`: the network-fault run of the tests, six times as long. A seed repeats what was drawn by lot
 * in another run; what the network and the processes make of it is never quite the same.
 */
import { setUpForTests } from './setup.mjs'
import { node24, run, script, toolEnvironment } from './shell.mjs'

await script(async () => {
  const { env } = await setUpForTests()
  const [seed] = process.argv.slice(2)
  const chosen = { DESKBELL_FAULTS: 'long', ...(seed && { DESKBELL_SEED: seed }) }
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'test/vitest.config.ts',
    'test/channels/network-faults.test.ts',
  ]
  const { code } = await run(node24, args, { env: { ...toolEnvironment(), ...env, ...chosen } })
  process.exitCode = code
})
