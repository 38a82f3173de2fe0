import { notFound } from '../rpc/errors.ts'
import type { BlobFolder, ReadStore } from '../store/store.ts'

// A mail of scanned photographs must not become a string that the window chokes on: past these the picture stays out
// and can be opened as the attachment that it is.
const largestImage = 5_000_000
const allImages = 15_000_000

// What an <img> can show. SVG is left out: it is a document, not a picture.
const imageTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp', 'image/avif'])

/**
 * The HTML of a mail as it came, with the pictures it carries put in as data URLs. Raw and dangerous.
 * @throws DeskbellError `NOT_FOUND` when the mail has no HTML
 */
export async function mailHtml(
  store: ReadStore,
  blobs: Pick<BlobFolder, 'get'>,
  interactionId: number,
): Promise<string> {
  const mail = await store.db
    .selectFrom('mail')
    .select('html')
    .where('interaction_id', '=', interactionId)
    .executeTakeFirst()
  if (!mail || mail.html === null) throw notFound('The formatted text of this mail')
  const wanted = new Set([...mail.html.matchAll(cidUrl)].map((it) => contentId(it[1] ?? '')))
  if (wanted.size === 0) return mail.html
  const images = await imagesOf(store, blobs, interactionId, wanted)
  return mail.html.replace(cidUrl, (url, cid: string) => images.get(contentId(cid)) ?? url)
}

const cidUrl = /cid:([^"'\s>)]+)/gi

async function imagesOf(
  store: ReadStore,
  blobs: Pick<BlobFolder, 'get'>,
  interactionId: number,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const files = await store.db
    .selectFrom('attachment')
    .select(['content_type', 'content_id', 'size', 'blob'])
    .where('interaction_id', '=', interactionId)
    .execute()
  const images = new Map<string, string>()
  let total = 0
  for (const { content_type, content_id, size, blob } of files) {
    const type = content_type.toLowerCase().split(';')[0]?.trim() ?? ''
    if (content_id === null || blob === null || !imageTypes.has(type)) continue
    const name = contentId(content_id)
    if (!wanted.has(name) || images.has(name) || size > largestImage) continue
    const bytes = await blobs.get(blob).catch(() => null)
    // The size in the table is what the mail claimed.
    if (!bytes || bytes.byteLength > largestImage || total + bytes.byteLength > allImages) continue
    total += bytes.byteLength
    images.set(name, `data:${type};base64,${Buffer.from(bytes).toString('base64')}`)
  }
  return images
}

/** A Content-ID as both sides write it: header with angle brackets, URL percent-encoded (RFC 2392). */
function contentId(written: string): string {
  const bare = written.trim().replace(/^<|>$/g, '').replaceAll('&amp;', '&')
  try {
    return decodeURIComponent(bare).toLowerCase()
  } catch {
    return bare.toLowerCase()
  }
}
