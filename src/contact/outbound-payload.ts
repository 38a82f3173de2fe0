import type {
  InboundFile,
  Outbound,
  OutboundCall,
  OutboundChat,
  OutboundMail,
  OutboundText,
} from '../channels/channel.ts'
import type { BlobFolder } from '../store/store.ts'

/** A file of a mail that waits: its bytes are in the blob folder, durable before the job is. */
export type StoredFile = {
  readonly name: string
  readonly contentType: string
  readonly size: number
  readonly blob: string
}

/** What a job keeps in its `payload` column. */
export type StoredOutbound =
  | (Omit<OutboundMail, 'files'> & { readonly files: readonly StoredFile[] })
  | OutboundText
  | OutboundChat
  | OutboundCall

export const toPayload = (outbound: StoredOutbound): string => JSON.stringify(outbound)

/** Only {@link toPayload} writes that column, so its shape is known. */
export const fromPayload = (payload: string): StoredOutbound => JSON.parse(payload) as StoredOutbound

/**
 * What a channel takes, with the bytes of its files.
 * @throws DeskbellError `NOT_FOUND` when a file is gone from the folder
 */
export async function withBytes(stored: StoredOutbound, blobs: BlobFolder): Promise<Outbound> {
  if (stored.kind !== 'email') return stored
  return { ...stored, files: await Promise.all(stored.files.map(async (it) => asFile(it, await blobs.get(it.blob)))) }
}

/** The same for a look-up, which needs no files and must not fail because one is gone. */
export function withoutBytes(stored: StoredOutbound): Outbound {
  if (stored.kind !== 'email') return stored
  return { ...stored, files: stored.files.map((it) => asFile(it, null)) }
}

const asFile = ({ name, contentType, size }: StoredFile, bytes: Uint8Array | null): InboundFile => ({
  name,
  contentType,
  size,
  contentId: null,
  bytes,
})
