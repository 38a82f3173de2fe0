import type { Generated } from 'kysely'
import type { ChannelKind, Direction } from '../../inbox/contract.ts'
import type { Intent, Urgency } from '../../score/text/contract.ts'
import type { Bool } from './bool.ts'

/** What was said, what leaves, and what happened. */

export type InteractionTable = {
  id: Generated<number>
  person_id: number
  lead_id: number | null
  account_id: number | null
  channel: ChannelKind
  direction: Direction
  at: number
  author_id: number | null
  automatic: Bool
  subject: string
  text: string
  quoted: string | null
  delivery: string
  problem: string | null
  created_at: number
  /** The address or number by which it found its person, where the row of its kind names another. */
  handle: string | null
  /** Came from somebody who was blocked: kept, and nobody was called to it. */
  blocked: Generated<Bool>
}

export type MailTable = {
  interaction_id: number
  message_id: string | null
  thread_id: number
  from_address: string
  to_addresses: string
  cited: string
  html: string | null
  robot: string | null
}

export type CallTable = {
  interaction_id: number
  from_number: string
  to_number: string
  result: string
  outcome: number | null
  note: string | null
  answered_at: number | null
  ended_at: number | null
  duration_ms: number | null
  manual: Bool
  recording_id: number | null
}

export type TextTable = { interaction_id: number; from_number: string; to_number: string }

export type FormTable = { interaction_id: number; form_name: string; fields: string; known: string }

export type AttachmentTable = {
  id: Generated<number>
  interaction_id: number
  name: string
  content_type: string
  size: number
  content_id: string | null
  /** SHA-256 of the bytes, the name of the file in the blob folder; null when it was never fetched. */
  blob: string | null
}

export type JobTable = {
  id: Generated<number>
  kind: 'email' | 'sms' | 'call' | 'whatsapp' | 'chat'
  account_id: number
  person_id: number
  interaction_id: number
  /** The Outbound of channels/channel.ts as JSON; files by blob. */
  payload: string
  template_id: number | null
  /** `committing` is after the point of no return: unknown until reconciled. */
  state: 'queued' | 'sending' | 'committing' | 'sent' | 'failed' | 'cancelled'
  not_before: number
  attempts: number
  claimed_at: number | null
  last_error: string | null
  created_at: number
  updated_at: number
  /** The interaction that an automatic message answers; null for what people write. */
  answers_id: number | null
}

/** Append-only: everything that happened, who did it and what undoes it. */
export type EventTable = {
  id: Generated<number>
  at: number
  type: string
  person_id: number | null
  lead_id: number | null
  author_id: number | null
  /** One sentence for the timeline; empty when it is not shown. */
  text: string
  data: string
  undone_at: number | null
}

export type TemplateTable = {
  id: Generated<number>
  name: string
  channel: 'email' | 'sms'
  subject: string
  body: string
  created_at: number
  removed_at: number | null
}

/** Messages that wait for the text model; rows come by triggers of `interaction`. */
export type InsightQueueTable = { interaction_id: number; tries: Generated<number> }

/** What the text model makes of a message; `vector` is its embedding as signed bytes (score/text/vector.ts). */
export type MessageInsightTable = {
  interaction_id: number
  intent: Intent
  /** Percent. */
  confidence: number
  urgency: Urgency
  /** In words; empty for none. */
  urgency_reason: string
  job_size: string | null
  vector: Uint8Array
  model_version: string
  at: number
}

/** What a person says a message is, when the model got it wrong. */
export type IntentExampleTable = { interaction_id: number; intent: Intent; author_id: number | null; at: number }

/** Somebody of the team who was called in a note. */
export type MentionTable = {
  interaction_id: number
  member_id: number
  at: number
  seen_at: number | null
  /** When their own desk said so. */
  told_at: Generated<number | null>
  /** When a text to their phone was written. */
  texted_at: Generated<number | null>
}

/** A text that a note had before it was changed; 1 is the first. */
export type NoteVersionTable = {
  interaction_id: number
  version: number
  text: string
  author_id: number | null
  at: number
}
