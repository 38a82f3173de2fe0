import type { Inbound } from '../channels/channel.ts'
import { minute } from '../lib/durations.ts'
import { jobUnderWay } from '../store/queries/under-way.ts'
import type { ReadStore } from '../store/store.ts'
import type { Batch } from './batch.ts'

/** What our outbox wrote, recognised in what the provider lists. */
export type OwnMessage = { readonly jobId: number; readonly interactionId: number }

// The provider's clock and ours differ; an equal text of before the send is another one.
const clockSkew = 2 * minute
// Twilio puts it in front of every text of a trial account.
const trialPrefix = /^Sent from your Twilio trial account - /

/**
 * The job of ours that made an outgoing item: a mail by the Message-ID we gave it, a text or call under way by number
 * and words, because the answer with its name may not have reached us.
 */
export async function findOwn(batch: Batch, item: Inbound): Promise<OwnMessage | null> {
  const { content, direction } = item
  if (direction !== 'out') return null
  if (content.kind === 'email') {
    const mails = content.messageId === null ? [] : (batch.mails.get(content.messageId) ?? [])
    const own = mails.find((it) => it.jobId !== null)
    return own?.jobId ? { jobId: own.jobId, interactionId: own.interactionId } : null
  }
  if (content.kind === 'form') return null
  const kind = content.kind === 'text' ? 'sms' : 'call'
  const jobs = await leavingQuery(batch.tx, batch.accountId, kind).execute()
  const body = content.kind === 'text' ? bare(content.body) : null
  const own = jobs.find((job) => {
    const { to, body: written } = JSON.parse(job.payload) as { readonly to: string; readonly body?: string }
    const sameWords = body === null || bare(written ?? '') === body
    return to === content.to && sameWords && item.at >= (job.claimed_at ?? 0) - clockSkew
  })
  return own ? { jobId: own.id, interactionId: own.interaction_id } : null
}

/** What is on its way out of an account, the oldest first. */
export const leavingQuery = (store: ReadStore, accountId: number, kind: 'sms' | 'call') =>
  store.db
    .selectFrom('job')
    .select(['id', 'interaction_id', 'payload', 'claimed_at'])
    .where(jobUnderWay)
    .where('state', '!=', 'queued')
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .orderBy('not_before')
    .orderBy('id')

const bare = (text: string) => text.replace(trialPrefix, '').trim()
