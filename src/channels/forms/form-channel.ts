import { createHash } from 'node:crypto'
import { badInput } from '../../rpc/errors.ts'
import type { Channel, ChannelContext } from '../channel.ts'
import type { FormSettings } from '../contract.ts'
import type { FormLimits } from './limits.ts'
import type { FormsListener, Post } from './listener.ts'
import { readEntries } from './read-body.ts'
import { readSubmission, type Submission } from './read-submission.ts'
import { Refusal } from './refusal.ts'

export type FormChannelParts = {
  readonly listener: FormsListener
  readonly settings: FormSettings
  readonly token: string
  readonly limits: FormLimits
  readonly context: ChannelContext
}

/** What came once never changes. */
const revision = '1'
// Same content is looked for in slices of this part of the window, because an external id must be exact.
const slicesPerWindow = 5

/** One web form: an address that takes posts. Nothing can be sent through it. */
export function makeFormChannel({ listener, settings, token, limits, context }: FormChannelParts): Channel {
  let last: Promise<unknown> = Promise.resolve()

  const receive = async (post: Post): Promise<{ readonly next: string | null }> => {
    const entries = await readEntries(post.bytes, post.contentType, limits.depth)
    const submission = readSubmission(entries, settings, limits)
    if (submission.spam) {
      await context.deliver([], [], { skipped: 1, reason: 'spam: a field that people cannot see was filled in' })
      return { next: submission.next }
    }
    if (submission.empty) throw new Refusal(400, 'The form was empty. Nothing was taken.')
    // One after another: two clicks in the same millisecond must see each other.
    const turn = last.then(() => store(submission, post))
    last = turn.catch(() => {})
    await turn
    return { next: submission.next }
  }

  const store = async (submission: Submission, post: Post): Promise<void> => {
    const at = context.clock.now()
    const ids = externalIdsOf(post.key ?? submission.id, submission.fingerprint, at, limits)
    const known = await context.revisions(ids)
    const [externalId] = ids
    if (known.size > 0 || externalId === undefined) return
    const { detail } = submission.source
    await context.deliver(
      [
        {
          accountId: context.accountId,
          externalId,
          revision,
          at,
          direction: 'in',
          parties: submission.parties,
          content: submission.content,
          source: { ...submission.source, detail: post.page ? { page: post.page.slice(0, 1000), ...detail } : detail },
          history: false,
          raw: post.bytes,
        },
      ],
      [],
    )
  }

  return {
    start: async () => {
      await listener.add({ accountId: context.accountId, token, receive })
      await context.report({ state: 'ok', message: 'Waiting for posts' })
    },
    stop: () => listener.remove(token),
    poll: async () => {},
    send: async () => ({ kind: 'failed', error: cannotSend.body, retryAfterMs: null }),
    find: async () => ({ kind: 'not-found' }),
  }
}

/**
 * The ids under which this submission may already be stored; the first is the one to store it by. A sender's own id
 * counts for ever, the same content only for a while: "please call me" may come again next month.
 */
function externalIdsOf(key: string | null, fingerprint: string, at: number, limits: FormLimits): string[] {
  if (key !== null) {
    return [`key:${key.length > limits.keyLength ? createHash('sha256').update(key).digest('hex') : key}`]
  }
  const slice = Math.floor(at / (limits.sameWithin / slicesPerWindow))
  return Array.from({ length: slicesPerWindow + 1 }, (_, back) => `content:${fingerprint}:${slice - back}`)
}

const cannotSend = badInput('A web form can only take messages. Answer by e-mail or text.')
