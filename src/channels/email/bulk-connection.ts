import type { ImapFlow } from 'imapflow'
import { connectImap, type ImapAccess } from './connect-imap.ts'
import type { FolderCursor } from './folder-cursor.ts'
import { folderOf, isWhole, type LoadedMail, mailQuery, mustBeOpen, type ReadingPlace, taskOf } from './load-mails.ts'
import { identifyMail } from './mail-identity.ts'
import { takePlainMails } from './quick-fetch.ts'
import { type ReadMail, readMails } from './read-mail.ts'

/** One folder of a mailbox, to be loaded over a connection that serves nothing else. */
export type BulkAccess = Omit<ImapAccess, 'signal'> & { readonly path: string }

/** @param range UIDs as in IMAP */
export type BulkOrder = { readonly range: string; readonly reading: ReadingPlace }

/** Mails loaded and read, with all their bytes in one piece that may change hands. */
export type BulkLot = { readonly mails: readonly LoadedMail[]; readonly bytes: ArrayBuffer }

export type BulkConnection = {
  /** Resolves when the folder is open. */
  readonly opened: Promise<unknown>
  readonly load: (order: BulkOrder) => Promise<BulkLot>
  readonly close: () => void
}

/** For the thread that reads mail: what it loads itself never crosses the thread that answers the window unread. */
export function openBulkConnection(access: BulkAccess): BulkConnection {
  const closing = new AbortController()
  const opening = open(access, closing.signal)
  // Whoever loads hears of it.
  opening.catch(() => {})
  let last: Promise<unknown> = opening
  return {
    opened: opening,
    load: async ({ range, reading }) => {
      // One after the other, for what comes belongs to the lot that was asked for. While it is read the server is at the next.
      const fetching = last.then(async () => fetchLot(await opening, range, reading.cursor))
      last = fetching.catch(() => {})
      const mails: LoadedMail[] = []
      for (const mail of await fetching) mails.push(await readMail(mail, reading))
      return inOnePiece(mails)
    },
    close: () => closing.abort(),
  }
}

async function open({ path, ...access }: BulkAccess, signal: AbortSignal): Promise<Opened> {
  const client = await connectImap({ ...access, signal })
  const mailbox = await client.mailboxOpen(path, { readOnly: true })
  return { client, uidValidity: String(mailbox.uidValidity), plainMails: takePlainMails(client) }
}

type Opened = { readonly client: ImapFlow; readonly uidValidity: string; readonly plainMails: () => LoadedMail[] }

async function fetchLot(
  { client, uidValidity, plainMails }: Opened,
  range: string,
  cursor: FolderCursor,
): Promise<LoadedMail[]> {
  // Numbers of another life of the folder name other mails.
  if (uidValidity !== cursor.uidValidity) throw new Error('the folder was numbered anew')
  // What a lot that failed left behind.
  plainMails()
  const others = await client.fetchAll(range, mailQuery(client), { uid: true })
  mustBeOpen(client)
  return [
    ...plainMails(),
    ...others.map(({ uid, size, internalDate, labels, threadId, emailId, source }) => {
      return { uid, size, internalDate, labels, threadId, emailId, source }
    }),
  ]
}

async function readMail(mail: LoadedMail, reading: ReadingPlace): Promise<LoadedMail> {
  const identity = identifyMail(mail.source ?? nothing)
  const toRead = folderOf(reading.role, mail) !== 'draft' && isWhole(mail)
  const read = toRead ? ((await readMails([taskOf(mail, identity, reading)]))[0] ?? null) : null
  return { ...mail, known: { identity, read } }
}

const nothing = new Uint8Array()

/** Small buffers share memory with others, which can neither be given away nor be copied alone. */
function inOnePiece(mails: readonly LoadedMail[]): BulkLot {
  const all = new Uint8Array(mails.reduce((sum, mail) => sum + bytesOf(mail), 0))
  let at = 0
  const move = (bytes: Uint8Array) => {
    const moved = all.subarray(at, at + bytes.byteLength)
    moved.set(bytes)
    at += bytes.byteLength
    return moved
  }
  return {
    bytes: all.buffer,
    mails: mails.map(({ source, known, ...mail }) => ({
      ...mail,
      ...(source && { source: move(source) }),
      ...(known && { known: { ...known, read: withFiles(known.read, move) } }),
    })),
  }
}

function bytesOf({ source, known }: LoadedMail): number {
  return filesOf(known?.read ?? null).reduce((sum, it) => sum + (it.bytes?.byteLength ?? 0), source?.byteLength ?? 0)
}

function filesOf(read: ReadMail | null) {
  return read && 'content' in read && read.content.kind === 'email' ? read.content.files : []
}

function withFiles(read: ReadMail | null, move: (bytes: Uint8Array) => Uint8Array): ReadMail | null {
  if (!read || 'leftOut' in read || read.content.kind !== 'email') return read
  const files = read.content.files.map((file) => ({ ...file, bytes: file.bytes && move(file.bytes) }))
  return { ...read, content: { ...read.content, files } }
}
