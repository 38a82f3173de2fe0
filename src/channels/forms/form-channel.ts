import { badInput } from '../../rpc/errors.ts'
import type { Channel, ChannelContext, Inbound } from '../channel.ts'
import type { FormSettings } from '../contract.ts'
import { makeAwaitedLeads } from './awaited-leads.ts'
import type { FormLimits } from './limits.ts'
import type { FormsListener } from './listener.ts'
import type { Post } from './post.ts'
import { answerHandshake } from './providers/meta.ts'
import { Refusal } from './refusal.ts'
import { parseSecrets } from './secrets.ts'
import { externalIdsOf, type Lead, leadOf, understandPost } from './understand-post.ts'

export type FormChannelParts = {
  readonly listener: FormsListener
  readonly settings: FormSettings
  readonly token: string
  readonly limits: FormLimits
  readonly context: ChannelContext
  /** Reaches the providers that send ids only. */
  readonly fetch: typeof fetch
}

/** What came once never changes. */
const revision = '1'

/** One web form: an address that takes posts. Nothing can be sent through it. */
export function makeFormChannel({ listener, settings, token, limits, context, fetch }: FormChannelParts): Channel {
  let last: Promise<unknown> = Promise.resolve()
  const secrets = async () => parseSecrets(await context.secret())

  const awaited = makeAwaitedLeads({
    context,
    fetch,
    access: async () => {
      const { accessToken, signing } = await secrets()
      return { accessToken, appSecret: signing, baseUrl: settings.baseUrl ?? null }
    },
    toInbound: (reading, raw) => {
      const post: Post = { bytes: raw, headers: {}, at: context.clock.now() }
      return inboundOf(leadOf(reading, 'meta', post, settings, limits), post)
    },
  })

  const receive = async (post: Post): Promise<{ readonly next: string | null }> => {
    const understood = await understandPost(post, settings, await signingSecret(), limits)
    const { leads, refs, nothing } = understood
    const next = leads[0]?.next ?? null
    if (nothing !== null) {
      await context.deliver([], [], { skipped: 1, reason: nothing })
      return { next }
    }
    if (refs.length > 0) await awaited.add(refs)
    const people = leads.filter((it) => !it.spam)
    if (people.length < leads.length) {
      const reason = 'spam: a field that people cannot see was filled in'
      await context.deliver([], [], { skipped: leads.length - people.length, reason })
    }
    const filled = people.filter((it) => !it.empty)
    if (people.length > 0 && filled.length === 0) throw new Refusal(400, 'The form was empty. Nothing was taken.')
    // One after another: two clicks in the same millisecond must see each other.
    const turn = last.then(() => store(filled, post))
    last = turn.catch(() => {})
    await turn
    return { next }
  }

  /** Null when posts of this form are not signed. A secret that is gone must not open the door to everybody. */
  const signingSecret = async (): Promise<string | null> => {
    if (!settings.signed) return null
    const { signing } = await secrets()
    if (!signing) throw new Refusal(503, 'This cannot be checked right now. Please send it again later.')
    return signing
  }

  const store = async (leads: readonly Lead[], post: Post): Promise<void> => {
    const items: Inbound[] = []
    for (const lead of leads) {
      const item = await inboundOf(lead, post)
      if (item && !items.some((it) => it.externalId === item.externalId)) items.push(item)
    }
    if (items.length > 0) await context.deliver(items, [])
  }

  /** Null when it is stored already. */
  const inboundOf = async (lead: Lead, post: Post): Promise<Inbound | null> => {
    const ids = externalIdsOf(lead, post.at, limits)
    const known = await context.revisions(ids)
    const [externalId] = ids
    if (known.size > 0 || externalId === undefined) return null
    const page = post.headers.referer
    const { detail } = lead.source
    return {
      accountId: context.accountId,
      externalId,
      revision,
      at: Math.min(lead.submittedAt ?? post.at, post.at),
      direction: 'in',
      parties: lead.parties,
      content: lead.content,
      source: { ...lead.source, detail: page ? { page: page.slice(0, 1000), ...detail } : detail },
      history: false,
      raw: post.bytes,
    }
  }

  return {
    start: async () => {
      await listener.add({
        accountId: context.accountId,
        token,
        receive,
        handshake: (query) => answerHandshake(query, token),
      })
      await context.report({ state: 'ok', message: 'Waiting for posts' })
      void awaited.fetchNow()
    },
    stop: async () => {
      await listener.remove(token)
      await awaited.stop()
    },
    poll: () => awaited.fetchNow(),
    send: async () => ({ kind: 'failed', error: cannotSend.body, retryAfterMs: null }),
    find: async () => ({ kind: 'not-found' }),
  }
}

const cannotSend = badInput('A web form can only take messages. Answer by e-mail or text.')
