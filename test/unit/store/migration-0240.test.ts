import BetterSqlite3 from 'better-sqlite3'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'

function database(upTo = Number.POSITIVE_INFINITY) {
  const made = new BetterSqlite3(':memory:')
  onTestFinished(() => void made.close())
  made.pragma('foreign_keys = ON')
  migrate(
    made,
    migrations.filter((it) => it.version <= upTo),
  )
  return made
}

const people = (db: BetterSqlite3.Database) =>
  db.exec("INSERT INTO member (name, on_duty, created_at) VALUES ('Dana', 1, 0), ('Sam', 1, 0), ('Kim', 0, 0)")

let made = 0
function addLead(db: BetterSqlite3.Database, status: string, owner: number | null, tier: string): void {
  made += 1
  db.prepare(`INSERT INTO person (id, name, name_rank, created_at, updated_at) VALUES (?, 'Ana', 1, 0, 0)`).run(made)
  db.prepare(`INSERT INTO lead (person_id, status, owner_id, source, source_detail, score, tier, opened_at, last_at,
    last_channel, last_direction, preview) VALUES (?, ?, ?, 'Web', '{}', 50, ?, 0, 0, 'email', 'in', '')`).run(
    made,
    status,
    owner,
    tier,
  )
}

const counted = (db: BetterSqlite3.Database) =>
  db.prepare('SELECT * FROM open_lead WHERE leads > 0 ORDER BY owner_id, tier').all()

/** What it would be if somebody counted. */
const really = (db: BetterSqlite3.Database) =>
  db
    .prepare(`SELECT owner_id, tier, count(*) AS leads FROM lead WHERE status = 'open' AND owner_id IS NOT NULL
      GROUP BY owner_id, tier ORDER BY owner_id, tier`)
    .all()

test('what everybody had in hand before is counted', () => {
  const db = database(220)
  people(db)
  addLead(db, 'open', 1, 'hot')
  addLead(db, 'open', 1, 'hot')
  addLead(db, 'open', 2, 'nurture')
  addLead(db, 'open', null, 'warm')
  addLead(db, 'done', 1, 'hot')
  migrate(db, migrations)
  expect(counted(db)).toEqual([
    { owner_id: 1, tier: 'hot', leads: 2 },
    { owner_id: 2, tier: 'nurture', leads: 1 },
  ])
})

test('the count is right whatever happens to leads', () => {
  const status = fc.constantFrom('open', 'done', 'not_lead')
  const owner = fc.constantFrom(1, 2, 3, null)
  const tier = fc.constantFrom('hot', 'warm', 'nurture')
  const step = fc.oneof(
    fc.record({ what: fc.constant('add' as const), status, owner, tier }),
    fc.record({ what: fc.constant('change' as const), which: fc.nat(30), status, owner, tier }),
    fc.record({ what: fc.constant('hand over' as const), from: owner, owner }),
    fc.record({ what: fc.constant('forget' as const), which: fc.nat(30) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const db = shared
      db.exec('SAVEPOINT run')
      const ids = () => db.prepare<[], number>('SELECT id FROM lead ORDER BY id').pluck().all()
      const pick = (which: number) => ids()[which % Math.max(1, ids().length)] ?? 0
      for (const it of steps) {
        if (it.what === 'add') addLead(db, it.status, it.owner, it.tier)
        else if (it.what === 'change') {
          db.prepare('UPDATE lead SET status = ?, owner_id = ?, tier = ? WHERE id = ?').run(
            ...[it.status, it.owner, it.tier, pick(it.which)],
          )
        } else if (it.what === 'hand over') {
          db.prepare('UPDATE lead SET owner_id = ? WHERE owner_id IS ?').run(it.owner, it.from)
        } else db.prepare('DELETE FROM lead WHERE id = ?').run(pick(it.which))
        expect(counted(db)).toEqual(really(db))
      }
      db.exec('ROLLBACK TO run; RELEASE run')
    }),
    { numRuns: 60 },
  )
})

const shared = new BetterSqlite3(':memory:')
migrate(shared, migrations)
people(shared)
