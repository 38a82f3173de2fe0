import BetterSqlite3 from 'better-sqlite3'
import type { CompiledQuery } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { dueQuery } from '../../../src/contact/tasks/read-tasks.ts'
import { untold } from '../../../src/contact/tasks/task-timer.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'
import { openStore } from '../../../src/store/open.ts'

const store = openStore(':memory:', silentLog)
afterAll(() => store.close())

/** The first step of the plan of a query. */
function firstOf({ sql, parameters }: CompiledQuery): string | undefined {
  const database = new BetterSqlite3(':memory:')
  try {
    migrate(database, migrations)
    return database.prepare<unknown[], { readonly detail: string }>(`explain query plan ${sql}`).all(...parameters)[0]
      ?.detail
  } finally {
    database.close()
  }
}

test('tasks that came due are counted among those that are open, however many were done', () => {
  expect(firstOf(dueQuery(store.read, 5).compile())).toMatch(/^SEARCH task USING INDEX task_open \(due_at<\?\)/)
})

test('tasks of which nobody was told are looked for after every commit, among those alone', () => {
  for (const me of [null, 1])
    expect(firstOf(untold(store.read, me).compile())).toMatch(/^SCAN task USING INDEX task_untold/)
})
