import { z } from 'zod'
import { touchKind } from '../capture/contract.ts'
import { displayPhone, displayPhonesIn } from '../lib/handles.ts'
import { insightOf } from '../store/queries/insights.ts'
import {
  attachmentsBetween,
  eventKeyBase,
  eventsOf,
  interactionsOf,
  openJobsOf,
  type TimelineKey,
} from '../store/queries/timeline.ts'
import type { ReadStore } from '../store/store.ts'
import { type Attachment, callResult, delivery, type TimelineEntry } from './contract.ts'

export type TimelinePage = { readonly entries: TimelineEntry[]; readonly more: boolean }

/**
 * One page of everything that happened with a person, newest last. Four statements, whatever is on it.
 * @param country the business's, to write numbers as people there read them
 */
export async function timelinePage(
  store: ReadStore,
  personId: number,
  { before, limit, country }: { readonly before: TimelineKey | null; readonly limit: number; readonly country: string },
): Promise<TimelinePage> {
  const page = { personId, before, limit: limit + 1 }
  const interactions = await interactionsOf(store, page).execute()
  const events = await eventsOf(store, page).execute()
  const newestFirst = [
    ...interactions.map((row) => ({ key: row.id, at: row.at, row })),
    ...events.map((event) => ({ key: event.id + eventKeyBase, at: event.at, event })),
  ]
    .sort((a, b) => b.at - a.at || b.key - a.key)
    .slice(0, limit)
  const newest = newestFirst[0]
  const oldest = newestFirst.at(-1)
  if (!newest || !oldest) return { entries: [], more: false }

  const files = Map.groupBy(
    await attachmentsBetween(store, personId, oldest.at, newest.at),
    (file) => file.interaction_id,
  )
  const jobs = new Map((await openJobsOf(store, personId)).map((job) => [job.interaction_id, job]))
  const entries = newestFirst.reverse().map((it) =>
    'event' in it
      ? eventEntry(it.key, it.event, country)
      : interactionEntry(it.row, {
          files: (files.get(it.row.id) ?? []).map(asAttachment),
          job: jobs.get(it.row.id) ?? null,
          country,
        }),
  )
  return { entries, more: interactions.length + events.length > newestFirst.length }
}

type Interaction = Awaited<ReturnType<ReturnType<typeof interactionsOf>['execute']>>[number]
type Event = Awaited<ReturnType<ReturnType<typeof eventsOf>['execute']>>[number]
type Job = Awaited<ReturnType<typeof openJobsOf>>[number]
type AttachmentRow = Awaited<ReturnType<typeof attachmentsBetween>>[number]
type Around = { readonly files: readonly Attachment[]; readonly job: Job | null; readonly country: string }

function interactionEntry(row: Interaction, around: Around): TimelineEntry {
  const found = insightOf({ ...row, corrected: row.corrected_intent })
  const base = {
    id: row.id,
    at: row.at,
    channel: row.channel,
    direction: row.direction,
    author: row.author,
    automatic: row.automatic === 1,
    text: row.text,
    ...(row.blocked === 1 && { blocked: true }),
    ...(found && { insight: found }),
  }
  switch (row.channel) {
    case 'email':
      return {
        ...base,
        kind: 'email',
        subject: row.subject,
        from: row.from_address ?? '',
        to: addresses(row.to_addresses),
        quoted: row.quoted,
        hasHtml: row.has_html === 1,
        robot: row.robot,
        attachments: [...around.files],
        ...sending(row, around.job),
      }
    case 'sms':
    case 'whatsapp':
      return {
        ...base,
        kind: 'text',
        from: displayPhone(row.text_from ?? '', around.country),
        to: displayPhone(row.text_to ?? '', around.country),
        attachments: [...around.files],
        ...sending(row, around.job),
      }
    case 'chat':
      return { ...base, kind: 'text', from: '', to: '', attachments: [...around.files], ...sending(row, around.job) }
    case 'call':
      return callEntry(base, row, around)
    case 'form':
      return { ...base, kind: 'form', formName: row.form_name ?? '', fields: formFields(row.fields) }
    case 'note':
      return { ...base, kind: 'note', version: (row.note_version ?? 0) + 1, ...handTouch(row, around) }
  }
}

function handTouch(row: Interaction, { files }: Around) {
  if (row.by_hand === null || row.source === null) return {}
  const { referrer_id: personId, referrer_name: name } = row
  const referrer = personId === null || name === null ? null : { personId, name }
  return { touch: { kind: touchKind.parse(row.by_hand), source: row.source, referrer, attachments: [...files] } }
}

type Base = Pick<
  TimelineEntry,
  'id' | 'at' | 'channel' | 'direction' | 'author' | 'automatic' | 'text' | 'blocked' | 'insight'
>
type CallEntry = Extract<TimelineEntry, { kind: 'call' }>

function callEntry(base: Base, row: Interaction, { files, country }: Around): CallEntry {
  return {
    ...base,
    kind: 'call',
    from: displayPhone(row.call_from ?? '', country),
    to: displayPhone(row.call_to ?? '', country),
    result: callResult.parse(row.result),
    outcome: row.outcome,
    durationMs: row.duration_ms,
    note: row.note,
    recording: files.find((it) => it.id === row.recording_id) ?? null,
    manual: row.manual === 1,
    problem: row.problem,
  }
}

/** Where a message of ours is on its way out. */
function sending(row: Interaction, job: Job | null) {
  return {
    delivery: delivery.parse(row.delivery),
    problem: row.problem,
    jobId: job?.id ?? null,
    undoUntil: job?.state === 'queued' ? job.not_before : null,
  }
}

function eventEntry(key: number, event: Event, country: string): TimelineEntry {
  return {
    kind: 'event',
    id: key,
    at: event.at,
    channel: 'note',
    direction: 'internal',
    author: event.author,
    automatic: event.author === null,
    // Kept as they are stored, so that they read right wherever the business moves.
    text: displayPhonesIn(event.text, country),
    event: event.type,
  }
}

const asAttachment = (row: AttachmentRow): Attachment => ({
  id: row.id,
  name: row.name,
  contentType: row.content_type,
  size: row.size,
  stored: row.blob !== null,
})

const addressList = z.array(z.string())
const fieldList = z.array(z.object({ label: z.string(), value: z.string() }))
const addresses = (json: string | null) => addressList.parse(JSON.parse(json ?? '[]'))
const formFields = (json: string | null) => fieldList.parse(JSON.parse(json ?? '[]'))
