import { z } from 'zod'

/** What a form keeps with the host, as one text under the account's name. */
export type FormSecrets = z.output<typeof formSecrets>

const formSecrets = z.object({
  /** Checks that a post is from the provider. */
  signing: z.string().nullable(),
  /** Fetches what the provider only names (Meta). */
  accessToken: z.string().nullable(),
})

export const noSecrets: FormSecrets = { signing: null, accessToken: null }

/** Nothing was stored, or it is gone from the keychain, or it is not ours: all the same as never given. */
export function parseSecrets(stored: string | null): FormSecrets {
  if (stored === null) return noSecrets
  try {
    return formSecrets.parse(JSON.parse(stored))
  } catch {
    return noSecrets
  }
}
