import BetterSqlite3 from 'better-sqlite3'
import type { CompiledQuery } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { leadsToForeseeQuery } from '../../../../src/score/learn/foresee.ts'
import { countOutcomesQuery, endedLeadsQuery } from '../../../../src/score/learn/training-set.ts'
import { migrate } from '../../../../src/store/migrate.ts'
import { migrations } from '../../../../src/store/migrations/all.ts'
import { openTestStore } from '../../../fakes/test-store.ts'

/** What runs after every message and with every look at the review; leads without an end are never looked through. */
test('ends are counted and read by their index, and leads of somebody by theirs', async () => {
  const store = openTestStore()
  const empty = new BetterSqlite3(':memory:')
  onTestFinished(async () => {
    empty.close()
    await store.close()
  })
  migrate(empty, migrations)
  const planOf = ({ sql, parameters }: CompiledQuery) =>
    empty
      .prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
      .all(...parameters)
      .map((it) => it.detail)
      .join('\n')
  const ended = planOf(endedLeadsQuery(store.read).compile())
  expect(ended).toMatch(/lead USING INDEX lead_outcome/)
  expect(ended).not.toMatch(/TEMP B-TREE/)
  expect(planOf(countOutcomesQuery(store.read).compile())).toMatch(/lead USING (COVERING )?INDEX lead_outcome/)
  const ofSomebody = leadsToForeseeQuery(store.read, { people: [1, 2], after: 0, modelId: 1 })
  expect(planOf(ofSomebody.compile())).toMatch(/SEARCH lead USING INDEX lead_person(_open)? \(person_id=\?/)
})
