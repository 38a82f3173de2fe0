import type { Generated } from 'kysely'
import type { AccountKind, AccountState } from '../channels/contract.ts'
import type { LeadOutcome } from '../convert/contract.ts'
import type { ChannelKind, ClockKind, Direction, LeadStatus, Tier } from '../inbox/contract.ts'
import type { Axis, Qualification } from '../score/contract.ts'
import type { Intent, Urgency } from '../score/text/contract.ts'

/**
 * The tables as the code sees them; `migrations/` makes them. Times are ms UTC, booleans 0/1, JSON is text.
 * Written by hand so that the columns read as domain words, checked against the real database by a test.
 */
type Bool = 0 | 1

export type SettingTable = { key: string; value: string }

export type MemberTable = {
  id: Generated<number>
  name: string
  email: string | null
  mobile: string | null
  on_duty: Bool
  created_at: number
  removed_at: number | null
  /** `business`, `always` or the id of a calendar; null: the switch alone decides when they are there. */
  calendar: string | null
  /** JSON list of words. */
  skills: Generated<string>
  /** Most open leads at a time; null: no limit. */
  capacity: number | null
}

/** When somebody is not there, whatever their hours say. */
export type AbsenceTable = {
  id: Generated<number>
  member_id: number
  starts_at: number
  ends_at: number
  reason: string
}

/** What a rule of route remembers of one of its people: route/choose-owner.ts. */
export type RouteStateTable = {
  rule_id: string
  member_id: number
  credit: number
  /** Date in the zone of the business that `today` counts. */
  day: string
  today: number
  seq: number
}

export type AccountTable = {
  id: Generated<number>
  kind: AccountKind
  label: string
  /** Settings of its kind as in channels/contract; never a secret. */
  settings: string
  state: AccountState
  state_message: string
  state_detail: string | null
  last_event_at: number | null
  last_ok_at: number | null
  last_error_at: number | null
  last_error: string | null
  next_retry_at: number | null
  seen: Generated<number>
  taken: Generated<number>
  skipped: Generated<number>
  created_at: number
  removed_at: number | null
}

export type CursorTable = { account_id: number; scope: string; value: string; updated_at: number }

/** Each thing that came in by itself: no history, no robots. The rhythm of a channel, and how fast things are here. */
export type ArrivalTable = {
  account_id: number
  /** By the provider's clock, never after `stored_at`. */
  at: number
  item_id: number
  stored_at: number
}

/** What an account left out, by reason. */
export type LeftOutTable = { account_id: number; reason: string; count: number; last_at: number }

/** A channel that brought nothing for longer than it ever would. `since`: the last thing that came. */
export type SilenceTable = {
  account_id: number
  since: number
  announced_at: number
  /** Somebody said that it is fine, until `ask_again_at`. */
  accepted_at: number | null
  ask_again_at: number | null
  ended_at: number | null
}

export type SelfTestTable = {
  id: Generated<number>
  account_id: number
  /** Stands in everything that the test sends, and is known to nobody else. */
  token: string
  started_at: number
  ended_at: number | null
  outcome: 'ok' | 'look' | 'failed' | null
  /** channels/self-test/steps.ts as JSON. */
  steps: string
}

/** What arrived, exactly as it arrived; unique by (account, external id). Never deleted, replayable. */
export type InboundItemTable = {
  id: Generated<number>
  account_id: number
  external_id: string
  revision: string
  interaction_id: number | null
  received_at: number
  /** Null when it is in the blob folder (large) or when the thing is our own, sent by the outbox. */
  payload: Uint8Array | null
  payload_blob: string | null
}

export type PersonTable = {
  id: Generated<number>
  name: string
  /** How far the name may be trusted: 0 guessed from an address, 1 given by a channel, 2 typed by the user. */
  name_rank: number
  company: string | null
  title: string | null
  region: string | null
  zone: string | null
  created_at: number
  updated_at: number
  /** Who they turned out to be; their handles and everything else are there. Null for everybody who is shown. */
  merged_into: number | null
}

