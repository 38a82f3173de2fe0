import { second } from '../../../lib/durations.ts'
import { DeskbellError } from '../../../rpc/errors.ts'
import { type JsonObject, parseJson } from '../read-body.ts'
import { objectAt, textAt } from './json.ts'
import { leadFields, readLead } from './meta.ts'
import type { Reading } from './provider.ts'
import { hmacSha256 } from './signature.ts'

export type MetaAccess = {
  /** Null when it was never given or is gone from the keychain. */
  readonly accessToken: string | null
  readonly appSecret: string | null
  /** Another host, for the test double; Meta's own when null. */
  readonly baseUrl: string | null
}

export type MetaAnswer =
  | { readonly kind: 'lead'; readonly reading: Reading; readonly raw: Uint8Array }
  /** No such lead, or none that this token may see: the two look the same. */
  | { readonly kind: 'unknown'; readonly error: DeskbellError }

// A version is served for at least two years after the next one came.
const graph = 'https://graph.facebook.com/v26.0'
const timeLimit = 15 * second
const largest = 256 * 1024

/**
 * Fetches one lead.
 * @param id digits only
 * @throws DeskbellError `AUTH_FAILED`, `RATE_LIMITED`, `UNREACHABLE`
 */
export async function fetchMetaLead(
  fetch: typeof globalThis.fetch,
  id: string,
  { accessToken, appSecret, baseUrl }: MetaAccess,
  signal: AbortSignal,
): Promise<MetaAnswer> {
  if (!accessToken) throw authFailed('The access token of this form is gone from this computer. Paste it again.', null)
  const url = new URL(`${(baseUrl ?? graph).replace(/\/$/, '')}/${id}`)
  url.searchParams.set('fields', leadFields)
  // Apps can demand it: proof that whoever uses the token knows the app's secret.
  if (appSecret) url.searchParams.set('appsecret_proof', hmacSha256(appSecret, accessToken).toString('hex'))
  const { status, bytes } = await ask(fetch, url, accessToken, signal)
  const json = parsed(bytes)
  const error = objectAt(json, 'error')
  if (json && !error && status < 300 && Array.isArray(json.field_data)) {
    // Under the id that was asked for, so that it is one lead whatever the answer calls it.
    return { kind: 'lead', reading: { ...readLead(json), key: id }, raw: bytes }
  }
  const code = Number(textAt(error, 'code'))
  const detail = `HTTP ${status}, code ${textAt(error, 'code') || 'none'}, subcode ${textAt(error, 'error_subcode') || 'none'}`
  if (code === 190 || code === 102 || status === 401)
    throw authFailed('Facebook refuses the access token. Make a new one and paste it; leads wait until then.', detail)
  if (code === 10 || (code >= 200 && code <= 299))
    throw authFailed('The access token may not read leads. Give it the permission leads_retrieval.', detail)
  if ([4, 17, 32, 613, 80005].includes(code) || status === 429)
    throw trouble('RATE_LIMITED', 'Facebook asks to slow down. The leads are fetched a little later.', detail)
  if (code === 100)
    return {
      kind: 'unknown',
      error: trouble(
        'REFUSED',
        'Facebook does not know a lead it told us about. Check that the access token belongs to the page.',
        detail,
      ),
    }
  throw trouble('UNREACHABLE', 'Facebook has a problem. The leads are fetched when it is over.', detail)
}

async function ask(fetch: typeof globalThis.fetch, url: URL, accessToken: string, signal: AbortSignal) {
  try {
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
      // A redirect would carry the token elsewhere.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeLimit)]),
    })
    const bytes = new Uint8Array(await answer.arrayBuffer())
    return { status: answer.status, bytes: bytes.byteLength > largest ? new Uint8Array() : bytes }
  } catch (error) {
    const detail = error instanceof Error ? error.name : 'no answer'
    throw trouble('UNREACHABLE', 'Facebook cannot be reached. The leads are fetched when it can.', detail)
  }
}

function parsed(bytes: Uint8Array): JsonObject | null {
  try {
    return parseJson(bytes)
  } catch {
    return null
  }
}

const authFailed = (message: string, detail: string | null) =>
  new DeskbellError({ code: 'AUTH_FAILED', message, fault: 'user', retryable: false, ...(detail ? { detail } : {}) })

const trouble = (code: 'RATE_LIMITED' | 'UNREACHABLE' | 'REFUSED', message: string, detail: string) =>
  new DeskbellError({ code, message, fault: 'remote', retryable: true, detail })
