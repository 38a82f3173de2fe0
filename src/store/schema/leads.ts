import type { Generated, GeneratedAlways } from 'kysely'
import type { TaskKind } from '../../contact/tasks/contract.ts'
import type { LeadOutcome, LeadStage } from '../../convert/contract.ts'
import type { ChannelKind, ClockKind, Direction, LeadStatus, Tier } from '../../inbox/contract.ts'
import type { Qualification } from '../../score/contract.ts'
import type { Bool } from './bool.ts'

/** Leads: their row, deadlines, scores and outcomes. */

export type LeadTable = {
  id: Generated<number>
  person_id: number
  status: LeadStatus
  /** Kept by the database, from its outcome, whether it fits and whether somebody answered. */
  stage: GeneratedAlways<LeadStage>
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
  /** The earliest task of it whose time came; kept by a trigger of `task`. */
  task_due_at: number | null
  /** When we spoke last, while their answer is out; null while the last word is theirs, or ours did not reach them. */
  our_word_at: number | null
  /** When it last came back to us: from a snooze, opened again, "our turn". */
  back_at: number | null
  /** Until when nobody of us must act, kept by the database: 0 when somebody must, behind all time until they write. */
  rests_until: GeneratedAlways<number>
  /** Its place in the inbox, kept by the database; 9e15, none, while it rests until they write. */
  to_do_key: GeneratedAlways<number>
}

/** Something to do for a person. Done, taken away, or over because its lead is. */
export type TaskTable = {
  id: Generated<number>
  person_id: number
  lead_id: number | null
  kind: TaskKind
  words: string
  /** Null for a first task, which is due with its clock, and for what has no time. */
  due_at: number | null
  /** Null: whoever owns the lead. */
  owner_id: number | null
  origin: 'rule' | 'hand'
  /** Why a rule made it, in words. */
  why: string | null
  created_at: number
  author_id: number | null
  /** Its time came, and the list was told. */
  called_at: number | null
  /** Whoever it belongs to was told, at an hour when they may be. */
  told_at: number | null
  done_at: number | null
  done_by: number | null
  ended_by: 'hand' | 'answer' | null
  removed_at: number | null
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

/** Why a lead has its score: all entries add up to it. */
export type ScoreLedgerTable = {
  lead_id: number
  /** JSON of store/queries/score-ledger.ts. */
  entries: string
}

/** What scoring knows of a lead (Facts of score/facts as JSON); there is a row while it is true. */
export type LeadFactTable = { lead_id: number; facts: string }

/** All leads are being scored again; the one row says up to which. */
export type RescoreRunTable = { id: number; after_id: number }

/** A search that stands in the rail. */
export type SavedViewTable = {
  id: Generated<number>
  name: string
  icon: string
  /** As it was typed: inbox/search-query reads it. */
  query: string
  sort: 'due' | 'newest' | 'score' | 'fit' | 'engagement'
  position: number
  created_at: number
  removed_at: number | null
}
