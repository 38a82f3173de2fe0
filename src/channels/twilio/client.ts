import type { Clock } from '../../lib/clock.ts'
import { minute, second } from '../../lib/durations.ts'
import { type Failure, TwilioError } from './failure.ts'

export type TwilioAccess = {
  readonly accountSid: string
  readonly authToken: string
  /** Twilio's own when null. */
  readonly baseUrl: string | null
}

export type TwilioClientOptions = {
  readonly access: TwilioAccess
  readonly fetch: typeof fetch
  readonly clock: Clock
  /** Per request, body included. */
  readonly timeoutMs?: number
  /** Aborts reads (never a send) when the channel stops. */
  readonly stopped?: AbortSignal
}

/** The part of Twilio's REST API (version 2010-04-01) that Deskbell uses. Every method throws `TwilioError` only. */
export type TwilioClient = {
  /** @param path below the account: `/Messages.json`, or `.json` for the account itself */
  readonly get: (path: string, query?: Readonly<Record<string, string>>) => Promise<unknown>
  /** A `next_page_uri`, followed as it is: its page token cannot be built by hand. */
  readonly follow: (uri: string) => Promise<unknown>
  /** A list of the Content API (`/v1/...`), or the `next_page_url` of one: it lives on a host of its own. */
  readonly content: (pathOrUrl: string) => Promise<unknown>
  readonly post: (path: string, form: Readonly<Record<string, string>>) => Promise<unknown>
  /** Sound or picture; null when it is larger than `maxBytes`. @param timeoutMs the usual one when left out */
  readonly download: (path: string, maxBytes: number, timeoutMs?: number) => Promise<Download | null>
  /** Now by Twilio's clock (ms UTC, from its last answer): the clock of a desktop can be minutes off. */
  readonly twilioNow: () => number
}

export type Download = { readonly bytes: Uint8Array; readonly contentType: string }

const API = 'https://api.twilio.com'
const CONTENT = 'https://content.twilio.com'

/**
 * Talks to Twilio with plain `fetch` rather than through its SDK: the SDK drops the `Retry-After` header from its
 * errors, hands out re-shaped objects where we keep the payload as it arrived, cannot be pointed at another host, and
 * has no way to abort a request. What it does well, TwiML, is used in `bridge-twiml.ts`.
 */
