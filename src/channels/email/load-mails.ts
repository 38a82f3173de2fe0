import type { FetchMessageObject, FetchQueryObject, ImapFlow } from 'imapflow'
import { type FolderCursor, type FolderRole, isHistory } from './folder-cursor.ts'
import { isGmail, placeByLabels } from './gmail.ts'
import type { MailIdentity } from './mail-identity.ts'
import { arrivalOf } from './read-large-mail.ts'
import type { MailTask, ReadMail } from './read-mail.ts'

type Fetched = Pick<FetchMessageObject, 'uid' | 'size' | 'internalDate' | 'labels' | 'threadId' | 'emailId'>

/** A mail as the server hands it over. */
export type LoadedMail = Readonly<Fetched> & {
  /** The whole mail, or its first {@link firstBytes}. */
  readonly source?: Uint8Array | undefined
  /** Who loaded it has recognised it, too, and read it when it came whole. */
  readonly known?: { readonly identity: MailIdentity; readonly read: ReadMail | null }
}

// Most mails are smaller; the start of the others is enough to recognise them.
export const firstBytes = 256 * 1024

/** What is asked of the server for each mail. */
export function mailQuery(client: ImapFlow): FetchQueryObject {
  const query = { uid: true, size: true, internalDate: true, source: { maxLength: firstBytes } }
  return isGmail(client) ? { ...query, labels: true, threadId: true } : query
}

/** @returns those that are still there. @throws when the connection ended before all were here */
export async function loadMails(client: ImapFlow, uids: readonly number[]): Promise<LoadedMail[]> {
  const mails = await client.fetchAll(ranges(uids.toSorted((a, b) => a - b)), mailQuery(client), { uid: true })
  mustBeOpen(client)
  return mails
}

/** Asked over a connection that has ended, imapflow finds nothing: as if the mails had been deleted. */
export function mustBeOpen(client: ImapFlow): void {
  if (!client.mailbox) throw Object.assign(new Error('the connection was closed'), { code: 'EConnectionClosed' })
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

/** The folder in which mails are read, for whoever reads them. */
export type ReadingPlace = {
  readonly accountId: number
  /** Addresses of the mailbox, lower case. */
  readonly own: readonly string[]
  readonly role: FolderRole
  /** Says what is history. */
  readonly cursor: FolderCursor
  /** For a server that does not say when a mail arrived. */
  readonly now: number
}

export function folderOf(role: FolderRole, { labels }: LoadedMail): 'inbox' | 'sent' | 'draft' {
  return role === 'all' ? placeByLabels(labels) : role === 'sent' ? 'sent' : 'inbox'
}

/** Some servers count a little differently than they send, so only a full start means that there is more. */
export function isWhole({ source, size }: LoadedMail): boolean {
  const loaded = source?.byteLength ?? 0
  return loaded < firstBytes || (size ?? loaded) <= firstBytes
}

/** What is to be read of a mail; of a draft nothing is. */
export function taskOf(mail: LoadedMail, identity: MailIdentity, reading: ReadingPlace): MailTask {
  const { accountId, own, role, cursor, now } = reading
  const arrivedAt = arrivalOf(mail, now)
  const folder = folderOf(role, mail) === 'sent' ? 'sent' : 'inbox'
  const history = isHistory(cursor, mail.uid, arrivedAt)
  return { raw: mail.source ?? nothing, arrivedAt, identity, place: { accountId, own, folder, history } }
}

const nothing = new Uint8Array()
