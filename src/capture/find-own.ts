import type { Inbound } from '../channels/channel.ts'
import { minute } from '../lib/durations.ts'
import { jobUnderWay, lostCall } from '../store/queries/under-way.ts'
import type { JobTable } from '../store/schema.ts'
import type { ReadStore } from '../store/store.ts'
import type { Batch } from './batch.ts'

/** What our outbox wrote, recognised in what the provider lists. */
export type OwnMessage = { readonly jobId: number; readonly interactionId: number }

// The provider's clock and ours differ; an equal text of before the send is another one.
const clockSkew = 2 * minute
// A call rings within seconds of the request, however broken the answer was.
const lostWithin = 5 * minute
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
  const kind = content.kind === 'text' ? content.service : 'call'
  const leaving = await leavingQuery(batch.tx, batch.accountId, kind).execute()
  const jobs = kind === 'call' ? [...leaving, ...(await lostCalls(batch.tx, batch.accountId, item.at))] : leaving
  const body = content.kind === 'text' ? bare(content.body) : null
  const own = jobs.find((job) => {
    const { to, ownPhone, body: written } = JSON.parse(job.payload) as Payload
    const sameWords = body === null || bare(written ?? '') === body
    // A call of which only the leg to our own phone exists yet is known by that.
    const sameEnd = to === content.to || ownPhone === content.to
    return sameEnd && sameWords && item.at >= (job.claimed_at ?? 0) - clockSkew
  })
  return own ? { jobId: own.id, interactionId: own.interaction_id } : null
}

/** What is on its way out of an account, the oldest first. */
export const leavingQuery = (store: ReadStore, accountId: number, kind: JobTable['kind']) =>
  store.db
    .selectFrom('job')
    .select(['id', 'interaction_id', 'payload', 'claimed_at'])
    .where(jobUnderWay)
    .where('state', '!=', 'queued')
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .orderBy('not_before')
    .orderBy('id')

/**
 * Calls that were given up as lost around that time and never seen at the provider: shown there after all, they are no
 * second call.
 */
const lostCalls = (store: ReadStore, accountId: number, at: number) =>
  store.db
    .selectFrom('job')
    .leftJoin('inbound_item', 'inbound_item.interaction_id', 'job.interaction_id')
    .select(['job.id', 'job.interaction_id', 'job.payload', 'job.claimed_at'])
    .where('job.account_id', '=', accountId)
    .where('job.kind', '=', 'call')
    .where('job.state', '=', 'failed')
    .where('job.last_error', 'like', `${lostCall}%`)
    .where('job.claimed_at', '>=', at - lostWithin)
    .where('job.claimed_at', '<=', at + clockSkew)
    .where('inbound_item.id', 'is', null)
    .orderBy('job.id')
    .execute()

type Payload = { readonly to: string; readonly ownPhone?: string; readonly body?: string }

const bare = (text: string) => text.replace(trialPrefix, '').trim()
