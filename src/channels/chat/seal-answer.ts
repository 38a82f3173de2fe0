import { webcrypto as crypto, type webcrypto } from 'node:crypto'

/*
 * The answer box, version 1: an answer that only one browser can open. P-256 and not X25519, because every browser that
 * is in use has it in WebCrypto. docs/relay.md has the format; resources/relay/chat-widget.js opens it.
 *
 *     byte 0       version, 1
 *     1 .. 65      the desktop's ephemeral public key, uncompressed point
 *     66 .. 77     nonce
 *     78 ..        AES-256-GCM ciphertext and its tag
 *
 * key: HKDF-SHA256 over the shared secret, salt = ephemeral key, info = `deskbell chat answer 1`, ephemeral key, the
 * browser's key. Associated data: `<visitor>/<id>`.
 */

/** What a visitor reads. */
export type ChatAnswer = { readonly text: string; readonly at: number; readonly name: string | null }

const curve = { name: 'ECDH', namedCurve: 'P-256' }
const version = 1
const label = Buffer.from('deskbell chat answer 1')

/**
 * @param publicKey of the browser: P-256, raw, base64
 * @returns the box, base64
 * @throws when the key is none: a browser sent nonsense
 */
export async function sealAnswer(
  publicKey: string,
  { visitor, id }: { readonly visitor: string; readonly id: string },
  answer: ChatAnswer,
): Promise<string> {
  const { subtle } = crypto
  const raw = Buffer.from(publicKey, 'base64')
  const theirs = await subtle.importKey('raw', raw, curve, false, [])
  const pair = (await subtle.generateKey(curve, true, ['deriveBits'])) as webcrypto.CryptoKeyPair
  const own = Buffer.from(await subtle.exportKey('raw', pair.publicKey))
  const shared = await subtle.deriveBits({ name: 'ECDH', public: theirs }, pair.privateKey, 256)
  const seed = await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
  const info = Buffer.concat([label, own, raw])
  const key = await subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: own, info },
    seed,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt'],
  )
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const additionalData = Buffer.from(`${visitor}/${id}`)
  const sealed = await subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, Buffer.from(JSON.stringify(answer)))
  return Buffer.concat([Buffer.of(version), own, iv, Buffer.from(sealed)]).toString('base64')
}
