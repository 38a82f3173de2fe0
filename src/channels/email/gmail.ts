import type { FetchMessageObject, ImapFlow } from 'imapflow'
import { type MailIdentity, receivedId } from './mail-identity.ts'

type Message = Readonly<FetchMessageObject>

/** Whether the server speaks Gmail's extensions (X-GM-MSGID, X-GM-THRID, X-GM-LABELS). */
export const isGmail = (client: ImapFlow): boolean => client.capabilities.has('X-GM-EXT-1')

/** Gmail's folder of everything but spam and trash; null elsewhere, and where its owner hid it from IMAP. */
export async function findAllMail(client: ImapFlow): Promise<string | null> {
  if (!isGmail(client)) return null
  const folders = await client.list()
  return folders.find((folder) => folder.specialUse === '\\All')?.path ?? null
}

/** In All Mail the labels say what the folder says elsewhere. */
export function placeByLabels(labels: ReadonlySet<string> | undefined): 'inbox' | 'sent' | 'draft' {
  if (labels?.has('\\Draft') || labels?.has('\\Drafts')) return 'draft'
  return labels?.has('\\Sent') && !labels.has('\\Inbox') ? 'sent' : 'inbox'
}

/**
 * The external ids under which a received mail may be known, the one to store it under first. Gmail shows one mail in
 * each of its labels, always with the same X-GM-MSGID; a mail taken before we knew of it goes by its identity.
 */
export function receivedIds(client: ImapFlow, message: Pick<Message, 'emailId'>, identity: MailIdentity): string[] {
  const ids = [receivedId(identity)]
  return isGmail(client) && message.emailId ? [`gm:${message.emailId}`, ...ids] : ids
}

/** As much of a mail as says what it answers. */
type Citing = {
  readonly subject: string
  readonly inReplyTo: string | null
  readonly references: readonly string[]
}

/**
 * An answer that cites nothing, as some phones write them, with what Gmail knows of its thread: earlier mails of it
 * become its references.
 */
export async function citeThread<M extends Citing>(
  client: ImapFlow,
  message: Pick<Message, 'uid' | 'threadId'>,
  mail: M,
): Promise<M> {
  const cites = mail.inReplyTo !== null || mail.references.length > 0
  if (cites || !message.threadId || !isGmail(client) || !/^(re|aw|sv|antw|res|rép|ynt)\s*:/i.test(mail.subject))
    return mail
  const uids = (await client.search({ threadId: message.threadId }, { uid: true })) || []
  const earlier = uids.filter((uid) => uid < message.uid).slice(-10)
  if (earlier.length === 0) return mail
  const found = await client.fetchAll(earlier.join(','), { uid: true, envelope: true }, { uid: true })
  const references = found
    .toSorted((a, b) => a.uid - b.uid)
    .flatMap(({ envelope }) => envelope?.messageId?.replace(/^<|>$/g, '') || [])
  return { ...mail, references }
}
