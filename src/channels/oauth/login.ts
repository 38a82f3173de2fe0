import { minute } from '../../lib/durations.ts'
import type { ChannelContext } from '../channel.ts'
import type { EmailSettings } from '../contract.ts'
import { parseTokens, refreshTokens, type Tokens } from './tokens.ts'

/** What logs a mailbox in: its password, or an access token that is renewed before it runs out. */
export type Login = {
  /**
   * @returns null when there is nothing to log in with
   * @throws DeskbellError `AUTH_FAILED` when the permission was withdrawn, `UNREACHABLE` when it cannot be renewed now
   */
  readonly current: () => Promise<string | null>
  /**
   * A server refused it.
   * @returns whether another attempt with a new one makes sense
   */
  readonly refused: (given: string) => boolean
}

export type LoginParts = Pick<ChannelContext, 'secret' | 'keepSecret' | 'clock'> & { readonly fetch: typeof fetch }

// Renewed this long before it runs out: a login may take a while, and clocks differ.
const margin = 2 * minute

export function makeLogin({ auth }: EmailSettings, parts: LoginParts): Login {
  if (auth?.kind !== 'oauth') return { current: parts.secret, refused: () => false }
  const { clock } = parts
  let renewing: Promise<Tokens> | null = null
  let bad: string | null = null
  let newest: { readonly token: string; readonly at: number } | null = null

  const renew = async (tokens: Tokens): Promise<Tokens> => {
    const fresh = await refreshTokens(auth, tokens, parts)
    // Kept before it is used: Microsoft's old refresh token may be worthless from now on.
    await parts.keepSecret(JSON.stringify(fresh))
    newest = { token: fresh.accessToken, at: clock.now() }
    return fresh
  }

  return {
    current: async () => {
      // Two connections of one account ask at once.
      if (renewing) return (await renewing).accessToken
      const tokens = parseTokens(await parts.secret())
      if (tokens === null) return null
      if (tokens.accessToken !== bad && tokens.expiresAt - margin > clock.now()) return tokens.accessToken
      renewing ??= renew(tokens).finally(() => {
        renewing = null
      })
      return (await renewing).accessToken
    },
    refused: (given) => {
      // Another connection got a new one meanwhile.
      if (newest && newest.token !== given) return true
      // A token that is seconds old will not get better.
      if (newest && clock.now() - newest.at < margin) return false
      bad = given
      return true
    },
  }
}
