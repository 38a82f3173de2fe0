/**
 * What a sender gets back: JSON for scripts, a page for browsers that post a form the old way. Nothing that was sent
 * is ever repeated in an answer, so there is nothing to escape.
 */
const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

// A form posts from whatever website it is on; the address itself is the permission.
const corsHeaders = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' }

const headers = { ...securityHeaders, ...corsHeaders }

/** True for a browser that will show the answer to a person. */
export const wantsPage = (request: Request): boolean => (request.headers.get('accept') ?? '').includes('text/html')

export function answerTaken(request: Request, next: string | null): Response {
  if (!wantsPage(request)) return Response.json({ ok: true }, { headers })
  if (next) return new Response(null, { status: 303, headers: { ...headers, location: next } })
  return page(200, 'Thank you', 'Your message has arrived. We will be in touch.')
}

export function answerRefused(
  request: Request,
  status: number,
  message: string,
  more: Readonly<Record<string, string>>,
): Response {
  const response = wantsPage(request)
    ? page(status, 'This did not work', message)
    : Response.json({ ok: false, error: message }, { status, headers })
  for (const [name, value] of Object.entries(more)) response.headers.set(name, value)
  return response
}

export const answerAddress = (): Response =>
  page(200, 'This address takes form posts', 'Put it into the action of your form. There is nothing to see here.')

/** Meta wants its own words back, as they are. */
export const answerChallenge = (challenge: string): Response =>
  new Response(challenge, { headers: { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' } })

export const answerUnknown = (): Response => new Response('Not found\n', { status: 404, headers: securityHeaders })

export const answerPreflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      ...headers,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, idempotency-key, webhook-id, webhook-timestamp, webhook-signature',
      'access-control-max-age': '86400',
      // Chrome asks this before a public page may reach a private address.
      'access-control-allow-private-network': 'true',
    },
  })

function page(status: number, title: string, text: string): Response {
  const html = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem;color-scheme:light dark}</style>
<h1>${title}</h1><p>${text}</p></html>
`
  return new Response(html, { status, headers: { ...headers, 'content-type': 'text/html; charset=utf-8' } })
}
