import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { silentLog } from '../../../src/lib/log.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'
import { openStore } from '../../../src/store/open.ts'
import { firstAnswersQuery, verdictPage, verdictsQuery } from '../../../src/store/queries/verdicts.ts'

test.each(['decided', 'today'] as const)(
  'what was %s is read from its index, with and without statistics',
  async (basis) => {
    const store = openStore(':memory:', silentLog)
    const database = new BetterSqlite3(':memory:')
    onTestFinished(async () => {
      database.close()
      await store.close()
    })
    migrate(database, migrations)
    const range = { kind: 'first_contact', basis, from: 100, to: 200 } as const
    const page = { after: { at: 150, clockId: 3 }, limit: 50 }
    const planOf = ({ sql, parameters }: { readonly sql: string; readonly parameters: readonly unknown[] }) =>
      database
        .prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
        .all(...parameters)
        .map((it) => it.detail)
    const expectQuick = () => {
      const plans = [
        planOf(verdictsQuery(store.read, range).compile()),
        planOf(verdictPage(store.read, { ...range, tier: 'hot' }, page).compile()),
      ]
      for (const plan of plans) {
        expect(plan[0]).toBe(`SEARCH clock USING INDEX clock_${basis} (kind=? AND <expr>>? AND <expr><?)`)
        expect(plan.join('\n')).not.toMatch(/SCAN (clock|lead|handle|person)|TEMP B-TREE/)
      }
      expect(planOf(firstAnswersQuery(store.read, range).compile())[0]).toContain('USING INDEX lead_opened')
    }
    expectQuick()
    database.exec(`
    INSERT INTO member (name, on_duty, created_at) VALUES ('Dana', 1, 0);
    WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 2000)
      INSERT INTO person (id, name, name_rank, created_at, updated_at) SELECT id, 'P', 1, 0, 0 FROM n;
    INSERT INTO handle (person_id, kind, value, last_used_at, created_at) SELECT id, 'email', id, 0, 0 FROM person;
    INSERT INTO lead (person_id, status, source, source_detail, score, tier, opened_at, last_at, last_channel,
      last_direction, preview) SELECT id, 'open', 'Web', '{}', 50, 'warm', id, id, 'email', 'in', '' FROM person;
    INSERT INTO clock (lead_id, kind, started_at, target_ms, warn_at, risk_at, due_at, state, announced, stopped_at,
      decided_state, decided_due_at) SELECT id, 'first_contact', id, 1, 1, 1, id, 'met', 0, id, 'met', id FROM lead;
    ANALYZE;`)
    expectQuick()
  },
)
