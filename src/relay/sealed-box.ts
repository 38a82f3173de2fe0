import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'

/**
 * Sealed boxes, version 1: anybody with the public key can seal, only the holder of the private key can open.
 * X25519, HKDF-SHA256 and AES-256-GCM of node:crypto. docs/relay.md has the format and test vectors.
 *
 *     byte 0       version, 1
 *     1 .. 8       key id: the first 8 bytes of SHA-256 of the recipient's public key
 *     9 .. 40      the sender's ephemeral public key
 *     41 .. 56     box id: 16 random bytes, never the same twice
 *     57 ..        ciphertext, as long as the plaintext
 *     last 16      GCM tag
 *
 * key and nonce: 44 bytes of HKDF-SHA256 over the shared secret, salt = box id, info = `deskbell sealed box 1`,
 * ephemeral key, recipient's key. Associated data: bytes 0 .. 56 and the context (the workspace's id).
 */
export type Sealer = (boxId: Uint8Array, context: string, plaintext: Uint8Array) => Buffer

export type KeyPair = { readonly publicKey: Buffer; readonly privateKey: Buffer }

export const rawKeyBytes = 32
export const boxIdBytes = 16
const keyIdBytes = 8
const headBytes = 1 + keyIdBytes + rawKeyBytes + boxIdBytes
const tagBytes = 16
const version = 1
const label = Buffer.from('deskbell sealed box 1')

// What stands before the 32 raw bytes of an X25519 key in DER (RFC 8410).
const publicPrefix = Buffer.from('302a300506032b656e032100', 'hex')
const privatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex')

export function makeKeyPair(): KeyPair {
  const pair = generateKeyPairSync('x25519')
  return { publicKey: rawPublic(pair.publicKey), privateKey: rawPrivate(pair.privateKey) }
}

/** The public half of a raw private key, 32 bytes. */
export const publicKeyOf = (privateKey: Uint8Array): Buffer => rawPublic(createPublicKey(privateObject(privateKey)))

/** @throws when these 32 bytes are no usable public key (points of low order give no secret) */
export function checkPublicKey(publicKey: Uint8Array): void {
  openSealer(publicKey)
}

/**
 * Makes what seals for one recipient. One ephemeral key serves every box of a sealer, so that boxes of one moment share
 * the costly part; drop the sealer after a second or so. Every box has a key of its own by its id, which must never repeat.
 * @param ephemeral only for test vectors
 * @throws when the public key is unusable
 */
export function openSealer(recipient: Uint8Array, ephemeral: KeyPair = makeKeyPair()): Sealer {
  const shared = diffieHellman({
    privateKey: privateObject(ephemeral.privateKey),
    publicKey: publicObject(recipient),
  })
  const keyId = keyIdOf(recipient)
  const info = Buffer.concat([label, ephemeral.publicKey, recipient])
  return (boxId, context, plaintext) => {
    if (boxId.length !== boxIdBytes) throw new RangeError(`a box id has ${boxIdBytes} bytes`)
    const head = Buffer.concat([Buffer.of(version), keyId, ephemeral.publicKey, boxId])
    const { key, nonce } = derive(shared, boxId, info)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    cipher.setAAD(Buffer.concat([head, Buffer.from(context)]))
    return Buffer.concat([head, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
  }
}

export type Opened =
  | { readonly kind: 'opened'; readonly boxId: Buffer; readonly plaintext: Buffer }
  /** Sealed to another key: the holder of that one can open it. */
  | { readonly kind: 'other-key' }
  /** Cut off, changed, of another workspace or of a version we do not know: nobody can open it here. */
  | { readonly kind: 'damaged' }

/** Makes what opens boxes of one private key. Opening never throws. */
export function openOpener(privateKey: Uint8Array): (context: string, box: Uint8Array) => Opened {
  const own = privateObject(privateKey)
  const recipient = publicKeyOf(privateKey)
  const keyId = keyIdOf(recipient)
  return (context, box) => {
    if (box.length < headBytes + tagBytes || box[0] !== version) return { kind: 'damaged' }
    const head = Buffer.from(box.subarray(0, headBytes))
    if (!head.subarray(1, 1 + keyIdBytes).equals(keyId)) return { kind: 'other-key' }
    const ephemeral = head.subarray(1 + keyIdBytes, 1 + keyIdBytes + rawKeyBytes)
    const boxId = head.subarray(headBytes - boxIdBytes)
    try {
      const shared = diffieHellman({ privateKey: own, publicKey: publicObject(ephemeral) })
      const { key, nonce } = derive(shared, boxId, Buffer.concat([label, ephemeral, recipient]))
      const decipher = createDecipheriv('aes-256-gcm', key, nonce)
      decipher.setAAD(Buffer.concat([head, Buffer.from(context)]))
      decipher.setAuthTag(box.subarray(box.length - tagBytes))
      const plaintext = Buffer.concat([
        decipher.update(box.subarray(headBytes, box.length - tagBytes)),
        decipher.final(),
      ])
      return { kind: 'opened', boxId, plaintext }
    } catch {
      return { kind: 'damaged' }
    }
  }
}

function derive(shared: Buffer, boxId: Uint8Array, info: Buffer) {
  const bytes = Buffer.from(hkdfSync('sha256', shared, boxId, info, 44))
  return { key: bytes.subarray(0, 32), nonce: bytes.subarray(32) }
}

const keyIdOf = (publicKey: Uint8Array) => createHash('sha256').update(publicKey).digest().subarray(0, keyIdBytes)

const publicObject = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([publicPrefix, raw]), format: 'der', type: 'spki' })
const privateObject = (raw: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([privatePrefix, raw]), format: 'der', type: 'pkcs8' })
const rawPublic = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).subarray(publicPrefix.length)
const rawPrivate = (key: KeyObject) => key.export({ format: 'der', type: 'pkcs8' }).subarray(privatePrefix.length)
