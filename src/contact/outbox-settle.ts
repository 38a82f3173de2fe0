import { sql } from 'kysely'
import type { SendOutcome } from '../channels/channel.ts'
import { must } from '../lib/assert.ts'
import { day, hour } from '../lib/durations.ts'
import { refreshLeadRow, refreshLeadRows } from '../store/queries/lead-row.ts'
import { lostCall } from '../store/queries/under-way.ts'
import type { WriteStore } from '../store/store.ts'
import { absorbDuplicate } from './absorb-duplicate.ts'
import type { Clocks } from './clocks.ts'
import { fromPayload } from './outbound-payload.ts'
import { handleKindFor } from './refusal.ts'

/** Certain failures of one message that may pass (no network, a busy provider) before a person must look at it. */
export const mostAttempts = 6
const longestWait = hour

export type Settling = {
  readonly now: number
  readonly clocks: Clocks
  /** 0 ≤ x < 1 */
  readonly random: () => number
}

type Sent = { readonly externalId: string; readonly revision: string }
type Failed = Extract<SendOutcome, { readonly kind: 'failed' }>
type Job = Awaited<ReturnType<typeof jobOf>>

/**
 * It left, whatever the job looked like before: the provider's word beats ours. Links the provider's name for it, so
 * that a later poll finds the interaction and does not make a second one.
 */
export async function markSent(tx: WriteStore, jobId: number, sent: Sent, settling: Settling): Promise<void> {
  const { now, clocks } = settling
  const job = await jobOf(tx, jobId)
  if (job.state === 'sent') return
  // We may hear of it hours later; what counts is when it left.
  const leftAt = Math.min(now, Math.max(job.claimed_at ?? now, job.created_at))
  await setState(tx, job, { state: 'sent', last_error: null }, now)
  const overruled = job.state === 'failed' || job.state === 'cancelled'
  await tx.db
    .updateTable('interaction')
    .set({ delivery: 'sent', problem: null })
    .where('id', '=', job.interaction_id)
    // A poll that was faster may already know more ("delivered").
    .where('delivery', 'in', overruled ? ['failed', 'cancelled'] : ['queued', 'sending'])
    .execute()
  await linkArrival(tx, job, sent, now)
  // A call is an attempt, not yet an answer: that it becomes when the other side picks up.
  // A mail passed on is none to them at all.
  if (job.lead_id !== null && job.kind !== 'call' && job.direction !== 'internal') {
    await clocks.answered(tx, job.lead_id, {
      at: leftAt,
      interactionId: job.interaction_id,
      human: job.automatic === 0,
    })
  }
  await showChange(tx, job)
}

/** It certainly did not leave in this attempt: tried again when that can help, given up otherwise. */
export async function markFailed(
  tx: WriteStore,
  jobId: number,
  attempt: number,
  outcome: Failed,
  settling: Settling,
): Promise<void> {
  const { now } = settling
  const job = await jobOf(tx, jobId)
  if (!isThisAttempt(job, attempt)) return
  if (outcome.optedOut) await recordOptOut(tx, job, settling)
  const wait = outcome.retryAfterMs
  const again = wait !== null && job.attempts < mostAttempts && job.kind !== 'call'
  if (!again) {
    const dialAgain = job.kind === 'call' && wait !== null ? ' Please dial again.' : ''
    await failJob(tx, jobId, `${outcome.error.message}${dialAgain}`, settling, outcome.error.detail)
    return
  }
  // Doubled each time, so that six attempts outlast a lunch break without network; jitter keeps accounts apart.
  const delay = Math.max(wait, Math.min(longestWait, wait * 2 ** (job.attempts - 1) * (1 + settling.random() * 0.1)))
  const change = { state: 'queued', not_before: now + Math.round(delay), last_error: outcome.error.message } as const
  await setState(tx, job, change, now)
  await setDelivery(tx, job, 'queued', outcome.error.message)
  await showChange(tx, job)
}

/** Nothing of this attempt left and nobody is to blame (we are closing): as if it had never been claimed. */
export async function release(tx: WriteStore, jobId: number, settling: Settling): Promise<void> {
  const job = await jobOf(tx, jobId)
  if (job.state !== 'sending') return
  if (job.kind === 'call') {
    await failJob(tx, jobId, 'The call was not placed because Deskbell was closed. Please dial again.', settling)
    return
  }
  await setState(tx, job, { state: 'queued', attempts: Math.max(0, job.attempts - 1) }, settling.now)
  await setDelivery(tx, job, 'queued', null)
  await showChange(tx, job)
}

/** The provider was asked and does not have it: sent again, except a call, which never rings by itself. */
export async function requeueLost(tx: WriteStore, jobId: number, settling: Settling): Promise<void> {
  const job = await jobOf(tx, jobId)
  if (job.state !== 'committing') return
  if (job.kind === 'call') return failJob(tx, jobId, lostCall, settling)
  if (job.attempts >= mostAttempts) {
    return failJob(tx, jobId, 'It was tried several times and never arrived. Check the account in Settings.', settling)
  }
  await setState(tx, job, { state: 'queued', not_before: settling.now }, settling.now)
  await setDelivery(tx, job, 'queued', null)
  await showChange(tx, job)
}

