import { badInput, toErrorBody } from '../../rpc/errors.ts'
import type { Channel, ChannelContext, Inbound, StateReport } from '../channel.ts'
import type { FormSettings } from '../contract.ts'
import { makeAwaitedLeads } from './awaited-leads.ts'
import type { FormLimits } from './limits.ts'
import type { FormsListener } from './listener.ts'
import type { Post } from './post.ts'
import { answerHandshake } from './providers/meta.ts'
import type { LeadRef } from './providers/provider.ts'
import { Refusal } from './refusal.ts'
import { makeRefusalCounts } from './refusal-counts.ts'
import { type FormSecrets, parseSecrets } from './secrets.ts'
import { externalIdsOf, type Lead, leadOf, type Understood, understandPost } from './understand-post.ts'

export type FormChannelParts = {
  readonly listener: FormsListener
  readonly settings: FormSettings
  readonly token: string
  readonly limits: FormLimits
  readonly context: ChannelContext
  /** For providers whose posts only name the lead. */
  readonly fetch: typeof fetch
}

/** What came once never changes. */
const revision = '1'

/** One web form: an address that takes posts. Nothing can be sent through it. */
export function makeFormChannel({ listener, settings, token, limits, context, fetch }: FormChannelParts): Channel {
  let last: Promise<unknown> = Promise.resolve()
  let known: FormSecrets | null = null

  /** Asked for once: after a change of them the channel is made anew. */
  const secrets = async (): Promise<FormSecrets> => {
    const found = known ?? parseSecrets(await context.secret())
    if (found.signing !== null) known = found
    return found
  }

  /** A secret that is gone must not open the door to everybody. */
  const signingSecret = async (): Promise<string | null> => {
    if (!settings.signed) return null
    const { signing } = await secrets()
    if (signing !== null) return signing
    await context.report({ state: 'auth-failed', message: secretGone })
    throw new Refusal(503, 'This cannot be checked right now. Please send it again later.', {
      'retry-after': String(limits.retryAfterSeconds),
    })
  }

  const refusals = makeRefusalCounts(context)

  const receive = async (post: Post): Promise<{ readonly next: string | null }> => {
    const { leads, refs, nothing } = await understand(post)
    if (nothing !== null) await skip(nothing)
    const wanted = leads.filter((it) => !it.spam)
    if (wanted.length < leads.length) await skip('spam: a field that people cannot see was filled in')
    if (wanted.length > 0 && wanted.every((it) => it.empty)) {
      throw new Refusal(400, 'The form was empty. Nothing was taken.')
    }
    // One after another: two clicks in the same millisecond must see each other.
    for (const lead of wanted) await inTurn(() => store(lead, post))
    if (refs.length > 0) await awaitLeads(refs)
    return { next: leads[0]?.next ?? null }
  }

  const understand = async (post: Post): Promise<Understood> => {
    const secret = await signingSecret()
    try {
      return await understandPost(post, settings, secret, limits)
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) await skip('a post without a valid signature was refused')
      throw error
    }
  }

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }

  const skip = (reason: string) => context.deliver([], [], { skipped: 1, reason })

  const store = async (lead: Lead, post: Post): Promise<void> => {
    const item = await toInbound(lead, post)
    if (item) await context.deliver([item], [])
  }

  /** Null when it is stored already. Dated by when it came, so that handing over twice gives the same ids. */
  const toInbound = async (lead: Lead, post: Post): Promise<Inbound | null> => {
    const came = Math.min(post.at, context.clock.now())
    const ids = externalIdsOf(lead, came, limits)
    const [externalId] = ids
    if (externalId === undefined || (await context.revisions(ids)).size > 0) return null
    const { name, detail } = lead.source
    const page = post.headers.referer
    return {
      accountId: context.accountId,
      externalId,
      revision,
      at: Math.min(lead.submittedAt ?? came, came),
      direction: 'in',
      parties: lead.parties,
      content: lead.content,
      source: { name, detail: page ? { page: page.slice(0, 1000), ...detail } : detail },
      history: false,
      ...(lead.test && { tryOut: true }),
      raw: post.bytes,
    }
  }

  const awaited = makeAwaitedLeads({
    context,
    fetch,
    access: async () => {
      const { accessToken, signing } = await secrets()
      return { accessToken, appSecret: signing, baseUrl: settings.baseUrl ?? null }
    },
    toInbound: (reading, raw) => {
      const post: Post = { bytes: raw, headers: {}, at: context.clock.now() }
      return toInbound(leadOf(reading, 'meta', post, settings, limits), post)
    },
  })

  const awaitLeads = async (refs: readonly LeadRef[]): Promise<void> => {
    const stored = await context.revisions(refs.map(({ id }) => `key:meta:${id}`))
    await awaited.add(refs.filter(({ id }) => !stored.has(`key:meta:${id}`)))
  }

  let stopped = false
  let cancelRetry = () => {}

  /**
   * The address on this computer comes back by itself when whoever took its port lets it go. Meanwhile the form takes
   * what a relay hands over: a port has nothing to do with that.
   */
  const stateOfPort = async (): Promise<StateReport> => {
    cancelRetry()
    try {
      await listener.listen()
      return { state: 'ok', message: 'Waiting for posts' }
    } catch (error) {
      const { message, detail } = toErrorBody(error)
      if (stopped) return { state: 'stopped', message }
      retryLater()
      const nextRetryAt = context.clock.now() + limits.portRetryEvery
      return { state: 'backing-off', message, nextRetryAt, ...(detail !== undefined && { detail }) }
    }
  }

  const retryLater = (): void => {
    cancelRetry()
    if (stopped) return
    cancelRetry = context.clock.after(limits.portRetryEvery, () => {
      reportState().catch((error: unknown) => {
        // A keychain that is locked, say: that passes as well.
        context.log.warn({ err: error }, 'how a form is doing could not be told')
        retryLater()
      })
    })
  }

  const reportState = async (): Promise<void> => {
    const gone = settings.signed === true && (await secrets()).signing === null
    const port = await stateOfPort()
    await context.report(gone ? { state: 'auth-failed', message: secretGone } : port)
  }

  const look = async (): Promise<void> => {
    await reportState()
    await awaited.fetchNow()
  }

  return {
    start: async () => {
      listener.add({
        accountId: context.accountId,
        token,
        receive,
        refused: refusals.note,
        handshake: (query) => answerHandshake(query, token),
      })
      await look()
    },
    stop: async () => {
      stopped = true
      cancelRetry()
      await listener.remove(token)
      await awaited.stop()
      await refusals.flush()
    },
    poll: look,
    send: async () => ({ kind: 'failed', error: cannotSend.body, retryAfterMs: null }),
    find: async () => ({ kind: 'not-found' }),
  }
}

const secretGone = 'The secret of this form is gone from this computer, so no post can be checked. Paste it again.'
const cannotSend = badInput('A web form can only take messages. Answer by e-mail or text.')