export type HandleTable = {
  id: Generated<number>
  person_id: number
  /** `chat`: a browser that wrote in the chat of the website; `value` is what it is known by. */
  kind: 'email' | 'phone' | 'chat'
  value: string
  label: string | null
  valid: Generated<Bool>
  opted_out_at: number | null
  last_used_at: number
  created_at: number
  /** Whether they agreed to get texts: `none` for lists of strangers, `implied` for whoever came to us by it. */
  consent: Generated<'none' | 'implied' | 'given'>
}

export type LeadTable = {
  id: Generated<number>
  person_id: number
  status: LeadStatus
  stage: string
  owner_id: number | null
  owner_reason: string | null
  source: string
  source_detail: string
  score: number
  tier: Tier
  opened_at: number
  done_at: number | null
  snoozed_until: number | null
  first_auto_at: number | null
  first_human_at: number | null
  /** The three below describe the clock that runs out first; all null when nothing is owed. */
  clock_kind: ClockKind | null
  clock_started_at: number | null
  risk_at: number | null
  due_at: number | null
  /** The last thing that happened, for the row. */
  last_at: number
  last_channel: ChannelKind
  last_direction: Direction
  preview: string
  missed_call: Bool
  outbox: 'idle' | 'sending' | 'failed'
  /** Order of the list, kept by the database: what is due first, then the newest. */
  sort_key: Generated<number>
  /** Outbound: we want something from them, they never asked; left out of how fast we answer. */
  origin: Generated<'inbound' | 'outbound'>
  /** The lead that goes on in its place since two people became one; null for every other. */
  merged_into: number | null
  /** Since when somebody says that it is their turn; null when nobody does. */
  waiting_since: number | null
  /** The snooze lasts even when they write. */
  snooze_keep: Generated<Bool>
  /** Points of each axis and the letter and number made of them; null where points are not counted. */
  fit: number | null
  engagement: number | null
  grade: string | null
  /** What the questions say; null where none are asked. */
  qualification: Qualification | null
  /** How it ended; null while nobody said. */
  outcome: LeadOutcome | null
  outcome_at: number | null
  /** Of won leads. */
  value_minor: number | null
  currency: string | null
  outcome_reason: string | null
  outcome_note: string | null
  competitor: string | null
  revisit_at: number | null
  /** First called good by score or rule; marked as fitting; marked as fitting after both sides had spoken. */
  mql_at: number | null
  qualified_at: number | null
  sql_at: number | null
  /** How likely it is won, 0 to 1, by which model, and when that was foreseen. */
  chance: number | null
  chance_model: number | null
  chance_at: number | null
}

/** One training: score/learn. */
export type ScoreModelTable = {
  id: Generated<number>
  trained_at: number
  state: 'refused' | 'shadow' | 'ready'
  /** Why it was refused, in words. */
  reason: string
  outcomes: number
  won: number
  /** JSON of score/predict and of score/learn. */
  model: string | null
  report: string
}

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

export type ClockTable = {
  id: Generated<number>
  lead_id: number
  kind: ClockKind
  started_at: number
  target_ms: number
  warn_at: number
  risk_at: number
  due_at: number
  state: 'running' | 'met' | 'missed' | 'cancelled'
  stopped_at: number | null
  stopped_by: number | null
  /** Highest announcement made: 0 none, 50, 80, 100 breach. Persisted so that a restart does not repeat it. */
  announced: number
  /** When the next announcement is owed; null when none is. */
  next_at: number | null
  /** By which channel they came when it started. */
  channel: ChannelKind | null
  /** Id of the exception of settings/contract whose target it has; empty for the tier's own. */
  policy: Generated<string>
  calendar: Generated<string>
  tier: Tier | null
  /** Whose it was when it ended. */
  owner_id: number | null
  /** Times when it stood still, [[from, to], ...] in ms UTC. */
  pauses: Generated<string>
  paused_at: number | null
  pause_reason: PauseReason | null
  /** As it was decided when it ended: an edited calendar changes `due_at` and `state`, never these. */
  decided_due_at: number | null
  decided_state: 'met' | 'missed' | null
  /** Why a miss is not counted, in words. */
  excused: string | null
}

