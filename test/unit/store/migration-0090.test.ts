import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { scoring as scoringSchema } from '../../../src/score/contract.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'

/** A workspace of before this step. */
function oldWorkspace(): BetterSqlite3.Database {
  const database = new BetterSqlite3(':memory:')
  onTestFinished(() => void database.close())
  database.pragma('foreign_keys = ON')
  migrate(
    database,
    migrations.filter((it) => it.version < 90),
  )
  return database
}

const upgrade = (database: BetterSqlite3.Database) =>
  migrate(
    database,
    migrations.filter((it) => it.version <= 90),
  )
const settings = (database: BetterSqlite3.Database) =>
  Object.fromEntries(
    (database.prepare('select key, value from setting').raw().all() as [string, string][]).map(([key, value]) => [
      key,
      JSON.parse(value),
    ]),
  )

test('rules somebody wrote become rules of one condition, in groups without a cap', () => {
  const database = oldWorkspace()
  const rules = [
    { id: 'called', label: 'Called “us”', points: 40, when: { kind: 'channel', channels: ['call'] } },
    { id: 'words', label: 'Roofs', points: 15, when: { kind: 'text', anyOf: ['roof', "it's"] } },
    { id: 'my own # one', label: 'Big', points: 30, when: { kind: 'budget', atLeast: 9000 } },
    { id: 'phone', label: 'Left a number', points: 10, when: { kind: 'field', field: 'phone' } },
    { id: 'again', label: 'Came back', points: 10, when: { kind: 'touches', atLeast: 3 } },
    { id: 'robot', label: 'Machine', points: -60, when: { kind: 'robot' } },
  ]
  database.prepare("insert into setting values ('scoreRules', ?)").run(JSON.stringify(rules))
  upgrade(database)
  const { scoring, scoreRules } = settings(database)
  expect(scoreRules).toBeUndefined()
  const read = scoringSchema.parse(scoring)
  expect(read.mode).toBe('points')
  expect(read.groups.every((it) => it.cap === 100 && it.floor === -100)).toBe(true)
  expect(read.rules.map(({ id, label, points, group }) => ({ id, label, points, group }))).toEqual([
    { id: 'called', label: 'Called “us”', points: 40, group: 'contact' },
    { id: 'words', label: 'Roofs', points: 15, group: 'words' },
    { id: 'my-own---one', label: 'Big', points: 30, group: 'job' },
    { id: 'phone', label: 'Left a number', points: 10, group: 'job' },
    { id: 'again', label: 'Came back', points: 10, group: 'contact' },
    { id: 'robot', label: 'Machine', points: -60, group: null },
  ])
  expect(read.rules[1]?.when.all).toEqual([{ kind: 'text', anyOf: ['roof', "it's"] }])
  expect(read.rules[3]?.when.all).toEqual([{ kind: 'field', field: 'phone', how: 'present', values: [] }])
  expect(read.rules.every((it) => it.halfLifeDays === null && it.times === 1)).toBe(true)
})

test.each(['{"not":"a list"}', 'not json', ''])(
  'rules that cannot be read (%j) give way to those of a new workspace',
  (value) => {
    const database = oldWorkspace()
    database.prepare("insert into setting values ('scoreRules', ?)").run(value)
    upgrade(database)
    expect(settings(database)).toEqual({})
  },
)

test('reasons of before keep their points', () => {
  const database = oldWorkspace()
  database.exec(`
    INSERT INTO person (id, name, name_rank, created_at, updated_at) VALUES (1, 'Ana', 1, 10, 10);
    INSERT INTO lead (id, person_id, status, stage, source, source_detail, score, tier, opened_at, last_at, last_channel,
      last_direction, preview) VALUES (8, 1, 'open', 'new', 'E-mail', '{}', 40, 'warm', 500, 500, 'email', 'in', '');
    INSERT INTO score_entry (lead_id, rule, points, reason) VALUES (8, 'called', 40, 'Called you');`)
  upgrade(database)
  expect(database.prepare('select * from score_entry').all()).toEqual([
    { lead_id: 8, rule: 'called', points: 40, reason: 'Called you', kind: 'rule', raw: 40, axis: null, at: null },
  ])
  expect(database.prepare('select fit, engagement, grade, qualification from lead').all()).toEqual([
    { fit: null, engagement: null, grade: null, qualification: null },
  ])
})
