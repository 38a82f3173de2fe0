import BetterSqlite3 from 'better-sqlite3'
import type { CompiledQuery } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { leadsSince, ledgersSinceQuery } from '../../../src/score/dead-rules.ts'
import { candidatesAfter } from '../../../src/score/rescore-all.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'
import { openTestStore } from '../../fakes/test-store.ts'

test('what runs over many leads goes by an index', async () => {
  const store = openTestStore()
  const empty = new BetterSqlite3(':memory:')
  onTestFinished(async () => {
    empty.close()
    await store.close()
  })
  migrate(empty, migrations)
  const planOf = ({ sql, parameters }: CompiledQuery) =>
    empty
      .prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
      .all(...parameters)
      .map((it) => it.detail)
      .join('\n')
  const { read } = store
  expect(planOf(leadsSince(read, 5).compile())).toMatch(/SEARCH lead USING COVERING INDEX lead_opened \(opened_at>\?/)
  const ledgers = planOf(ledgersSinceQuery(read.db, 5, { openedAt: 9, leadId: 9 }).compile())
  expect(ledgers).toMatch(/SEARCH lead USING (COVERING )?INDEX lead_opened \(opened_at>\?/)
  expect(ledgers).toMatch(/SEARCH score_ledger USING INTEGER PRIMARY KEY/)
  expect(ledgers).not.toContain('TEMP B-TREE')
  const portion = planOf(candidatesAfter(read.db, 5).compile())
  expect(portion).not.toContain('TEMP B-TREE')
  expect(portion).toMatch(/SEARCH lead_fact USING INTEGER PRIMARY KEY/)
  expect(portion).toMatch(/SEARCH score_ledger USING INTEGER PRIMARY KEY/)
})
