import { z } from 'zod'
import type { Clock } from '../../lib/clock.ts'
import { hour, second } from '../../lib/durations.ts'
import { DeskbellError, type ErrorBody } from '../../rpc/errors.ts'
import type { OAuthSettings } from '../contract.ts'
import { providerOf } from './providers.ts'

/** What an account keeps in the keychain instead of a password. */
export type Tokens = {
  readonly refreshToken: string
  readonly accessToken: string
  /** ms UTC */
  readonly expiresAt: number
  /** Google gives desktop programs one that is no secret, and asks for it all the same. */
  readonly clientSecret: string | null
}

export type TokenParts = { readonly fetch: typeof fetch; readonly clock: Clock }

const stored = z.object({
  refreshToken: z.string().min(1),
  accessToken: z.string(),
  expiresAt: z.number(),
  clientSecret: z.string().nullable(),
})
const answer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().optional(),
  refresh_token: z.string().min(1).optional(),
  scope: z.string().optional(),
})
const refusal = z.object({ error: z.string(), error_description: z.string().optional() })

const answersWithin = 20 * second

/** @returns null for a password, and for nothing */
export function parseTokens(secret: string | null): Tokens | null {
  if (!secret?.startsWith('{')) return null
  try {
    return stored.parse(JSON.parse(secret))
  } catch {
    return null
  }
}

export type CodeGrant = {
  readonly code: string
  readonly verifier: string
  readonly redirectUri: string
  readonly clientSecret: string | null
}

/**
 * Trades the code of a sign-in for tokens (RFC 6749, 4.1.3, with RFC 7636).
 * @throws DeskbellError in the user's words
 */
export async function exchangeCode(settings: OAuthSettings, grant: CodeGrant, parts: TokenParts): Promise<Tokens> {
  const provider = providerOf(settings)
  const got = await ask(settings, parts, grant.clientSecret, {
    grant_type: 'authorization_code',
    code: grant.code,
    code_verifier: grant.verifier,
    redirect_uri: grant.redirectUri,
  })
  // Google lets people untick what they do not want to give.
  if (got.scope !== undefined && !got.scope.split(' ').includes(provider.needed)) throw refused(deniedWords(settings))
  if (!got.refresh_token) {
    throw refused(
      `${provider.name} gave no lasting permission. Remove Deskbell from your account there, then sign in again.`,
    )
  }
  return { ...lasting(got, parts.clock), refreshToken: got.refresh_token, clientSecret: grant.clientSecret }
}

/**
 * A fresh access token. Microsoft also replaces the refresh token.
 * @throws DeskbellError `AUTH_FAILED` when the permission is gone: only the user can give it again
 */
export async function refreshTokens(settings: OAuthSettings, tokens: Tokens, parts: TokenParts): Promise<Tokens> {
  const got = await ask(settings, parts, tokens.clientSecret, {
    grant_type: 'refresh_token',
    refresh_token: tokens.refreshToken,
  })
  return { ...tokens, ...lasting(got, parts.clock), refreshToken: got.refresh_token ?? tokens.refreshToken }
}

const lasting = (got: z.infer<typeof answer>, clock: Clock) => ({
  accessToken: got.access_token,
  expiresAt: clock.now() + (got.expires_in === undefined ? hour : got.expires_in * second),
})

async function ask(
  settings: OAuthSettings,
  { fetch }: TokenParts,
  clientSecret: string | null,
  fields: Readonly<Record<string, string>>,
): Promise<z.infer<typeof answer>> {
  const { token, name } = providerOf(settings)
  const body = new URLSearchParams({ client_id: settings.clientId, ...fields })
  if (clientSecret !== null) body.set('client_secret', clientSecret)
  let response: Response
  let content: unknown
  try {
    response = await fetch(token, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
      redirect: 'error',
      signal: AbortSignal.timeout(answersWithin),
    })
    content = await response.json().catch(() => null)
  } catch (error) {
    throw passing(`${name} cannot be reached to sign in. Check the internet connection.`, String(error))
  }
  const got = answer.safeParse(content)
  if (response.ok && got.success) return got.data
  throw nameRefusal(settings, response.status, refusal.safeParse(content).data)
}

function nameRefusal(
  settings: OAuthSettings,
  status: number,
  said: z.infer<typeof refusal> | undefined,
): DeskbellError {
  const { name } = providerOf(settings)
  const detail = `${status} ${said?.error ?? 'no answer we know'} ${said?.error_description ?? ''}`.trim().slice(0, 500)
  switch (said?.error) {
    case 'invalid_grant':
    case 'interaction_required':
      return refused(
        `${name} no longer accepts our sign-in: it was withdrawn, it ran out, or the password was changed. Sign in again.`,
        detail,
      )
    case 'access_denied':
      return refused(deniedWords(settings), detail)
    case 'invalid_client':
    case 'unauthorized_client':
      return refused(
        `${name} does not know the client ID in the settings. Copy it again from where it was made.`,
        detail,
      )
    case 'invalid_scope':
    case 'consent_required':
      return refused(`${name} does not let this client ID read mail. Whoever made it has to add mail to it.`, detail)
  }
  if (status === 429 || status >= 500 || said?.error === 'temporarily_unavailable') {
    return passing(`${name} cannot sign us in just now. Nothing is lost; we try again by ourselves.`, detail)
  }
  return refused(`${name} refused the sign-in. Try again, and check the client ID in the settings.`, detail)
}

export const deniedWords = (settings: OAuthSettings) =>
  `Deskbell was not allowed to read your mail at ${providerOf(settings).name}. Sign in again and allow it.`

/** Only a person can put this right. */
export const refused = (message: string, detail?: string) =>
  new DeskbellError(withDetail({ code: 'AUTH_FAILED', message, fault: 'user', retryable: false }, detail))

const passing = (message: string, detail: string) =>
  new DeskbellError(withDetail({ code: 'UNREACHABLE', message, fault: 'remote', retryable: true }, detail))

const withDetail = (body: ErrorBody, detail: string | undefined): ErrorBody => (detail ? { ...body, detail } : body)
