import { createHash } from 'node:crypto'
import { sourceFromTracking } from '../../vocabulary/tracking.ts'
import type { FormSettings } from '../contract.ts'
import type { FormLimits } from './limits.ts'
import { deliveryKey, type Post } from './post.ts'
import { providerOf } from './providers/all.ts'
import type { ProviderId } from './providers/catalog.ts'
import type { LeadRef, Outcome, Reading } from './providers/provider.ts'
import { verifyHeaderSecret } from './providers/signature.ts'
import { type Entry, readBody } from './read-body.ts'
import { readSubmission, type Submission } from './read-submission.ts'
import { verifyTestPost } from './test-signature.ts'

/** One lead in a post. */
export type Lead = Submission & {
  /** Who it is by their own word for ever; null when only its content tells it apart. */
  readonly key: string | null
  /** When the person sent it; null when only we know when it came. */
  readonly submittedAt: number | null
  readonly test: boolean
}

export type Understood = {
  readonly provider: ProviderId
  readonly leads: readonly Lead[]
  /** Leads of which only the ids came. */
  readonly refs: readonly LeadRef[]
  /** Why there is nothing in it for the inbox. */
  readonly nothing: string | null
}

/**
 * Everything a post says, from its bytes and headers alone: no network, no store, no clock.
 * @param secret checks the signature; null when the form's posts are not signed
 * @throws Refusal 400, 401, 415
 */
export async function understandPost(
  post: Post,
  settings: FormSettings,
  secret: string | null,
  limits: FormLimits,
): Promise<Understood> {
  const body = await readBody(post.bytes, post.headers['content-type'] ?? null, limits.depth)
  const provider = providerOf(settings.provider ?? 'generic', body, post)
  const ownTest = secret !== null && verifyTestPost(post, secret)
  if (secret !== null && !ownTest) {
    if (provider.verify) provider.verify(post, body, secret)
    else verifyHeaderSecret(post, secret)
  }
  const outcome = ownTest ? null : provider.read(body, post)
  const found: Outcome = outcome ?? { kind: 'leads', leads: [asItCame(body.entries)] }
  // What is of another shape than the provider's is nobody's but the form's.
  const by = outcome ? provider.id : 'generic'
  return {
    provider: by,
    leads: found.kind === 'leads' ? found.leads.map((it) => leadOf(it, by, post, settings, limits)) : [],
    refs: found.kind === 'refs' ? found.refs : [],
    nothing: found.kind === 'nothing' ? found.reason : null,
  }
}

/** A reading as a lead of the form. */
export function leadOf(
  reading: Reading,
  provider: ProviderId,
  post: Post,
  settings: FormSettings,
  limits: FormLimits,
): Lead {
  const submission = readSubmission(reading.answers, settings, limits)
  const detail = { ...reading.detail, ...submission.source.detail }
  // Whoever set the form up for one provider has named its source; tracking in the post knows better on websites only.
  const own = reading.source === null ? null : settings.provider === provider ? settings.source : reading.source
  return {
    ...submission,
    source: { name: own ?? sourceFromTracking(detail) ?? settings.source, detail },
    key: reading.key === null ? (deliveryKey(post) ?? submission.id) : `${provider}:${reading.key}`,
    submittedAt: reading.submittedAt,
    test: reading.test,
  }
}

const asItCame = (answers: readonly Entry[]): Reading => ({
  key: null,
  answers,
  detail: {},
  source: null,
  submittedAt: null,
  test: false,
})

// Same content is looked for in slices of this part of the window, because an external id must be exact.
const slicesPerWindow = 5

/**
 * The ids under which a lead may already be stored; the first is the one to store it by. A sender's own id counts for
 * ever, the same content only for a while: "please call me" may come again next month.
 * @param came ms; looked at in both directions, because a relay may hand over the second click first
 */
export function externalIdsOf({ key, fingerprint }: Lead, came: number, limits: FormLimits): string[] {
  if (key !== null) {
    return [`key:${key.length > limits.keyLength ? createHash('sha256').update(key).digest('hex') : key}`]
  }
  const slice = Math.floor(came / (limits.sameWithin / slicesPerWindow))
  const near = Array.from({ length: slicesPerWindow }, (_, index) => [slice - index - 1, slice + index + 1]).flat()
  return [slice, ...near].map((it) => `content:${fingerprint}:${it}`)
}
