/**
 * The relay as a program: `node out/relay.js` serves, `node out/relay.js invite [--days 7]` prints an invite for one
 * workspace. Set up by environment variables (docs/relay.md).
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../lib/clock.ts'
import { day } from '../lib/durations.ts'
import { makeLog } from '../lib/log.ts'
import { nodeProblem } from '../lib/node-problem.ts'
import { hashOf } from './hook-cache.ts'
import { makeQueue, type Queue } from './queue/queue.ts'
import { openSqliteQueue } from './queue/sqlite.ts'
import { startRelay } from './server.ts'
import { type RelaySettings, readRelaySettings } from './settings.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { days: { type: 'string', default: '7' } },
})
const log = makeLog()

try {
  const problem = nodeProblem(process.versions.node)
  if (problem !== null) throw new Error(problem)
  const settings = readRelaySettings(process.env)
  const queue = await openQueue(settings)
  if (positionals[0] === 'invite') await invite(queue, Number(values.days))
  else if (positionals.length === 0) await serve(settings, queue)
  else throw new Error('usage: node out/relay.js [invite [--days 7]]')
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  // At once: an open connection to a database would keep a relay that cannot serve running, and unnoticed.
  process.exit(1)
}

async function openQueue({ databaseUrl, dataDir, maxBytes }: RelaySettings): Promise<Queue> {
  if (databaseUrl === null) return makeQueue(openSqliteQueue({ path: join(dataDir, 'relay.db'), maxBytes, log }))
  // Loaded only where it is used: most relays have no PostgreSQL.
  const { openPostgresQueue } = await import('./queue/postgres.ts')
  return makeQueue(await openPostgresQueue(databaseUrl, systemClock, log))
}

async function invite(queue: Queue, days: number): Promise<void> {
  if (!(days > 0)) throw new Error('--days must be a number above 0.')
  const code = `dbi_${randomBytes(20).toString('hex')}`
  await queue.addInvite(hashOf(code), Date.now() + days * day)
  await queue.close()
  process.stdout.write(`${code}\n`)
}

async function serve(settings: RelaySettings, queue: Queue): Promise<void> {
  const { adminToken, ...rest } = settings
  const adminHash = adminToken === null ? null : hashOf(adminToken)
  const relay = await startRelay({ ...rest, queue, clock: systemClock, log, adminHash })
  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    await relay.stop()
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}