/** Why a clock stands still. */
export type PauseReason = 'snoozed' | 'waiting' | 'opted_out'

/** A step of a clock's ladder: contact/ladder. */
export type AlertTable = {
  clock_id: number
  percent: 50 | 80 | 100
  lead_id: number
  /** When it fell due. */
  fell_at: number
  said_at: number | null
  /** When it is to be said (again); null: never. */
  next_at: number | null
  seen_at: number | null
}

/** A text to somebody of the team: contact/member-texts. */
export type MemberTextTable = {
  id: Generated<number>
  clock_id: number
  percent: 50 | 80 | 100
  member_id: number
  lead_id: number
  to_number: string
  body: string
  state: 'queued' | 'sending' | 'sent' | 'failed'
  problem: string | null
  created_at: number
  updated_at: number
}

/** Closed days of a calendar of the user's on the web. */
export type CalendarFeedTable = {
  url: string
  /** ClosedDay[] of lib/ical-days as JSON. */
  days: string
  read_at: number | null
  tried_at: number
  etag: string | null
  problem: string | null
}

export type ScoreEntryTable = {
  lead_id: number
  rule: string
  /** As they count now; all entries of a lead add up to its score. */
  points: number
  reason: string
  kind: Generated<'rule' | 'limit'>
  /** Before they grew old. */
  raw: Generated<number>
  axis: Axis | null
  at: number | null
}

/** What scoring knows of a lead (Facts of score/facts as JSON); there is a row while it is true. */
export type LeadFactTable = { lead_id: number; facts: string }

/** All leads are being scored again; the one row says up to which. */
export type RescoreRunTable = { id: number; after_id: number }

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

/** Where somebody came from, each time they came: first and last touch are the ends of it. */
export type SourceTouchTable = {
  id: Generated<number>
  person_id: number
  lead_id: number | null
  interaction_id: number | null
  at: number
  source: string
  /** utm_*, click ids, landing page, referrer, as they came. */
  detail: string
  /** What a member logged by hand, as in capture/contract. */
  by_hand: string | null
  referrer_id: number | null
}

/** Two people who became one. */
export type PersonMergeTable = {
  id: Generated<number>
  kept_id: number
  gone_id: number
  at: number
  author_id: number | null
  /** What moved and what changed, for taking it back: people/merge-record.ts. */
  data: string
  undone_at: number | null
}

export type DistinctPeopleTable = { low_id: number; high_id: number; at: number }

export type ImportRunTable = {
  id: Generated<number>
  file_name: string
  format: 'csv' | 'vcard'
  /** The file as it was given. */
  blob: string
  plan: string
  state: 'opened' | 'checking' | 'checked' | 'running' | 'stopped' | 'done' | 'undoing' | 'undone' | 'failed'
  /** Why it failed, in the user's words. */
  problem: string | null
  /** Rows in the file, as far as they were counted. */
  total: number
  /** Line from which the step under way goes on. */
  next_row: number
  author_id: number | null
  created_at: number
  updated_at: number
}

export type ImportRowTable = {
  import_id: number
  line: number
  name: string
  verdict: 'create' | 'update' | 'duplicate' | 'reject'
  reason: string
  person_id: number | null
  done: string | null
}

