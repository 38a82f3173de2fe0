import BetterSqlite3 from 'better-sqlite3'
import type { CompiledQuery } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { leavingQuery } from '../../../src/capture/find-own.ts'
import { visitorsHere } from '../../../src/channels/chat/visitors.ts'
import { arrivalsQuery } from '../../../src/channels/health/arrivals.ts'
import { lastTestQuery } from '../../../src/channels/health/read-health.ts'
import { ongoingCallQuery } from '../../../src/contact/dial.ts'
import { dueAlerts, nextAlertQuery } from '../../../src/contact/ladder.ts'
import { untexted, untold } from '../../../src/contact/mention-watch.ts'
import { openCallsQuery } from '../../../src/contact/open-calls.ts'
import { openJobsQuery } from '../../../src/contact/outbox-claim.ts'
import { type InboxView, inboxView, type ViewSort } from '../../../src/inbox/contract.ts'
import { parseSearch } from '../../../src/inbox/search-query.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { blocksQuery } from '../../../src/people/block.ts'
import { claimsQuery } from '../../../src/people/find-duplicates.ts'
import { waitingIn } from '../../../src/score/text/insights.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'
import { openStore } from '../../../src/store/open.ts'
import { pageOf } from '../../../src/store/queries/inbox.ts'
import { countsQuery } from '../../../src/store/queries/inbox-counts.ts'
import { countFoundQuery, foundPageOf } from '../../../src/store/queries/inbox-found.ts'
import { correctionsIn, notLeadsIn } from '../../../src/store/queries/insights.ts'
import { byNameQuery } from '../../../src/store/queries/people-by-name.ts'
import { chatOfQuery, personByHandleQuery } from '../../../src/store/queries/person.ts'
import { filterOf } from '../../../src/store/queries/search-filter.ts'
import { leadFilterOf } from '../../../src/store/queries/search-leads.ts'
import { lotQuery, timeWindowQuery } from '../../../src/store/queries/search-messages.ts'
import { eventsOf, interactionsOf } from '../../../src/store/queries/timeline.ts'
import type { Store } from '../../../src/store/store.ts'

/**
 * The plans of the queries that must stay fast, without and with statistics: after `pragma optimize` the planner knows
 * how lopsided a real workspace is, and may change its mind.
 */
let store: Store
let empty: BetterSqlite3.Database
let filled: BetterSqlite3.Database

beforeAll(() => {
  store = openStore(':memory:', silentLog)
  empty = new BetterSqlite3(':memory:')
  migrate(empty, migrations)
  filled = new BetterSqlite3(':memory:')
  migrate(filled, migrations)
  fill(filled)
})
afterAll(async () => {
  await store.close()
  empty.close()
  filled.close()
})

/** Nearly everybody is done, nearly everything belongs to one member, one person has a thread of 400. */
function fill(database: BetterSqlite3.Database): void {
  const person = database.prepare('insert into person (name, name_rank, created_at, updated_at) values (?, 1, 0, 0)')
  const handle = database.prepare(
    "insert into handle (person_id, kind, value, last_used_at, created_at) values (?, 'email', ?, 0, 0)",
  )
  const lead = database.prepare(`insert into lead
    (person_id, status, owner_id, source, source_detail, score, tier, opened_at, done_at, snoozed_until,
     clock_kind, clock_started_at, risk_at, due_at, last_at, last_channel, last_direction, our_word_at, preview)
    values (?, ?, ?, 'Web', '{}', 50, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'email', ?, ?, 'text')`)
  const interaction = database.prepare(`insert into interaction
    (person_id, channel, direction, at, automatic, subject, text, delivery, created_at)
    values (?, 'email', 'in', ?, 0, 's', 't', 'received', 0)`)
  const mail =
    database.prepare(`insert into mail (interaction_id, message_id, thread_id, from_address, to_addresses, cited)
    values (?, ?, ?, 'a@b.example', '[]', '[]')`)
  const event = database.prepare(
    "insert into event (at, type, person_id, text, data) values (?, 'lead.done', ?, 'Done', '{}')",
  )
  const clock = database.prepare(`insert into clock
    (lead_id, kind, started_at, target_ms, warn_at, risk_at, due_at, state, announced, next_at)
    values (?, 'first_contact', 0, 1, 1, 1, 1, 'running', 0, ?)`)
  const call = database.prepare(
    "insert into call (interaction_id, from_number, to_number, result, outcome, manual) values (?, '', '', ?, ?, 0)",
  )
  const job = database.prepare(`insert into job
    (kind, account_id, person_id, interaction_id, payload, state, not_before, attempts, created_at, updated_at)
    values ('sms', 1, ?, ?, '{}', ?, ?, 1, 0, 0)`)
  database.transaction(() => {
    database.exec(`insert into account (kind, label, settings, state, state_message, created_at)
      values ('twilio', 'Line', '{}', 'ok', '', 0)`)
    database.exec("insert into member (name, on_duty, created_at) values ('Dana', 1, 0), ('Sam', 1, 0)")
    for (let id = 1; id <= 3000; id++) {
      person.run(`Person ${id}`)
      handle.run(id, `p${id}@example.com`)
      const open = id % 10 === 0
      const due = open && id % 30 === 0 ? id : null
      lead.run(
        ...[id, open ? 'open' : 'done', id % 100 === 0 ? 2 : 1, id % 7 ? 'warm' : 'hot', id, open ? null : id],
        ...[
          open && id % 50 === 0 ? id : null,
          due && 'first_contact',
          due,
          due,
          due,
          id,
          id % 3 ? 'in' : 'out',
          id % 3 ? null : id,
        ],
      )
      clock.run(id, id % 20 === 0 ? id : null)
      const { lastInsertRowid } = interaction.run(id % 5 === 0 ? 1 : id, id)
      mail.run(lastInsertRowid, `m${id}@example.com`, lastInsertRowid)
      event.run(id, id % 5 === 0 ? 1 : id)
      if (id % 3 === 0) call.run(lastInsertRowid, id % 600 === 0 ? 'ringing' : 'answered', id % 2 ? 1 : null)
      job.run(id, lastInsertRowid, id % 500 === 0 ? 'queued' : 'sent', id)
    }
  })()
  database.exec('analyze')
}

