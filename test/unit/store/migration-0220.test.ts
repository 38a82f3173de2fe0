import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'

test('what a sentence or a word blocked is known as that; of all others nobody kept book', () => {
  const database = new BetterSqlite3(':memory:')
  onTestFinished(() => void database.close())
  database.pragma('foreign_keys = ON')
  migrate(
    database,
    migrations.filter((it) => it.version < 220),
  )
  database.exec(`
    INSERT INTO person (id, name, name_rank, created_at, updated_at) VALUES (1, 'Ana', 1, 10, 10);
    INSERT INTO handle (id, person_id, kind, value, opted_out_at, last_used_at, created_at) VALUES
      (1, 1, 'phone', '+14155550101', 20, 1, 1), (2, 1, 'phone', '+14155550102', 20, 1, 1),
      (3, 1, 'email', 'ana@example.com', 20, 1, 1), (4, 1, 'phone', '+14155550104', NULL, 1, 1);
    INSERT INTO event (at, type, person_id, text, data) VALUES
      (11, 'person.opted_out', 1, '', '{"value":"+14155550101","word":"stop"}'),
      (12, 'person.opted_in', 1, '', '{"value":"+14155550101","word":"start"}'),
      (13, 'person.opted_out', 1, '', '{"value":"+14155550101","word":"phrase"}'),
      (14, 'person.opted_out', 1, '', '{"value":"+14155550102","word":"stop"}'),
      (15, 'person.opted_out', 1, '', '{"value":"+14155550104","word":"stop"}');`)
  migrate(database, migrations)
  const rows = database
    .prepare(
      'select id, opted_out_at, opted_out_how, wrong_at, first_at, blocked_at, blocked_came from handle order by id',
    )
    .raw()
    .all()
  expect(rows).toEqual([
    [1, 20, 'phrase', null, null, null, 0],
    [2, 20, 'stop', null, null, null, 0],
    [3, 20, null, null, null, null, 0],
    [4, null, null, null, null, null, 0],
  ])
})
