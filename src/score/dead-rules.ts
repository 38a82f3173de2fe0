import { setImmediate } from 'node:timers/promises'
import { type SqlBool, sql } from 'kysely'
import { day } from '../lib/durations.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import { unpackLedger } from '../store/queries/score-ledger.ts'
import type { ReadStore } from '../store/store.ts'
import type { Scoring } from './contract.ts'

const lately = 90 * day
// Of a handful of leads none may fit a rule that is fine.
const fewestLeads = 20

/** Rules in force that no lead opened in the last 90 days fitted. None while there are too few leads to tell. */
export async function findDeadRules(store: ReadStore, scoring: Scoring, now: number) {
  const since = now - lately
  const { leads } = await leadsSince(store, since).executeTakeFirstOrThrow()
  if (leads < fewestLeads) return { leads, rules: [] }
  const inForce = scoring.mode === 'points' ? scoring.rules : scoring.mode === 'buckets' ? scoring.buckets : []
  const silent = new Map(inForce.map(({ id, label }) => [id, { rule: id, label }]))
  // Most rules fit one of the last leads: only what never does is looked for in all of them.
  let before: Newer = { openedAt: Number.MAX_SAFE_INTEGER, leadId: 0 }
  while (silent.size > 0) {
    const page = await ledgersSince(store, { since, ...before })
    for (const { entries } of page) for (const { rule } of unpackLedger(entries)) silent.delete(rule)
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) break
    before = last
    await setImmediate()
  }
  return { leads, rules: [...silent.values()] }
}

const pageSize = 500

/** Also for the test of its plan. */
export const leadsSince = (store: ReadStore, since: number) =>
  store.db
    .selectFrom('lead')
    .select((it) => it.fn.countAll<number>().as('leads'))
    .where('opened_at', '>=', since)

type Newer = { readonly openedAt: number; readonly leadId: number }

/** Newest first, those before one of them; also for the test of its plan. */
export const ledgersSinceQuery = (db: ReadStore['db'], since: number, { openedAt, leadId }: Newer) =>
  db
    .selectFrom('lead')
    .leftJoin('score_ledger', 'score_ledger.lead_id', 'lead.id')
    .select(['lead.opened_at as openedAt', 'lead.id as leadId', sql<string>`coalesce(entries, '[]')`.as('entries')])
    .where('lead.opened_at', '>=', since)
    .where(sql<SqlBool>`(opened_at, lead.id) < (${openedAt}, ${leadId})`)
    .orderBy('lead.opened_at', 'desc')
    .orderBy('lead.id', 'desc')
    .limit(pageSize)

const ledgersSince = keptQuery<{ since: number } & Newer, Newer & { readonly entries: string }>((db, value) =>
  ledgersSinceQuery(db, value('since'), { openedAt: value('openedAt'), leadId: value('leadId') }),
)
