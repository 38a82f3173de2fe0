import { must } from '../../lib/assert.ts'
import { toErrorBody } from '../../rpc/errors.ts'
import type { Cursor, Inbound } from '../channel.ts'
import { advance, cursorScope, type FolderCursor, type Way, withLeftOut } from './folder-cursor.ts'
import type { FolderSync } from './folder-sync.ts'
import { citeThread, receivedIds } from './gmail.ts'
import { folderOf, isWhole, type LoadedMail, mustBeOpen, taskOf } from './load-mails.ts'
import { identifyMail, type MailIdentity, sentId } from './mail-identity.ts'
import { parseMail } from './parse-message.ts'
import { largeMailLimits, readLargeMail } from './read-large-mail.ts'
import type { ReadMail } from './read-mail.ts'
import { type LeftOut, toInbound } from './to-inbound.ts'

/** The store and not the mail server failed: nothing is wrong with the connection. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'
}

// Items held before they are delivered, so that a folder of large mails does not fill the memory.
const batchBytes = 24 * 1024 * 1024

type Seen = {
  readonly message: LoadedMail
  readonly identity: MailIdentity
  readonly place: 'inbox' | 'sent' | 'draft'
  /** External ids under which it may be known; the first is the one to store it under. */
  readonly ids: readonly string[]
}

/** Mails to be stored together, and where the reading is after them. */
export type Batch = {
  readonly items: readonly Inbound[]
  readonly cursor: FolderCursor
  readonly leftOut: ReadonlyMap<string, number>
}

/**
 * Recognises and parses one chunk.
 * @param handOver called for each batch, more than once when the chunk is heavy; resolves when there is room for the next
 * @returns the cursor after the chunk
 */
export async function readChunk(
  sync: FolderSync,
  messages: readonly LoadedMail[],
  start: FolderCursor,
  way: Way,
  handOver: (batch: Batch) => Promise<void>,
): Promise<FolderCursor> {
  const seen = messages
    .toSorted((a, b) => (way === 'new' ? a.uid - b.uid : b.uid - a.uid))
    .map((message) => recognise(sync, message))
  const known = await sync.context.revisions(seen.flatMap(({ ids }) => ids))
  const fresh = seen.filter(
    ({ ids, identity }) =>
      !ids.some((id) => known.has(id)) && !(identity.messageId !== null && sync.isOwnSend(identity.messageId)),
  )
  const read = await readWhole(sync, fresh, start)
  let cursor = start
  let items: Inbound[] = []
  let bytes = 0
  let leftOut = new Map<string, number>()
  const flush = async () => {
    await handOver({ items, cursor, leftOut })
    items = []
    bytes = 0
    leftOut = new Map()
  }
  for (const it of seen) {
    const { message } = it
    const item = fresh.includes(it) ? await readItem(sync, it, read.get(it), start) : null
    cursor = advance(cursor, message.uid, way)
    if (way === 'history') cursor = { ...cursor, historySeen: cursor.historySeen + 1 }
    if (item && 'leftOut' in item) leftOut.set(item.leftOut, (leftOut.get(item.leftOut) ?? 0) + 1)
    else if (item) {
      items.push(item)
      bytes += (message.size ?? 0) * 2
    }
    if (bytes > batchBytes) await flush()
  }
  if (items.length > 0 || leftOut.size > 0 || cursor !== start) await flush()
  return cursor
}

/** Stores batches one after another, while the next one is being read: disk, database and mail server at once. */
export type Storing = {
  /** Resolves when the batch before this one is stored. Rejects when it could not be, and then for good. */
  readonly store: (batch: Batch) => Promise<void>
  /** Resolves when everything is stored, with the cursor that is. */
  readonly settled: () => Promise<FolderCursor>
}

export function makeStoring(sync: FolderSync, start: FolderCursor): Storing {
  let stored = start
  let working: Promise<void> = Promise.resolve()
  const store = async ({ items, cursor, leftOut }: Batch) => {
    const sums = new Map(leftOut)
    const reasons = await sync.rule(items)
    for (const reason of reasons) if (reason !== null) sums.set(reason, (sums.get(reason) ?? 0) + 1)
    const wanted = items.filter((_, index) => reasons[index] === null)
    // The sums are those of what is stored, which the reading ahead does not know yet.
    const next = withLeftOut({ ...cursor, leftOut: stored.leftOut }, sums)
    await deliver(sync, wanted, next, sums)
    stored = next
  }
  return {
    store: async (batch) => {
      // While the batch before it is being written. A failure comes again where it is waited for.
      if (sync.takesAll) sync.context.keepFiles?.(batch.items.flatMap(filesOf)).catch(() => {})
      await working
      working = store(batch)
      // Whoever asks next hears of it.
      working.catch(() => {})
    },
    settled: async () => {
      await working
      return stored
    },
  }
}

const filesOf = ({ content }: Inbound) =>
  content.kind === 'email' ? content.files.flatMap(({ bytes }) => bytes ?? []) : []

