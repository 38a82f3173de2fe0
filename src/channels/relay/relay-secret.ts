import { z } from 'zod'
import { rawKeyBytes } from '../../relay/sealed-box.ts'

/** What an account of a relay keeps with the host, as one text. */
const relaySecret = z.object({
  /** The workspace's bearer key. */
  key: z.string().min(1),
  /** X25519, 32 bytes: opens what the relay sealed. Without it, what waits there is lost. */
  privateKey: z
    .base64()
    .transform((it) => Buffer.from(it, 'base64'))
    .refine((it) => it.length === rawKeyBytes),
})
export type RelaySecret = { readonly key: string; readonly privateKey: Buffer }

export const packRelaySecret = ({ key, privateKey }: RelaySecret): string =>
  JSON.stringify({ key, privateKey: privateKey.toString('base64') })

/** Null when it was never given, is gone from the keychain or is not ours. */
export function parseRelaySecret(stored: string | null): RelaySecret | null {
  if (stored === null) return null
  try {
    return relaySecret.parse(JSON.parse(stored))
  } catch {
    return null
  }
}
