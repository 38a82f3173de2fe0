import { type Address, addressParser, decodeWords, type Email, type Header } from 'postal-mime'
import { day } from '../../lib/durations.ts'
import { htmlToPlainText } from './html-to-plain-text.ts'
import { QuickMime } from './quick-mime.ts'
import { rescueText } from './rescue-text.ts'

/** A mailbox of a header: the address in lower case, the name as the sender wrote it. */
export type MailAddress = { readonly name: string | null; readonly address: string }

export type MailAttachment = {
  readonly filename: string | null
  /** Lower case, `application/octet-stream` when the sender did not say. */
  readonly mimeType: string
  /** Without angle brackets: what follows `cid:` in the HTML. */
  readonly contentId: string | null
  /** Part of the HTML (an embedded picture) rather than a file that was sent along. */
  readonly inline: boolean
  /** In bytes, decoded; an estimate when `content` is null. */
  readonly size: number
  /** Null when it was too large to load: it stays on the server. */
  readonly content: Uint8Array | null
}

export type MailHeader = { readonly key: string; readonly value: string }

/** What a mail says, decoded. Nothing here is trusted: the HTML is as it came. */
export type ParsedMail = {
  /** Without angle brackets, the form in which ids are compared everywhere. */
  readonly messageId: string | null
  readonly inReplyTo: string | null
  /** Oldest first, without duplicates; the newest when there are very many. */
  readonly references: readonly string[]
  /** Null in the mails of broken programs. */
  readonly from: MailAddress | null
  readonly replyTo: readonly MailAddress[]
  readonly to: readonly MailAddress[]
  readonly cc: readonly MailAddress[]
  readonly subject: string
  /** What the sender's clock said, or the arrival when it said nothing usable. */
  readonly date: number
  /** When the receiving server took the mail: nobody's clock but its own. */
  readonly receivedAt: number
  /** The text part, or the HTML as text. Never null; empty for an empty mail. */
  readonly text: string
  readonly html: string | null
  readonly attachments: readonly MailAttachment[]
  /** Keys in lower case, in the order of the mail. */
  readonly headers: readonly MailHeader[]
  /** What could not be read, for the log; null for a sound mail. */
  readonly damage: string | null
}

// Beyond these it is not a longer mail but an attack or an accident.
const mostReferences = 200
const longestSubject = 2000
const longestAddress = 320

/**
 * Reads one RFC 5322 message. Never throws: what cannot be understood is handed over as text, because a lead in a
 * broken mail is still a lead.
 *
 * @param raw the message as it came; read in place when it owns its buffer, so that a large mail is not copied
 * @param arrivedAt the server's INTERNALDATE, ms UTC
 */
export async function parseMail(raw: Uint8Array, arrivedAt: number): Promise<ParsedMail> {
  try {
    const readable = withLineFeeds(raw)
    const parse = (bytes: Uint8Array) => new QuickMime().parse(ownBuffer(bytes))
    return describe(await rescueText(readable, await parse(readable), parse), arrivedAt, null)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return describe(salvage(raw), arrivedAt, reason)
  }
}

function describe(email: Email, arrivedAt: number, damage: string | null): ParsedMail {
  const headers = email.headers.map(({ key, value }) => ({ key: clean(key), value: clean(value) }))
  const html = email.html?.trim() ? clean(email.html) : null
  const text = email.text?.trim() ? email.text : html ? htmlToPlainText(html) : ''
  const receivedAt = lastHopAt(headers, arrivedAt)
  return {
    messageId: readMessageIds(email.messageId ?? '')[0] ?? null,
    inReplyTo: readMessageIds(email.inReplyTo ?? '')[0] ?? null,
    references: [...new Set(readMessageIds(email.references ?? ''))].slice(-mostReferences),
    from: readSender(email, headers),
    replyTo: flatten(email.replyTo ?? []),
    to: flatten(email.to ?? []),
    cc: flatten(email.cc ?? []),
    subject: clean(readSubject(email, headers)).replace(/\s+/g, ' ').trim().slice(0, longestSubject),
    date: plausibleDate(email.date, receivedAt),
    receivedAt,
    text: clean(text.replace(/\r\n?/g, '\n')).trimEnd(),
    html,
    attachments: email.attachments.map(readAttachment),
    headers,
    damage,
  }
}

/**
 * The ids of a References, In-Reply-To or Message-ID header, in order. Ids without brackets, as some programs write
 * them, are accepted when they look like one.
 */
export function readMessageIds(value: string): string[] {
  const bracketed = value.match(/<[^<>\s]+>/g)
  if (bracketed) return bracketed.map((id) => clean(id.slice(1, -1)))
  return value
    .split(/[\s,;]+/)
    .filter((word) => /^[^<>@]+@[^<>@]+$/.test(word))
    .map(clean)
}

/** Some servers cut long subjects in the middle of a character; its halves make sense only together. */
function readSubject(email: Email, headers: readonly MailHeader[]): string {
  const parsed = email.subject ?? ''
  if (!parsed.includes('\ufffd')) return parsed
  const half = /=\?([^?\s]{1,40})\?B\?([^?\s]*)\?=\s+=\?\1\?B\?([^?\s]*)\?=/i
  let raw = (headers.find((header) => header.key === 'subject')?.value ?? '').slice(0, longestSubject)
  for (let found = half.exec(raw); found; found = half.exec(raw)) {
    const [both, charset, left = '', right = ''] = found
    const joined = Buffer.concat([Buffer.from(left, 'base64'), Buffer.from(right, 'base64')]).toString('base64')
    raw = raw.replace(both, () => `=?${charset}?B?${joined}?=`)
  }
  return decodeWords(raw)
}

