import type { Meaning } from '../../../vocabulary/field-names.ts'
import { objectsAt, present, textAt, timeOf } from './json.ts'
import { oneLead, type Provider } from './provider.ts'
import { answer } from './question.ts'
import { notSigned, sameText, wrongSignature } from './signature.ts'

const columns: Readonly<Record<string, Meaning>> = {
  FULL_NAME: 'name',
  FIRST_NAME: 'firstName',
  LAST_NAME: 'lastName',
  EMAIL: 'email',
  WORK_EMAIL: 'email',
  PHONE_NUMBER: 'phone',
  WORK_PHONE: 'phone',
  POSTAL_CODE: 'postcode',
  COMPANY_NAME: 'company',
}

/**
 * Lead form assets of Google Ads. The key that the advertiser chose is in the body; there is no signature, and a retry
 * carries the same lead id. Unknown fields are to be ignored.
 * Source: developers.google.com/google-ads/webhook/docs/implementation
 */
export const google: Provider = {
  id: 'google',
  detect: ({ json }) => textAt(json, 'google_key') !== '' && Array.isArray(json?.user_column_data),
  verify: (_post, { json }, secret) => {
    const key = textAt(json, 'google_key')
    if (!key) throw notSigned()
    if (!sameText(key, secret)) throw wrongSignature()
  },
  read: ({ json }) => {
    if (!Array.isArray(json?.user_column_data)) return null
    const answers = objectsAt(json, 'user_column_data').map((column) => {
      const id = textAt(column, 'column_id')
      // The readable name "might not always be populated".
      const label = textAt(column, 'column_name') || readable(id) || 'Field'
      return answer(label, textAt(column, 'string_value'), columns[id] ?? null, id)
    })
    return oneLead({
      key: textAt(json, 'lead_id') || null,
      answers,
      source: 'Google Ads',
      submittedAt: timeOf(textAt(json, 'lead_submit_time')),
      test: json.is_test === true,
      detail: present({
        gclid: textAt(json, 'gcl_id'),
        campaign_id: textAt(json, 'campaign_id'),
        adgroup_id: textAt(json, 'adgroup_id'),
        creative_id: textAt(json, 'creative_id'),
        asset_group_id: textAt(json, 'asset_group_id'),
        form_id: textAt(json, 'form_id'),
        lead_stage: textAt(json, 'lead_stage'),
      }),
    })
  },
}

const readable = (id: string): string => {
  const words = id.replaceAll('_', ' ').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
