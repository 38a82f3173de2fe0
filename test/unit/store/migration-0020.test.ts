import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../../src/store/migrate.ts'
import { firstLight } from '../../../src/store/migrations/0010-first-light.ts'
import { importsAndMerges } from '../../../src/store/migrations/0020-imports-and-merges.ts'

/** A workspace of before this step: a lead that came back, a caller who is no lead, somebody of whom nothing is known. */
function oldWorkspace(): BetterSqlite3.Database {
  const database = new BetterSqlite3(':memory:')
  onTestFinished(() => void database.close())
  database.pragma('foreign_keys = ON')
  migrate(database, [firstLight])
  database.exec(`
    INSERT INTO person (id, name, name_rank, created_at, updated_at)
      VALUES (1, 'Ana', 1, 10, 10), (2, 'Caller', 0, 20, 20), (3, 'Nobody', 2, 30, 30);
    INSERT INTO handle (person_id, kind, value, last_used_at, created_at) VALUES (1, 'phone', '+14155550187', 10, 10);
    INSERT INTO lead (id, person_id, status, stage, source, source_detail, score, tier, opened_at, last_at, last_channel,
      last_direction, preview) VALUES
      (8, 1, 'open', 'new', 'E-mail', '{}', 0, 'nurture', 500, 500, 'email', 'in', ''),
      (9, 1, 'done', 'new', 'Google Ads', '{"gclid":"x"}', 0, 'nurture', 100, 100, 'form', 'in', '');
    INSERT INTO interaction (id, person_id, channel, direction, at, automatic, subject, text, delivery, created_at) VALUES
      (5, 2, 'sms', 'in', 90, 0, '', 'later', 'received', 90), (6, 2, 'call', 'in', 25, 0, '', 'earlier', 'received', 91);`)
  return database
}

test('everybody who was there gets their source, in the order in which they came', () => {
  const database = oldWorkspace()
  migrate(database, [firstLight, importsAndMerges])
  const touches = database
    .prepare('select person_id, lead_id, at, source, detail from source_touch order by person_id, at, id')
    .all()
  expect(touches).toEqual([
    { person_id: 1, lead_id: 9, at: 100, source: 'Google Ads', detail: '{"gclid":"x"}' },
    { person_id: 1, lead_id: 8, at: 500, source: 'E-mail', detail: '{}' },
    { person_id: 2, lead_id: null, at: 20, source: 'Phone call', detail: '{}' },
    { person_id: 3, lead_id: null, at: 30, source: 'Added by hand', detail: '{}' },
  ])
  expect(database.prepare('select distinct origin, merged_into from lead').all()).toEqual([
    { origin: 'inbound', merged_into: null },
  ])
  expect(database.prepare('select consent from handle').pluck().all()).toEqual(['implied'])
  expect(database.pragma('foreign_key_check')).toEqual([])
})

test('a message that is removed is no longer found', () => {
  const database = oldWorkspace()
  migrate(database, [firstLight, importsAndMerges])
  const found = database
    .prepare<[], number>("select rowid from interaction_search where interaction_search match 'earlier'")
    .pluck()
  expect(found.all()).toEqual([6])
  database.exec('delete from interaction where id = 6')
  expect(found.all()).toEqual([])
  expect(() =>
    database.exec("insert into interaction_search (interaction_search) values ('integrity-check')"),
  ).not.toThrow()
})
