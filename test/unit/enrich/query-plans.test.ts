import BetterSqlite3 from 'better-sqlite3'
import type { CompiledQuery } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { peopleQuery } from '../../../src/enrich/ask-about-import.ts'
import { dueQuery, knownAnswerQuery, spentQuery } from '../../../src/enrich/claim-lookup.ts'
import { arrivedQuery } from '../../../src/enrich/learn-from-lead.ts'
import { activeProvidersQuery, recentQuery } from '../../../src/enrich/queue-lookups.ts'
import { rowsAfterQuery } from '../../../src/enrich/read-back.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'
import { fieldRowsQuery } from '../../../src/store/queries/person-fields.ts'
import { openTestStore } from '../../fakes/test-store.ts'

/** What runs with every message, every card and every question; tables that grow with the people are never scanned. */
test('reading, remembering and asking go by an index', async () => {
  const store = openTestStore()
  const empty = new BetterSqlite3(':memory:')
  onTestFinished(async () => {
    empty.close()
    await store.close()
  })
  migrate(empty, migrations)
  const { read } = store
  const arrived = await store.write(async (tx) => arrivedQuery(tx, 1, 1).compile())
  const planOf = ({ sql, parameters }: CompiledQuery) =>
    empty
      .prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
      .all(...parameters)
      .map((it) => it.detail)
      .join('\n')
  const expected: readonly (readonly [CompiledQuery, RegExp])[] = [
    [fieldRowsQuery(read, 1).compile(), /SEARCH person_field USING INDEX person_field_person \(person_id=\?/],
    [arrived, /SEARCH interaction USING INDEX interaction_lead \(lead_id=\?/],
    [rowsAfterQuery(read, 5).compile(), /SEARCH interaction USING INTEGER PRIMARY KEY \(rowid>\?/],
    [dueQuery(read).compile(), /lookup USING INDEX lookup_queued/],
    [spentQuery(read, 1, 5).compile(), /SEARCH lookup USING INDEX lookup_claimed \(provider_id=\? AND claimed_at>\?/],
    [recentQuery(read, 1, 1, 5).compile(), /SEARCH lookup USING (COVERING )?INDEX lookup_person/],
    [
      peopleQuery(read, 1, { id: 1, settings: { url: 'https://x/{phone}', body: '' } }, 5)
        .select('import_row.person_id')
        .compile(),
      /SEARCH import_row USING PRIMARY KEY \(import_id=\?\)\n.*\nSEARCH lookup USING COVERING INDEX lookup_person .*\nSEARCH handle EXISTS USING INDEX handle_person/,
    ],
    [knownAnswerQuery(read, 1, 'x', 5).compile(), /SEARCH lookup USING INDEX lookup_subject/],
  ]
  for (const [query, plan] of expected) expect(planOf(query), query.sql).toMatch(plan)
  // A handful of services, ever.
  expect(planOf(activeProvidersQuery(read).compile())).toContain('SCAN provider')
})
