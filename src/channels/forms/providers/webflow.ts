import { minute } from '../../../lib/durations.ts'
import { objectAt, present, textAt, textOf, timeOf } from './json.ts'
import { oneLead, type Provider } from './provider.ts'
import { answer } from './question.ts'
import { hmacSha256, notSigned, refuseStale, sameText, wrongSignature } from './signature.ts'

const tolerance = 5 * minute

/**
 * Webflow. Only webhooks made through its API are signed, those of the dashboard are not.
 * Source: developers.webflow.com/data/docs/working-with-webhooks, .../webhooks/events/form-submission
 */
export const webflow: Provider = {
  id: 'webflow',
  detect: ({ json }) => json?.triggerType === 'form_submission' && objectAt(json, 'payload', 'data') !== null,
  verify: (post, _body, secret) => {
    const given = post.headers['x-webflow-signature']
    const signedAt = post.headers['x-webflow-timestamp'] ?? ''
    if (!given) throw notSigned()
    if (!sameText(given.trim(), hmacSha256(secret, `${signedAt}:`, post.bytes).toString('hex'))) throw wrongSignature()
    refuseStale(/^\d+$/.test(signedAt) ? Number(signedAt) : Number.NaN, post, tolerance)
  },
  read: ({ json }) => {
    // Version 1 has the same under other names, without the envelope.
    const payload = objectAt(json, 'payload') ?? json
    const data = objectAt(payload, 'data')
    if (!data) return null
    return oneLead({
      key: textAt(payload, 'id') || textAt(payload, '_id') || null,
      answers: Object.entries(data).map(([name, value]) => answer(name, textOf(value))),
      submittedAt: timeOf(textAt(payload, 'submittedAt') || textAt(payload, 'd')),
      detail: present({
        form: textAt(payload, 'name'),
        form_id: textAt(payload, 'formId'),
        site_id: textAt(payload, 'siteId') || textAt(payload, 'site'),
        page: textAt(payload, 'pageUrl') || textAt(payload, 'publishedPath'),
      }),
    })
  },
}
