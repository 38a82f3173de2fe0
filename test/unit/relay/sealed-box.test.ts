import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkPublicKey, makeKeyPair, openOpener, openSealer, publicKeyOf } from '../../../src/relay/sealed-box.ts'

const counting = (from: number, length: number) => Buffer.from(Array.from({ length }, (_, index) => from + index))
const hex = (text: string) => Buffer.from(text, 'hex')

// The vector of docs/relay.md, computed a second time with another implementation (Python's cryptography).
const recipient = counting(1, 32)
const ephemeral = counting(101, 32)
const boxId = counting(200, 16)
const workspace = '0123456789abcdef'
const text = Buffer.from('Ana Lopez would like a kitchen.')
const box = hex(
  '01aaa8fff703b50b225714769d116bf76436ae74bc793d2c30ad1903c59ac5273805c7e2698b410c36c8c9cacbcccdcecfd0d1d2d3d4d5d6d7' +
    '81847d8e5774904e16f798945deea7bcf6de65bd7deefa1790ccf55ccf1125329f545ed36dfaa272424ab4f9dc5293',
)

describe('a sealed box', () => {
  it('is the one of the format, byte for byte', () => {
    const pair = { privateKey: ephemeral, publicKey: publicKeyOf(ephemeral) }
    expect(publicKeyOf(recipient).toString('hex')).toBe(
      '07a37cbc142093c8b755dc1b10e86cb426374ad16aa853ed0bdfc0b2b86d1c7c',
    )
    expect(openSealer(publicKeyOf(recipient), pair)(boxId, workspace, text)).toEqual(box)
  })

  it('opens with the private key, and says who it is', () => {
    expect(openOpener(recipient)(workspace, box)).toEqual({ kind: 'opened', boxId, plaintext: text })
  })

  it('whose any bit was changed does not open', () => {
    const open = openOpener(recipient)
    for (let bit = 0; bit < box.length * 8; bit++) {
      const changed = Buffer.from(box)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(open(workspace, changed).kind).not.toBe('opened')
    }
  })

  it('cut off anywhere does not open', () => {
    const open = openOpener(recipient)
    for (let length = 0; length < box.length; length++) {
      expect(open(workspace, box.subarray(0, length)).kind).not.toBe('opened')
    }
  })

  it('of another workspace does not open', () => {
    expect(openOpener(recipient)('fedcba9876543210', box)).toEqual({ kind: 'damaged' })
  })

  it('for another key says so, and is not called damaged', () => {
    expect(openOpener(makeKeyPair().privateKey)(workspace, box)).toEqual({ kind: 'other-key' })
  })

  it('holds any bytes, and two boxes of one sealer have nothing in common', () => {
    const { publicKey, privateKey } = makeKeyPair()
    const open = openOpener(privateKey)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        const seal = openSealer(publicKey)
        const first = seal(counting(1, 16), 'w', bytes)
        const second = seal(counting(2, 16), 'w', bytes)
        expect(open('w', first)).toMatchObject({ plaintext: Buffer.from(bytes) })
        expect(open('w', second)).toMatchObject({ plaintext: Buffer.from(bytes) })
        if (bytes.length >= 16) expect(first.subarray(57).equals(second.subarray(57))).toBe(false)
      }),
    )
  })
})

describe('a public key', () => {
  it('of low order is refused: everybody would know the secret', () => {
    expect(() => checkPublicKey(Buffer.alloc(32))).toThrow()
    expect(() => checkPublicKey(Buffer.concat([Buffer.of(1), Buffer.alloc(31)]))).toThrow()
    expect(() => checkPublicKey(makeKeyPair().publicKey)).not.toThrow()
  })
})
