import type { Meaning } from '../../../vocabulary/field-names.ts'
import type { JsonObject } from '../read-body.ts'
import { objectAt, objectsAt, present, textAt, timeOf } from './json.ts'
import { type LeadRef, oneLead, type Provider, type Reading } from './provider.ts'
import { answer } from './question.ts'
import { hmacSha256, notSigned, sameText, wrongSignature } from './signature.ts'

const questions: Readonly<Record<string, Meaning>> = {
  full_name: 'name',
  first_name: 'firstName',
  last_name: 'lastName',
  email: 'email',
  work_email: 'email',
  phone_number: 'phone',
  work_phone_number: 'phone',
  company_name: 'company',
  zip_code: 'postcode',
  post_code: 'postcode',
}

/**
 * Lead ads of Meta (Facebook, Instagram). The webhook carries ids only, several at once; the lead itself is fetched
 * from the Graph API. Source: developers.facebook.com/docs/graph-api/webhooks/getting-started,
 * developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving
 */
export const meta: Provider = {
  id: 'meta',
  detect: ({ json }) => json?.object === 'page' && changesOf(json).length > 0,
  verify: ({ bytes, headers }, _body, secret) => {
    const given = headers['x-hub-signature-256']
    if (!given) throw notSigned()
    if (!sameText(given.trim(), `sha256=${hmacSha256(secret, bytes).toString('hex')}`)) throw wrongSignature()
  },
  read: ({ json }) => {
    if (Array.isArray(json?.field_data)) return oneLead(readLead(json))
    if (json?.object !== 'page') return null
    const refs = changesOf(json).filter((it) => it.id !== '')
    return refs.length > 0 ? { kind: 'refs', refs } : { kind: 'nothing', reason: 'Meta: a change that is no lead' }
  },
}

function changesOf(json: JsonObject): readonly LeadRef[] {
  return objectsAt(json, 'entry')
    .flatMap((entry) => objectsAt(entry, 'changes'))
    .filter((change) => change.field === 'leadgen')
    .map((change) => {
      const value = objectAt(change, 'value')
      const id = textAt(value, 'leadgen_id')
      return {
        // It becomes part of an address, so nothing but digits.
        id: /^\d{1,30}$/.test(id) ? id : '',
        detail: present({
          page_id: textAt(value, 'page_id'),
          form_id: textAt(value, 'form_id'),
          adgroup_id: textAt(value, 'adgroup_id'),
          ad_id: textAt(value, 'ad_id'),
        }),
      }
    })
}

/** What the Graph API answers for one lead. */
export function readLead(json: JsonObject): Reading {
  const organic = json.is_organic === true
  const network = textAt(json, 'platform') === 'ig' ? 'Instagram' : 'Facebook'
  return {
    key: textAt(json, 'id') || null,
    answers: objectsAt(json, 'field_data').map((it) => {
      const name = textAt(it, 'name')
      return answer(readable(name), textAt(it, 'values'), questions[name] ?? null, name)
    }),
    source: organic ? network : `${network} Ads`,
    submittedAt: timeOf(textAt(json, 'created_time')),
    test: objectsAt(json, 'field_data').some((it) => dummy.test(textAt(it, 'values'))),
    detail: present({
      ...Object.fromEntries(leadFacts.map((name) => [name, textAt(json, name)])),
      platform: textAt(json, 'platform'),
      organic: organic ? 'yes' : '',
    }),
  }
}

/** What Facebook's Lead Ads Testing Tool fills in; the lead itself carries no mark. */
const dummy = /^<test lead: dummy data for .+>$/

const leadFacts = ['ad_id', 'ad_name', 'adset_id', 'adset_name', 'campaign_id', 'campaign_name', 'form_id']
/** What to ask the Graph API for. */
export const leadFields = ['id', 'created_time', 'field_data', 'is_organic', 'platform', ...leadFacts].join(',')

/** Questions of one's own come as `what_is_your_budget?`. */
const readable = (name: string): string => {
  const words = name.replaceAll('_', ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/**
 * The answer to Meta's question whether the address is ours; null when it must be refused.
 * @param token the last part of the address serves as the verify token
 */
export function answerHandshake(query: URLSearchParams, token: string): string | null {
  const challenge = query.get('hub.challenge') ?? ''
  if (query.get('hub.mode') !== 'subscribe' || !/^[\w.-]{1,200}$/.test(challenge)) return null
  return sameText(query.get('hub.verify_token') ?? '', token) ? challenge : null
}
