import type { Clock } from '../lib/clock.ts'
import { accountSecret, type Host } from '../lib/host.ts'
import type { Log } from '../lib/log.ts'
import { conflict } from '../rpc/errors.ts'
import type { ReadStore, Store } from '../store/store.ts'
import type { ChannelContext, Counts, Cursor, Inbound, StateReport } from './channel.ts'
import type { Sightings } from './self-test/sightings.ts'

/** What takes in deliveries; `capture/ingest.ts` in the product. */
export type Deliver = (
  accountId: number,
  items: readonly Inbound[],
  cursors: readonly Cursor[],
  counts?: Counts,
) => Promise<void>

export type ContextParts = {
  readonly accountId: number
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** 0 ≤ x < 1. */
  readonly random: () => number
  readonly host: Host
  readonly ingest: Deliver
  readonly report: (state: StateReport) => Promise<void>
  /** Recognises what a test of the user sent; left out where none can run. */
  readonly sightings?: Pick<Sightings, 'mark' | 'stored'>
}

export type OpenContext = {
  readonly context: ChannelContext
  /** Refuses further deliveries and resolves when those under way are stored (or failed). */
  readonly close: () => Promise<void>
}

// SQLite takes 32,766 variables; far below it a statement is still worth keeping prepared.
const idsPerQuery = 500

/** The surroundings of one channel, over the store. */
export function openContext(parts: ContextParts): OpenContext {
  const { accountId, store, clock, log, random, host, ingest, report, sightings } = parts
  const underWay = new Set<Promise<unknown>>()
  let closed = false

  const deliver = async (items: readonly Inbound[], cursors: readonly Cursor[], counts?: Counts): Promise<void> => {
    const marked = sightings ? await sightings.mark(items) : items
    await (counts ? ingest(accountId, marked, cursors, counts) : ingest(accountId, marked, cursors))
    sightings?.stored(accountId, marked)
  }

  const noted = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work)
    const done = () => void underWay.delete(work)
    work.then(done, done)
    return work
  }

  return {
    context: {
      accountId,
      clock,
      log,
      random,
      secret: () => host.getSecret(accountSecret(accountId)),
      keepSecret: (value) =>
        closed
          ? Promise.reject(conflict('This account was stopped.'))
          : host.setSecret(accountSecret(accountId), value),
      deliver: (items, cursors, counts) =>
        closed ? Promise.reject(conflict('This account was stopped.')) : noted(deliver(items, cursors, counts)),
      keepFiles: async (files) => {
        if (!closed && files.length > 0) await noted(store.blobs.putAll(files))
      },
      cursor: (scope) => readCursor(store.read, accountId, scope),
      revisions: (externalIds) => readRevisions(store.read, accountId, externalIds),
      withRevision: (prefix, limit) => readWithRevision(store.read, accountId, prefix, limit),
      keepRevision: async (externalId, revision) => {
        if (closed) return
        await store.write(async (tx) => {
          await tx.db
            .updateTable('inbound_item')
            .set({ revision })
            .where('account_id', '=', accountId)
            .where('external_id', '=', externalId)
            .execute()
        })
      },
      knownEmails: (addresses) => readKnownEmails(store.read, addresses),
      report: (state) => (closed ? Promise.resolve() : report(state)),
    },
    close: async () => {
      closed = true
      await Promise.allSettled(underWay)
    },
  }
}

async function readCursor(store: ReadStore, accountId: number, scope: string): Promise<string | null> {
  const row = await store.db
    .selectFrom('cursor')
    .select('value')
    .where('account_id', '=', accountId)
    .where('scope', '=', scope)
    .executeTakeFirst()
  return row?.value ?? null
}

async function readRevisions(
  store: ReadStore,
  accountId: number,
  externalIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const known = new Map<string, string>()
  for (let from = 0; from < externalIds.length; from += idsPerQuery) {
    const rows = await store.db
      .selectFrom('inbound_item')
      .select(['external_id', 'revision'])
      .where('account_id', '=', accountId)
      .where('external_id', 'in', externalIds.slice(from, from + idsPerQuery))
      .execute()
    for (const row of rows) known.set(row.external_id, row.revision)
  }
  return known
}

async function readKnownEmails(store: ReadStore, addresses: readonly string[]): Promise<ReadonlySet<string>> {
  const known = new Set<string>()
  for (let from = 0; from < addresses.length; from += idsPerQuery) {
    const rows = await store.db
      .selectFrom('handle')
      .select('value')
      .where('kind', '=', 'email')
      .where('value', 'in', addresses.slice(from, from + idsPerQuery))
      .execute()
    for (const row of rows) known.add(row.value)
  }
  return known
}

async function readWithRevision(
  store: ReadStore,
  accountId: number,
  prefix: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await store.db
    .selectFrom('inbound_item')
    .select('external_id')
    .where('account_id', '=', accountId)
    // A range and not LIKE: it uses the index and takes % and _ literally.
    .where('revision', '>=', prefix)
    .where('revision', '<', `${prefix}\u{10ffff}`)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => row.external_id)
}
