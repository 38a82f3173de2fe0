import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'

test('views that were kept stay as they were, and new orders may be kept', () => {
  const database = new BetterSqlite3(':memory:')
  onTestFinished(() => void database.close())
  migrate(
    database,
    migrations.filter((it) => it.version < 160),
  )
  const add = () =>
    database.prepare(`insert into saved_view (id, name, icon, query, sort, position, created_at, removed_at) values
      (?, ?, 'star', 'is:mine', ?, ?, 5, ?)`)
  add().run(3, 'Mine', 'due', 2, null)
  add().run(7, 'Gone', 'score', 1, 9)
  expect(() => add().run(8, 'Fit', 'fit', 3, null)).toThrow(/CHECK/)
  const all = 'select * from saved_view order by id'
  const before = database.prepare(all).all()
  migrate(database, migrations)
  expect(database.prepare(all).all()).toEqual(before)
  for (const [at, sort] of ['fit', 'engagement'].entries()) add().run(20 + at, sort, sort, 9, null)
  expect(() => add().run(30, 'Other', 'other', 9, null)).toThrow(/CHECK/)
  expect(database.pragma('foreign_key_check')).toEqual([])
})