/** A browser that chats. `public_key` (P-256, raw, base64) is what answers to it are locked with. */
export type ChatVisitorTable = {
  visitor: string
  account_id: number
  public_key: string
  /** Where on the website they were when they wrote. */
  page: string | null
  /** As they gave them, normalised; not proven to be theirs. */
  email: string | null
  phone: string | null
  seen_at: number
  left_at: number | null
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

/** A service that knows things about people: enrich/contract. */
export type ProviderTable = {
  id: Generated<number>
  name: string
  settings: string
  state: 'off' | 'on' | 'stopped'
  /** Why it stopped, in the user's words. */
  problem: string | null
  created_at: number
  removed_at: number | null
}

/** One question to a provider about one person. */
export type LookupTable = {
  id: Generated<number>
  provider_id: number
  person_id: number
  /** What is asked for: the address, number or domain. The same subject is not paid for twice. */
  subject: string
  state: 'queued' | 'asking' | 'found' | 'nothing' | 'failed'
  not_before: number
  attempts: Generated<number>
  claimed_at: number | null
  /** Thousandths of the provider's currency unit. */
  cost: Generated<number>
  /** The fields that were found, as JSON. */
  answer: string | null
  problem: string | null
  created_at: number
  updated_at: number
}

/** Who gave a value. `earlier`: it was there before anybody kept book. */
export type FieldOrigin =
  | 'typed'
  | 'form'
  | 'signature'
  | 'text'
  | 'card'
  | 'provider'
  | 'channel'
  | 'address'
  | 'domain'
  | 'earlier'

/** Every value anybody gave for a field of a person: queries/person-fields. */
export type PersonFieldTable = {
  id: Generated<number>
  person_id: number
  field: string
  value: string
  /** As it was written; the label of a number. */
  words: string | null
  origin: FieldOrigin
  confidence: number
  at: number
  interaction_id: number | null
  provider_id: number | null
  lookup_id: number | null
  author_id: number | null
  reverted_at: number | null
}

/** A search that stands in the rail. */
export type SavedViewTable = {
  id: Generated<number>
  name: string
  icon: string
  /** As it was typed: inbox/search-query reads it. */
  query: string
  sort: 'due' | 'newest' | 'score'
  position: number
  created_at: number
  removed_at: number | null
}

/** Somebody of the team who was called in a note. */
export type MentionTable = { interaction_id: number; member_id: number; at: number; seen_at: number | null }

/** A text that a note had before it was changed; 1 is the first. */
export type NoteVersionTable = {
  interaction_id: number
  version: number
  text: string
  author_id: number | null
  at: number
}

/** How far old mail was read for what it says of its writers. */
export type ReadingMarkTable = { id: number; read_up_to: number; older_than: number }

export type Database = {
  setting: SettingTable
  member: MemberTable
  absence: AbsenceTable
  route_state: RouteStateTable
  account: AccountTable
  cursor: CursorTable
  arrival: ArrivalTable
  left_out: LeftOutTable
  silence: SilenceTable
  self_test: SelfTestTable
  inbound_item: InboundItemTable
  person: PersonTable
  handle: HandleTable
  lead: LeadTable
  interaction: InteractionTable
  mail: MailTable
  call: CallTable
  text_message: TextTable
  form_submission: FormTable
  attachment: AttachmentTable
  clock: ClockTable
  calendar_feed: CalendarFeedTable
  alert: AlertTable
  member_text: MemberTextTable
  score_entry: ScoreEntryTable
  lead_fact: LeadFactTable
  rescore_run: RescoreRunTable
  score_model: ScoreModelTable
  job: JobTable
  event: EventTable
  template: TemplateTable
  source_touch: SourceTouchTable
  person_merge: PersonMergeTable
  distinct_people: DistinctPeopleTable
  import_run: ImportRunTable
  import_row: ImportRowTable
  chat_visitor: ChatVisitorTable
  insight_queue: InsightQueueTable
  message_insight: MessageInsightTable
  intent_example: IntentExampleTable
  provider: ProviderTable
  lookup: LookupTable
  person_field: PersonFieldTable
  reading_mark: ReadingMarkTable
  saved_view: SavedViewTable
  mention: MentionTable
  note_version: NoteVersionTable
}
