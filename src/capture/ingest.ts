import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Counts, Cursor, Inbound } from '../channels/channel.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import type { Store, WriteStore } from '../store/store.ts'
import { type Batch, type Delivery, leaveOut, openBatch, readKnownItems } from './batch.ts'
import { announceOpened, followUp, followUpPeople, type Stages } from './follow-up.ts'
import { blaming, causeOf, ItemError } from './item-error.ts'
import { hasBlobs, type Kept, keepBytes } from './keep-bytes.ts'
import { describeItem, storeItem, type Taking, takeItem } from './take-item.ts'

/**
 * Takes in what a channel delivers: items, cursors and everything that follows from them (person, lead, score, owner,
 * clocks) in one transaction. A second delivery of the same revision changes nothing.
 */
export type Ingest = (
  accountId: number,
  items: readonly Inbound[],
  cursors: readonly Cursor[],
  counts?: Counts,
) => Promise<void>

export type IngestDeps = Stages & Taking & { readonly store: Store; readonly clock: Clock; readonly log: Log }

/** The one way in for all channels. */
export function makeIngest(deps: IngestDeps): Ingest {
  const { store, clock, log } = deps
  return async (accountId, items, cursors, counts) => {
    // In the order in which it happened: what answers what depends on it.
    const ordered = items.toSorted((a, b) => a.at - b.at)
    const delivery: Delivery = { accountId, items: ordered, cursors, counts: counts ?? null }
    const kept = await keepNew(store, delivery)
    const failed = new Map<Inbound, unknown>()
    for (;;) {
      try {
        await store.write((tx) => takeIn(tx, deps, delivery, kept, failed, clock.now()))
        break
      } catch (error) {
        // The transaction is gone as a whole; without the item that broke it, the others get in.
        if (!(error instanceof ItemError) || failed.has(error.item)) throw causeOf(error)
        failed.set(error.item, error.cause)
        log.error({ accountId, ...describeItem(error.item), error: String(error.cause) }, 'item could not be filed')
      }
    }
  }
}

/** Bytes that must be durable before the transaction names them. Nothing is kept twice for a second delivery. */
async function keepNew(store: Store, delivery: Delivery): Promise<ReadonlyMap<Inbound, Kept>> {
  // What goes into the database alone is looked up there, in the transaction.
  if (!delivery.items.some(hasBlobs)) return keepBytes(store.blobs, delivery.items)
  const known = await readKnownItems(store.read, delivery.accountId, delivery.items)
  const fresh = delivery.items.filter((item) => known.get(item.externalId)?.revision !== item.revision)
  return keepBytes(store.blobs, fresh)
}

async function takeIn(
  tx: WriteStore,
  deps: IngestDeps,
  delivery: Delivery,
  kept: ReadonlyMap<Inbound, Kept>,
  failed: ReadonlyMap<Inbound, unknown>,
  now: number,
): Promise<void> {
  const known = await readKnownItems(tx, delivery.accountId, delivery.items)
  const news = [...kept].filter(([item]) => known.get(item.externalId)?.revision !== item.revision)
  const fresh = news.map(([item]) => item).filter((item) => !failed.has(item))
  if (news.length > 0)
    await takeItems(await openBatch(tx, delivery.accountId, known, fresh, now), deps, delivery, news, failed)
  else await addCounts(tx, delivery, null, now)
  await saveCursors(tx, delivery, now)
}

async function takeItems(
  batch: Batch,
  deps: IngestDeps,
  delivery: Delivery,
  news: readonly (readonly [Inbound, Kept])[],
  failed: ReadonlyMap<Inbound, unknown>,
): Promise<void> {
  const cameWith = new Map<number, Inbound>()
  const breathe = makeBreath()
  for (const [item, bytes] of news) {
    if (failed.has(item)) {
      await storeItem(batch, item, bytes, batch.items.get(item.externalId)?.interactionId ?? null)
      batch.tally.seen += 1
      leaveOut(batch, 'Deskbell could not file it; it is kept and named in the log')
      continue
    }
    const before = batch.touched.size
    await blaming(item, () => takeItem(batch, deps, item, bytes))
    for (const leadId of [...batch.touched.keys()].slice(before)) cameWith.set(leadId, item)
    await breathe()
  }
  for (const [leadId, touched] of batch.touched) {
    await blaming(cameWith.get(leadId), () => followUp(batch, deps, touched))
    await breathe()
  }
  await followUpPeople(batch)
  await announceOpened(batch)
  await addCounts(batch.tx, delivery, batch.tally, batch.now)
}

