import type { Inbound, InboundFile } from '../channels/channel.ts'
import { must } from '../lib/assert.ts'
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

/**
 * Puts large payloads and all files of these items into the blob folder, together: then they wait for the disk once.
 * Smaller payloads go into the database, where the transaction makes them durable.
 */
export async function keepBytes(blobs: BlobFolder, items: readonly Inbound[]): Promise<Map<Inbound, Kept>> {
  const bytes: Uint8Array[] = []
  const later = items.map((item) => plan(item, (it) => bytes.push(it) - 1))
  const names = bytes.length > 0 ? await blobs.putAll(bytes) : []
  const nameOf = (place: number | null) => (place === null ? null : must(names[place], 'the name of a file'))
  return new Map(
    later.map(({ item, payload, payloadAt, files }) => [
      item,
      {
        payload,
        payload_blob: nameOf(payloadAt),
        files: files.map(({ file, at }) => ({ ...file, blob: nameOf(at) })),
      },
    ]),
  )
}

/** Whether anything of an item belongs into the blob folder. */
export const hasBlobs = (item: Inbound): boolean =>
  Buffer.byteLength(item.raw) > largestInline || filesOf(item).length > 0

/** @param put remembers bytes for the blob folder and answers their place among all */
function plan(item: Inbound, put: (bytes: Uint8Array) => number) {
  const raw = typeof item.raw === 'string' ? Buffer.from(item.raw) : item.raw
  const isLarge = raw.byteLength > largestInline
  return {
    item,
    payload: isLarge ? null : raw,
    payloadAt: isLarge ? put(raw) : null,
    files: filesOf(item).map(({ bytes, ...file }) => ({ file, at: bytes === null ? null : put(bytes) })),
  }
}

function filesOf({ content }: Inbound): readonly InboundFile[] {
  if (content.kind === 'call') return content.recording ? [content.recording] : []
  return content.kind === 'form' ? [] : content.files
}
