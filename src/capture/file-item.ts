import type { CallContent, FormContent, Inbound, MailContent, TextContent } from '../channels/channel.ts'
import type { ChannelKind } from '../inbox/contract.ts'
import { missingCase } from '../lib/assert.ts'
import { normalizeEmail, normalizePhone } from '../lib/handles.ts'
import { insertKeyedRow, insertRow } from '../store/queries/insert-row.ts'
import type { Batch } from './batch.ts'
import type { Kept, KeptFile } from './keep-bytes.ts'
import { addKnownMail, type KnownMail } from './known-mails.ts'
import { noteVisitor } from './note-visitor.ts'

/** Where an item belongs. */
export type Place = {
  readonly personId: number
  readonly leadId: number | null
  /** The mail this one answers, when it is in the same conversation. */
  readonly parent: KnownMail | null
  /** The address or number by which it found its person. */
  readonly handle: string | null
  readonly isBlocked: boolean
}

export function channelOf(item: Inbound): ChannelKind {
  const { content } = item
  if (content.kind === 'text') return content.service
  return content.kind
}

/** Writes the interaction of an item, with the row of its kind and its files. Answers the interaction's id. */
export async function fileItem(batch: Batch, item: Inbound, kept: Kept, place: Place): Promise<number> {
  const { content, direction, at } = item
  const { tx } = batch
  const id = await insertRow(tx, 'interaction', {
    person_id: place.personId,
    lead_id: place.leadId,
    account_id: batch.accountId,
    channel: channelOf(item),
    direction,
    at: Math.min(at, batch.now),
    author_id: null,
    automatic: direction === 'out' && content.kind === 'email' && content.robot !== null ? 1 : 0,
    ...wordsOf(content),
    ...deliveryOf(item),
    created_at: batch.now,
    handle: place.handle,
    blocked: place.isBlocked ? 1 : 0,
  })
  switch (content.kind) {
    case 'email':
      await fileMail(batch, id, content, item, place)
      break
    case 'text':
      await insertKeyedRow(tx, 'text_message', { interaction_id: id, ...numbersOf(batch, content) })
      if (content.visitor) await noteVisitor(batch, item, content.visitor)
      break
    case 'call':
      await fileCall(batch, id, item, content, kept)
      break
    case 'form':
      await insertKeyedRow(tx, 'form_submission', {
        interaction_id: id,
        form_name: content.formName,
        fields: JSON.stringify(content.fields),
        known: JSON.stringify(content.known),
      })
      break
    default:
      missingCase(content)
  }
  if (content.kind !== 'call') for (const file of kept.files) await fileAttachment(batch, id, file)
  tx.changed('interaction', place.personId)
  return id
}

function wordsOf(content: Inbound['content']) {
  switch (content.kind) {
    case 'email':
      return { subject: content.subject, text: content.text, quoted: content.quoted }
    case 'text':
      return { subject: '', text: content.body, quoted: null }
    case 'call':
      return { subject: '', text: '', quoted: null }
    case 'form':
      return { subject: '', text: formText(content), quoted: null }
    default:
      return missingCase(content)
  }
}

/** What they wrote comes first, as in the list; then every other answer, so that it is found by a search. */
function formText({ fields, known }: FormContent): string {
  const shown = new Set([known.message, known.name, known.email, known.phone])
  const rest = fields.filter(({ value }) => value.trim() !== '' && !shown.has(value))
  return [...(known.message ? [known.message] : []), ...rest.map(({ label, value }) => `${label}: ${value}`)].join('\n')
}

function deliveryOf({ content, direction }: Inbound): { delivery: string; problem: string | null } {
  if (content.kind === 'text') return { delivery: content.delivery, problem: content.problem }
  return { delivery: direction === 'in' ? 'received' : 'sent', problem: null }
}

async function fileMail(batch: Batch, id: number, mail: MailContent, item: Inbound, place: Place): Promise<void> {
  const { inReplyTo, references } = mail
  const cited = inReplyTo && !references.includes(inReplyTo) ? [...references, inReplyTo] : references
  const threadId = place.parent?.threadId ?? id
  const to = mail.to.map((address) => normalizeEmail(address) ?? address)
  const from = normalizeEmail(mail.from) ?? mail.from
  await insertKeyedRow(batch.tx, 'mail', {
    interaction_id: id,
    message_id: mail.messageId,
    thread_id: threadId,
    from_address: from,
    to_addresses: JSON.stringify(to),
    cited: JSON.stringify(cited),
    html: mail.html,
    robot: mail.robot,
  })
  if (mail.messageId === null) return
  addKnownMail(batch.mails, mail.messageId, {
    interactionId: id,
    personId: place.personId,
    leadId: place.leadId,
    accountId: batch.accountId,
    direction: item.direction,
    threadId,
    subject: mail.subject,
    participants: [from, ...to],
    jobId: null,
  })
}

/** When somebody took a call: never before it began, whatever a provider makes of its length. */
export const takenAt = (call: CallContent, beganAt: number): number | null =>
  call.answeredAt === null ? null : Math.max(call.answeredAt, beganAt)

async function fileCall(batch: Batch, id: number, item: Inbound, call: CallContent, kept: Kept): Promise<void> {
  const recording = kept.files[0]
  const recordingId = recording ? await fileAttachment(batch, id, recording) : null
  await insertKeyedRow(batch.tx, 'call', {
    interaction_id: id,
    ...numbersOf(batch, call),
    result: call.result,
    outcome: null,
    note: null,
    answered_at: takenAt(call, Math.min(item.at, batch.now)),
    ended_at: call.endedAt,
    duration_ms: call.durationMs,
    manual: 0,
    recording_id: recordingId,
  })
}

/** Answers the id of the attachment. */
export function fileAttachment(batch: Batch, interactionId: number, file: KeptFile): Promise<number> {
  return insertRow(batch.tx, 'attachment', attachmentRow(interactionId, file))
}

function attachmentRow(interactionId: number, file: KeptFile) {
  const { name, contentType, size, contentId, blob } = file
  return { interaction_id: interactionId, name, content_type: contentType, size, content_id: contentId, blob }
}

function numbersOf(batch: Batch, content: CallContent | TextContent) {
  const { from, to } = content
  // The name of a browser may look like a number.
  if (content.kind === 'text' && content.service === 'chat') return { from_number: from, to_number: to }
  const { country } = batch.settings.business
  return { from_number: normalizePhone(from, country) ?? from, to_number: normalizePhone(to, country) ?? to }
}
