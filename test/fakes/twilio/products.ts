import type { Answer } from './answers.ts'
import { ok, refusal } from './answers.ts'
import { page } from './list.ts'
import type { Json } from './shapes.ts'
import type { World } from './world.ts'

/** A prepared message of the Content API, with what WhatsApp said of it. */
export type ContentRecord = {
  readonly sid: string
  readonly friendlyName: string
  readonly language: string
  /** Default values of its placeholders. */
  readonly variables: Readonly<Record<string, string>>
  readonly types: Readonly<Record<string, Json>>
  readonly approval: 'approved' | 'pending' | 'rejected' | 'paused' | 'unsubmitted'
  readonly createdAt: number
}

/** What Lookup v2 knows of a number; `null` types are numbers of which the carrier says nothing. */
export type LineRecord = { readonly type: string | null; readonly errorCode?: number }

/** Twilio's other products live on hosts of their own, by paths that overlap nowhere; here they share one. */
export function answerProducts(world: World, url: URL): Answer | undefined {
  const number = /^\/v2\/PhoneNumbers\/([^/]+)$/.exec(decodeURIComponent(url.pathname))?.[1]
  if (number !== undefined) return lookUp(world, number, url.searchParams.get('Fields') ?? '')
  if (url.pathname === '/v1/ContentAndApprovals') return contents(world, url)
  return undefined
}

/** Lookup v2: packages that were not asked for are null. */
function lookUp(world: World, number: string, fields: string): Answer {
  if (!/^\+[1-9]\d{6,14}$/.test(number)) return refusal(404, 20404)
  const line = world.lines.get(number) ?? { type: null }
  const asked = fields.split(',').includes('line_type_intelligence')
  return ok({
    calling_country_code: number.slice(1, 2),
    country_code: 'US',
    phone_number: number,
    national_format: number,
    valid: true,
    validation_errors: [],
    caller_name: null,
    sim_swap: null,
    call_forwarding: null,
    line_type_intelligence: asked
      ? {
          error_code: line.errorCode ?? null,
          mobile_country_code: line.type === null ? null : '313',
          mobile_network_code: line.type === 'mobile' ? '981' : null,
          carrier_name: line.type === null ? null : 'Bandwidth',
          type: line.type,
        }
      : null,
    line_status: null,
    identity_match: null,
    reassigned_number: null,
    sms_pumping_risk: null,
    phone_number_quality_score: null,
    pre_fill: null,
    url: `https://lookups.twilio.com/v2/PhoneNumbers/${number}`,
  })
}

/** Content API: its lists keep what says where they are under `meta`, and link to the next page by a whole address. */
function contents(world: World, url: URL): Answer {
  const result = page(
    {
      key: 'contents',
      items: world.contents,
      sid: (it) => it.sid,
      createdAt: (it) => it.createdAt,
      render: (it) => contentJson(world, it),
      equals: [],
      dates: {},
    },
    url,
  )
  if (typeof result === 'string') return refusal(400, 20001)
  const absolute = (uri: unknown) => (typeof uri === 'string' ? `${url.origin}${uri}` : null)
  return ok({
    meta: {
      page: result.page,
      page_size: result.page_size,
      first_page_url: absolute(result.first_page_uri),
      previous_page_url: absolute(result.previous_page_uri),
      url: absolute(result.uri),
      next_page_url: absolute(result.next_page_uri),
      key: 'contents',
    },
    contents: result.contents,
  })
}

function contentJson(world: World, content: ContentRecord): Json {
  const made = new Date(content.createdAt).toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    date_created: made,
    date_updated: made,
    sid: content.sid,
    account_sid: world.account.sid,
    friendly_name: content.friendlyName,
    language: content.language,
    variables: content.variables,
    types: content.types,
    approval_requests: {
      name: content.friendlyName,
      category: 'UTILITY',
      content_type: Object.keys(content.types)[0] ?? '',
      status: content.approval,
      rejection_reason: content.approval === 'rejected' ? 'It promises too much.' : '',
      allow_category_change: true,
    },
  }
}

/** The words of a prepared message with its placeholders filled in; null where a value is empty, which Twilio refuses. */
export function fillContent(content: ContentRecord, given: string | null): string | null {
  let values: Record<string, unknown>
  try {
    values = given === null ? {} : (JSON.parse(given) as Record<string, unknown>)
  } catch {
    return null
  }
  if (Object.values(values).some((it) => typeof it !== 'string' || it === '')) return null
  const body = Object.values(content.types).find((it) => typeof it.body === 'string')?.body
  return String(body ?? '').replace(/\{\{(\w+)\}\}/g, (_, key: string) =>
    String(values[key] ?? content.variables[key] ?? ''),
  )
}
