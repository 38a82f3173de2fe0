import type { Meaning } from '../../../vocabulary/field-names.ts'
import { flatten, type JsonObject } from '../read-body.ts'
import { at, objectAt, objectsAt, present, textAt, textOf, timeOf } from './json.ts'
import { oneLead, type Provider } from './provider.ts'
import { answer } from './question.ts'
import { hmacSha256, notSigned, sameText, wrongSignature } from './signature.ts'

const kinds: Readonly<Record<string, Meaning>> = { email: 'email', phone_number: 'phone' }

/**
 * Typeform. Signed over the raw body, base64 and not hex; no time in the signature, so a replay is only known by the
 * response's token. Source: typeform.com/developers/webhooks (example payload, secure your webhooks)
 */
export const typeform: Provider = {
  id: 'typeform',
  detect: ({ json }) => json?.event_type === 'form_response' && objectAt(json, 'form_response') !== null,
  verify: ({ bytes, headers }, _body, secret) => {
    const given = headers['typeform-signature']
    if (!given) throw notSigned()
    if (!sameText(given.trim(), `sha256=${hmacSha256(secret, bytes).toString('base64')}`)) throw wrongSignature()
  },
  read: ({ json }) => {
    const response = objectAt(json, 'form_response')
    if (!response) return null
    const titles = new Map(
      fieldsOf(objectAt(response, 'definition')).map((it) => [textAt(it, 'id'), textAt(it, 'title')]),
    )
    const answers = objectsAt(response, 'answers').map((it) => {
      const title = titles.get(textAt(it, 'field', 'id')) || textAt(it, 'field', 'ref') || 'Question'
      return answer(title, valueFor(it), kinds[textAt(it, 'type')] ?? null, textAt(it, 'field', 'ref'))
    })
    return oneLead({
      // "Send test request" carries no mark; its e-mail address is always this one, which is nobody's.
      test: objectsAt(response, 'answers').some((it) => textAt(it, 'email') === 'an_account@example.com'),
      key: textAt(response, 'token') || textAt(json, 'event_id') || null,
      // Hidden fields hold what the page knew: utm_* and click ids, which go with the source, and names given along.
      answers: [...answers, ...flatten(objectAt(response, 'hidden') ?? {}, 2)],
      submittedAt: timeOf(textAt(response, 'submitted_at')),
      detail: present({ form_id: textAt(response, 'form_id'), form: textAt(response, 'definition', 'title') }),
    })
  },
}

/** Groups and contact blocks hold the questions they ask. */
function fieldsOf(definition: JsonObject | null, depth = 4): JsonObject[] {
  if (depth === 0) return []
  return objectsAt(definition, 'fields').flatMap((it) => [it, ...fieldsOf(objectAt(it, 'properties'), depth - 1)])
}

function valueFor(it: JsonObject): string {
  switch (it.type) {
    case 'choice':
      return textAt(it, 'choice', 'label') || textAt(it, 'choice', 'other')
    case 'choices':
      return [textAt(it, 'choices', 'labels'), textAt(it, 'choices', 'other')].filter(Boolean).join(', ')
    case 'payment':
      return textAt(it, 'payment', 'amount')
    default:
      return textOf(at(it, textAt(it, 'type')))
  }
}
