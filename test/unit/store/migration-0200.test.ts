import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'

test('who was answered rests from the first start on, who waits for us does not; no task is told of twice', () => {
  const database = new BetterSqlite3(':memory:')
  onTestFinished(() => void database.close())
  migrate(
    database,
    migrations.filter((it) => it.version < 200),
  )
  database.exec(`
    INSERT INTO person (id, name, name_rank, created_at, updated_at) 
      VALUES (1, 'A', 1, 0, 0), (2, 'B', 1, 0, 0), (3, 'C', 1, 0, 0), (4, 'D', 1, 0, 0), (5, 'E', 1, 0, 0), (6, 'F', 1, 0, 0);
    INSERT INTO lead (id, person_id, status, source, source_detail, score, tier, opened_at, last_at, last_channel,
      last_direction, preview, missed_call, outbox, clock_kind, due_at, waiting_since) VALUES
      (1, 1, 'open', 'W', '{}', 0, 'hot', 0, 100, 'email', 'in', '', 0, 'idle', NULL, NULL, NULL),
      (2, 2, 'open', 'W', '{}', 0, 'hot', 0, 100, 'email', 'out', '', 0, 'idle', NULL, NULL, NULL),
      (3, 3, 'open', 'W', '{}', 0, 'hot', 0, 100, 'email', 'out', '', 0, 'idle', 'second_touch', 900, NULL),
      (4, 4, 'open', 'W', '{}', 0, 'hot', 0, 100, 'email', 'out', '', 0, 'idle', 'next_reply', 900, NULL),
      (5, 5, 'open', 'W', '{}', 0, 'hot', 0, 100, 'email', 'out', '', 0, 'failed', NULL, NULL, NULL),
      (6, 6, 'open', 'W', '{}', 0, 'hot', 0, 100, 'email', 'in', '', 0, 'idle', NULL, NULL, 50);
    INSERT INTO task (id, person_id, kind, words, due_at, origin, created_at, called_at) VALUES
      (1, 1, 'todo', 'told', 10, 'hand', 0, 20), (2, 1, 'todo', 'to come', 1000, 'hand', 0, NULL);`)
  migrate(database, migrations)
  const none = 9_000_000_000_000_000
  const newest = 8_640_000_000_000_000 - 100
  expect(database.prepare('select id, rests_until, to_do_key from lead order by id').raw().all()).toEqual([
    [1, 0, newest],
    [2, newest, none],
    [3, 900, 900 + 3_155_760_000_000],
    [4, 0, 900],
    [5, 0, newest],
    [6, newest, none],
  ])
  expect(database.prepare('select told_at from task order by id').pluck().all()).toEqual([20, null])
})
