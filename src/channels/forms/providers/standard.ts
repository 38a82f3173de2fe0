import { minute } from '../../../lib/durations.ts'
import type { Post } from '../post.ts'
import { flatten } from '../read-body.ts'
import { objectAt, present, textAt, timeOf } from './json.ts'
import { oneLead, type Provider } from './provider.ts'
import { hmacSha256, notSigned, refuseStale, sameText, wrongSignature } from './signature.ts'

const tolerance = 5 * minute
const depth = 5

/**
 * Standard Webhooks, symmetric scheme. While a secret is exchanged the sender signs with both and lists both
 * signatures; on our side several secrets, parted by blanks, may be valid at once.
 * Source: github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const standard: Provider = {
  id: 'standard',
  detect: (_body, post) => headersOf(post) !== null,
  verify: (post, _body, secret) => {
    const signed = headersOf(post)
    if (!signed) throw notSigned()
    const given = signed.signatures
      .split(' ')
      .filter((it) => it.startsWith('v1,'))
      .map((it) => it.slice('v1,'.length))
    const valid = secret
      .split(/\s+/)
      .filter(Boolean)
      .map((it) => Buffer.from(it.replace(/^whsec_/, ''), 'base64'))
      // An empty key would let anybody sign.
      .filter((key) => key.length > 0)
      .map((key) => hmacSha256(key, `${signed.id}.${signed.time}.`, post.bytes).toString('base64'))
    if (!valid.some((wanted) => given.some((it) => sameText(it, wanted)))) throw wrongSignature()
    refuseStale(/^\d+$/.test(signed.time) ? Number(signed.time) * 1000 : Number.NaN, post, tolerance)
  },
  read: ({ json, entries }, post) => {
    const data = objectAt(json, 'data')
    return oneLead({
      key: headersOf(post)?.id ?? null,
      answers: data ? flatten(data, depth) : entries,
      submittedAt: data ? timeOf(textAt(json, 'timestamp')) : null,
      detail: present({ event: data ? textAt(json, 'type') : '' }),
    })
  },
}

/** Svix, where the standard comes from, still sends its own names. */
function headersOf({ headers }: Post) {
  const id = headers['webhook-id'] ?? headers['svix-id']
  const time = headers['webhook-timestamp'] ?? headers['svix-timestamp']
  const signatures = headers['webhook-signature'] ?? headers['svix-signature']
  return id && time && signatures ? { id, time, signatures } : null
}
