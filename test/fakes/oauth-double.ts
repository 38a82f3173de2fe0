import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * An authorization server after RFC 6749 and 7636, with introspection (RFC 7662) for the mail servers behind it. The
 * person at the browser is the test.
 */
export type OAuthDouble = {
  readonly baseUrl: string
  readonly introspectionUrl: string
  /** What the browser would do with the address of a sign-in. @returns the page that the person sees at the end */
  readonly visit: (url: string, decision?: 'allow' | 'deny') => Promise<{ status: number; text: string }>
  /** Parameters of the last visit. */
  readonly asked: () => URLSearchParams
  readonly tokenRequests: readonly URLSearchParams[]
  /** Answers of the token endpoint; null for the usual ones. */
  readonly failTokens: (failure: { status: number; error: string } | null) => void
  /** No access token that was given so far is good any more. */
  readonly expireAccess: () => void
  readonly isGood: (accessToken: string) => boolean
  /** Of every token given from now on. */
  readonly setLifetime: (seconds: number) => void
  readonly close: () => Promise<void>
}

type Code = {
  readonly challenge: string
  readonly redirectUri: string
  readonly clientId: string
  readonly user: string
}

export async function startOAuthDouble(): Promise<OAuthDouble> {
  const codes = new Map<string, Code>()
  const refresh = new Map<string, string>()
  const access = new Map<string, string>()
  const tokenRequests: URLSearchParams[] = []
  let asked = new URLSearchParams()
  let failure: { status: number; error: string } | null = null
  let lifetime = 3600

  const grant = (user: string) => {
    const tokens = { access_token: `at-${randomUUID()}`, refresh_token: `rt-${randomUUID()}` }
    access.set(tokens.access_token, user)
    refresh.set(tokens.refresh_token, user)
    return { ...tokens, token_type: 'Bearer', expires_in: lifetime }
  }
  const no = (error: string, status = 400) => ({ status, body: { error, error_description: 'said the double' } })

  const token = (form: URLSearchParams) => {
    tokenRequests.push(form)
    if (failure) return no(failure.error, failure.status)
    if (form.get('grant_type') === 'refresh_token') {
      const user = refresh.get(form.get('refresh_token') ?? '')
      // Rotated, as Microsoft does: the old one is worth nothing from now on.
      refresh.delete(form.get('refresh_token') ?? '')
      return user === undefined ? no('invalid_grant') : { status: 200, body: grant(user) }
    }
    const code = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const fits =
      code?.challenge === challenge &&
      code.redirectUri === form.get('redirect_uri') &&
      code.clientId === form.get('client_id')
    return code && fits ? { status: 200, body: grant(code.user) } : no('invalid_grant')
  }

  const introspect = (form: URLSearchParams) => {
    const username = access.get(form.get('token') ?? '')
    return { status: 200, body: username === undefined ? { active: false } : { active: true, username } }
  }

  const server = createServer((request, response) => {
    void readForm(request).then((form) => {
      const { status, body } = request.url === '/token' ? token(form) : introspect(form)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    baseUrl,
    introspectionUrl: `${baseUrl}/introspect`,
    visit: async (url, decision = 'allow') => {
      asked = new URL(url).searchParams
      const back = new URL(asked.get('redirect_uri') ?? '')
      // Browsers know both names of this machine; a test machine may know only one.
      back.hostname = '127.0.0.1'
      back.searchParams.set('state', asked.get('state') ?? '')
      if (decision === 'deny') back.searchParams.set('error', 'access_denied')
      else {
        const code = randomUUID()
        codes.set(code, {
          challenge: asked.get('code_challenge') ?? '',
          redirectUri: asked.get('redirect_uri') ?? '',
          clientId: asked.get('client_id') ?? '',
          user: asked.get('login_hint') ?? '',
        })
        back.searchParams.set('code', code)
      }
      const page = await fetch(back)
      return { status: page.status, text: await page.text() }
    },
    asked: () => asked,
    tokenRequests,
    failTokens: (next) => {
      failure = next
    },
    expireAccess: () => access.clear(),
    isGood: (accessToken) => access.has(accessToken),
    setLifetime: (seconds) => {
      lifetime = seconds
    },
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return new URLSearchParams(body)
}
