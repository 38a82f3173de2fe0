import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'

/** What an old workspace with three members, one of them gone, has of turns after the step. */
function turnsAfter(value: string | null): unknown {
  const database = new BetterSqlite3(':memory:')
  onTestFinished(() => void database.close())
  database.pragma('foreign_keys = ON')
  migrate(
    database,
    migrations.filter(({ version }) => version < 80),
  )
  database.exec(`insert into member (id, name, on_duty, created_at, removed_at)
    values (1, 'Dana', 1, 0, null), (2, 'Sam', 0, 0, null), (3, 'Kim', 0, 0, 9)`)
  if (value !== null) database.prepare("insert into setting (key, value) values ('route.turn', ?)").run(value)
  migrate(database, migrations)
  expect(database.prepare("select * from setting where key = 'route.turn'").all()).toEqual([])
  expect(database.prepare('select skills, calendar, capacity from member').all()).toEqual(
    Array(3).fill({ skills: '[]', calendar: null, capacity: null }),
  )
  return database.prepare('select rule_id, member_id, seq, credit, today from route_state').all()
}

test('the turn goes on as that of the rule everybody starts with', () => {
  expect(turnsAfter('2')).toEqual([{ rule_id: 'everybody', member_id: 2, seq: 1, credit: 0, today: 0 }])
})
test.each([null, 'null', '77', '"x"'])('without a turn that anybody had there is none: %s', (value) => {
  expect(turnsAfter(value)).toEqual([])
})
