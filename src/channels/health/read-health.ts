import { z } from 'zod'
import type { BusinessTime } from '../../lib/business-time.ts'
import { day } from '../../lib/durations.ts'
import type { ReadStore, WriteStore } from '../../store/store.ts'
import { type AccountRow, readAccounts } from '../accounts.ts'
import { type ChannelHealth, selfTestStep } from '../contract.ts'
import { quantile } from '../rhythm.ts'
import { testable } from '../self-test/self-tests.ts'
import { readLatencies } from './arrivals.ts'
import { openSilence, readRhythm } from './silence-watch.ts'

const latencyWindow = 7 * day

/** How every connected account has been doing, in the order of `channels.list`. */
export async function readHealth(store: ReadStore, time: BusinessTime, now: number): Promise<ChannelHealth[]> {
  const accounts = await readAccounts(store)
  return Promise.all(accounts.map((account) => healthOf(store, account, time, now)))
}

async function healthOf(
  store: ReadStore,
  { id, kind }: AccountRow,
  time: BusinessTime,
  now: number,
): Promise<ChannelHealth> {
  const { known, last, rhythm } = await readRhythm(store, id, time, now)
  const silence = await openSilence(store, id)
  const took = await readLatencies(store, id, now - latencyWindow)
  const leftOut = await store.db
    .selectFrom('left_out')
    .select(['reason', 'count', 'last_at'])
    .where('account_id', '=', id)
    .orderBy('count', 'desc')
    .orderBy('reason')
    .execute()
  return {
    accountId: id,
    known,
    rhythm: rhythm && {
      usualMs: Math.round(rhythm.usual),
      limitMs: Math.round(rhythm.limit),
      quietAt: Math.round(rhythm.quietAt),
    },
    // What came since then is known before the watch looks again.
    quiet: silence && silence.since === last ? { since: silence.since, askAgainAt: silence.ask_again_at } : null,
    latency: took.length === 0 ? null : { p50Ms: quantile(took, 0.5), p95Ms: quantile(took, 0.95), count: took.length },
    leftOut: leftOut.map(({ reason, count, last_at }) => ({ reason, count, lastAt: last_at })),
    tryOuts: await readTryOuts(store, id),
    canTest: testable.has(kind),
    test: await readLastTest(store, id),
  }
}

async function readLastTest(store: ReadStore, accountId: number): Promise<ChannelHealth['test']> {
  const row = await lastTestQuery(store, accountId).executeTakeFirst()
  if (!row) return null
  const { started_at, ended_at, outcome, steps } = row
  return { startedAt: started_at, endedAt: ended_at, outcome, steps: z.array(selfTestStep).parse(JSON.parse(steps)) }
}

/** Exported for the test of its plan. */
export const lastTestQuery = (store: ReadStore, accountId: number) =>
  store.db.selectFrom('self_test').selectAll().where('account_id', '=', accountId).orderBy('id', 'desc').limit(1)

const mostTryOuts = 5

async function readTryOuts(store: ReadStore, accountId: number): Promise<ChannelHealth['tryOuts']> {
  const rows = await store.db
    .selectFrom('try_out')
    .select(['id', 'at', 'fields'])
    .where('account_id', '=', accountId)
    .orderBy('id', 'desc')
    .limit(mostTryOuts)
    .execute()
  return rows.map(({ id, at, fields }) => ({ id, at, fields: tryOutFields.parse(JSON.parse(fields)) }))
}

const tryOutFields = z.array(z.object({ label: z.string(), value: z.string() }))

/** Takes one away, with what arrived; that it came stays known, so that a retry of the provider does not bring it back. */
export async function removeTryOut(tx: WriteStore, id: number): Promise<void> {
  const row = await tx.db
    .selectFrom('try_out')
    .select(['account_id', 'external_id'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return
  await tx.db.deleteFrom('try_out').where('id', '=', id).execute()
  await tx.db
    .updateTable('inbound_item')
    .set({ payload: null, payload_blob: null })
    .where('account_id', '=', row.account_id)
    .where('external_id', '=', row.external_id)
    .execute()
  tx.changed('account')
}
