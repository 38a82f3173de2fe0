import BetterSqlite3 from 'better-sqlite3'
import type { CompiledQuery } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentLog } from '../../../src/lib/log.ts'
import { backlogQuery } from '../../../src/route/drain-backlog.ts'
import { closedSinceQuery, openBeforeQuery, recentLeadsQuery } from '../../../src/route/preview.ts'
import { lateQuery } from '../../../src/route/read-team.ts'
import { unansweredQuery } from '../../../src/route/reroute-absent.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'
import { openStore } from '../../../src/store/open.ts'
import type { Store } from '../../../src/store/store.ts'

/** What giving out leads asks, with and without statistics of a workspace in which nearly everything is done. */
let store: Store
let databases: BetterSqlite3.Database[]

beforeAll(() => {
  store = openStore(':memory:', silentLog)
  databases = [false, true].map((isFilled) => {
    const database = new BetterSqlite3(':memory:')
    migrate(database, migrations)
    if (isFilled) fill(database)
    return database
  })
})
afterAll(async () => {
  await store.close()
  for (const it of databases) it.close()
})

function fill(database: BetterSqlite3.Database): void {
  database.exec("insert into member (name, on_duty, created_at) values ('Dana', 1, 0), ('Sam', 1, 0)")
  const person = database.prepare('insert into person (name, name_rank, created_at, updated_at) values (?, 1, 0, 0)')
  const lead = database.prepare(`insert into lead
    (person_id, status, owner_id, source, source_detail, score, tier, opened_at, last_at, last_channel, last_direction, preview)
    values (?, ?, ?, 'Web', '{}', 50, 'warm', ?, ?, 'email', 'in', '')`)
  database.transaction(() => {
    for (let n = 1; n <= 2000; n++) {
      person.run(`P${n}`)
      lead.run(n, n % 20 === 0 ? 'open' : 'done', n % 50 === 0 ? null : 1, n, n)
    }
  })()
  database.exec('analyze')
}

const plansOf = ({ sql, parameters }: CompiledQuery) =>
  databases.map((it) =>
    it
      .prepare<unknown[], { readonly detail: string }>(`explain query plan ${sql}`)
      .all(...parameters)
      .map((row) => row.detail)
      .join('\n'),
  )

test('of what people have in hand only what is late is counted, in an index', () => {
  for (const plan of plansOf(lateQuery(store.read, 5).compile())) {
    expect(plan).toMatch(/^SEARCH lead USING COVERING INDEX lead_due \(due_at<\?\)/)
  }
})

test('what nobody owns is found by its owner, whatever was done', () => {
  for (const after of [null, { heat: 0, openedAt: 5, id: 5 }]) {
    for (const plan of plansOf(backlogQuery(store.read, after).compile())) {
      expect(plan).toMatch(/^SEARCH lead USING INDEX lead_(owner|unowned) \(owner_id=\?\)/)
    }
  }
})

test('what somebody leaves unanswered is found by its owner', () => {
  for (const plan of plansOf(unansweredQuery(store.read, 1).compile())) {
    expect(plan).toMatch(/^SEARCH lead USING INDEX lead_owner \(owner_id=\?\)/)
    expect(plan).not.toMatch(/SCAN clock/)
  }
})

test('the last leads are read from the end', () => {
  for (const plan of plansOf(recentLeadsQuery(store.read).compile())) {
    expect(plan).toMatch(/^SCAN lead\n/)
    expect(plan).not.toContain('TEMP B-TREE FOR ORDER BY\nSCAN')
  }
})

test('what people had in hand before those is read from indexes', () => {
  for (const plan of plansOf(openBeforeQuery(store.read, 1900).compile())) {
    expect(plan).toMatch(/(SCAN|SEARCH) lead USING COVERING INDEX lead_load/)
  }
  for (const plan of plansOf(closedSinceQuery(store.read, { id: 1900, opened_at: 1900 }).compile())) {
    expect(plan).toMatch(/^SEARCH lead USING INDEX lead_done \(done_at>\?\)/)
  }
})
