import type { Post } from './post.ts'
import { hmacSha256, sameText } from './providers/signature.ts'

const header = 'deskbell-test-signature'

/** The headers that let our own test lead through where only a provider's posts are taken. */
export const signTestPost = (body: string, key: string, secret: string | null): Readonly<Record<string, string>> =>
  secret === null ? {} : { [header]: signatureOf(body, key, secret) }

/** True for a test lead of ours: it is signed with the same secret, together with its key, so it counts once. */
export function verifyTestPost({ bytes, headers }: Post, secret: string): boolean {
  const given = headers[header]
  return given !== undefined && sameText(given, signatureOf(bytes, headers['idempotency-key'] ?? '', secret))
}

const signatureOf = (body: string | Uint8Array, key: string, secret: string): string =>
  hmacSha256(secret, `deskbell-test:${key}:`, body).toString('hex')
