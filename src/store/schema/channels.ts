import type { Generated } from 'kysely'
import type { AccountKind, AccountState } from '../../channels/contract.ts'

/** Accounts, what arrived by them as it arrived, and how they are. */

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

/** A lead that a provider sent to try the connection: nobody's timeline. */
export type TryOutTable = {
  id: Generated<number>
  account_id: number
  external_id: string
  at: number
  /** `{label, value}[]` as JSON. */
  fields: string
}

/** A relay that did not answer when its account was removed. */
export type FarewellTable = {
  account_id: number
  url: string
  begun_at: number
  next_at: number
  tries: number
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

/** Closed days of a calendar of the user's on the web. */
export type CalendarFeedTable = {
  url: string
  /** ClosedDay[] of lib/ical-days as JSON. */
  days: string
  read_at: number | null
  tried_at: number
  /** Of older versions; nothing asks for it any more. */
  etag: string | null
  problem: string | null
}
