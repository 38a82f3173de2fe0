import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Post } from '../post.ts'
import { Refusal } from '../refusal.ts'

/** True for equal texts, in the same time wherever they differ. Hashed first, so that not even the length shows. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

export const hmacSha256 = (key: string | Uint8Array, ...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return hmac.digest()
}

export const notSigned = () =>
  new Refusal(401, 'This address takes signed posts only, and this one carries no signature. Nothing was taken.')
export const wrongSignature = () =>
  new Refusal(401, 'The signature does not match. Compare the secret on both sides. Nothing was taken.')

/**
 * Refuses what was signed too long ago or in the future: somebody may have caught it and sends it again.
 * @param signedAt ms; NaN when the header holds no time
 * @throws Refusal 401
 */
export function refuseStale(signedAt: number, post: Post, tolerance: number): void {
  if (!Number.isFinite(signedAt) || Math.abs(post.at - signedAt) > tolerance) {
    throw new Refusal(401, 'This was signed too long ago, or a clock is wrong. Send it again. Nothing was taken.')
  }
}

/**
 * For senders that sign nothing but can send a header: the secret itself.
 * @throws Refusal 401
 */
export function verifyHeaderSecret({ headers }: Post, secret: string): void {
  const given = headers.authorization?.replace(/^bearer\s+/i, '').trim() || headers['x-webhook-secret']?.trim()
  if (!given) throw notSigned()
  if (!sameText(given, secret)) throw wrongSignature()
}
