import { second } from '../lib/durations.ts'
import { jobUnderWay } from '../store/queries/under-way.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { stopNeedless } from './first-answer/stop-needless.ts'
import { fromPayload, type StoredOutbound } from './outbound-payload.ts'
import { failJob, markSent, type Settling } from './outbox-settle.ts'
import { type Reach, refusalOf } from './refusal.ts'
import { windowRefusal } from './whatsapp-window.ts'

/** After this a call is not placed any more: a phone must not ring when nobody expects it. */
export const callFreshMs = 30 * second

export type OpenJob = {
  readonly id: number
  readonly kind: Reach
  readonly accountId: number
  readonly personId: number
  readonly state: 'queued' | 'sending' | 'committing'
  readonly notBefore: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly accountGone: boolean
}

/** A job taken for one attempt. `attempt` tells it from every other attempt of the same job. */
export type Claim = {
  readonly jobId: number
  readonly attempt: number
  readonly stored: StoredOutbound
}

/** Everything that is not over, in the order in which it wants to leave. */
export async function openJobs(store: ReadStore): Promise<readonly OpenJob[]> {
  const rows = await openJobsQuery(store).execute()
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    accountId: row.account_id,
    personId: row.person_id,
    state: row.state as OpenJob['state'],
    notBefore: row.not_before,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    accountGone: row.removed_at !== null,
  }))
}

export const openJobsQuery = (store: ReadStore) =>
  store.db
    .selectFrom('job')
    .innerJoin('account', 'account.id', 'job.account_id')
    .select([
      'job.id',
      'job.kind',
      'job.account_id',
      'job.person_id',
      'job.state',
      'job.not_before',
      'job.created_at',
      'job.updated_at',
      'account.removed_at',
    ])
    .where(jobUnderWay)
    .orderBy('job.not_before')
    .orderBy('job.id')

/**
 * Takes a job for one attempt, or settles it at once when it must not be made. Everything that speaks against sending
 * is checked here, in one transaction with the claim.
 * @returns null when there is nothing to send
 */
export async function claimJob(tx: WriteStore, jobId: number, settling: Settling): Promise<Claim | null> {
  const { now } = settling
  const job = await tx.db
    .selectFrom('job')
    .innerJoin('account', 'account.id', 'job.account_id')
    .selectAll('job')
    .select('account.removed_at')
    .where('job.id', '=', jobId)
    .executeTakeFirst()
  if (job?.state !== 'queued' || job.not_before > now) return null
  const stored = fromPayload(job.payload)

  // An earlier attempt of unknown outcome may have been given up as lost, and then the mailbox shows it after all.
  const arrived = await arrivalOf(tx, job.account_id, job.interaction_id)
  if (arrived) {
    await markSent(tx, jobId, arrived, settling)
    return null
  }
  const refusal = await refusalToSend(tx, job, stored, now)
  if (await stopNeedless(tx, job, refusal, now)) return null
  if (refusal !== null) {
    await failJob(tx, jobId, refusal, settling)
    return null
  }
  const attempt = job.attempts + 1
  await tx.db
    .updateTable('job')
    .set({ state: 'sending', attempts: attempt, claimed_at: now, updated_at: now })
    .where('id', '=', jobId)
    .execute()
  await tx.db.updateTable('interaction').set({ delivery: 'sending' }).where('id', '=', job.interaction_id).execute()
  tx.changed('interaction', job.person_id)
  tx.changed('job', job.person_id)
  return { jobId, attempt, stored }
}

async function refusalToSend(
  tx: WriteStore,
  job: {
    readonly kind: OpenJob['kind']
    readonly person_id: number
    readonly created_at: number
    readonly removed_at: number | null
  },
  stored: StoredOutbound,
  now: number,
): Promise<string | null> {
  if (job.removed_at !== null) {
    return 'The account this was to be sent from was removed. Nothing was sent; write it again from another one.'
  }
  if (job.kind === 'call' && now > job.created_at + callFreshMs) {
    return 'The call could not be placed in time. Please dial again.'
  }
  const value = stored.kind === 'email' ? stored.to.address : stored.to
  const refusal = await refusalOf(tx, job.kind, value, job.person_id)
  if (refusal !== null || stored.kind !== 'whatsapp' || stored.prepared) return refusal
  return windowRefusal(tx, job.person_id, value, now)
}

/**
 * The point of no return of one attempt. Rejects when the job was taken back, or belongs to a later attempt: then
 * nothing may leave.
 */
export async function commitJob(tx: WriteStore, { jobId, attempt }: Claim, now: number): Promise<void> {
  const { numUpdatedRows } = await tx.db
    .updateTable('job')
    .set({ state: 'committing', updated_at: now })
    .where('id', '=', jobId)
    .where('state', '=', 'sending')
    .where('attempts', '=', attempt)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows !== 1n) throw new Error('the message was taken back before it left')
}

/** The provider's view of what an interaction became there, when a poll already brought it. */
export async function arrivalOf(
  store: ReadStore,
  accountId: number,
  interactionId: number,
): Promise<{ readonly externalId: string; readonly revision: string } | null> {
  const row = await store.db
    .selectFrom('inbound_item')
    .select(['external_id', 'revision'])
    .where('interaction_id', '=', interactionId)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return row ? { externalId: row.external_id, revision: row.revision } : null
}
