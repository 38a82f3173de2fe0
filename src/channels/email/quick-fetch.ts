import type { ImapFlow } from 'imapflow'
import type { LoadedMail } from './load-mails.ts'

/** One response as imapflow's stream hands it to `handleResponse`: its lines, and the literals between them. */
type Response = { readonly payload: Buffer; readonly literals: readonly Buffer[] }
type Handles = { handleResponse: (response: Response) => Promise<boolean> }

const longestLine = 1024
const start = /^\* \d+ FETCH \(/
const items =
  /(?:UID (?<uid>\d{1,10})|RFC822\.SIZE (?<size>\d{1,15})|INTERNALDATE "(?<date>[^"\\]{1,40})"|MODSEQ \(\d+\)|BODY\[\](?:<0>)? \{\d+\}\r?\n)(?: |\)$)/y

/**
 * Takes mails of the plainest form before imapflow does, which builds a tree of each response, writes it down for a log
 * that nobody keeps and walks it again: a third of the work of loading a mail. Everything else goes its usual way, and so
 * would all when a later imapflow calls that way by another name; a test would say so.
 * @returns what was taken since the last call
 */
export function takePlainMails(client: ImapFlow): () => LoadedMail[] {
  // Not among its types: it is no part of what imapflow promises.
  const inner = client as unknown as Handles
  const usual = inner.handleResponse
  let taken: LoadedMail[] = []
  inner.handleResponse = async (response) => {
    const mail = readPlainMail(response)
    if (!mail) return usual.call(client, response)
    taken.push(mail)
    return true
  }
  return () => {
    const all = taken
    taken = []
    return all
  }
}

/** @returns null for every other response, and for a mail that is described in any other way than in numbers, date and text */
export function readPlainMail({ payload, literals }: Response): LoadedMail | null {
  const [source] = literals
  if (!source || literals.length > 1 || payload.byteLength > longestLine) return null
  const line = payload.toString('latin1')
  const head = start.exec(line)
  if (!head) return null
  let uid = 0
  let size: number | undefined
  let internalDate: Date | undefined
  let at = head[0].length
  while (at < line.length) {
    items.lastIndex = at
    const item = items.exec(line)
    if (!item) return null
    at = items.lastIndex
    if (item.groups?.uid) uid = Number(item.groups.uid)
    if (item.groups?.size) size = Number(item.groups.size)
    if (item.groups?.date) internalDate = new Date(item.groups.date)
  }
  if (uid === 0 || (internalDate && Number.isNaN(internalDate.getTime()))) return null
  return { uid, size, internalDate, source }
}
