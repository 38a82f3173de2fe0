import type { FetchMessageObject, ImapFlow } from 'imapflow'
import { toErrorBody } from '../../rpc/errors.ts'
import type { ChannelContext, Cursor, Inbound } from '../channel.ts'
import { cursorScope, type FolderCursor, type FolderRole, isHistory, readCursor, resumeFrom } from './folder-cursor.ts'
import { identifyMail, type MailIdentity, receivedId, sentId } from './mail-identity.ts'
import { parseMail } from './parse-message.ts'
import { arrivalOf, largeMailLimits, readLargeMail } from './read-large-mail.ts'
import { toInbound } from './to-inbound.ts'

export type FolderSync = {
  readonly context: ChannelContext
  readonly client: ImapFlow
  readonly role: FolderRole
  /** Addresses of the mailbox, lower case. */
  readonly own: readonly string[]
  /** Mails that this process sent itself: the outbox knows them better than the Sent folder does. */
  readonly isOwnSend: (messageId: string) => boolean
  /** True ends the work after the delivery under way. */
  readonly stopping: () => boolean
  /** True once after the server announced new mail. */
  readonly announced: () => boolean
  readonly trouble: FolderTrouble
}

/**
 * Where reading a folder broke off, kept across connections: a mail that breaks the connection each time must not block
 * all others for ever.
 */
export type FolderTrouble = {
  /** First UID of the chunk in work; 0 while there is none. Still set when the next connection begins: it broke there. */
  working: number
  /** Where it broke the last time, and how often in a row. */
  uid: number
  failures: number
}

export const noTrouble = (): FolderTrouble => ({ working: 0, uid: 0, failures: 0 })

/** The store and not the mail server failed: nothing is wrong with the connection. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'
}

// One transaction each. Larger ones gain little and make other writers wait.
const chunkSize = 200
// Most mails are smaller; the start of the others is enough to recognise them.
const firstBytes = 256 * 1024
// Items held before they are delivered, so that a folder of large mails does not fill the memory.
const batchBytes = 24 * 1024 * 1024
// A mail on which the connection died this often is left out, and counted.
const patience = 6

/**
 * Takes in everything of the open folder that was not taken yet: new mail first, then what was there before, oldest
 * first. Progress is saved with each batch, so that it may be cut at any point and asked again.
 */
export async function syncFolder(sync: FolderSync): Promise<void> {
  const { client, context, role } = sync
  const mailbox = client.mailbox
  if (!mailbox) throw new Error('no folder is open')
  // Old servers do not say which UID comes next.
  const uidNext = mailbox.uidNext || ((await uidsBetween(client, 1, '*')).at(-1) ?? 0) + 1
  const folder = { path: mailbox.path, uidValidity: String(mailbox.uidValidity), uidNext }
  const saved = readCursor(await context.cursor(cursorScope(role)))
  let cursor = resumeFrom(saved, folder, context.clock.now())
  if (cursor !== saved) await deliver(sync, [], cursor)
  noteTrouble(sync.trouble)

  let history: readonly number[] | null = null
  while (!sync.stopping()) {
    sync.announced()
    const fresh = await uidsBetween(client, cursor.head + 1, '*')
    if (fresh.length > 0) {
      cursor = await takeUids(sync, fresh, cursor, 'head')
      continue
    }
    if (cursor.historyDone >= cursor.historyEnd) return
    const from = cursor.historyDone
    history ??= await uidsBetween(client, from + 1, cursor.historyEnd)
    const left: readonly number[] = history.filter((uid) => uid > from)
    // What was deleted since leaves gaps: the end of the range is the end of the work.
    if (left.length === 0) {
      cursor = { ...cursor, historyDone: cursor.historyEnd }
      await deliver(sync, [], cursor)
    } else cursor = await takeUids(sync, left, cursor, 'historyDone')
  }
}

/** `n:*` names the last mail even when its UID is below n. */
async function uidsBetween(client: ImapFlow, first: number, last: number | '*'): Promise<number[]> {
  const found = await client.search({ uid: `${first}:${last}` }, { uid: true })
  return (found || []).filter((uid) => uid >= first && (last === '*' || uid <= last)).sort((a, b) => a - b)
}

/**
 * Takes these mails in order, loading the next chunk while one is being stored. New mail interrupts history.
 * @returns the cursor after the last chunk that was taken
 */
async function takeUids(
  sync: FolderSync,
  uids: readonly number[],
  start: FolderCursor,
  field: 'head' | 'historyDone',
): Promise<FolderCursor> {
  const { trouble } = sync
  const careful = trouble.failures > 1
  const chunks = inChunks(uids, careful)
  let cursor = start
  let next: Promise<FetchMessageObject[]> | undefined
  for (const [index, chunk] of chunks.entries()) {
    const [first = 0] = chunk
    if (sync.stopping() || (index > 0 && field === 'historyDone' && sync.announced())) break
    trouble.working = first
    if (careful && first === trouble.uid && trouble.failures >= patience) await leaveOut(sync, first)
    else {
      const messages = await (next ?? fetchChunk(sync, chunk))
      const following = chunks[index + 1]
      next = following && !careful && !sync.stopping() ? fetchChunk(sync, following) : undefined
      // Awaited in the next round; should this one fail first, nobody is left to hear of it.
      next?.catch(() => {})
      cursor = await takeChunk(sync, messages, cursor, field)
    }
    // Mails that were deleted in the meantime are past, too.
    const last = chunk.at(-1) ?? first
    if (cursor[field] < last) {
      cursor = { ...cursor, [field]: last }
      await deliver(sync, [], cursor)
    }
    trouble.working = 0
  }
  await next?.catch(() => {})
  return cursor
}

