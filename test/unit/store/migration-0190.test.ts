import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'
import { packLedger, unpackLedger } from '../../../src/store/queries/score-ledger.ts'

test('leads get the stage that follows from what is known of them, and their reasons stay', () => {
  const database = new BetterSqlite3(':memory:')
  onTestFinished(() => void database.close())
  migrate(
    database,
    migrations.filter((it) => it.version < 190),
  )
  const values = {
    1: 'NULL, NULL, NULL',
    2: '5, NULL, NULL',
    3: '5, 6, NULL',
    4: 'NULL, 6, NULL',
    5: "5, 6, 'won'",
    6: "5, NULL, 'lost'",
    7: "NULL, NULL, 'disqualified'",
  }
  for (const [id, known] of Object.entries(values)) {
    database.exec(`
      INSERT INTO person (id, name, name_rank, created_at, updated_at) VALUES (${id}, 'Ana', 1, 0, 0);
      INSERT INTO lead (id, person_id, status, stage, source, source_detail, score, tier, opened_at, last_at, last_channel,
          last_direction, preview, first_human_at, qualified_at, outcome)
        VALUES (${id}, ${id}, 'open', 'new', 'Web', '{}', 50, 'warm', 0, 0, 'email', 'in', '', ${known});`)
  }
  database.exec(`
    INSERT INTO score_entry (lead_id, rule, points, reason, kind, raw, axis, at) VALUES
      (1, 'words', 10, 'Says “now”', 'rule', 12, 'engagement', 7),
      (1, '#ceiling', -3, 'Never above 90', 'limit', 0, NULL, NULL),
      (2, 'local', 5, 'Near "you"', 'rule', 5, 'fit', NULL)`)
  migrate(database, migrations)
  expect(database.prepare('SELECT stage FROM lead ORDER BY id').pluck().all()).toEqual([
    ...['new', 'contacted', 'qualified', 'qualified', 'won', 'lost', 'disqualified'],
  ])
  const ledgers = database.prepare<[], { lead_id: number; entries: string }>('SELECT * FROM score_ledger').all()
  expect(ledgers.map((it) => [it.lead_id, unpackLedger(it.entries)])).toEqual([
    [
      1,
      [
        { rule: '#ceiling', points: -3, reason: 'Never above 90', kind: 'limit', raw: 0, axis: null, at: null },
        { rule: 'words', points: 10, reason: 'Says “now”', kind: 'rule', raw: 12, axis: 'engagement', at: 7 },
      ],
    ],
    [2, [{ rule: 'local', points: 5, reason: 'Near "you"', kind: 'rule', raw: 5, axis: 'fit', at: null }]],
  ])
  // As the program writes them: a look at all leads finds nothing to write.
  for (const { entries } of ledgers) expect(packLedger(unpackLedger(entries))).toBe(entries)
  database.exec('UPDATE lead SET first_human_at = 9 WHERE id = 1')
  expect(database.prepare('SELECT stage FROM lead WHERE id = 1').pluck().get()).toBe('contacted')
})
