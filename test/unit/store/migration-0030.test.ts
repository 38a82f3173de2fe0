import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../../src/store/migrate.ts'
import { firstLight } from '../../../src/store/migrations/0010-first-light.ts'
import { importsAndMerges } from '../../../src/store/migrations/0020-imports-and-merges.ts'
import { chatAndWhatsApp } from '../../../src/store/migrations/0030-chat-and-whatsapp.ts'

const before = [firstLight, importsAndMerges]

/** A workspace of before this step, with a handle and a job of every odd kind. */
function oldWorkspace(): BetterSqlite3.Database {
  const database = new BetterSqlite3(':memory:')
  onTestFinished(() => void database.close())
  database.pragma('foreign_keys = ON')
  migrate(database, before)
  database.exec(`
    INSERT INTO person (id, name, name_rank, created_at, updated_at) VALUES (1, 'Ana', 1, 10, 10);
    INSERT INTO handle (id, person_id, kind, value, label, valid, opted_out_at, last_used_at, created_at, consent) VALUES
      (7, 1, 'phone', '+14155550187', 'work', 0, 55, 44, 33, 'given'),
      (3, 1, 'email', 'ana@example.com', NULL, 1, NULL, 12, 11, 'none');
    INSERT INTO account (id, kind, label, settings, state, state_message, created_at)
      VALUES (2, 'email', 'office', '{}', 'ok', '', 10);
    INSERT INTO template (id, name, channel, subject, body, created_at) VALUES (4, 'Hello', 'sms', '', 'Hi', 10);
    INSERT INTO interaction (id, person_id, channel, direction, at, automatic, subject, text, delivery, created_at)
      VALUES (5, 1, 'sms', 'out', 90, 0, '', 'hi', 'queued', 90);
    INSERT INTO job (id, kind, account_id, person_id, interaction_id, payload, template_id, state, not_before, attempts,
        claimed_at, last_error, created_at, updated_at) VALUES
      (9, 'sms', 2, 1, 5, '{"a":1}', 4, 'committing', 100, 2, 101, 'busy', 90, 102),
      (6, 'email', 2, 1, 5, '{}', NULL, 'sent', 1, 0, NULL, NULL, 1, 2);`)
  return database
}

const all = (database: BetterSqlite3.Database, table: string) =>
  database.prepare<[], Record<string, unknown>>(`select * from ${table} order by id`).all()

const indexes = (database: BetterSqlite3.Database) =>
  database
    .prepare<[], unknown>(
      "select name, tbl_name, sql from sqlite_schema where type = 'index' and tbl_name in ('handle', 'job') order by name",
    )
    .all()

test('every handle and every job is as it was, and found the same way', () => {
  const database = oldWorkspace()
  const old = { handles: all(database, 'handle'), jobs: all(database, 'job'), indexes: indexes(database) }
  expect(old.handles).toHaveLength(2)
  expect(old.jobs).toHaveLength(2)
  migrate(database, [...before, chatAndWhatsApp])
  expect({ handles: all(database, 'handle'), jobs: all(database, 'job'), indexes: indexes(database) }).toEqual(old)
  expect(database.pragma('foreign_key_check')).toEqual([])
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
})

test('WhatsApp and chat are allowed now, what nobody knows still is not', () => {
  const database = oldWorkspace()
  const addHandle = (kind: string) =>
    database
      .prepare('insert into handle (person_id, kind, value, last_used_at, created_at) values (1, ?, ?, 1, 1)')
      .run(kind, kind)
  const addJob = (kind: string) =>
    database
      .prepare(
        `insert into job (kind, account_id, person_id, interaction_id, payload, state, not_before, attempts, created_at, updated_at)
         values (?, 2, 1, 5, '{}', 'queued', 1, 0, 1, 1)`,
      )
      .run(kind)
  expect(() => addHandle('chat')).toThrow(/CHECK/)
  expect(() => addJob('whatsapp')).toThrow(/CHECK/)
  migrate(database, [...before, chatAndWhatsApp])
  addHandle('chat')
  addJob('whatsapp')
  addJob('chat')
  expect(() => addHandle('fax')).toThrow(/CHECK/)
  expect(() => addJob('fax')).toThrow(/CHECK/)
  expect(() => addHandle('chat')).toThrow(/UNIQUE/)
  // References are still kept.
  expect(() =>
    database.exec(
      "insert into handle (person_id, kind, value, last_used_at, created_at) values (99, 'chat', 'x', 1, 1)",
    ),
  ).toThrow(/FOREIGN KEY/)
})
