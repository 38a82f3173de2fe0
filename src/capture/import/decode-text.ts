import type { ImportEncoding } from '../contract.ts'

// Large enough to be quick, small enough that the engine answers in between.
const sliceBytes = 256 * 1024

/**
 * How the bytes of a text file are to be read: by its mark, by the zeros of UTF-16, else UTF-8 when it is valid
 * throughout, else what Windows programs write.
 */
export function detectEncoding(bytes: Uint8Array): ImportEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  const head = bytes.subarray(0, 4096)
  const zeros = [0, 0]
  head.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  })
  const [even = 0, odd = 0] = zeros
  // Western text in UTF-16 is every other byte a zero.
  if (odd > head.length / 8 && odd > even * 4) return 'utf-16le'
  if (even > head.length / 8 && even > odd * 4) return 'utf-16be'
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252'
}

function isUtf8(bytes: Uint8Array): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for (const slice of slicesOf(bytes)) decoder.decode(slice, { stream: true })
    decoder.decode()
    return true
  } catch {
    return false
  }
}

/** The text in pieces, every line end as `\n`, without a byte order mark. */
export function* decodeText(bytes: Uint8Array, encoding: ImportEncoding): Generator<string> {
  const decoder = new TextDecoder(encoding)
  let held = ''
  for (const slice of slicesOf(bytes)) {
    const text = held + decoder.decode(slice, { stream: true })
    // The other half of a Windows line end may be in the next piece.
    held = text.endsWith('\r') ? '\r' : ''
    yield lineEnds(held ? text.slice(0, -1) : text)
  }
  yield lineEnds(held + decoder.decode())
}

const lineEnds = (text: string) => text.replace(/\r\n?/g, '\n')

function* slicesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += sliceBytes) yield bytes.subarray(from, from + sliceBytes)
}
