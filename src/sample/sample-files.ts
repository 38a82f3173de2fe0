import stored from '../../resources/sample/files.json' with { type: 'json' }
import type { InboundFile } from '../channels/channel.ts'

/** One of the documents in `resources/sample/files.json`, as an attachment. */
export function sampleFile(name: string): InboundFile {
  const file = (stored as Readonly<Record<string, { readonly contentType: string; readonly base64: string }>>)[name]
  const bytes = file ? new Uint8Array(Buffer.from(file.base64, 'base64')) : null
  return {
    name,
    contentType: file?.contentType ?? 'application/octet-stream',
    size: bytes?.byteLength ?? 0,
    contentId: null,
    bytes,
  }
}
