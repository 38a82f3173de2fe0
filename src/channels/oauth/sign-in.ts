import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { minute } from '../../lib/durations.ts'
import { toErrorBody } from '../../rpc/errors.ts'
import type { OAuthSettings } from '../contract.ts'
import { providerOf } from './providers.ts'
import { deniedWords, exchangeCode, refused, type TokenParts, type Tokens } from './tokens.ts'

export type SignIn = {
  /** To be opened in the system's browser: providers refuse windows of other programs. */
  readonly url: string
  /** Rejects with a DeskbellError in the user's words; also when nobody signed in for ten minutes. */
  readonly tokens: Promise<Tokens>
  readonly cancel: () => void
}

export type SignInParts = TokenParts & {
  /** Hex digits nobody can guess, at least 128 random bits. */
  readonly newToken: () => string
}

const patience = 10 * minute

/**
 * Begins a sign-in in the browser: OAuth 2 for programs on people's own machines (RFC 8252), with PKCE and a redirect to
 * a port of this machine that lives as long as the sign-in.
 */
export async function startSignIn(
  settings: OAuthSettings,
  { address, clientSecret }: { readonly address: string; readonly clientSecret: string | null },
  parts: SignInParts,
): Promise<SignIn> {
  const provider = providerOf(settings)
  // RFC 7636: 43 to 128 characters.
  const verifier = `${parts.newToken()}${parts.newToken()}`
  const state = parts.newToken()
  let settle: { resolve: (tokens: Tokens) => void; reject: (error: unknown) => void } | null = null
  const tokens = new Promise<Tokens>((resolve, reject) => {
    settle = { resolve, reject }
  })
  // Whoever waits for it hears of it; until then a refusal must not end the process.
  tokens.catch(() => {})

  const server = createServer((request, response) => {
    void answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A sign-in that nobody finishes must not keep the engine alive.
  server.unref()
  const { port } = server.address() as AddressInfo
  const redirectUri = `http://${provider.loopback}:${port}`
  let used = false

  const end = (outcome: { readonly tokens: Tokens } | { readonly error: unknown }) => {
    forget()
    server.close()
    server.closeIdleConnections()
    if ('tokens' in outcome) settle?.resolve(outcome.tokens)
    else settle?.reject(outcome.error)
  }
  const forget = parts.clock.after(patience, () =>
    end({ error: refused(`Nobody signed in at ${provider.name}. Start again when you are ready.`) }),
  )

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    // Null for `//` and the like, which any page in the browser may ask for.
    const url = URL.parse(request.url ?? '/', redirectUri)
    const query = url?.searchParams
    // Favicons, port scanners, and answers to a sign-in that is not ours.
    if (request.method !== 'GET' || url?.pathname !== '/' || query?.get('state') !== state || used) {
      response.writeHead(404, { connection: 'close' }).end()
      return
    }
    used = true
    try {
      const got = await finish(query)
      page(response, 200, 'You are signed in', 'You can close this page and go back to Deskbell.')
      end({ tokens: got })
    } catch (error) {
      page(response, 400, 'That did not work', toErrorBody(error).message)
      end({ error })
    }
  }

  const finish = (query: URLSearchParams): Promise<Tokens> => {
    const code = query.get('code')
    if (code === null) {
      const said = query.get('error') ?? 'no code'
      const detail = `${said} ${query.get('error_description') ?? ''}`.trim().slice(0, 500)
      throw refused(
        said === 'access_denied' ? deniedWords(settings) : `${provider.name} refused the sign-in. Try again.`,
        detail,
      )
    }
    return exchangeCode(settings, { code, verifier, redirectUri, clientSecret }, parts)
  }

  const url = new URL(provider.authorize)
  url.search = new URLSearchParams({
    client_id: settings.clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: provider.scopes.join(' '),
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    login_hint: address,
    ...provider.extra,
  }).toString()
  return {
    url: url.href,
    tokens,
    cancel: () => end({ error: refused('The sign-in was cancelled.') }),
  }
}

function page(response: ServerResponse, status: number, title: string, text: string) {
  const safe = (value: string) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  response
    .writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      connection: 'close',
    })
    .end(
      `<!doctype html><title>Deskbell</title><body style="font:18px sans-serif;max-width:32em;margin:4em auto"><h1>${safe(title)}</h1><p>${safe(text)}</p>`,
    )
}
