import { conflict, notFound } from '../rpc/errors.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import type { WriteStore } from '../store/store.ts'
import type { Queued } from './contract.ts'
import { fromPayload } from './outbound-payload.ts'
import { arrivalOf } from './outbox-claim.ts'
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

/**
 * Tries a failed message again. One that never left is the same message still, so that it is recognised if it did leave
 * after all. A text that left and was not delivered is written a second time: its name at the provider is used up.
 */
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
    const left = await arrivalOf(tx, job.account_id, job.interaction_id)
    const again = left && (stored.kind === 'sms' || stored.kind === 'whatsapp') ? await writeAgain(tx, job, now) : job
    const change = { state: 'queued', not_before: now, attempts: 0, last_error: null, updated_at: now } as const
    await tx.db.updateTable('job').set(change).where('id', '=', again.id).execute()
    await tx.db
      .updateTable('interaction')
      .set({ delivery: 'queued', problem: null })
      .where('id', '=', again.interaction_id)
      .execute()
    await showChange(tx, job)
    return { jobId: again.id, interactionId: again.interaction_id, undoUntil: now }
  })
  outbox.nudge()
  return queued
}

/** The same words as a new text; the old one stays in the timeline as what it is, and nothing waits for it any more. */
async function writeAgain(
  tx: WriteStore,
  job: Awaited<ReturnType<typeof jobOf>>,
  now: number,
): Promise<{ readonly id: number; readonly interaction_id: number }> {
  const { id: _, ...interaction } = await tx.db
    .selectFrom('interaction')
    .selectAll()
    .where('id', '=', job.interaction_id)
    .executeTakeFirstOrThrow()
  const { id: interactionId } = await tx.db
    .insertInto('interaction')
    .values({ ...interaction, at: now, created_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  const numbers = await tx.db
    .selectFrom('text_message')
    .select(['from_number', 'to_number'])
    .where('interaction_id', '=', job.interaction_id)
    .executeTakeFirstOrThrow()
  await tx.db
    .insertInto('text_message')
    .values({ interaction_id: interactionId, ...numbers })
    .execute()
  const { id: __, ...old } = await tx.db
    .selectFrom('job')
    .selectAll()
    .where('id', '=', job.id)
    .executeTakeFirstOrThrow()
  await tx.db.updateTable('job').set({ state: 'cancelled', updated_at: now }).where('id', '=', job.id).execute()
  return (
    tx.db
      .insertInto('job')
      // What it answers stays with the first one: there it is answered once.
      .values({ ...old, interaction_id: interactionId, claimed_at: null, created_at: now, answers_id: null })
      .returning(['id', 'interaction_id'])
      .executeTakeFirstOrThrow()
  )
}

async function jobOf(tx: WriteStore, jobId: number) {
  const job = await tx.db
    .selectFrom('job')
    .innerJoin('interaction', 'interaction.id', 'job.interaction_id')
    .select(['job.id', 'job.kind', 'job.state', 'job.payload', 'job.person_id', 'job.interaction_id'])
    .select('job.account_id')
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
