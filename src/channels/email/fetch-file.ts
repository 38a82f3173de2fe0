import type { ImapFlow, SearchObject } from 'imapflow'
import { DeskbellError } from '../../rpc/errors.ts'
import type { FileAsked } from '../channel.ts'
import { receivedIds } from './gmail.ts'
import { identifyMail, sentId } from './mail-identity.ts'
import { largeMailLimits, readFileOf } from './read-large-mail.ts'

// As much as identifies a mail.
const firstBytes = 256 * 1024
/** Where people put mail, the likeliest first. */
const usual = ['\\Inbox', '\\All', '\\Sent', '\\Archive', '\\Junk', '\\Trash']

/**
 * Fetches one file of a large mail from wherever in the mailbox the mail is by now. Leaves some folder open.
 * @param first folders that are read anyway
 * @throws DeskbellError `NOT_FOUND` when the mail is gone; what imapflow throws
 */
export async function fetchFile(client: ImapFlow, asked: FileAsked, first: readonly string[]): Promise<Uint8Array> {
  const larger = largeMailLimits.whole
  const byId: SearchObject[] = asked.messageId ? [{ larger, header: { 'message-id': `<${asked.messageId}>` } }] : []
  const folders = await foldersOf(client, first)
  // Some mails have no id, and Outlook.com keeps ours elsewhere: then every large mail is looked at.
  for (const query of [...byId, { larger }]) {
    for (const path of folders) {
      const uid = await findMail(client, path, query, asked.externalId)
      const bytes = uid === null ? null : await readFileOf(client, uid, asked.place)
      if (bytes) return bytes
    }
  }
  throw mailGone
}

async function foldersOf(client: ImapFlow, first: readonly string[]): Promise<string[]> {
  const all = (await client.list()).filter((it) => !it.flags.has('\\Noselect') && !it.flags.has('\\NonExistent'))
  const rank = (it: (typeof all)[number]) => {
    if (first.includes(it.path)) return -1
    const place = usual.indexOf(it.specialUse ?? '')
    return place < 0 ? usual.length : place
  }
  return all.toSorted((a, b) => rank(a) - rank(b)).map(({ path }) => path)
}

/** @returns its UID in the folder, which is open then; null when it is not there */
async function findMail(client: ImapFlow, path: string, search: SearchObject, id: string): Promise<number | null> {
  try {
    await client.mailboxOpen(path, { readOnly: true })
  } catch (error) {
    // Listed and yet not to be opened, or deleted a moment ago; a broken line is another matter.
    if (!client.usable) throw error
    return null
  }
  const uids = (await client.search(search, { uid: true })) || []
  for (const uid of uids.toReversed()) {
    const query = { uid: true, source: { maxLength: firstBytes } }
    const found = (await client.fetchOne(String(uid), query, { uid: true })) || null
    if (!found?.source) continue
    const identity = identifyMail(found.source)
    if ([...receivedIds(client, found, identity), sentId(identity)].includes(id)) return uid
  }
  return null
}

const mailGone = new DeskbellError({
  code: 'NOT_FOUND',
  message:
    'This mail is not in the mailbox any more, so its file cannot be fetched. Ask whoever sent it to send the file again.',
  fault: 'user',
  retryable: false,
})
