import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { startEngine } from '../../../src/engine.ts'
import { systemClock } from '../../../src/lib/clock.ts'
import { silentLog } from '../../../src/lib/log.ts'

/**
 * A whole engine in a process of its own, started by tests that kill it. Accounts are in the folder already, their
 * secrets in a file beside it.
 */
const [folder = '', secretsFile = ''] = process.argv.slice(2)
const secrets = JSON.parse(readFileSync(secretsFile, 'utf8')) as Record<string, string>
await startEngine({
  dataDir: folder,
  restoreFrom: null,
  host: {
    getSecret: async (name) => secrets[name] ?? null,
    setSecret: async () => {},
    deleteSecret: async () => {},
  },
  clock: systemClock,
  log: silentLog,
  random: Math.random,
  sample: null,
  checkOutput: true,
  restart: () => {},
  tuning: {},
})
process.send?.(randomUUID())
