import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { readCompliance } from '../../src/analyze/read-compliance.ts'
import { day, hour, minute } from '../../src/lib/durations.ts'
import { silentLog } from '../../src/lib/log.ts'
import { databaseFile, openStore } from '../../src/store/open.ts'
import { makeReadCalendars } from '../../src/store/queries/calendars.ts'
import { ms, printFigure } from './figures.ts'

/** The report of a quarter in which 200,000 leads came: what it costs, and how long nobody else gets a turn. */
const leads = 200_000
const dataDir = mkdtempSync(join(tmpdir(), 'deskbell-bench-'))
await openStore(dataDir, silentLog).close()
fill(join(dataDir, databaseFile))
const store = openStore(dataDir, silentLog)
const readCalendars = makeReadCalendars()
const asked = { weeks: 13, kind: 'first_contact', basis: 'decided', now: Date.now() } as const

for (const name of ['the first time', 'and again']) {
  let longest = 0
  let last = process.cpuUsage()
  // By the processor: how long it takes on a machine that others use says nothing.
  const ticking = setInterval(() => {
    const { user, system } = process.cpuUsage(last)
    longest = Math.max(longest, (user + system) / 1000)
    last = process.cpuUsage()
  }, 1)
  const before = process.cpuUsage()
  const { total } = await readCompliance(store.read, readCalendars, asked)
  const { user, system } = process.cpuUsage(before)
  clearInterval(ticking)
  const counted = total.tally.met + total.tally.missed
  const beside = `of one core; ${counted} deadlines, longest without a breath ${ms(longest)}`
  printFigure(`report of a quarter, ${name}`, ms((user + system) / 1000), beside)
}
await store.close()
rmSync(dataDir, { recursive: true, force: true })

function fill(path: string): void {
  const database = new BetterSqlite3(path)
  const now = Date.now()
  const person = database.prepare(
    "INSERT INTO person (id, name, name_rank, created_at, updated_at) VALUES (?, 'Ana', 1, 0, 0)",
  )
  const handle = database.prepare(
    "INSERT INTO handle (person_id, kind, value, last_used_at, created_at) VALUES (?, 'email', ?, 1, 1)",
  )
  const lead = database.prepare(`
    INSERT INTO lead (id, person_id, status, source, source_detail, score, tier, opened_at, last_at, last_channel,
      last_direction, preview, first_human_at) VALUES (?, ?, 'done', 'Web', '{}', 0, ?, ?, ?, 'email', 'in', '', ?)`)
  const clock = database.prepare(`
    INSERT INTO clock (lead_id, kind, started_at, target_ms, warn_at, risk_at, due_at, state, stopped_at, announced,
      channel, tier, owner_id, decided_due_at, decided_state)
      VALUES (?, 'first_contact', ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)`)
  database.exec("INSERT INTO member (id, name, on_duty, created_at) VALUES (1, 'Dana', 1, 0), (2, 'Sam', 1, 0)")
  database.transaction(() => {
    for (let n = 1; n <= leads; n += 1) {
      const at = now - 90 * day + Math.floor((n * 7919 * minute) % (90 * day))
      const answered = at + ((n * 31) % 600) * minute
      const due = at + 4 * hour
      const state = answered <= due ? 'met' : 'missed'
      const tier = (['hot', 'warm', 'nurture'] as const)[n % 3]
      const channel = (['email', 'form', 'call', 'sms'] as const)[n % 4]
      person.run(n)
      handle.run(n, `p${n}@home.example`)
      lead.run(n, n, tier, at, at, answered)
      clock.run(n, at, 4 * hour, due, due, due, state, answered, channel, tier, (n % 2) + 1, due, state)
    }
  })()
  database.close()
}
