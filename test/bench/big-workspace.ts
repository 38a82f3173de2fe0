import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { silentLog } from '../../src/lib/log.ts'
import { databaseFile, openStore } from '../../src/store/open.ts'

const hour = 3_600_000
const perPerson = 5

/**
 * Rows as ingest leaves them, written at once: five interactions a person over 90 days, half of the leads open (more
 * than any shop lets lie), a tenth owed an answer, a third answered and silent since, one in fifty snoozed; two clocks a
 * lead, one in six of them late.
 */
export async function fillWorkspace(dataDir: string, people: number): Promise<void> {
  await openStore(dataDir, silentLog).close()
  const database = new BetterSqlite3(join(dataDir, databaseFile))
  database.pragma('synchronous = off')
  const now = Date.now()
  database.exec(`INSERT INTO member (id, name, on_duty, created_at) VALUES (1, 'Dana', 1, 0), (2, 'Sam', 1, 0);
    INSERT INTO setting (key, value) VALUES ('me', '1') ON CONFLICT (key) DO UPDATE SET value = '1'`)
  const statements = prepare(database)
  database.transaction(() => {
    for (let n = 1; n <= people; n++) addPerson(statements, n, now)
  })()
  database.exec(`INSERT INTO label (id, name, key, created_at) VALUES (1, 'VIP', 'vip', 0);
    INSERT INTO person_label (person_id, label_id, at) SELECT id, 1, 0 FROM person WHERE id % 100 = 0;
    UPDATE lead SET outcome = iif(id % 4 = 1, 'lost', 'won'), outcome_at = done_at WHERE status = 'done' AND id % 3 = 0;
    UPDATE lead SET fit = id * 13 % 101, engagement = id * 7 % 101 WHERE status = 'open'`)
  database.exec('ANALYZE')
  database.pragma('wal_checkpoint(truncate)')
  database.close()
}

function addPerson({ person, handle, index, lead, interaction, clock }: Statements, n: number, now: number): void {
  const at = now - 90 * 24 * hour + ((n * 7919) % 2_160) * hour + (n % 3600) * 1000
  const name = `${first[n % first.length]} ${last[(n * 7) % last.length]} ${n}`
  const phone = `+1415${String(n % 10_000_000).padStart(7, '0')}`
  person.run(n, name, n % 3 ? null : `${last[n % last.length]} & Sons`, at, at)
  handle.run(n, 'email', `customer${n}@home${n % 500}.example`, at, at)
  handle.run(n, 'phone', phone, at, at)
  index.run(
    n,
    name,
    n % 3 ? '' : `${last[n % last.length]} & Sons`,
    `customer${n}@home${n % 500}.example ${phone.slice(1)}`,
  )
  const score = (n * 37) % 101
  const tier = score >= 60 ? 'hot' : score >= 30 ? 'warm' : 'nurture'
  const owed = n % 10 === 0
  const open = n % 2 === 0
  const due = owed ? now + ((n * 104_729) % hour) - 600_000 : null
  const channel = n % 4 === 0 ? 'call' : 'email'
  const owner = n % 7 === 0 ? null : 1 + (n % 2)
  const answered = at + ((n * 31) % 40) * 60_000
  lead.run(
    ...[
      n,
      n,
      open ? 'open' : 'done',
      owner,
      score,
      tier,
      at,
      open ? null : at + hour,
      n % 50 === 0 ? now + hour : null,
    ],
    ...[owed ? null : answered, owed ? 'first_contact' : null, owed ? at : null, due, due, at, channel],
    ...[n % 3 === 0 ? 'out' : 'in', n % 3 === 0 ? at : null, n % 40 === 0 ? 1 : 0],
  )
  for (let m = 0; m < perPerson; m++) {
    const text = `Hello, ${lines[(n * 3 + m) % lines.length]} ${lines[(n + m * 7) % lines.length]} Order ${n * 10 + m}.`
    interaction.run(n, n, m === 0 ? channel : 'email', m % 2 ? 'out' : 'in', at + m * hour, `Request ${n}`, text, at)
  }
  for (const [kind, minutes] of [
    ['owned', 15],
    ['first_contact', 30],
  ] as const) {
    const target = minutes * 60_000
    const dueAt = owed && due !== null ? due : at + target
    const state = owed ? 'running' : answered <= dueAt ? 'met' : 'missed'
    const decided = owed ? [null, null] : [dueAt, state]
    clock.run(n, kind, at, target, dueAt, dueAt, dueAt, state, owed ? null : answered, channel, tier, owner, ...decided)
  }
}

type Statements = ReturnType<typeof prepare>

function prepare(database: BetterSqlite3.Database) {
  return {
    person: database.prepare(
      'INSERT INTO person (id, name, name_rank, company, created_at, updated_at) VALUES (?, ?, 1, ?, ?, ?)',
    ),
    handle: database.prepare(
      'INSERT INTO handle (person_id, kind, value, last_used_at, created_at) VALUES (?, ?, ?, ?, ?)',
    ),
    index: database.prepare('INSERT INTO person_search (rowid, name, company, handles) VALUES (?, ?, ?, ?)'),
    lead: database.prepare(`INSERT INTO lead (id, person_id, status, owner_id, source, source_detail, score, tier,
      opened_at, done_at, snoozed_until, first_human_at, clock_kind, clock_started_at, risk_at, due_at, last_at,
      last_channel, last_direction, our_word_at, preview, missed_call)
      VALUES (?, ?, ?, ?, 'E-mail', '{}', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'Could you send me a quote?', ?)`),
    interaction: database.prepare(`INSERT INTO interaction (person_id, lead_id, channel, direction, at, automatic,
      subject, text, delivery, created_at) VALUES (?, ?, ?, ?, ?, 0, ?, ?, 'received', ?)`),
    clock: database.prepare(`INSERT INTO clock (lead_id, kind, started_at, target_ms, warn_at, risk_at, due_at, state,
      stopped_at, announced, channel, tier, owner_id, decided_due_at, decided_state)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)`),
  }
}

const first = [
  'Ana',
  'Ben',
  'Carla',
  'David',
  'Elena',
  'Frank',
  'Grace',
  'Hugo',
  'Iris',
  'Jonas',
  'Kim',
  'Lena',
  'Marta',
]
const last = ['Lopez', 'Miller', 'Okafor', 'Novak', 'Silva', 'Tanaka', 'Weber', 'Young', 'Zhang', 'Rossi', 'Dubois']
const lines = [
  'we would like to have the kitchen redone before the summer.',
  'the old cabinets can go, the floor should stay.',
  'could you send me a quote for the work described below?',
  'a neighbour recommended you; she was very happy with her bathroom.',
  'our budget is about $12,000, a little more if it must be.',
  'we are at home most mornings, and on Fridays all day.',
  'there is a leak under the sink that should be looked at soon.',
  'please call me on the number below before ten.',
  'attached is the plan of the room; the window is on the left.',
  'thank you for the quick answer, that helps a lot.',
  'the granite sample looks better than the quartz one.',
  'is the plumber the same one who came in March?',
]