export function createTwilioClient(options: TwilioClientOptions): TwilioClient {
  const { access, clock } = options
  const origin = (access.baseUrl ?? API).replace(/\/+$/, '')
  const contentOrigin = access.baseUrl === null ? CONTENT : origin
  const accountPath = `/2010-04-01/Accounts/${access.accountSid}`
  const authorization = `Basic ${Buffer.from(`${access.accountSid}:${access.authToken}`).toString('base64')}`
  let clockOffset = 0

  const usualPatience = options.timeoutMs ?? 20 * second

  async function request(
    url: string,
    init: RequestInit,
    reading: boolean,
    patience = usualPatience,
  ): Promise<Response> {
    const limit = AbortSignal.timeout(patience)
    const signal = reading && options.stopped ? AbortSignal.any([limit, options.stopped]) : limit
    try {
      const response = await options.fetch(url, {
        ...init,
        signal,
        headers: { ...init.headers, authorization },
      })
      const date = Date.parse(response.headers.get('date') ?? '')
      if (!Number.isNaN(date)) clockOffset = date - clock.now()
      return response
    } catch (error) {
      throw new TwilioError(networkFailure(error), { cause: error })
    }
  }

  async function json(url: string, init: RequestInit, reading: boolean): Promise<unknown> {
    // The API never redirects; whoever does stands between us and Twilio, and must not see the token.
    const response = await request(url, { redirect: 'manual', ...init }, reading)
    let body: unknown
    try {
      body = parse(await response.text())
    } catch (error) {
      throw new TwilioError(networkFailure(error), { cause: error })
    }
    if (response.ok && typeof body === 'object' && body !== null) return body
    throw new TwilioError(refusal(response, body, clock))
  }

  return {
    get: (path, query = {}) => {
      const search = new URLSearchParams(query).toString()
      return json(`${origin}${accountPath}${path}${search === '' ? '' : `?${search}`}`, {}, true)
    },
    follow: (uri) => {
      // Only ever inside this account of this host: the request carries the token.
      if (!uri.startsWith(`${accountPath}/`)) {
        throw new TwilioError({ kind: 'strange-answer', status: 200, detail: 'next_page_uri leads elsewhere' })
      }
      return json(`${origin}${uri}`, {}, true)
    },
    content: (pathOrUrl) => {
      const url = new URL(pathOrUrl, contentOrigin)
      // The request carries the token: nowhere else.
      if (url.origin !== new URL(contentOrigin).origin) {
        throw new TwilioError({ kind: 'strange-answer', status: 200, detail: 'next_page_url leads elsewhere' })
      }
      return json(url.href, {}, true)
    },
    post: (path, form) =>
      json(
        `${origin}${accountPath}${path}`,
        {
          method: 'POST',
          body: new URLSearchParams(form).toString(),
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        },
        false,
      ),
    download: async (path, maxBytes, timeoutMs) => {
      // Twilio redirects media to its storage; fetch drops the authorization when the host changes.
      const response = await request(`${origin}${accountPath}${path}`, { redirect: 'follow' }, true, timeoutMs)
      if (!response.ok) {
        await response.body?.cancel()
        // Storage says so without Twilio's error code; it is gone all the same, and asking again is no use.
        if (response.status === 404 || response.status === 410) {
          const { status } = response
          throw new TwilioError({ kind: 'refused', status, code: null, detail: `HTTP ${status}`, retryAfterMs: null })
        }
        throw new TwilioError(refusal(response, null, clock))
      }
      try {
        const bytes = await readUpTo(response, maxBytes)
        const contentType = response.headers.get('content-type')?.split(';')[0] ?? 'application/octet-stream'
        return bytes === null ? null : { bytes, contentType }
      } catch (error) {
        throw new TwilioError(networkFailure(error), { cause: error })
      }
    },
    twilioNow: () => clock.now() + clockOffset,
  }
}

/** Codes of `fetch` errors that happen before a single byte of the request was written. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
])

function networkFailure(error: unknown): Failure {
  const name = error instanceof Error ? error.name : ''
  if (name === 'TimeoutError') return { kind: 'timed-out' }
  if (name === 'AbortError') return { kind: 'stopped' }
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const detail = code === '' ? String(cause ?? error) : code
  // The handshake failed, so nothing was sent: a filter or a captive portal answers in Twilio's place.
  if (/CERT|SELF_SIGNED|SIGNATURE|ERR_SSL|ERR_TLS|EPROTO/.test(code)) return { kind: 'not-secure', detail }
  return { kind: neverSent.has(code) ? 'no-connection' : 'cut-off', detail }
}

function refusal(response: Response, body: unknown, clock: Clock): Failure {
  const { code, message } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  if (typeof code !== 'number' && response.status !== 401 && response.status !== 429 && response.status < 500) {
    return { kind: 'strange-answer', status: response.status, detail: `HTTP ${response.status}, not from Twilio` }
  }
  return {
    kind: 'refused',
    status: response.status,
    code: typeof code === 'number' ? code : null,
    detail: `Twilio ${response.status}${typeof code === 'number' ? `, code ${code}` : ''}${typeof message === 'string' ? `: ${message}` : ''}`,
    retryAfterMs: retryAfter(response.headers.get('retry-after'), clock),
  }
}

/** `Retry-After` in both its forms: seconds or a date. */
function retryAfter(header: string | null, clock: Clock): number | null {
  if (header === null) return null
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * second : Date.parse(header) - clock.now()
  return Number.isNaN(wait) ? null : Math.min(Math.max(0, wait), 30 * minute)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function readUpTo(response: Response, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) return null
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
