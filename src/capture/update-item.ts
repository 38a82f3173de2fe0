import type { CallContent, Inbound, TextContent } from '../channels/channel.ts'
import { must } from '../lib/assert.ts'
import { type Batch, touch } from './batch.ts'
import { fileAttachment, takenAt } from './file-item.ts'
import type { Kept, KeptFile } from './keep-bytes.ts'

/** The provider learned more about something we have: a ringing call was missed, a text was delivered. */
export async function updateItem(batch: Batch, item: Inbound, kept: Kept, interactionId: number): Promise<void> {
  const row = await batch.tx.db
    .selectFrom('interaction')
    .select(['id', 'person_id', 'lead_id', 'delivery', 'at'])
    .where('id', '=', interactionId)
    .executeTakeFirst()
  const interaction = must(row, `interaction ${interactionId}`)
  if (item.content.kind === 'text') await updateText(batch, item, item.content, kept, interaction)
  if (item.content.kind === 'call') {
    await updateCall(batch, item.content, kept, interaction)
    if (item.direction === 'in' && !item.history) noteRing(batch, item.content, interaction)
  }
  batch.tx.changed('interaction', interaction.person_id)
  if (interaction.lead_id !== null) touch(batch, interaction.lead_id, interaction.person_id)
}

type Interaction = {
  readonly id: number
  readonly person_id: number
  readonly lead_id: number | null
  readonly delivery: string
  readonly at: number
}

async function updateText(
  batch: Batch,
  item: Inbound,
  text: TextContent,
  kept: Kept,
  before: Interaction,
): Promise<void> {
  await batch.tx.db
    .updateTable('interaction')
    .set({ delivery: text.delivery, problem: text.problem })
    .where('id', '=', before.id)
    .execute()
  for (const file of kept.files) {
    const known = await batch.tx.db
      .selectFrom('attachment')
      .select('id')
      .where('interaction_id', '=', before.id)
      .where('name', '=', file.name)
      .executeTakeFirst()
    await keepFile(batch, before.id, file, known?.id ?? null)
  }
  const becameFailed = text.delivery === 'failed' && before.delivery !== 'failed'
  if (item.direction === 'out' && becameFailed) await failJob(batch, text, before)
}

/** It left us and never arrived: whoever wrote it must know, and can send it again. */
async function failJob({ tx, now }: Batch, text: TextContent, { id, person_id }: Interaction): Promise<void> {
  const job = await tx.db
    .selectFrom('job')
    .innerJoin('person', 'person.id', 'job.person_id')
    .select(['job.id', 'person.name'])
    .where('interaction_id', '=', id)
    .where('state', '=', 'sent')
    .executeTakeFirst()
  if (!job) return
  const message = text.problem ?? 'The text was not delivered.'
  await tx.db
    .updateTable('job')
    .set({ state: 'failed', last_error: message, updated_at: now })
    .where('id', '=', job.id)
    .execute()
  tx.announce('outbox.failed', { jobId: job.id, personId: person_id, name: job.name, message })
  tx.changed('job', person_id)
}

async function updateCall(batch: Batch, call: CallContent, kept: Kept, interaction: Interaction): Promise<void> {
  const before = await batch.tx.db
    .selectFrom('call')
    .select(['recording_id', 'outcome'])
    .where('interaction_id', '=', interaction.id)
    .executeTakeFirst()
  const recording = kept.files[0]
  const known = before?.recording_id ?? null
  const recordingId = recording ? await keepFile(batch, interaction.id, recording, known) : known
  await batch.tx.db
    .updateTable('call')
    .set({
      result: call.result,
      answered_at: takenAt(call, interaction.at),
      ended_at: call.endedAt,
      duration_ms: call.durationMs,
      recording_id: recordingId,
    })
    .where('interaction_id', '=', interaction.id)
    .execute()
  // What a human said of the call weighs more than that some machine took it.
  if (before?.outcome === null) noteAnswer(batch, call, interaction)
}

/** Somebody talked to somebody: that is an answer, whoever called. */
export function noteAnswer(batch: Batch, call: CallContent, interaction: Omit<Interaction, 'delivery'>): void {
  if (call.result !== 'answered' || interaction.lead_id === null) return
  const at = Math.min(takenAt(call, interaction.at) ?? interaction.at, batch.now)
  const event = { kind: 'answered', at, interactionId: interaction.id, human: true } as const
  touch(batch, interaction.lead_id, interaction.person_id).clockEvents.push(event)
}

/** How long a call of theirs rang is known once it is over. Whoever spoke to their voicemail was not answered. */
export function noteRing(batch: Batch, call: CallContent, interaction: Omit<Interaction, 'delivery'>): void {
  if (interaction.lead_id === null || call.result === 'ringing' || call.result === 'in_progress') return
  const answeredAt = call.result === 'answered' ? takenAt(call, interaction.at) : null
  // Somebody took it, and nobody knows when: neither in time nor late.
  if (call.result === 'answered' && answeredAt === null) return
  const event = { kind: 'rang', at: interaction.at, answeredAt, interactionId: interaction.id } as const
  touch(batch, interaction.lead_id, interaction.person_id).clockEvents.push(event)
}

/** Answers the id of the attachment. The first time a file was named it was perhaps not there to be fetched yet. */
async function keepFile(batch: Batch, interactionId: number, file: KeptFile, known: number | null): Promise<number> {
  if (known === null) return fileAttachment(batch, interactionId, file)
  if (file.blob !== null) {
    await batch.tx.db
      .updateTable('attachment')
      .set({ blob: file.blob, size: file.size, content_type: file.contentType })
      .where('id', '=', known)
      .execute()
  }
  return known
}
