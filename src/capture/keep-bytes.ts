import type { Inbound, InboundFile } from '../channels/channel.ts'
import type { BlobFolder } from '../store/store.ts'

/** Larger payloads would make the database slow to copy and to search. */
const largestInline = 256 * 1024

export type KeptFile = Omit<InboundFile, 'bytes'> & { readonly blob: string | null }

/** Where the bytes of one item are: durable before the transaction that names them begins. */
export type Kept = {
  readonly payload: Uint8Array | null
  readonly payload_blob: string | null
  readonly files: readonly KeptFile[]
}

/** Puts large payloads and all files of an item into the blob folder. */
export async function keepBytes(blobs: BlobFolder, item: Inbound): Promise<Kept> {
  const raw = typeof item.raw === 'string' ? Buffer.from(item.raw) : item.raw
  const isLarge = raw.byteLength > largestInline
  const files: KeptFile[] = []
  // One after another within an item: a hundred files in one mail must not be open at once.
  for (const file of filesOf(item)) files.push(await keepFile(blobs, file))
  return { payload: isLarge ? null : raw, payload_blob: isLarge ? await blobs.put(raw) : null, files }
}

async function keepFile(blobs: BlobFolder, { bytes, ...file }: InboundFile): Promise<KeptFile> {
  return { ...file, blob: bytes === null ? null : await blobs.put(bytes) }
}

function filesOf({ content }: Inbound): readonly InboundFile[] {
  if (content.kind === 'call') return content.recording ? [content.recording] : []
  return content.kind === 'form' ? [] : content.files
}