function recognise({ client, role }: FolderSync, message: LoadedMail): Seen {
  const identity = message.known?.identity ?? identifyMail(message.source ?? nothing)
  const place = folderOf(role, message)
  const received = receivedIds(client, message, identity)
  // A folder of the user's choice may hold what they sent, too; in All Mail an older sync may have taken it from Sent.
  const sent = role === 'inbox' ? [] : [sentId(identity)]
  return { message, identity, place, ids: place === 'sent' ? sent : [...received, ...sent] }
}

/** Reads those that came whole, together: elsewhere, while this thread stores the ones before. */
async function readWhole(sync: FolderSync, seen: readonly Seen[], cursor: FolderCursor): Promise<Map<Seen, ReadMail>> {
  const read = new Map<Seen, ReadMail>()
  const toRead: Seen[] = []
  for (const it of seen) {
    const known = it.message.known?.read
    if (known) read.set(it, known)
    else if (it.place !== 'draft' && isWhole(it.message)) toRead.push(it)
  }
  const now = await sync.read(toRead.map((it) => task(sync, it, cursor)))
  for (const [index, it] of toRead.entries()) read.set(it, must(now[index], 'a mail that was read'))
  return read
}

function task({ context, own, role }: FolderSync, { message, identity }: Seen, cursor: FolderCursor) {
  return taskOf(message, identity, { accountId: context.accountId, own, role, cursor, now: context.clock.now() })
}

async function readItem(
  sync: FolderSync,
  seen: Seen,
  read: ReadMail | undefined,
  cursor: FolderCursor,
): Promise<Inbound | LeftOut> {
  const { message, place, ids } = seen
  if (place === 'draft') return { leftOut: 'A draft' }
  const item = read && !('leftOut' in read) ? { ...read, raw: message.source ?? nothing } : read
  const loaded = item ?? (await loadLarge(sync, seen, cursor))
  if ('leftOut' in loaded) return loaded
  const { content } = loaded
  const cited = content.kind === 'email' ? await citeThread(sync.client, message, content) : content
  const [externalId] = ids
  const named = loaded.direction === 'out' || externalId === undefined ? loaded : { ...loaded, externalId }
  return cited === content ? named : { ...named, content: cited }
}

/** What is too large to come with its chunk. */
async function loadLarge(sync: FolderSync, seen: Seen, cursor: FolderCursor): Promise<Inbound | LeftOut> {
  const { arrivedAt, place } = task(sync, seen, cursor)
  const { message, identity } = seen
  const gone = { leftOut: 'Deleted while it was being read' }
  if ((message.size ?? 0) > largeMailLimits.whole) {
    const large = await readLargeMail(sync.client, message.uid, arrivedAt)
    mustBeOpen(sync.client)
    return large ? toInbound(large.mail, identity, large.headers, place) : gone
  }
  const query = { uid: true, source: true }
  const whole = (await sync.client.fetchOne(String(message.uid), query, { uid: true })) || null
  mustBeOpen(sync.client)
  if (!whole?.source) return gone
  return toInbound(await parseMail(whole.source, arrivedAt), identity, whole.source, place)
}

const nothing = new Uint8Array()

/**
 * Stores a batch with its cursor. When the batch is refused, its mails are stored one by one, so that one mail that the
 * store cannot take does not hold up the others; it is counted, stays in the mailbox and is named in the log.
 */
export async function deliver(
  sync: FolderSync,
  items: readonly Inbound[],
  cursor: FolderCursor,
  leftOut: ReadonlyMap<string, number> = new Map(),
): Promise<void> {
  const { context, role } = sync
  const cursors: Cursor[] = [{ scope: cursorScope(role, cursor.path), value: JSON.stringify(cursor) }]
  const [first, ...more] = [...leftOut].map(([reason, skipped]) => ({ skipped, reason }))
  try {
    for (const counts of more) await context.deliver([], [], counts)
    await context.deliver(items, cursors, first)
  } catch (error) {
    if (items.length === 0 || storageIsGone(error)) throw new DeliveryError(messageOf(error), { cause: error })
    for (const item of items) await deliverAlone(sync, item)
    await context.deliver([], cursors, first)
  }
}

async function deliverAlone({ context, role }: FolderSync, item: Inbound): Promise<void> {
  try {
    await context.deliver([item], [])
  } catch (error) {
    if (storageIsGone(error)) throw new DeliveryError(messageOf(error), { cause: error })
    context.log.error({ folder: role, externalId: item.externalId, error: messageOf(error) }, 'mail left out')
    await context.deliver([], [], { skipped: 1, reason: 'Deskbell could not store a mail' })
  }
}

function storageIsGone(error: unknown): boolean {
  const { code } = toErrorBody(error)
  return code === 'DISK_FULL' || code === 'DATABASE_DAMAGED' || code === 'DATABASE_NEWER'
}

const messageOf = (error: unknown) => toErrorBody(error).message
