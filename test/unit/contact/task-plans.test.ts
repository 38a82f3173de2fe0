import BetterSqlite3 from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { dueQuery } from '../../../src/contact/tasks/read-tasks.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'
import { openStore } from '../../../src/store/open.ts'

const store = openStore(':memory:', silentLog)
afterAll(() => store.close())

test('tasks that came due are counted among those that are open, however many were done', () => {
  const database = new BetterSqlite3(':memory:')
  try {
    migrate(database, migrations)
    const { sql, parameters } = dueQuery(store.read, 5).compile()
    const [first] = database
      .prepare<unknown[], { readonly detail: string }>(`explain query plan ${sql}`)
      .all(...parameters)
    expect(first?.detail).toMatch(/^SEARCH task USING INDEX task_open \(due_at<\?\)/)
  } finally {
    database.close()
  }
})
