import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'

const nonceBytes = 12
const tagBytes = 16

/** A key of its own, so that the workspace's private key serves one purpose only. */
const keyOf = (privateKey: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', privateKey, new Uint8Array(), 'deskbell unsubscribe 1', 32))

/**
 * The last part of an unsubscribe address. It holds the e-mail address, readable only on this computer: no list of who
 * may unsubscribe has to be kept anywhere, and an address that was not made here is refused.
 * @param random 12 bytes, never the same twice
 */
export function unsubscribeToken(privateKey: Uint8Array, email: string, random: Uint8Array): string {
  const cipher = createCipheriv('aes-256-gcm', keyOf(privateKey), random)
  return Buffer.concat([random, cipher.update(email), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/** The e-mail address in a token; null when the token was not made with this key. */
export function readUnsubscribeToken(privateKey: Uint8Array, token: string): string | null {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length <= nonceBytes + tagBytes) return null
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(privateKey), bytes.subarray(0, nonceBytes))
    decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes))
    const text = [decipher.update(bytes.subarray(nonceBytes, bytes.length - tagBytes)), decipher.final()]
    return Buffer.concat(text).toString()
  } catch {
    return null
  }
}
