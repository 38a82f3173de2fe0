import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { makeHook, registerWorkspace, startRelayProcess } from '../fakes/relay/relay-process.ts'
import { ms, percentile, perSecond, printFigure } from './figures.ts'
import { type LoadResult, postLoad } from './relay-load.ts'

/**
 * Posts of about 600 bytes to the real relay (SQLite, synchronous=FULL), on the loopback address of this machine, which
 * also runs the load. First at 2,000 a second, then as many as it answers. Rates per hook are lifted; everything else
 * is as it ships. In the end every answered post is in the file.
 */
const workspaces = 20
const rate = Number(process.argv[2] ?? 2000)
const forMs = Number(process.argv[3] ?? 10_000)

const folder = mkdtempSync(join(tmpdir(), 'deskbell-relay-bench-'))
const lifted = '1000000'
const relay = await startRelayProcess({
  RELAY_DATA: folder,
  RELAY_HOOK_BURST: lifted,
  RELAY_HOOK_PER_SECOND: lifted,
  RELAY_SENDER_BURST: lifted,
  RELAY_SENDER_PER_SECOND: lifted,
})
try {
  printFigure('one commit of this disk', ms(oneCommit()), 'SQLite, WAL, synchronous=FULL, median of 200')
  const paths: string[] = []
  for (let count = 0; count < workspaces; count++) {
    const workspace = await registerWorkspace(relay.url)
    paths.push(await makeHook(relay.url, workspace, randomBytes(16).toString('hex')))
  }
  const port = Number(new URL(relay.url).port)
  const warmUp = await postLoad({ port, paths, connections: 64, rate: null, forMs: 1000 })
  const paced = await postLoad({ port, paths, connections: 256, rate, forMs })
  print(`relay: posts at ${rate} a second`, paced)
  const most = await postLoad({ port, paths, connections: 128, rate: null, forMs })
  print('relay: as many posts as it takes', most)
  const answered = warmUp.taken + paced.taken + most.taken
  await relay.stop()
  const stored = storedIn(join(folder, 'relay.db'))
  printFigure('relay: answered posts in the file', `${stored} of ${answered}`)
  if (stored !== answered) process.exitCode = 1
} finally {
  await relay.stop()
  rmSync(folder, { recursive: true, force: true })
}

function print(name: string, { taken, refused, tookMs, latencies }: LoadResult): void {
  const times = [0.5, 0.99, 0.999].map((part) => ms(percentile(latencies, part)))
  printFigure(name, perSecond(taken, tookMs), `p50 ${times[0]}, p99 ${times[1]}, p99.9 ${times[2]}; ${refused} refused`)
}

function oneCommit(): number {
  const database = new BetterSqlite3(join(folder, 'probe.db'))
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec('CREATE TABLE probe (bytes BLOB)')
  const insert = database.prepare('INSERT INTO probe VALUES (?)')
  const took = Array.from({ length: 200 }, () => {
    const started = performance.now()
    insert.run(Buffer.alloc(800))
    return performance.now() - started
  })
  database.close()
  return percentile(took, 0.5)
}

function storedIn(file: string): number {
  const database = new BetterSqlite3(file, { readonly: true })
  try {
    return Number(database.prepare('SELECT count(*) FROM delivery').pluck().get())
  } finally {
    database.close()
  }
}