function noteTrouble(trouble: FolderTrouble) {
  if (trouble.working !== 0) {
    trouble.failures = trouble.uid === trouble.working ? trouble.failures + 1 : 1
    trouble.uid = trouble.working
  } else trouble.failures = 0
  trouble.working = 0
}

/** One by one when it broke here before, so that it becomes known which mail it is. */
function inChunks(uids: readonly number[], careful: boolean): number[][] {
  const size = careful ? 1 : chunkSize
  // Careful only for as many as the broken chunk held; the next round is quick again.
  const some = careful ? uids.slice(0, chunkSize) : uids
  return Array.from({ length: Math.ceil(some.length / size) }, (_, i) => some.slice(i * size, (i + 1) * size))
}

async function leaveOut(sync: FolderSync, uid: number): Promise<void> {
  sync.context.log.error({ uid, folder: sync.role }, 'mail left out: the connection breaks on it each time')
  await sync.context.deliver([], [], { skipped: 1, reason: 'The mail server could not hand over a mail' })
}

async function fetchChunk({ client }: FolderSync, uids: readonly number[]): Promise<FetchMessageObject[]> {
  const query = { uid: true, size: true, internalDate: true, source: { maxLength: firstBytes } }
  const messages = await client.fetchAll(ranges(uids), query, { uid: true })
  return messages.sort((a, b) => a.uid - b.uid)
}

/** Parses and delivers one chunk, in several transactions when it is heavy. */
async function takeChunk(
  sync: FolderSync,
  messages: readonly FetchMessageObject[],
  start: FolderCursor,
  field: 'head' | 'historyDone',
): Promise<FolderCursor> {
  const { context, role } = sync
  const seen = messages.map((message) => ({ message, identity: identifyMail(message.source ?? new Uint8Array()) }))
  const known = await context.revisions(seen.flatMap(({ identity }) => [receivedId(identity), sentId(identity)]))
  let cursor = start
  let items: Inbound[] = []
  let bytes = 0
  let leftOut = new Map<string, number>()
  const flush = async () => {
    await deliver(sync, items, cursor, leftOut)
    items = []
    bytes = 0
    leftOut = new Map()
  }
  for (const { message, identity } of seen) {
    const wanted =
      !known.has(role === 'sent' ? sentId(identity) : receivedId(identity)) &&
      !(identity.messageId !== null && sync.isOwnSend(identity.messageId))
    const item = wanted ? await readItem(sync, message, identity, cursor) : null
    cursor = { ...cursor, [field]: message.uid }
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

async function readItem(sync: FolderSync, message: FetchMessageObject, identity: MailIdentity, cursor: FolderCursor) {
  const { client, context, role, own } = sync
  const arrivedAt = arrivalOf(message, context.clock.now())
  const place = {
    accountId: context.accountId,
    own,
    folder: role,
    history: isHistory(cursor, message.uid, arrivedAt),
  }
  const start = message.source ?? new Uint8Array()
  const size = message.size ?? start.byteLength
  // Some servers count a little differently than they send, so only a full start means that there is more.
  if (start.byteLength < firstBytes || size <= firstBytes) {
    return toInbound(await parseMail(start, arrivedAt), identity, start, place)
  }
  if (size <= largeMailLimits.whole) {
    const whole = (await client.fetchOne(String(message.uid), { uid: true, source: true }, { uid: true })) || null
    if (!whole?.source) return { leftOut: 'Deleted while it was being read' }
    return toInbound(await parseMail(whole.source, arrivedAt), identity, whole.source, place)
  }
  const large = await readLargeMail(client, message.uid, arrivedAt)
  if (!large) return { leftOut: 'Deleted while it was being read' }
  return toInbound(large.mail, identity, large.headers, place)
}

/**
 * Stores a batch with its cursor. When the batch is refused, its mails are stored one by one, so that one mail that the
 * store cannot take does not hold up the others; it is counted, stays in the mailbox and is named in the log.
 */
async function deliver(
  sync: FolderSync,
  items: readonly Inbound[],
  cursor: FolderCursor,
  leftOut: ReadonlyMap<string, number> = new Map(),
): Promise<void> {
  const { context, role } = sync
  const cursors: Cursor[] = [{ scope: cursorScope(role), value: JSON.stringify(cursor) }]
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

/** 1,2,3,7 → "1:3,7": a list of single UIDs is longer than some servers read. */
export function ranges(uids: readonly number[]): string {
  const parts: { first: number; last: number }[] = []
  for (const uid of uids) {
    const open = parts.at(-1)
    if (open && uid === open.last + 1) open.last = uid
    else parts.push({ first: uid, last: uid })
  }
  return parts.map(({ first, last }) => (first === last ? String(first) : `${first}:${last}`)).join(',')
}
