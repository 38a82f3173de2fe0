import type { ImapFlow } from 'imapflow'
import { day } from '../../lib/durations.ts'
import { firstTried } from './first-tried.ts'
import { advance, cursorScope, type FolderCursor, readCursor, resumeFrom, type Way } from './folder-cursor.ts'
import type { FolderSync, FolderTrouble } from './folder-sync.ts'
import { bulkFrom } from './load-bulk.ts'
import { type LoadedMail, loadMails, ranges } from './load-mails.ts'
import { arrivalOf } from './read-large-mail.ts'
import { DeliveryError, deliver, makeStoring, readChunk } from './take-chunk.ts'

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
    sync.bulk.rest()
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
  const loading = makeLoading(sync, some, start, careful)
  let cursor = start
  for (let chunk = loading.next(); chunk && !sync.stopping(); chunk = loading.next()) {
    if (way === 'history' && cursor !== start && (sync.announced() || !sync.mayReadHistory())) break
    const [first = 0] = chunk.uids
    const began = performance.now()
    trouble.working = first
    if (careful && first === trouble.uid && trouble.failures >= patience) {
      context.log.error({ uid: first, folder: sync.role }, 'mail left out: the connection breaks on it each time')
      cursor = advance(cursor, first, way)
      await storing.store({ items: [], cursor, leftOut: new Map([['The mail server could not hand over a mail', 1]]) })
      trouble.working = 0
      continue
    }
    const mails = await chunk.mails()
    const isOld = way === 'history' && isLongAgo(mails, context.clock.now())
    if (!careful) loading.goOn(nextSize(mails), !isOld)
    const past = advance(await readChunk(sync, mails, cursor, way, storing.store), chunk.uids.at(-1) ?? first, way)
    // Mails that were deleted in the meantime are past, too.
    if (mails.length < chunk.uids.length) await storing.store({ items: [], cursor: past, leftOut: new Map() })
    cursor = past
    trouble.working = 0
    if (isOld && loading.isMore()) {
      // Nobody waits for it, so it takes no second connection for hours.
      sync.bulk.rest()
      await storing.settled()
      await sync.rest(performance.now() - began)
    }
  }
  await loading.over()
  return storing.settled()
}

type Chunk = { readonly uids: readonly number[]; readonly mails: () => Promise<readonly LoadedMail[]> }

/** Loads mails chunk by chunk, ahead of whoever takes them where that is wanted. */
function makeLoading(sync: FolderSync, uids: readonly number[], cursor: FolderCursor, careful: boolean) {
  const { client, context, role, own, bulk } = sync
  const many = uids.length >= bulkFrom && !careful
  let size = careful ? 1 : firstChunk
  let place = 0
  let isSecond = false
  let ahead: readonly Chunk[] = []
  let underWay: Promise<void> = Promise.resolve()

  const load = async (some: readonly number[], early: boolean): Promise<readonly LoadedMail[]> => {
    const range = ranges(some.toSorted((a, b) => a - b))
    const reading = { accountId: context.accountId, own, role, cursor, now: context.clock.now() }
    const loaded = many && early ? await bulk.load({ range, reading }) : null
    isSecond = loaded !== null
    const there = new Set(loaded?.map(({ uid }) => uid))
    // Only the first connection says of a mail that it is gone.
    const others = some.filter((uid) => !there.has(uid))
    return others.length === 0 ? (loaded ?? []) : [...(loaded ?? []), ...(await loadMails(client, others))]
  }
  const take = (early: boolean): Chunk | null => {
    const some = uids.slice(place, place + size)
    place += some.length
    if (some.length === 0) return null
    const mails = early ? load(some, true) : null
    const before = underWay
    // Awaited in its turn; should one before it fail, nobody is left to hear of it.
    const past = () => before
    if (mails) underWay = mails.then(past, past)
    return { uids: some, mails: () => mails ?? load(some, false) }
  }
  return {
    next: (): Chunk | null => {
      const [first, ...others] = ahead
      ahead = others
      return first ?? take(false)
    },
    /** @param early false for mail that is in no hurry */
    goOn: (next: number, early: boolean) => {
      size = next
      if (!early || sync.stopping()) return
      // The second connection must never wait for us to ask. On the first, new mail would wait for what is asked.
      while (ahead.length < (isSecond ? 2 : 1)) {
        const chunk = take(true)
        if (!chunk) return
        ahead = [...ahead, chunk]
      }
    },
    isMore: () => ahead.length > 0 || place < uids.length,
    over: () => underWay,
  }
}

function noteTrouble(trouble: FolderTrouble) {
  if (trouble.working !== 0) {
    trouble.failures = trouble.uid === trouble.working ? trouble.failures + 1 : 1
    trouble.uid = trouble.working
  } else trouble.failures = 0
  trouble.working = 0
}

/** As many mails as fit into the memory set aside for them, judged by the ones before. */
function nextSize(messages: readonly LoadedMail[]): number {
  const bytes = messages.reduce((sum, message) => sum + (message.source?.byteLength ?? 0), 0)
  const fitting = Math.floor((chunkBytes * messages.length) / Math.max(1, bytes))
  return Math.min(largestChunk, Math.max(10, fitting))
}

function isLongAgo(messages: readonly LoadedMail[], now: number): boolean {
  return messages.every((message) => arrivalOf(message, now) < now - oldAfter)
}
