import type { Inbound, InboundFile, Party } from '../channel.ts'
import { tokenIn } from '../self-test/token.ts'
import { classifyRobot, looksLikeMachine } from './classify-robot.ts'
import { findVisitor } from './find-visitor.ts'
import { type MailIdentity, receivedId, sentId } from './mail-identity.ts'
import { type MailAddress, type MailAttachment, type ParsedMail, readAddresses } from './parse-message.ts'
import { splitQuote } from './split-quote.ts'

export type MailPlace = {
  readonly accountId: number
  /** Addresses of the mailbox, lower case. */
  readonly own: readonly string[]
  readonly folder: 'inbox' | 'sent'
  readonly history: boolean
}

/** Why a mail is left out on purpose, for the counts of the health page. */
export type LeftOut = { readonly leftOut: string }

export const sentRevision = 'sent'
const receivedRevision = '1'

/** Turns a parsed mail into what capture takes in: who is on the other side, what was said, what only quotes. */
export function toInbound(
  mail: ParsedMail,
  identity: MailIdentity,
  raw: Uint8Array,
  place: MailPlace,
): Inbound | LeftOut {
  const isOwn = (it: MailAddress) => place.own.includes(it.address)
  const fromOwn = mail.from !== null && isOwn(mail.from)
  const recipients = unique([...mail.to, ...mail.cc, ...bcc(mail)]).filter((it) => !isOwn(it))
  // Some programs file a copy of every answer in the INBOX.
  const outgoing = place.folder === 'sent' || (fromOwn && recipients.length > 0 && mail.replyTo.every(isOwn))
  const visitor = outgoing ? [] : namedInText(mail, place.own)
  const parties = outgoing ? recipients.map(toParty) : visitor.length > 0 ? visitor : otherSide(mail, place.own)
  const test = place.folder === 'inbox' && fromOwn && parties.length === 0 && tokenIn(mail.subject) !== null
  if (parties.length === 0 && (outgoing || fromOwn) && !test) return { leftOut: 'A mail from you to yourself' }

  const split = splitQuote(mail.text)
  return {
    accountId: place.accountId,
    externalId: outgoing ? sentId(identity) : receivedId(identity),
    revision: outgoing ? sentRevision : receivedRevision,
    at: outgoing ? mail.date : mail.receivedAt,
    direction: outgoing ? 'out' : 'in',
    parties,
    content: {
      kind: 'email',
      messageId: identity.messageId,
      inReplyTo: mail.inReplyTo,
      references: mail.references,
      from: mail.from?.address ?? '',
      to: unique([...mail.to, ...mail.cc]).map((it) => it.address),
      subject: mail.subject,
      text: split.visible,
      quoted: split.quoted,
      html: mail.html,
      files: mail.attachments.map(toFile),
      robot: outgoing ? null : robotReason(mail, place.own, visitor),
    },
    source: { name: null, detail: {} },
    history: place.history,
    ...(test && { test }),
    raw,
  }
}

/** The visitor whom a form names in its text only: it sends as a machine or as ourselves and sets no Reply-To. */
function namedInText(mail: ParsedMail, own: readonly string[]): Party[] {
  const answerable = mail.replyTo.some((it) => !own.includes(it.address))
  return answerable || !sentByMachine(mail, own) ? [] : findVisitor(mail.text, own)
}

function sentByMachine({ from }: ParsedMail, own: readonly string[]): boolean {
  return from === null || own.includes(from.address) || looksLikeMachine(from.address)
}

/** Who gets the answer comes first: Reply-To, else From. Then everybody else who took part. */
function otherSide(mail: ParsedMail, own: readonly string[]): Party[] {
  const others = (list: readonly MailAddress[]) => list.filter((it) => !own.includes(it.address))
  const answerTo = others(mail.replyTo)
  // The web server that sent a form is nobody's correspondent.
  const sender = mail.from && !(answerTo.length > 0 && sentByMachine(mail, own)) ? others([mail.from]) : []
  return unique([...answerTo, ...sender, ...others(mail.to), ...others(mail.cc)]).map(toParty)
}

function robotReason(mail: ParsedMail, own: readonly string[], visitor: readonly Party[]): string | null {
  const reason = classifyRobot(mail, own)
  const onlyTheSender = reason === 'machine-sender' || reason === 'own-address' || reason === 'auto-reply'
  return visitor.length > 0 && onlyTheSender ? null : reason
}

function bcc(mail: ParsedMail): MailAddress[] {
  return mail.headers.filter((header) => header.key === 'bcc').flatMap((header) => readAddresses(header.value))
}

function unique(addresses: readonly MailAddress[]): MailAddress[] {
  const byAddress = new Map<string, MailAddress>()
  for (const it of addresses) if (!byAddress.has(it.address)) byAddress.set(it.address, it)
  return [...byAddress.values()]
}

const toParty = (it: MailAddress): Party => ({ kind: 'email', value: it.address, name: it.name })

function toFile(attachment: MailAttachment, index: number): InboundFile {
  const extension = attachment.mimeType === 'message/rfc822' ? '.eml' : ''
  return {
    name: attachment.filename ?? `attachment-${index + 1}${extension}`,
    contentType: attachment.mimeType,
    size: attachment.size,
    contentId: attachment.contentId,
    bytes: attachment.content,
  }
}
