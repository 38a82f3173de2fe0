import { isUtf8 } from 'node:buffer'
import PostalMime from 'postal-mime'

/** The parts of postal-mime that are reached into; not in its types. The version is pinned, and a test watches them. */
type Decoder = {
  chunks: readonly (Uint8Array | ArrayBuffer | string)[]
  finalize: () => Promise<ArrayBuffer>
  flushBuffer?: () => void
  flushRemainder?: () => void
}
type Node = {
  contentDecoder: Decoder | null
  setupContentDecoder: (encoding: string) => void
  contentType: { readonly parsed: { readonly value: string; readonly params: Record<string, string> } }
}

/**
 * postal-mime without its Blobs. It was made for browsers and gathers each decoded part in a Blob, two pieces a line;
 * Node reads a Blob back piece by piece through callbacks. Joining the same pieces as buffers makes the whole parser
 * five times as fast here, which is what the first synchronisation of a mailbox waits for.
 */
export class QuickMime extends PostalMime {
  // Assigned by the constructor of the parser, before fields of ours would exist.
  declare private node: Node

  get currentNode(): Node {
    return this.node
  }

  /** Every node of the tree is made the current one right after it was created. */
  set currentNode(node: Node) {
    this.node = node
    if (Object.hasOwn(node, 'setupContentDecoder')) return
    const setUp = node.setupContentDecoder
    node.setupContentDecoder = (encoding) => {
      setUp.call(node, encoding)
      const decoder = node.contentDecoder
      if (decoder && Array.isArray(decoder.chunks)) decoder.finalize = async () => declareCharset(node, finish(decoder))
    }
  }
}

/** Text that names no charset and is no UTF-8: what its HTML says, or what Windows wrote. */
function declareCharset({ contentType }: Node, content: ArrayBuffer): ArrayBuffer {
  const { value, params } = contentType.parsed
  if (!/^text\//i.test(value) || params.charset || isUtf8(content)) return content
  const start = Buffer.from(content).toString('latin1', 0, 4096)
  const named = /^text\/html$/i.test(value)
    ? /<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{2,40})/i.exec(start)?.[1]
    : null
  params.charset = named ?? 'windows-1252'
  return content
}

function finish(decoder: Decoder): ArrayBuffer {
  decoder.flushBuffer?.()
  decoder.flushRemainder?.()
  const pieces = decoder.chunks.map((chunk) => {
    if (typeof chunk === 'string') return Buffer.from(chunk)
    // A view where there is one: a new array of an array is a copy.
    return chunk instanceof Uint8Array ? chunk : new Uint8Array(chunk)
  })
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.byteLength, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.byteLength
  }
  return whole.buffer
}