// Less than a frame of the window: whoever asks the engine for something meanwhile does not notice.
const longestBreath = 12

/**
 * Lets others have the thread for a moment: all statements of a transaction answer at once, so that without it a large
 * delivery would keep every window waiting to its end. Reads have a connection of their own and see what was there
 * before; writes wait for their turn as ever.
 */
function makeBreath(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < longestBreath) return
    await setImmediate()
    since = performance.now()
  }
}

/** For the health page: what was seen, taken in and left out since the account was connected. */
async function addCounts(
  tx: WriteStore,
  { accountId, counts }: Delivery,
  tally: Batch['tally'] | null,
  now: number,
): Promise<void> {
  const leftOut = new Map(tally?.leftOut)
  if (counts && counts.skipped > 0) leftOut.set(counts.reason, (leftOut.get(counts.reason) ?? 0) + counts.skipped)
  const seen = (tally?.seen ?? 0) + (counts?.skipped ?? 0)
  if (seen === 0) return
  const skipped = [...leftOut.values()].reduce((sum, count) => sum + count, 0)
  await countUp(tx, { accountId, seen, taken: tally?.taken ?? 0, skipped, newest: tally?.newest ?? 0 })
  for (const [reason, count] of leftOut) await noteLeftOut(tx, { accountId, reason, count, now })
  for (const arrival of tally?.arrivals ?? []) await noteArrival(tx, { ...arrival, accountId, now })
  tx.changed('account')
}

type OfAccount = { readonly accountId: number; readonly now: number }

const countUp = keptQuery<
  Omit<OfAccount, 'now'> & { seen: number; taken: number; skipped: number; newest: number },
  unknown
>((db, value) =>
  db
    .updateTable('account')
    .set((it) => ({
      seen: it('seen', '+', value('seen')),
      taken: it('taken', '+', value('taken')),
      skipped: it('skipped', '+', value('skipped')),
      // A first synchronisation goes back in time; the last event stays the last.
      last_event_at: sql<number>`case when ${value('newest')} > coalesce(last_event_at, 0) then ${value('newest')} else last_event_at end`,
    }))
    .where('id', '=', value('accountId')),
)

const noteLeftOut = keptQuery<OfAccount & { reason: string; count: number }, unknown>((db, value) =>
  db
    .insertInto('left_out')
    .values({ account_id: value('accountId'), reason: value('reason'), count: value('count'), last_at: value('now') })
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'reason']).doUpdateSet((it) => ({
        count: it('left_out.count', '+', value('count')),
        last_at: value('now'),
      })),
    ),
)

const noteArrival = keptQuery<OfAccount & Batch['tally']['arrivals'][number], unknown>((db, value) =>
  db
    .insertInto('arrival')
    .values({ account_id: value('accountId'), at: value('at'), item_id: value('itemId'), stored_at: value('now') })
    .onConflict((conflict) => conflict.doNothing()),
)

async function saveCursors(tx: WriteStore, { accountId, cursors }: Delivery, now: number): Promise<void> {
  for (const { scope, value } of cursors) await saveCursor(tx, { accountId, scope, value, now })
}

const saveCursor = keptQuery<OfAccount & { scope: string; value: string }, unknown>((db, value) =>
  db
    .insertInto('cursor')
    .values({ account_id: value('accountId'), scope: value('scope'), value: value('value'), updated_at: value('now') })
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'scope']).doUpdateSet({ value: value('value'), updated_at: value('now') }),
    ),
)
