import { conflict, notFound } from '../rpc/errors.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import type { WriteStore } from '../store/store.ts'
import type { Queued } from './contract.ts'
import { fromPayload } from './outbound-payload.ts'
import { refusalOf } from './refusal.ts'
import type { ContactDeps } from './surroundings.ts'

/**
 * Takes a message back. Possible until the point of no return, also after the undo window: what is still connecting has
 * not left. False means that it had left, or may have.
 */
export async function cancelSend({ store, clock }: ContactDeps, jobId: number): Promise<{ cancelled: boolean }> {
  return store.write(async (tx) => ({ cancelled: await cancelJob(tx, jobId, clock.now()) }))
}

export async function cancelJob(tx: WriteStore, jobId: number, now: number): Promise<boolean> {
  const job = await jobOf(tx, jobId)
  if (job.state === 'cancelled') return true
  if (job.state === 'sent' || job.state === 'committing') return false
  await tx.db.updateTable('job').set({ state: 'cancelled', updated_at: now }).where('id', '=', jobId).execute()
  await tx.db
    .updateTable('interaction')
    .set({ delivery: 'cancelled', problem: null })
    .where('id', '=', job.interaction_id)
    .execute()
  if (job.kind === 'call') {
    await tx.db
      .updateTable('call')
      .set({ result: 'cancelled', ended_at: now })
      .where('interaction_id', '=', job.interaction_id)
      .execute()
  }
  await showChange(tx, job)
  return true
}

/** Tries a failed message again: the same message, so that one that did arrive after all is still recognised. */
export async function retrySend({ store, clock, outbox }: ContactDeps, jobId: number): Promise<Queued> {
  const now = clock.now()
  const queued = await store.write(async (tx) => {
    const job = await jobOf(tx, jobId)
    if (job.state !== 'failed') throw conflict('This message is not waiting for another try.')
    if (job.kind === 'call') throw conflict('A call is not tried again by itself. Please dial again.')
    const stored = fromPayload(job.payload)
    const refusal = await refusalOf(
      tx,
      job.kind,
      stored.kind === 'email' ? stored.to.address : stored.to,
      job.person_id,
    )
    if (refusal !== null) throw conflict(refusal)
    await tx.db
      .updateTable('job')
      .set({ state: 'queued', not_before: now, attempts: 0, last_error: null, updated_at: now })
      .where('id', '=', jobId)
      .execute()
    await tx.db
      .updateTable('interaction')
      .set({ delivery: 'queued', problem: null })
      .where('id', '=', job.interaction_id)
      .execute()
    await showChange(tx, job)
    return { jobId, interactionId: job.interaction_id, undoUntil: now }
  })
  outbox.nudge()
  return queued
}

async function jobOf(tx: WriteStore, jobId: number) {
  const job = await tx.db
    .selectFrom('job')
    .innerJoin('interaction', 'interaction.id', 'job.interaction_id')
    .select(['job.id', 'job.kind', 'job.state', 'job.payload', 'job.person_id', 'job.interaction_id'])
    .select('interaction.lead_id')
    .where('job.id', '=', jobId)
    .executeTakeFirst()
  if (!job) throw notFound('This message')
  return job
}

async function showChange(
  tx: WriteStore,
  job: { readonly person_id: number; readonly lead_id: number | null },
): Promise<void> {
  tx.changed('interaction', job.person_id)
  tx.changed('job', job.person_id)
  if (job.lead_id !== null) await refreshLeadRow(tx, job.lead_id)
}
