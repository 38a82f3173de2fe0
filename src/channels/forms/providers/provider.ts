import type { Post } from '../post.ts'
import type { Body, Entry } from '../read-body.ts'
import type { ProviderId } from './catalog.ts'

/** One lead as its provider tells it. */
export type Reading = {
  /** The provider's own name for it; null when it gives none, then its content tells it apart. */
  readonly key: string | null
  readonly answers: readonly Entry[]
  /** Where it came from: click ids, campaign ids, the page. Kept with the source. */
  readonly detail: Readonly<Record<string, string>>
  /** Known by the provider alone ("Google Ads"); null when it can be anything. */
  readonly source: string | null
  /** When the person sent it, as the provider says. */
  readonly submittedAt: number | null
  /** The provider's try-out, not a person. */
  readonly test: boolean
}

/** A lead of which only the ids came. */
export type LeadRef = { readonly id: string; readonly detail: Readonly<Record<string, string>> }

export type Outcome =
  | { readonly kind: 'leads'; readonly leads: readonly Reading[] }
  /** Nothing for the inbox, and why. */
  | { readonly kind: 'nothing'; readonly reason: string }
  | { readonly kind: 'refs'; readonly refs: readonly LeadRef[] }

/** What is known of the posts of one provider. Pure: no clock, no network, no store. */
export type Provider = {
  readonly id: ProviderId
  /** True when a post cannot be anybody else's. */
  readonly detect: (body: Body, post: Post) => boolean
  /**
   * Checks that whoever sent it knows the secret, and that it was signed lately where the scheme has a time.
   * Absent where the provider signs nothing.
   * @throws Refusal 401
   */
  readonly verify?: (post: Post, body: Body, secret: string) => void
  /** Null when the post is of another shape than the provider's; then it is read as any form. */
  readonly read: (body: Body, post: Post) => Outcome | null
}

/** One lead with the parts most providers do not tell left out. */
export const oneLead = (lead: Partial<Reading> & Pick<Reading, 'answers'>): Outcome => ({
  kind: 'leads',
  leads: [{ key: null, detail: {}, source: null, submittedAt: null, test: false, ...lead }],
})