function planOf(database: BetterSqlite3.Database, { sql, parameters }: CompiledQuery): string {
  return database
    .prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
    .all(...parameters)
    .map((it) => it.detail)
    .join('\n')
}

/** Both plans of a query. */
const plansOf = (query: CompiledQuery): string[] => [planOf(empty, query), planOf(filled, query)]

/** A team of three is scanned faster than searched. */
const withoutTeam = (plan: string) => plan.replace(/^SCAN member.*$/gm, '')

/** A scan of an index in its order, ended by the limit, is what a list is; a scan of the table or a sort is not. */
function expectQuick(plan: string): void {
  expect(plan).not.toMatch(/TEMP B-TREE/)
  for (const line of withoutTeam(plan).split('\n')) {
    if (line.startsWith('SCAN')) expect(line).toMatch(/USING (COVERING )?INDEX lead_/)
  }
}

describe('the list', () => {
  const index: Record<Exclude<InboxView, 'mentions'>, string> = {
    inbox: 'lead_to_do',
    hot: 'lead_tier (tier=?',
    due: 'lead_due_list',
    waiting: 'lead_waiting',
    mine: 'lead_owner (owner_id=?',
    unassigned: 'lead_owner (owner_id=?',
    calls: 'lead_missed',
    snoozed: 'lead_snoozed (',
    done: 'lead_done',
    all: 'lead_all',
  }
  const viewer = { now: 1000, me: 1 }

  test.each(inboxView.exclude(['mentions']).options)(
    '%s reads its index in order, from its first row and from any other',
    (view) => {
      for (const after of [null, { sortKey: 5, leadId: 5 }]) {
        for (const plan of plansOf(pageOf(store.read, view, viewer, { after, limit: 50 }).compile())) {
          expectQuick(plan)
          expect(plan.split('\n')[0]).toContain(index[view])
          expect(plan).toContain('SEARCH person USING INTEGER PRIMARY KEY')
          if (after && view !== 'hot' && view !== 'mine' && view !== 'unassigned') {
            expect(plan.split('\n')[0], 'a later page must not start at the beginning').toMatch(/^SEARCH lead .*[<>]/)
          }
        }
      }
    },
  )

  test.each(['hot', 'mine', 'unassigned'] as const)('%s continues behind the page before', (view) => {
    for (const plan of plansOf(
      pageOf(store.read, view, viewer, { after: { sortKey: 5, leadId: 5 }, limit: 50 }).compile(),
    )) {
      expect(plan.split('\n')[0]).toMatch(/=\? AND \(?sort_key/)
    }
  })

  test('mentions are looked up, not scanned for', () => {
    for (const plan of plansOf(pageOf(store.read, 'mentions', viewer, { after: null, limit: 50 }).compile())) {
      expect(plan).toMatch(/SEARCH mention USING (COVERING )?INDEX mention_member \(member_id=\?/)
      expect(plan).toMatch(/SEARCH lead USING INDEX lead_person/)
      expect(withoutTeam(plan)).not.toMatch(/SCAN (lead|interaction|mention)/)
    }
  })

  test('people by name are read from the index of names, from its first and from any other', () => {
    for (const after of [null, { sortKey: 'm', leadId: 5 }]) {
      for (const plan of plansOf(byNameQuery(store.read, 'k', { after, limit: 50 }).compile())) {
        expect(plan).toMatch(/SEARCH person USING (COVERING )?INDEX person_name \((name_key>|\(name_key,id\)>)/)
        expect(plan).not.toMatch(/SCAN (lead|person)/)
      }
    }
  })

  const viewOf = async (text: string, sort: ViewSort = 'due') =>
    leadFilterOf(
      store.read,
      parseSearch(text, () => null),
      viewer,
      sort,
    )
  test.each([
    ['tier:hot', 'due', /lead_tier/],
    ['score:>60', 'due', /lead_inbox/],
    ['is:mine', 'due', /lead_owner/],
    ['source:google stage:new', 'newest', /lead_newest/],
    ['score:>60 has:phone', 'score', /lead_score/],
    ['channel:call', 'score', /lead_score/],
    ['score:>60', 'fit', /lead_fit/],
    ['stage:new is:mine', 'engagement', /lead_engagement/],
    ['tier:warm', 'score', /lead_score/],
  ] as const)('a saved view %s, %s first, is read in order from an index', async (text, sort, index) => {
    // As where there are many of each.
    const filter = { ...(await viewOf(text, sort)), few: null }
    for (const after of [null, { sortKey: 5, leadId: 5 }]) {
      for (const plan of plansOf(foundPageOf(store.read, { filter, sort }, viewer, { after, limit: 50 }).compile())) {
        expect(plan).not.toMatch(/TEMP B-TREE/)
        expect(plan.split('\n')[0]).toMatch(index)
      }
    }
    for (const plan of plansOf(countFoundQuery(filter, viewer, 100).compile(store.read.db))) {
      expect(plan).toMatch(/(SEARCH|SCAN) lead USING (COVERING )?INDEX lead_/)
    }
  })

  test('a saved view of what is closed, newest first, walks the order in which they were', async () => {
    const list = { filter: await viewOf('is:done', 'newest'), sort: 'newest' } as const
    for (const plan of plansOf(foundPageOf(store.read, list, viewer, { after: null, limit: 50 }).compile())) {
      expect(plan.split('\n')[0]).toMatch(/^(SCAN|SEARCH) lead USING INDEX lead_done/)
      expect(plan).not.toMatch(/TEMP B-TREE/)
    }
  })

  test('a saved view of what is late reads at most what is owed', async () => {
    const list = { filter: await viewOf('is:overdue'), sort: 'due' } as const
    for (const plan of plansOf(foundPageOf(store.read, list, viewer, { after: null, limit: 50 }).compile())) {
      expect(plan.split('\n')[0]).toMatch(/^(SCAN|SEARCH) lead USING INDEX lead_(due|inbox)/)
    }
  })

  test.each(['outcome:lost', 'label:vip', 'kitchen', 'has:attachment', 'is:revisit', 'closed:x'])(
    'a saved view of few, %s, reads those alone',
    async (text) => {
      const filter = await leadFilterOf(
        store.read,
        parseSearch(text, () => ({ from: 5, to: 900 })),
        viewer,
        'due',
      )
      expect(filter.few).not.toBeNull()
      for (const sort of ['due', 'newest', 'fit'] as const) {
        const list = { filter, sort }
        for (const after of [null, { sortKey: 5, leadId: 5 }]) {
          for (const plan of plansOf(foundPageOf(store.read, list, viewer, { after, limit: 50 }).compile())) {
            const leads = plan.split('\n').filter((it) => /(SCAN|SEARCH) lead\b/.test(it))
            expect(leads.length).toBeGreaterThan(1)
            for (const line of leads)
              expect(line).toMatch(
                /SEARCH lead USING (INTEGER PRIMARY KEY|(COVERING )?INDEX lead_(person|person_open|revisit|outcome|done)) \(|SCAN lead USING COVERING INDEX lead_outcome/,
              )
          }
        }
      }
    },
  )

  test('counting reads indexes only, never a lead', () => {
    for (const plan of plansOf(countsQuery(viewer).compile(store.read.db))) {
      const reads = plan.split('\n').filter((it) => /(SCAN|SEARCH) lead/.test(it))
      expect(reads).toHaveLength(10)
      for (const line of reads) expect(line).toMatch(/INDEX lead_/)
    }
  })
})

describe('look-ups', () => {
  test('a person by address or number', () => {
    for (const plan of plansOf(personByHandleQuery(store.read, 'email', 'p7@example.com').compile())) {
      expect(plan).toMatch(/SEARCH handle USING (COVERING )?INDEX \S+ \(kind=\? AND value=\?\)/)
      expect(plan).not.toContain('SCAN')
    }
  })

  test('who is blocked, newest first, without sorting', () => {
    for (const before of [null, { at: 9, id: 9 }]) {
      for (const plan of plansOf(blocksQuery(store.read, before, 50).compile())) {
        expect(plan.split('\n')[0]).toMatch(/(SCAN|SEARCH) handle USING INDEX handle_blocked/)
        expect(plan).not.toContain('TEMP B-TREE')
      }
    }
  })

  test('who chats, and what a chat says of a person', () => {
    for (const plan of plansOf(visitorsHere(store.read, 1, 100).compile())) {
      expect(plan).toContain('SEARCH chat_visitor USING INDEX chat_visitor_here')
      expect(plan).not.toContain('TEMP B-TREE')
    }
    for (const plan of plansOf(chatOfQuery(store.read, 7).compile())) expect(plan).not.toContain('SCAN')
    for (const plan of plansOf(claimsQuery(7).compile(store.read.db)))
      expect(plan).not.toMatch(/SCAN (handle|chat_visitor|mine|theirs)/)
  })

  test('the thread of a Message-ID', () => {
    const query = store.read.db
      .selectFrom('mail')
      .select('thread_id')
      .where('message_id', 'in', ['m7@example.com', 'm8@example.com'])
      .compile()
    for (const plan of plansOf(query)) {
      expect(plan).toContain('SEARCH mail USING INDEX mail_message_id (message_id=?)')
    }
  })

  test('what came through a channel, and its last test: asked for after every delivery', () => {
    for (const plan of plansOf(arrivalsQuery(store.read, 1, 1000).compile())) {
      expect(plan).toContain('SEARCH arrival USING PRIMARY KEY (account_id=? AND at>?)')
      expect(plan).not.toContain('TEMP B-TREE')
    }
    for (const plan of plansOf(lastTestQuery(store.read, 1).compile())) {
      expect(plan).toContain('SEARCH self_test USING INDEX self_test_account (account_id=?)')
      expect(plan).not.toContain('TEMP B-TREE')
    }
  })

  test('clocks that owe an announcement', () => {
    const query = store.read.db
      .selectFrom('clock')
      .selectAll()
      .where('next_at', '<=', 1000)
      .orderBy('next_at')
      .limit(100)
      .compile()
    for (const plan of plansOf(query)) {
      expect(plan).toContain('SEARCH clock USING INDEX clock_next')
      expect(plan).not.toContain('TEMP B-TREE')
    }
  })

  test('notes that call somebody and were not told, asked for after every message', () => {
    for (const query of [untold(store.read, 1), untexted(store.read, [1, 2], 1000)]) {
      for (const plan of plansOf(query.compile())) {
        expect(plan).toContain('SEARCH mention USING INDEX mention_member (member_id=? AND seen_at=?)')
        expect(plan).not.toContain('SCAN')
      }
    }
  })

  test('deadlines that want to be heard, asked for after every commit', () => {
    for (const plan of plansOf(nextAlertQuery(store.read).compile())) {
      expect(plan).toContain('USING COVERING INDEX alert_next')
    }
    for (const plan of plansOf(dueAlerts(store.read, 1000).compile())) {
      expect(plan).toContain('SEARCH alert USING INDEX alert_next (next_at<?)')
      expect(plan).not.toContain('SCAN')
      expect(plan).not.toContain('TEMP B-TREE')
    }
  })

  test('leads to wake, asked for after every commit', () => {
    const open = store.read.db.selectFrom('lead').where('status', '=', 'open')
    const first = open.select((it) => it.fn.min('snoozed_until').as('wake')).where('snoozed_until', 'is not', null)
    const due = open.select('id').where('snoozed_until', '<=', 1000).orderBy('snoozed_until').limit(100)
    for (const plan of [...plansOf(first.compile()), ...plansOf(due.compile())]) {
      expect(plan).toMatch(/(SEARCH|SCAN) lead USING (COVERING )?INDEX lead_snoozed/)
      expect(plan).not.toContain('TEMP B-TREE')
    }
  })

  test('what leaves and what rings, asked for at every look: never all there ever was', () => {
    const jobs = [openJobsQuery(store.read), leavingQuery(store.read, 1, 'sms')]
    for (const plan of jobs.flatMap((it) => plansOf(it.compile()))) {
      expect(plan).toMatch(/(SCAN|SEARCH) job USING INDEX job_open/)
      expect(plan).not.toContain('TEMP B-TREE')
    }
    for (const plan of plansOf(ongoingCallQuery(store.read, 1, 1000).compile())) {
      expect(plan).toMatch(/^(SCAN|SEARCH) call USING (COVERING )?INDEX call_open/)
      expect(plan).not.toMatch(/SCAN (interaction|person)/)
    }
    for (const plan of plansOf(openCallsQuery(store.read, 1000).compile())) {
      expect(plan).toMatch(/SEARCH call USING INTEGER PRIMARY KEY/)
      expect(plan).toMatch(/(SCAN|SEARCH) call USING (COVERING )?INDEX call_open/)
      expect(plan).toMatch(/SCAN call USING (COVERING )?INDEX call_no_outcome/)
      expect(plan).not.toMatch(/SCAN (call|interaction|person)$/m)
    }
  })

  test('what waits for the text model, and what it learned: asked for every few messages', () => {
    for (const plan of plansOf(waitingIn(store.read, 8).compile())) {
      expect(plan.split('\n')[0]).toBe('SCAN insight_queue')
      expect(plan).not.toMatch(/SCAN (interaction|form_submission)|TEMP B-TREE/)
    }
    for (const plan of plansOf(correctionsIn(store.read, 'x').compile())) {
      expect(plan.split('\n')[0]).toBe('SCAN intent_example USING INDEX intent_example_at')
      expect(plan).not.toMatch(/SCAN message_insight|TEMP B-TREE/)
    }
    for (const plan of plansOf(notLeadsIn(store.read, 'x').compile())) {
      expect(plan.split('\n')[0]).toMatch(/^SCAN lead USING (COVERING )?INDEX lead_not_lead/)
      expect(plan).not.toMatch(/SCAN (message_insight|interaction|intent_example)|TEMP B-TREE/)
    }
  })

  test('a lot of matches of a search, with and without filters', async () => {
    const plain = await filterOf(
      store.read,
      parseSearch('kitchen', () => null),
      { now: 1000, me: 1 },
    )
    const filtered = await filterOf(
      store.read,
      parseSearch('kitchen channel:email from:ana tier:hot has:attachment intent:spam', () => null),
      { now: 1000, me: 1 },
    )
    for (const { match, messages } of [plain, filtered]) {
      for (const plan of plansOf(lotQuery(match ?? '', messages, 1000, 400).compile(store.read.db))) {
        // Matches come newest first out of the index; sorting all of a common word would take a second.
        expect(plan).toMatch(/SCAN interaction_search VIRTUAL TABLE INDEX/)
        expect(plan).toMatch(/SEARCH interaction USING INTEGER PRIMARY KEY/)
        expect(plan).not.toMatch(/TEMP B-TREE|SCAN (interaction|person|lead|mail|attachment)$/m)
      }
    }
  })

  test('a lot of messages of a time', async () => {
    const filter = await filterOf(
      store.read,
      parseSearch('channel:email on:x tier:hot', () => ({ from: 5, to: 900 })),
      {
        now: 1000,
        me: 1,
      },
    )
    for (const plan of plansOf(timeWindowQuery(filter, [900, 0], 400).compile(store.read.db))) {
      expect(plan).toMatch(/SEARCH interaction USING COVERING INDEX interaction_at/)
      expect(plan).not.toMatch(/SCAN (interaction|person|lead)$/m)
    }
  })

  test('a page of a timeline', () => {
    for (const before of [null, { at: 1000, id: 1000 }]) {
      const page = { personId: 1, before, limit: 51 }
      for (const plan of plansOf(interactionsOf(store.read, page).compile())) {
        expect(plan.split('\n')[0]).toContain('SEARCH interaction USING INDEX interaction_timeline (person_id=?')
        expect(withoutTeam(plan)).not.toMatch(/SCAN|TEMP B-TREE/)
      }
      for (const plan of plansOf(eventsOf(store.read, page).compile())) {
        expect(plan.split('\n')[0]).toContain('SEARCH event USING INDEX event_person (person_id=?')
        expect(withoutTeam(plan)).not.toMatch(/SCAN|TEMP B-TREE/)
      }
    }
  })
})
