import type { FetchMessageObject, ImapFlow, MessageStructureObject } from 'imapflow'
import { htmlToPlainText } from './html-to-plain-text.ts'
import { type MailAttachment, type ParsedMail, parseMail, safeFileName } from './parse-message.ts'

/** What of a large mail is loaded, in bytes. The rest is named with its size and stays on the server. */
export const largeMailLimits = {
  /** Up to this size a mail is loaded whole. */
  whole: 8 * 1024 * 1024,
  text: 1024 * 1024,
  file: 8 * 1024 * 1024,
  files: 16 * 1024 * 1024,
  /** A single file that somebody asks for later. No provider delivers larger mails; it is held in memory. */
  asked: 150 * 1024 * 1024,
} as const

export type LargeMail = { readonly mail: ParsedMail; readonly headers: Uint8Array }

/**
 * Reads a mail part by part: headers and text always, files while they are small enough to be held in memory.
 * @returns null when the mail is gone
 */
export async function readLargeMail(client: ImapFlow, uid: number, arrivedAt: number): Promise<LargeMail | null> {
  const found = await client.fetchOne(String(uid), { uid: true, headers: true, bodyStructure: true }, { uid: true })
  const message = found || null
  if (!message?.headers) return null
  const head = await parseMail(withoutStructure(message.headers), arrivedAt)

  const leaves = leavesIn(message)
  const texts: { readonly html: boolean; readonly text: string }[] = []
  const attachments: MailAttachment[] = []
  let loaded = 0
  for (const leaf of leaves) {
    const size = decodedSize(leaf)
    if (isText(leaf)) {
      const bytes = await download(client, uid, leaf, largeMailLimits.text)
      texts.push({ html: leaf.type === 'text/html', text: new TextDecoder().decode(bytes) })
      if (!isListed(leaf)) continue
      attachments.push(describe(leaf, size, null))
      continue
    }
    const fits = size <= largeMailLimits.file && loaded + size <= largeMailLimits.files
    const bytes = fits ? await download(client, uid, leaf, largeMailLimits.file) : null
    loaded += bytes?.byteLength ?? 0
    attachments.push(describe(leaf, bytes?.byteLength ?? size, bytes))
  }

  const html = texts.find((it) => it.html)?.text ?? null
  const plain = texts
    .filter((it) => !it.html)
    .map((it) => it.text)
    .join('\n')
  const text = plain.trim() ? plain : html ? htmlToPlainText(html) : ''
  return {
    headers: message.headers,
    mail: {
      ...head,
      text: tidy(text).replace(/\r\n?/g, '\n').trimEnd(),
      html: html === null ? null : tidy(html),
      attachments,
    },
  }
}

/**
 * One file of a large mail that was only named when the mail came in.
 * @param place counted from 0 among the files that {@link readLargeMail} lists
 * @returns null when the mail is gone or has no such file
 */
export async function readFileOf(client: ImapFlow, uid: number, place: number): Promise<Uint8Array | null> {
  const found = await client.fetchOne(String(uid), { uid: true, bodyStructure: true }, { uid: true })
  const leaf = found ? leavesIn(found).filter(isListed)[place] : undefined
  return leaf ? download(client, uid, leaf, largeMailLimits.asked) : null
}

const leavesIn = ({ bodyStructure }: FetchMessageObject) => (bodyStructure ? leavesOf(bodyStructure) : [])

/** As a file: everything but text that was taken whole. */
const isListed = (leaf: MessageStructureObject) => !isText(leaf) || decodedSize(leaf) > largeMailLimits.text

/** Text over the limit is kept as the first part of it and as a file that is named. */
function describe(leaf: MessageStructureObject, size: number, content: Uint8Array | null): MailAttachment {
  const name = leaf.dispositionParameters?.filename ?? leaf.parameters?.name
  return {
    filename: safeFileName(name) ?? (leaf.type.startsWith('text/') ? 'whole-text.txt' : null),
    mimeType: leaf.type || 'application/octet-stream',
    contentId: leaf.id?.replace(/^<|>$/g, '') || null,
    inline: leaf.disposition === 'inline' || (leaf.id !== undefined && leaf.disposition === undefined),
    size,
    content,
  }
}

/** A forwarded mail is one file and not its parts. */
function leavesOf(node: MessageStructureObject): MessageStructureObject[] {
  return node.childNodes && node.type.startsWith('multipart/') ? node.childNodes.flatMap(leavesOf) : [node]
}

function isText(leaf: MessageStructureObject): boolean {
  return (leaf.type === 'text/plain' || leaf.type === 'text/html') && leaf.disposition !== 'attachment'
}

function decodedSize(leaf: MessageStructureObject): number {
  const size = leaf.size ?? 0
  // Four characters and a line end every 76 carry three bytes.
  return leaf.encoding?.toLowerCase() === 'base64' ? Math.floor((size * 3 * 76) / (4 * 78)) : size
}

async function download(
  client: ImapFlow,
  uid: number,
  leaf: MessageStructureObject,
  limit: number,
): Promise<Uint8Array> {
  const { content } = await client.download(String(uid), leaf.part ?? '1', {
    uid: true,
    maxBytes: limit * 2,
    chunkSize: 512 * 1024,
  })
  if (!content) return new Uint8Array()
  const chunks: Buffer[] = []
  let size = 0
  // The stream is read to its end even past the limit: leaving it open would block the connection.
  for await (const chunk of content as AsyncIterable<Buffer>) {
    if (size < limit) chunks.push(chunk)
    size += chunk.byteLength
  }
  return Buffer.concat(chunks).subarray(0, limit)
}

/** The headers as a mail of their own, so that no parser looks for parts that are not there. */
function withoutStructure(headers: Buffer): Uint8Array {
  return Buffer.concat([headers, Buffer.from('\r\n')])
}

const tidy = (text: string) => text.replaceAll('\u0000', '').toWellFormed()

/** The arrival of a message as the server noted it, ms. */
export function arrivalOf(message: Pick<FetchMessageObject, 'internalDate'>, otherwise: number): number {
  const at = message.internalDate ? new Date(message.internalDate).getTime() : Number.NaN
  return Number.isFinite(at) ? at : otherwise
}
