import MailComposer from 'nodemailer/lib/mail-composer'
import type { MailAddress } from './parse-message.ts'

export type OutgoingAttachment = {
  readonly filename: string
  readonly mimeType: string
  readonly content: Uint8Array
}

/** A mail to be sent. Its Message-ID is chosen when it is queued, so that it can be found again whatever happens. */
export type OutgoingMail = {
  /** Without angle brackets, as everywhere. */
  readonly messageId: string
  readonly from: MailAddress
  readonly to: readonly MailAddress[]
  readonly subject: string
  readonly text: string
  /** The whole chain, oldest first, without angle brackets; empty for a first mail. */
  readonly references: readonly string[]
  readonly inReplyTo: string | null
  readonly attachments: readonly OutgoingAttachment[]
  /** ms UTC */
  readonly at: number
  /** For mail that goes to many or by itself; null for what one person writes to another. */
  readonly unsubscribe: { readonly url: string | null } | null
  /** An answer that nobody wrote. */
  readonly automatic?: boolean
}

export type BuiltMail = {
  readonly raw: Buffer
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
}

/** Writes the mail out once: the same bytes go to the server and to the Sent folder. */
export async function buildMessage(mail: OutgoingMail): Promise<BuiltMail> {
  const composer = new MailComposer({
    messageId: `<${mail.messageId}>`,
    from: mailbox(mail.from),
    to: mail.to.map(mailbox),
    subject: mail.subject,
    text: mail.text,
    html: textToHtml(mail.text),
    date: new Date(mail.at),
    headers: {
      ...(mail.unsubscribe && unsubscribeHeaders(mail.from.address, mail.unsubscribe.url)),
      ...(mail.automatic && automaticHeaders),
    },
    ...(mail.inReplyTo ? { inReplyTo: `<${mail.inReplyTo}>` } : {}),
    ...(mail.references.length > 0 ? { references: mail.references.map((id) => `<${id}>`).join(' ') } : {}),
    attachments: mail.attachments.map(({ filename, mimeType, content }) => ({
      filename,
      contentType: mimeType,
      content: Buffer.from(content.buffer, content.byteOffset, content.byteLength),
    })),
    // Nothing in a mail may make us open a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const raw = await composer.compile().build()
  return { raw, envelope: { from: mail.from.address, to: mail.to.map((recipient) => recipient.address) } }
}

/**
 * What tells other robots that a robot answers: the standard (RFC 3834), what Exchange asks for
 * (https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxcmail), and what older ones look for.
 */
const automaticHeaders = {
  'Auto-Submitted': 'auto-replied',
  'X-Auto-Response-Suppress': 'All',
  Precedence: 'auto_reply',
}

/**
 * One click in the mail program ends it: a POST to the relay (RFC 8058), or a mail to us where there is none. Without the
 * address no "One-Click" may be promised.
 */
function unsubscribeHeaders(own: string, url: string | null) {
  const byMail = `<mailto:${own}?subject=Unsubscribe>`
  return url === null
    ? { 'List-Unsubscribe': byMail }
    : { 'List-Unsubscribe': `<${url}>, ${byMail}`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
}

function mailbox(address: MailAddress): { name: string; address: string } {
  return { name: address.name ?? '', address: address.address }
}

/** Paragraphs, line breaks and links, nothing else: it must look typed, and pass every spam filter. */
export function textToHtml(text: string): string {
  const paragraphs = text
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .map((paragraph) => `<p style="margin:0 0 1em">${linkify(paragraph).replaceAll('\n', '<br>\n')}</p>`)
  return `<div style="font-family:sans-serif">\n${paragraphs.join('\n')}\n</div>`
}

function linkify(text: string): string {
  return text
    .split(/((?:https?:\/\/|mailto:)[^\s<>"]+[^\s<>".,;:!?)])/g)
    .map((piece, index) => (index % 2 ? `<a href="${escapeHtml(piece)}">${escapeHtml(piece)}</a>` : escapeHtml(piece)))
    .join('')
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