/** Given up until a person decides. */
export async function failJob(
  tx: WriteStore,
  jobId: number,
  message: string,
  { now }: Settling,
  detail?: string,
): Promise<void> {
  const job = await jobOf(tx, jobId)
  if (job.state === 'sent' || job.state === 'cancelled' || job.state === 'failed') return
  await setState(tx, job, { state: 'failed', last_error: detail ? `${message} (${detail})` : message }, now)
  await setDelivery(tx, job, 'failed', message)
  if (job.kind === 'call') {
    await tx.db
      .updateTable('call')
      .set({ result: 'failed', ended_at: now })
      .where('interaction_id', '=', job.interaction_id)
      .execute()
  }
  await showChange(tx, job)
  const to = job.direction === 'internal' ? addressOf(job) : null
  tx.announce('outbox.failed', { jobId, personId: job.person_id, name: to ?? job.name, message })
}

function addressOf(job: Job): string | null {
  const stored = fromPayload(job.payload)
  return stored.kind === 'email' ? stored.to.address : null
}

/** The connection broke after the point of no return. Answers whether this attempt really got that far. */
export async function markUnknown(
  tx: WriteStore,
  jobId: number,
  attempt: number,
  detail: string,
  settling: Settling,
): Promise<void> {
  const job = await jobOf(tx, jobId)
  if (!isThisAttempt(job, attempt)) return
  if (job.state === 'committing') return setState(tx, job, { last_error: detail }, settling.now)
  const error = { code: 'UNREACHABLE', message: notSentYet, fault: 'remote', retryable: true, detail } as const
  await markFailed(tx, jobId, attempt, { kind: 'failed', error, retryAfterMs: 30_000 }, settling)
}

const notSentYet = 'The connection broke before anything was sent. Deskbell tries again by itself.'

const isThisAttempt = (job: Job, attempt: number) =>
  job.attempts === attempt && (job.state === 'sending' || job.state === 'committing')

/**
 * The computer's clock was ahead when these were written, and is right again: what was to wait seconds would wait until
 * the clock comes by a second time, and what may have left would be looked for in a time that has not come yet.
 */
export async function followClock(tx: WriteStore, jobIds: readonly number[], now: number): Promise<void> {
  await tx.db
    .updateTable('job')
    .set({
      not_before: sql<number>`${now} + not_before - updated_at`,
      created_at: now,
      updated_at: now,
      // When it was is not known any more, only that it is over.
      claimed_at: sql<number | null>`case when claimed_at is null then null else ${now - day} end`,
    })
    .where('id', 'in', jobIds)
    .execute()
}

async function jobOf(tx: WriteStore, jobId: number) {
  const job = await tx.db
    .selectFrom('job')
    .innerJoin('interaction', 'interaction.id', 'job.interaction_id')
    .innerJoin('person', 'person.id', 'job.person_id')
    .selectAll('job')
    .select(['interaction.lead_id', 'interaction.automatic', 'interaction.direction', 'person.name'])
    .where('job.id', '=', jobId)
    .executeTakeFirst()
  return must(job, `job ${jobId}`)
}

type Change = {
  readonly state?: 'queued' | 'sent' | 'failed'
  readonly not_before?: number
  readonly attempts?: number
  readonly last_error?: string | null
}

async function setState(tx: WriteStore, job: Job, change: Change, now: number): Promise<void> {
  await tx.db
    .updateTable('job')
    .set({ ...change, updated_at: now })
    .where('id', '=', job.id)
    .execute()
  tx.changed('job', job.person_id)
}

async function setDelivery(tx: WriteStore, job: Job, delivery: string, problem: string | null): Promise<void> {
  await tx.db.updateTable('interaction').set({ delivery, problem }).where('id', '=', job.interaction_id).execute()
}

async function showChange(tx: WriteStore, job: Job): Promise<void> {
  tx.changed('interaction', job.person_id)
  if (job.lead_id !== null) await refreshLeadRow(tx, job.lead_id)
}

async function linkArrival(tx: WriteStore, job: Job, { externalId, revision }: Sent, now: number): Promise<void> {
  const known = await tx.db
    .selectFrom('inbound_item')
    .select(['id', 'interaction_id'])
    .where('account_id', '=', job.account_id)
    .where('external_id', '=', externalId)
    .executeTakeFirst()
  if (!known) {
    await tx.db
      .insertInto('inbound_item')
      .values({
        account_id: job.account_id,
        external_id: externalId,
        revision,
        interaction_id: job.interaction_id,
        received_at: now,
        payload: null,
        payload_blob: null,
      })
      .execute()
    return
  }
  if (known.interaction_id === job.interaction_id) return
  // The poll was faster and did not know that this is ours. Its revision is the newer one and stays.
  await tx.db
    .updateTable('inbound_item')
    .set({ interaction_id: job.interaction_id })
    .where('id', '=', known.id)
    .execute()
  if (known.interaction_id !== null) await absorbDuplicate(tx, known.interaction_id, job.interaction_id)
}

async function recordOptOut(tx: WriteStore, job: Job, { now, clocks }: Settling): Promise<void> {
  const stored = fromPayload(job.payload)
  await tx.db
    .updateTable('handle')
    .set({ opted_out_at: now, opted_out_how: 'network', opted_out_by: null })
    .where('kind', '=', handleKindFor(stored.kind))
    .where('value', '=', stored.kind === 'email' ? stored.to.address : stored.to)
    .where('opted_out_at', 'is', null)
    .execute()
  tx.changed('person', job.person_id)
  await refreshLeadRows(tx, await clocks.reached(tx, job.person_id, now))
}
