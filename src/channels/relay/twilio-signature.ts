import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Twilio's signature over the exact public address and the parameters. Made with the account's auth token, which no
 * relay has: it is checked here, at the end. https://www.twilio.com/docs/usage/security#validating-requests
 * @param authToken the primary one; API keys sign nothing
 */
export function twilioSignature(authToken: string, url: string, parameters: URLSearchParams): string {
  const names = [...new Set(parameters.keys())].sort()
  const said = names.map((name) =>
    [...new Set(parameters.getAll(name))]
      .sort()
      .map((value) => name + value)
      .join(''),
  )
  return createHmac('sha1', authToken)
    .update(url + said.join(''))
    .digest('base64')
}

export type SignedRequest = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** True when it is from Twilio, whole and for this address. */
export function isFromTwilio(authToken: string, { url, headers, body }: SignedRequest): boolean {
  const given = headers['x-twilio-signature']
  if (!given) return false
  const wantedHash = URL.parse(url)?.searchParams.get('bodySHA256')
  if (wantedHash) {
    // JSON: the address carries the hash of the body, and the signature covers the address alone.
    if (!same(createHash('sha256').update(body).digest('hex'), wantedHash)) return false
    return withAndWithoutPort(url).some((it) => same(twilioSignature(authToken, it, new URLSearchParams()), given))
  }
  const form = (headers['content-type'] ?? '').toLowerCase().startsWith('application/x-www-form-urlencoded')
  const parameters = new URLSearchParams(form ? new TextDecoder().decode(body) : '')
  return withAndWithoutPort(url).some((it) => same(twilioSignature(authToken, it, parameters), given))
}

/** Twilio signs with or without the usual port, depending on the product. */
function withAndWithoutPort(url: string): string[] {
  const [, scheme, host, rest] = /^(https?):\/\/([^/?#:]+)(?::\d+)?(.*)$/.exec(url) ?? []
  if (scheme === undefined) return [url]
  const port = scheme === 'https' ? 443 : 80
  return [...new Set([url, `${scheme}://${host}${rest}`, `${scheme}://${host}:${port}${rest}`])]
}

function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
