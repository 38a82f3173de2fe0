import { z } from 'zod'

/**
 * What is inside a sealed box: the request as it came in, for the desktop to read and to verify end to end.
 * Four bytes big-endian with the length of the JSON, the JSON, the raw body.
 */
const head = z.object({
  /** Token of the hook it came to. */
  hook: z.string(),
  method: z.string(),
  /** The exact public address it was sent to, with its query: some signatures cover it. */
  url: z.string(),
  /** Lower-case names; only those that say something about the content or sign it. */
  headers: z.record(z.string(), z.string()),
  /** When it was taken, by the relay's clock, ms UTC. */
  receivedAt: z.number().int(),
  /** The sender's network address, as the relay saw it. */
  sender: z.string(),
})
export type EnvelopeHead = z.output<typeof head>
export type Envelope = EnvelopeHead & { readonly body: Uint8Array }

const lengthBytes = 4

export function packEnvelope({ body, ...fields }: Envelope): Buffer {
  const json = Buffer.from(JSON.stringify(fields))
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32BE(json.length)
  return Buffer.concat([length, json, body])
}

/** Null when it is no envelope. */
export function unpackEnvelope(plaintext: Uint8Array): Envelope | null {
  const bytes = Buffer.from(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength)
  if (bytes.length < lengthBytes) return null
  const end = lengthBytes + bytes.readUInt32BE(0)
  if (end > bytes.length) return null
  try {
    const parsed = head.safeParse(JSON.parse(bytes.subarray(lengthBytes, end).toString()))
    return parsed.success ? { ...parsed.data, body: bytes.subarray(end) } : null
  } catch {
    return null
  }
}

/** Headers that a desktop may need: what the body is, who made it, what proves it. Cookies never. */
const keptExactly: ReadonlySet<string> = new Set([
  'content-type',
  'content-encoding',
  'user-agent',
  'referer',
  'origin',
  'accept-language',
  'idempotency-key',
  'i-twilio-idempotency-token',
  // Senders that sign nothing prove themselves with a secret in it.
  'authorization',
  'date',
])
const keptByPattern = /(signature|webhook|hook-|svix|event|delivery|timestamp|-topic|-hmac)/

export function headersOfInterest(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && (keptExactly.has(name) || keptByPattern.test(name))) kept[name] = String(value)
  }
  return kept
}