/** An unbalanced quote hides the address from every parser; whoever wrote it still wants an answer. */
function readSender(email: Email, headers: readonly MailHeader[]): MailAddress | null {
  const [parsed] = flatten([email.from, email.sender].filter((entry) => entry !== undefined))
  if (parsed) return parsed
  const raw = (headers.find((header) => header.key === 'from')?.value ?? '').slice(0, 1000)
  const address = /[^\s<>,;:"()]+@[^\s<>,;:"()]+/.exec(raw)?.[0]
  const name = clean(decodeWords(raw.replace(/<[^>]*>?/, '').replaceAll('"', ''))).trim()
  return address ? { name: name === address ? null : name || null, address: address.toLowerCase() } : null
}

/** Mailboxes of a header, groups dissolved, what is no address left out. */
export function readAddresses(header: string): MailAddress[] {
  return flatten(addressParser(header))
}

function flatten(addresses: readonly Address[]): MailAddress[] {
  return addresses
    .flatMap((entry) => (entry.group ? entry.group : [entry]))
    .filter((entry) => entry.address.length <= longestAddress && /^[^\s@]+@[^\s@]+$/.test(entry.address))
    .map((entry) => ({ name: clean(entry.name).trim() || null, address: clean(entry.address).toLowerCase() }))
}

function readAttachment(attachment: Email['attachments'][number]): MailAttachment {
  const content =
    typeof attachment.content === 'string'
      ? new TextEncoder().encode(attachment.content)
      : new Uint8Array(attachment.content)
  return {
    filename: safeFileName(attachment.filename),
    mimeType: attachment.mimeType || 'application/octet-stream',
    contentId: attachment.contentId?.replace(/^<|>$/g, '') || null,
    inline: attachment.related === true || attachment.disposition === 'inline',
    size: content.byteLength,
    content,
  }
}

/** A name without a path or control characters: it ends up in a save dialog. */
export function safeFileName(name: string | null | undefined): string | null {
  const last = clean(name ?? '')
    .split(/[\\/]/)
    .at(-1)
  // Direction marks make "gpj.exe" read as "exe.jpg".
  return (
    last
      ?.replace(/[\p{Cc}\p{Cf}]/gu, '')
      .trim()
      .slice(0, 200) || null
  )
}

/**
 * The sender's date, unless it is absent, unreadable, from before mail had clocks or more than a day after the arrival:
 * clocks of web servers and old phones are wrong more often than servers deliver into the past.
 */
function plausibleDate(value: string | undefined, receivedAt: number): number {
  const at = value ? Date.parse(value) : Number.NaN
  const readable = Number.isFinite(at) && at > Date.UTC(1990, 0) && at <= receivedAt + day
  return readable ? at : receivedAt
}

/**
 * The topmost Received header is written by the server that owns the mailbox. It survives a move to another provider,
 * where INTERNALDATE often becomes the day of the move; a mail of last year must not start today's countdown.
 */
function lastHopAt(headers: readonly MailHeader[], arrivedAt: number): number {
  const received = headers.find((header) => header.key === 'received')
  const at = received ? Date.parse(received.value.slice(received.value.lastIndexOf(';') + 1)) : Number.NaN
  const readable = Number.isFinite(at) && at > Date.UTC(1990, 0) && at <= arrivedAt + day
  return readable ? at : arrivedAt
}

/** NUL and unpaired surrogates are refused by databases and JSON readers. */
function clean(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed()
}

/** Headers by eye and everything below the first empty line as text, for a message that no parser takes. */
function salvage(raw: Uint8Array): Email {
  const limit = 2 * 1024 * 1024
  const text = new TextDecoder('utf-8').decode(raw.subarray(0, limit))
  const end = text.search(/\r?\n\r?\n/)
  const head = end < 0 ? text : text.slice(0, end)
  const headers: Header[] = head
    .slice(0, 64 * 1024)
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const match = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line)
      if (!match?.[1]) return []
      return [{ key: match[1].toLowerCase(), originalKey: match[1], value: (match[2] ?? '').trim() }]
    })
  const value = (key: string) => headers.find((header) => header.key === key)?.value
  const list = (key: string) => addressParser(value(key) ?? '')
  return {
    headers,
    headerLines: [],
    from: list('from')[0],
    replyTo: list('reply-to'),
    to: list('to'),
    cc: list('cc'),
    subject: decodeWords(value('subject') ?? ''),
    messageId: value('message-id'),
    inReplyTo: value('in-reply-to'),
    references: value('references'),
    date: value('date'),
    text: end < 0 ? '' : text.slice(end).trim(),
    attachments: [],
  }
}

/** Mails that went through an old Mac end their lines with a carriage return alone: one endless header to a parser. */
function withLineFeeds(raw: Uint8Array): Uint8Array {
  const start = raw.subarray(0, 4096)
  if (start.includes(10) || !start.includes(13)) return raw
  return raw.map((byte) => (byte === 13 ? 10 : byte))
}

/** postal-mime copies a view of a larger buffer; a buffer of our own is read where it lies. */
function ownBuffer(raw: Uint8Array): ArrayBuffer | Uint8Array {
  const whole = raw.byteOffset === 0 && raw.byteLength === raw.buffer.byteLength
  return whole && raw.buffer instanceof ArrayBuffer ? raw.buffer : raw
}
