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
  const key = await keyOf(shared, own, raw, 'encrypt')
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const additionalData = Buffer.from(`${visitor}/${id}`)
  const sealed = await subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, Buffer.from(JSON.stringify(answer)))
  return Buffer.concat([Buffer.of(version), own, iv, Buffer.from(sealed)]).toString('base64')
}

/** What a browser has of its own: the key it tells, and how it opens an answer. The widget does the same in its own code. */
export type ChatReader = {
  /** P-256, raw, base64. */
  readonly publicKey: string
  /** @throws when the box was not locked for this key, visitor and id */
  readonly open: (box: string, to: { readonly visitor: string; readonly id: string }) => Promise<ChatAnswer>
}

export async function makeChatReader(): Promise<ChatReader> {
  const { subtle } = crypto
  const pair = (await subtle.generateKey(curve, false, ['deriveBits'])) as webcrypto.CryptoKeyPair
  const raw = Buffer.from(await subtle.exportKey('raw', pair.publicKey))
  return {
    publicKey: raw.toString('base64'),
    open: async (text, { visitor, id }) => {
      const box = Buffer.from(text, 'base64')
      if (box[0] !== version) throw new Error('a box of another version')
      const theirs = box.subarray(1, 66)
      const point = await subtle.importKey('raw', theirs, curve, false, [])
      const key = await keyOf(
        await subtle.deriveBits({ name: 'ECDH', public: point }, pair.privateKey, 256),
        theirs,
        raw,
        'decrypt',
      )
      const additionalData = Buffer.from(`${visitor}/${id}`)
      const opened = await subtle.decrypt(
        { name: 'AES-GCM', iv: box.subarray(66, 78), additionalData },
        key,
        box.subarray(78),
      )
      return JSON.parse(Buffer.from(opened).toString()) as ChatAnswer
    },
  }
}

/** The key of one box, from the secret that the two keys share. */
async function keyOf(shared: ArrayBuffer, salt: Buffer, browser: Buffer, use: 'encrypt' | 'decrypt') {
  const { subtle } = crypto
  const seed = await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
  const info = Buffer.concat([label, salt, browser])
  return subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt, info },
    seed,
    { name: 'AES-GCM', length: 256 },
    false,
    [use],
  )
}
