import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'

test('what came before is learned from: inbound, since the account was connected, by people', () => {
  const database = new BetterSqlite3(':memory:')
  onTestFinished(() => void database.close())
  database.pragma('foreign_keys = ON')
  migrate(
    database,
    migrations.filter(({ version }) => version < 50),
  )
  database.exec(`
    insert into account (id, kind, label, settings, state, state_message, created_at, seen, taken, skipped)
      values (1, 'email', 'a', '{}', 'ok', '', 1000, 9, 4, 5), (2, 'form', 'b', '{}', 'ok', '', 1000, 0, 0, 0);
    insert into person (id, name, name_rank, created_at, updated_at) values (1, 'Ana', 1, 0, 0);
  `)
  const interaction = database.prepare(`insert into interaction
    (id, person_id, account_id, channel, direction, at, automatic, subject, text, delivery, created_at)
    values (?, 1, 1, 'email', ?, ?, 0, '', '', 'received', 0)`)
  const item = database.prepare(`insert into inbound_item
    (id, account_id, external_id, revision, interaction_id, received_at) values (?, 1, ?, '1', ?, ?)`)
  const mail = database.prepare(`insert into mail
    (interaction_id, thread_id, from_address, to_addresses, cited, robot) values (?, 1, 'a@b.example', '[]', '[]', ?)`)
  const odd = [
    { id: 1, direction: 'in', at: 2000, received: 2500, robot: null },
    // The clock of the provider runs ahead.
    { id: 2, direction: 'in', at: 3000, received: 2900, robot: null },
    { id: 3, direction: 'in', at: 500, received: 2000, robot: null },
    { id: 4, direction: 'in', at: 4000, received: 4100, robot: 'newsletter' },
    { id: 5, direction: 'out', at: 4000, received: 4100, robot: null },
  ]
  for (const { id, direction, at, received, robot } of odd) {
    interaction.run(id, direction, at)
    item.run(id * 10, `m${id}`, id, received)
    mail.run(id, robot)
  }
  item.run(60, 'left out', null, 5000)
  migrate(database, migrations)
  expect(database.prepare('select account_id, at, item_id, stored_at from arrival order by at').raw().all()).toEqual([
    [1, 2000, 10, 2500],
    [1, 2900, 20, 2900],
  ])
  expect(database.prepare('select account_id, count from left_out').raw().all()).toEqual([[1, 5]])
})
