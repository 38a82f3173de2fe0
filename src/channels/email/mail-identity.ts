import { createHash } from 'node:crypto'
import { readMessageIds } from './parse-message.ts'

/** What tells one mail from another, read from its first kilobytes without parsing it. */
export type MailIdentity = {
  /** Without angle brackets. */
  readonly messageId: string | null
  /** Of From, Date, Subject and the beginning of the body. */
  readonly print: string
}

const bodyBytes = 2048
// Longer headers are cut alike every time, so the print stays the same.
const headerBytes = 256 * 1024

/**
 * A Message-ID alone will not do: a quarter of real mails have none, and web forms send every visitor's question under
 * the same one. The bytes are the same in every folder and after every rebuild of a mailbox.
 */
export function identifyMail(raw: Uint8Array): MailIdentity {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, headerBytes))
  const end = endOfHeaders(bytes)
  const headers = bytes.toString('latin1', 0, end).replace(/\r?\n[ \t]+/g, ' ')
  const value = (name: string) => new RegExp(`^${name}[ \\t]*:(.*)$`, 'im').exec(headers)?.[1]?.trim() ?? ''
  const print = createHash('sha256')
    .update([value('from'), value('date'), value('subject')].join('\n'))
    .update(bytes.subarray(end, end + bodyBytes))
    .digest('hex')
    .slice(0, 20)
  // Outlook.com gives what we sent an id of its own and keeps ours here.
  const original = readMessageIds(value('x-microsoft-original-message-id'))[0]
  return { messageId: original ?? readMessageIds(value('message-id'))[0] ?? null, print }
}

/** The external id of a received mail. */
export function receivedId({ messageId, print }: MailIdentity): string {
  return `${messageId ?? ''}#${print}`
}

/**
 * The external id of a mail that we or another program of the user sent. Mail programs give every mail an id of its
 * own, and what we send is known by its Message-ID long before it turns up in the Sent folder.
 */
export function sentId({ messageId, print }: MailIdentity): string {
  return messageId ?? `#${print}`
}

function endOfHeaders(bytes: Buffer): number {
  const crlf = bytes.indexOf('\r\n\r\n')
  const lf = bytes.indexOf('\n\n')
  if (crlf < 0 && lf < 0) return bytes.length
  return crlf >= 0 && (lf < 0 || crlf < lf) ? crlf + 4 : lf + 2
}
