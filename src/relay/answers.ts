/** What the relay says to a sender. Nothing that was sent is repeated, so there is nothing to escape. */
export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const common = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  // A form posts from whatever website it is on; the address itself is the permission.
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'retry-after',
}

export const json = (status: number, value: unknown, more: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { ...common, 'content-type': 'application/json', ...more },
  body: JSON.stringify(value),
})

export const plain = (status: number, text: string, more: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { ...common, 'content-type': 'text/plain; charset=utf-8', ...more },
  body: text,
})

export const taken = json(200, { ok: true })
export const thanks = page(200, 'Thank you', '<p>Your message has arrived. We will be in touch.</p>')
export const address = page(
  200,
  'This address takes form posts',
  '<p>Put it into the action of your form. There is nothing to see here.</p>',
)
export const unknownAddress = plain(404, 'Not found\n')

/** The script of a chat. Browsers may keep it for five minutes: a new greeting need not be there sooner. */
export const chatScript = (text: string, tag: string, unchanged: boolean): Answer => ({
  status: unchanged ? 304 : 200,
  headers: {
    ...common,
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=300',
    // Pages that isolate themselves load only what says that it may be loaded from elsewhere.
    'cross-origin-resource-policy': 'cross-origin',
    etag: tag,
  },
  body: unchanged ? '' : text,
})

/** A page of its own with its own policy. */
export const htmlPage = (status: number, html: string, policy: string): Answer => ({
  status,
  headers: { ...common, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
  body: html,
})

/** No instruction to Twilio: an incoming text gets no automatic answer. */
export const emptyTwiml: Answer = {
  status: 200,
  headers: { ...common, 'content-type': 'text/xml; charset=utf-8' },
  body: '<?xml version="1.0" encoding="UTF-8"?><Response/>',
}

export const goTo = (next: string): Answer => ({ status: 303, headers: { ...common, location: next }, body: '' })

// Mail scanners open every link, so only the button acts (RFC 8058, 3.1).
export const confirmUnsubscribe = page(
  200,
  'Unsubscribe',
  '<p>You will get no more of these messages.</p><form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>Unsubscribe</button></form>',
)
export const unsubscribed = page(200, 'You are unsubscribed', '<p>You will get no more of these messages.</p>')

export const preflight: Answer = {
  status: 204,
  headers: {
    ...common,
    'access-control-allow-methods': 'POST, PUT, PATCH',
    'access-control-allow-headers': 'content-type, idempotency-key, webhook-id, webhook-timestamp, webhook-signature',
    'access-control-max-age': '86400',
  },
  body: '',
}

/** Why something was not taken: JSON for scripts, a page for people. */
export function refused(
  asPage: boolean,
  status: number,
  message: string,
  more: Readonly<Record<string, string>> = {},
): Answer {
  const answer = asPage
    ? page(status, 'This did not work', `<p>${message}</p>`)
    : json(status, { ok: false, error: message })
  return { ...answer, headers: { ...answer.headers, ...more } }
}

function page(status: number, title: string, html: string): Answer {
  return {
    status,
    headers: { ...common, 'content-type': 'text/html; charset=utf-8' },
    body: `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem}</style>
<h1>${title}</h1>${html}</html>
`,
  }
}
