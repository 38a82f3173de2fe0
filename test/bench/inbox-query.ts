import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { makeInboxHandlers } from '../../src/inbox/handlers.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { databaseFile, openStore } from '../../src/store/open.ts'
import { ms, percentile, printFigure } from './figures.ts'

/** The first page of the list and the counts of the rail, as the window asks for them, at two sizes of workspace. */
const views = ['inbox', 'hot', 'due', 'waiting', 'calls', 'all'] as const
const before = new Map<string, number>()
for (const people of [10_000, 100_000]) {
  const dataDir = mkdtempSync(join(tmpdir(), 'deskbell-bench-'))
  await openStore(dataDir, silentLog).close()
  fill(join(dataDir, databaseFile), people)
  const store = openStore(dataDir, silentLog)
  const clocks = async () => {}
  const handlers = makeInboxHandlers({
    store,
    clock: systemClock,
    clocks: {
      opened: clocks,
      owned: clocks,
      retargeted: clocks,
      recalculated: clocks,
      asked: clocks,
      answered: clocks,
      rang: clocks,
      paused: clocks,
      resumed: clocks,
      closed: clocks,
    },
  })
  for (const view of views) {
    await measure(`list "${view}" at ${people} people`, view, () =>
      handlers['inbox.list']({ view, after: null, limit: 50 }),
    )
  }
  await measure(`counts at ${people} people`, 'counts', () => handlers['inbox.counts']({}))
  await store.close()
  rmSync(dataDir, { recursive: true, force: true })
}

async function measure(name: string, key: string, work: () => Promise<unknown>): Promise<void> {
  const took: number[] = []
  for (let n = 0; n < 220; n++) {
    const started = performance.now()
    await work()
    if (n >= 20) took.push(performance.now() - started)
  }
  const p50 = percentile(took, 0.5)
  const smaller = before.get(key)
  before.set(key, p50)
  const ratio = smaller === undefined ? '' : `, ${(p50 / smaller).toFixed(2)} × the smaller workspace`
  printFigure(name, ms(p50), `p95 ${ms(percentile(took, 0.95))}${ratio}`)
}

/** Rows as ingest leaves them, written at once: a tenth owed an answer, a fifth waiting, half done. */
function fill(path: string, people: number): void {
  const database = new BetterSqlite3(path)
  const now = Date.now()
  const person = database.prepare(
    'INSERT INTO person (id, name, name_rank, created_at, updated_at) VALUES (?, ?, 1, ?, ?)',
  )
  const lead = database.prepare(`
    INSERT INTO lead (person_id, status, stage, source, source_detail, score, tier, opened_at, clock_kind,
      clock_started_at, risk_at, due_at, last_at, last_channel, last_direction, preview, missed_call)
    VALUES (?, ?, 'new', 'E-mail', '{}', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'Could you send me a quote?', ?)`)
  database.transaction(() => {
    for (let n = 1; n <= people; n++) {
      const at = now - ((n * 7919) % (90 * 24 * 3_600_000))
      const score = (n * 37) % 101
      const tier = score >= 60 ? 'hot' : score >= 30 ? 'warm' : 'nurture'
      const owed = n % 10 === 0
      const due = owed ? now + ((n * 104_729) % 3_600_000) - 600_000 : null
      person.run(n, `Customer ${n}`, at, at)
      lead.run(
        n,
        n % 2 === 0 || owed ? 'open' : 'done',
        score,
        tier,
        at,
        owed ? 'first_contact' : null,
        owed ? at : null,
        due,
        due,
        at,
        n % 4 === 0 ? 'call' : 'email',
        n % 5 === 0 ? 'out' : 'in',
        n % 40 === 0 ? 1 : 0,
      )
    }
  })()
  database.exec('ANALYZE')
  database.close()
}
