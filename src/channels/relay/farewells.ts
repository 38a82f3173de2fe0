import type { Clock } from '../../lib/clock.ts'
import { day, hour, minute, second } from '../../lib/durations.ts'
import type { Host } from '../../lib/host.ts'
import type { Log } from '../../lib/log.ts'
import { type LookTimer, makeLookTimer } from '../../lib/look-timer.ts'
import { toErrorBody } from '../../rpc/errors.ts'
import type { Store } from '../../store/store.ts'
import { makeRelayClient } from './relay-client.ts'

/**
 * Tells relays that were not there when their account was removed: else they would keep leads for a desktop that never
 * comes for them, and websites would go on posting into nowhere. Persisted, so that a restart forgets none.
 */
export type Farewells = Pick<LookTimer, 'start' | 'stop'> & {
  /** Remembers a relay that did not answer; it is told later. */
  readonly add: (accountId: number, url: string, key: string) => Promise<void>
}

export type FarewellsDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly host: Host
  readonly fetch: typeof fetch
}

const firstWait = minute
const longestWait = 6 * hour
/** A relay deletes what nobody fetched by itself after this long at the latest (docs/relay.md). */
const giveUpAfter = 30 * day
const patience = 15 * second

const farewellSecret = (accountId: number) => `farewell-${accountId}`

export function makeFarewells({ store, clock, log, host, fetch }: FarewellsDeps): Farewells {
  const stopping = new AbortController()

  const forget = async (accountId: number) => {
    await store.write((tx) => tx.db.deleteFrom('farewell').where('account_id', '=', accountId).execute())
    await host.deleteSecret(farewellSecret(accountId))
  }

  const tell = async (row: {
    readonly account_id: number
    readonly url: string
    readonly begun_at: number
    readonly tries: number
  }) => {
    const { account_id: accountId, url, begun_at: begun, tries } = row
    const key = await host.getSecret(farewellSecret(accountId))
    if (key === null || clock.now() - begun > giveUpAfter) return forget(accountId)
    try {
      const stopped = stopping.signal
      await makeRelayClient({ url, bearer: key, fetch, clock, timeout: patience, stopped }).removeWorkspace()
      log.info({ accountId }, 'a relay was told that its account is gone')
      await forget(accountId)
    } catch (error) {
      if (stopping.signal.aborted) return
      const { code } = toErrorBody(error)
      // It does not know this key: it forgot us already, or somebody else cleared up there.
      if (code === 'AUTH_FAILED') return forget(accountId)
      const nextAt = clock.now() + Math.min(longestWait, firstWait * 4 ** tries)
      await store.write((tx) =>
        tx.db
          .updateTable('farewell')
          .set({ next_at: nextAt, tries: tries + 1 })
          .where('account_id', '=', accountId)
          .execute(),
      )
    }
  }

  const timer = makeLookTimer({
    clock,
    look: async () => {
      const rows = await store.read.db.selectFrom('farewell').selectAll().orderBy('account_id').execute()
      for (const row of rows) if (row.next_at <= clock.now()) await tell(row)
      const next = await store.read.db
        .selectFrom('farewell')
        .select(({ fn }) => fn.min('next_at').as('at'))
        .executeTakeFirst()
      return next?.at ?? Number.POSITIVE_INFINITY
    },
    failed: (error) => log.error({ err: error }, 'a relay could not be told that its account is gone'),
    longestWait,
    calmly: 0,
  })

  return {
    // A slow relay must not hold up the start of everything else.
    start: async () => void timer.start(),
    stop: async () => {
      stopping.abort()
      await timer.stop()
    },
    add: async (accountId, url, key) => {
      await host.setSecret(farewellSecret(accountId), key)
      const now = clock.now()
      await store.write((tx) =>
        tx.db
          .insertInto('farewell')
          .values({ account_id: accountId, url, begun_at: now, next_at: now + firstWait, tries: 0 })
          .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ next_at: now + firstWait }))
          .execute(),
      )
      timer.nudge()
    },
  }
}
