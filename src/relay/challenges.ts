import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../lib/clock.ts'
import { minute } from '../lib/durations.ts'
import { boxIdBytes, openSealer } from './sealed-box.ts'
import { challengeContext } from './wire.ts'

/** Finds out whether somebody holds a private key, without remembering anything. */
export type Challenges = {
  /** @param publicKey usable, 32 bytes */
  readonly boxFor: (publicKey: Buffer) => Buffer
  /** True for what was in such a box within the last minutes. */
  readonly fits: (publicKey: Buffer, proof: Buffer) => boolean
}

const slot = 5 * minute

/**
 * @param shared what several relays behind one address have in common (the operator's token, hashed); without it each
 * makes up its own, and a desktop that meets another one between the two calls asks again
 */
export function makeChallenges(shared: Buffer | null, clock: Clock): Challenges {
  const secret = shared ?? randomBytes(32)
  const inside = (publicKey: Buffer, at: number) =>
    createHmac('sha256', secret)
      .update(`${challengeContext} ${Math.floor(at / slot)} `)
      .update(publicKey)
      .digest()
  return {
    boxFor: (publicKey) =>
      openSealer(publicKey)(randomBytes(boxIdBytes), challengeContext, inside(publicKey, clock.now())),
    fits: (publicKey, proof) =>
      [0, slot].some((back) => {
        const expected = inside(publicKey, clock.now() - back)
        return proof.length === expected.length && timingSafeEqual(proof, expected)
      }),
  }
}
