import type { FetchMessageObject, ImapFlow } from 'imapflow'
import { day } from '../../lib/durations.ts'
import type { ChannelContext } from '../channel.ts'
import type { CaptureRule } from './capture-rule.ts'
import { firstTried } from './first-tried.ts'
import {
  advance,
  cursorScope,
  type FolderCursor,
  type FolderRole,
  readCursor,
  resumeFrom,
  type Way,
} from './folder-cursor.ts'
import { isGmail } from './gmail.ts'
import type { MailReader } from './mail-reader.ts'
import { arrivalOf } from './read-large-mail.ts'
import { DeliveryError, deliver, firstBytes, makeStoring, readChunk } from './take-chunk.ts'

export type FolderSync = {
  readonly context: ChannelContext
  readonly client: ImapFlow
  readonly role: FolderRole
  /** Addresses of the mailbox, lower case. */
  readonly own: readonly string[]
  readonly rule: CaptureRule
  readonly read: MailReader['read']
  /** Mails that this process sent itself: the outbox knows them better than the Sent folder does. */
  readonly isOwnSend: (messageId: string) => boolean
  /** True ends the work after the delivery under way. */
  readonly stopping: () => boolean
  /** True once after the server announced new mail. */
  readonly announced: () => boolean
  /** Whether old mail may be read now: false while the user paused it. */
  readonly mayReadHistory: () => boolean
  /** All new mail is in; what follows is history. */
  readonly caughtUp: () => void
  /**
   * Waits while the engine has better things to do than to read mail of long ago. Ends early for new mail and when stopping.
   * @param took ms that the last piece of work took
   */
  readonly rest: (took: number) => Promise<void>
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

// One transaction each. Larger ones gain little and make other writers wait.
const largestChunk = 200
// Until it is known how large the mails of this folder are.
const firstChunk = 50
// What one chunk may hold in memory; the next one is held beside it.
const chunkBytes = 8 * 1024 * 1024
// A mail on which the connection died this often is left out, and counted.
const patience = 6
// Younger mail is what people look for: it is read at once. What is older is read when the engine has nothing to do.
const oldAfter = 30 * day

/**
 * Takes in everything of the open folder that was not taken yet: new mail first, then what was there before, newest
 * first. Progress is saved with each batch, so that it may be cut at any point and asked again.
 */
export async function syncFolder(sync: FolderSync): Promise<void> {
  try {
    await syncOpenFolder(sync)
  } catch (error) {
    // A full disk says nothing against the mail on which it was noticed.
    if (error instanceof DeliveryError) sync.trouble.working = 0
    throw error
  }
}

async function syncOpenFolder(sync: FolderSync): Promise<void> {
  const { client, context, role } = sync
  const mailbox = client.mailbox
  if (!mailbox) throw new Error('no folder is open')
  // Old servers do not say which UID comes next.
  const uidNext = mailbox.uidNext || ((await uidsBetween(client, 1, '*')).at(-1) ?? 0) + 1
  const folder = { path: mailbox.path, uidValidity: String(mailbox.uidValidity), uidNext }
  const saved = readCursor(await context.cursor(cursorScope(role, mailbox.path)))
  let cursor = resumeFrom(
    saved,
    folder,
    context.clock.now(),
    saved ? null : await firstTried(context, role, mailbox.path),
  )
  if (cursor !== saved) await deliver(sync, [], cursor)
  noteTrouble(sync.trouble)

  let history: readonly number[] | null = null
  while (!sync.stopping()) {
    sync.announced()
    const fresh = await uidsBetween(client, cursor.head + 1, '*')
    if (fresh.length > 0) {
      cursor = await takeUids(sync, fresh, cursor, 'new')
      continue
    }
    sync.caughtUp()
    if (cursor.historyLeft <= 0 || !sync.mayReadHistory()) return
    const upTo = cursor.historyLeft
    history ??= (await uidsBetween(client, 1, upTo)).reverse()
    const left: readonly number[] = history.filter((uid) => uid <= upTo)
    // What was deleted since leaves gaps: the end of the range is the end of the work.
    if (left.length === 0) cursor = { ...cursor, historyLeft: 0 }
    const total = cursor.historySeen + left.length
    if (cursor.historyTotal !== total || left.length === 0) {
      cursor = { ...cursor, historyTotal: total }
      await deliver(sync, [], cursor)
    }
    cursor = await takeUids(sync, left, cursor, 'history')
  }
}

/** `n:*` names the last mail even when its UID is below n. */
async function uidsBetween(client: ImapFlow, first: number, last: number | '*'): Promise<number[]> {
  const found = await client.search({ uid: `${first}:${last}` }, { uid: true })
  return (found || []).filter((uid) => uid >= first && (last === '*' || uid <= last)).sort((a, b) => a - b)
}

/**
 * Takes these mails in order: while one chunk is being stored the next one is read and the one after it loaded. New mail
 * interrupts history.
 * @returns the cursor after the last chunk that was taken
 */
async function takeUids(
  sync: FolderSync,
  uids: readonly number[],
  start: FolderCursor,
  way: Way,
): Promise<FolderCursor> {
  const { trouble, context } = sync
  const careful = trouble.failures > 1
  // Careful only for as many as the broken chunk held; the next round is quick again.
  const some = careful ? uids.slice(0, largestChunk) : uids
  const storing = makeStoring(sync, start)
  let size = careful ? 1 : firstChunk
  let place = 0
  let cursor = start
  let loading: Promise<FetchMessageObject[]> | undefined
  let chunk = some.slice(0, size)
  while (chunk.length > 0 && !sync.stopping()) {
    if (way === 'history' && place > 0 && (sync.announced() || !sync.mayReadHistory())) break
    const [first = 0] = chunk
    const began = performance.now()
    let following: readonly number[] = []
    let isOld = false
    place += chunk.length
    trouble.working = first
    if (careful && first === trouble.uid && trouble.failures >= patience) {
      following = some.slice(place, place + size)
      context.log.error({ uid: first, folder: sync.role }, 'mail left out: the connection breaks on it each time')
      cursor = advance(cursor, first, way)
      await storing.store({ items: [], cursor, leftOut: new Map([['The mail server could not hand over a mail', 1]]) })
    } else {
      const messages = await (loading ?? fetchChunk(sync, chunk))
      loading = undefined
      if (!careful) size = nextSize(messages)
      following = some.slice(place, place + size)
      isOld = way === 'history' && isLongAgo(messages, context.clock.now())
      if (following.length > 0 && !careful && !isOld && !sync.stopping()) loading = fetchChunk(sync, following)
      // Awaited in the next round; should this one fail first, nobody is left to hear of it.
      loading?.catch(() => {})
      const past = advance(await readChunk(sync, messages, cursor, way, storing.store), chunk.at(-1) ?? first, way)
      // Mails that were deleted in the meantime are past, too.
      if (messages.length < chunk.length) await storing.store({ items: [], cursor: past, leftOut: new Map() })
      cursor = past
    }
    trouble.working = 0
    if (isOld && following.length > 0) {
      await storing.settled()
      await sync.rest(performance.now() - began)
    }
    chunk = [...following]
  }
  await loading?.catch(() => {})
  return storing.settled()
}

function noteTrouble(trouble: FolderTrouble) {
  if (trouble.working !== 0) {
    trouble.failures = trouble.uid === trouble.working ? trouble.failures + 1 : 1
    trouble.uid = trouble.working
  } else trouble.failures = 0
  trouble.working = 0
}

/** As many mails as fit into the memory set aside for them, judged by the ones before. */
function nextSize(messages: readonly FetchMessageObject[]): number {
  const bytes = messages.reduce((sum, message) => sum + (message.source?.byteLength ?? 0), 0)
  const fitting = Math.floor((chunkBytes * messages.length) / Math.max(1, bytes))
  return Math.min(largestChunk, Math.max(10, fitting))
}

function isLongAgo(messages: readonly FetchMessageObject[], now: number): boolean {
  return messages.every((message) => arrivalOf(message, now) < now - oldAfter)
}

async function fetchChunk({ client }: FolderSync, uids: readonly number[]): Promise<FetchMessageObject[]> {
  const query = { uid: true, size: true, internalDate: true, source: { maxLength: firstBytes } }
  const gmail = isGmail(client) ? { labels: true, threadId: true } : {}
  return client.fetchAll(ranges(uids.toSorted((a, b) => a - b)), { ...query, ...gmail }, { uid: true })
}

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
