import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { ErrorBody } from '../rpc/errors.ts'
import type { FormField } from '../vocabulary/field-names.ts'
import type { AccountState } from './contract.ts'

/**
 * The outer side of a thing: who it came from, or went to. Values are raw; capture normalises them. `chat` is a browser,
 * by the id its widget is known by.
 */
export type Party = {
  readonly kind: 'email' | 'phone' | 'chat'
  readonly value: string
  readonly name: string | null
}

export type InboundFile = {
  readonly name: string
  readonly contentType: string
  readonly size: number
  readonly contentId: string | null
  /** None when it was too large to fetch; it stays with the provider. */
  readonly bytes: Uint8Array | null
}

export type MailContent = {
  readonly kind: 'email'
  /** Without angle brackets; null when the mail had none. */
  readonly messageId: string | null
  readonly inReplyTo: string | null
  /** Oldest first, without angle brackets. */
  readonly references: readonly string[]
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  /** What a person would read. */
  readonly text: string
  readonly quoted: string | null
  readonly html: string | null
  readonly files: readonly InboundFile[]
  /** Why no human wrote this (bounce, auto-reply, newsletter); null for people. */
  readonly robot: string | null
}

export type TextContent = {
  readonly kind: 'text'
  readonly service: 'sms' | 'whatsapp' | 'chat'
  readonly from: string
  readonly to: string
  readonly body: string
  readonly files: readonly InboundFile[]
  readonly delivery: 'queued' | 'sending' | 'sent' | 'delivered' | 'failed' | 'received'
  /** For failed ones, in the user's words. */
  readonly problem: string | null
  /** Only of a chat: the key that answers are locked with (P-256, raw, base64), and where on the website they were. */
  readonly visitor?: { readonly publicKey: string; readonly page: string | null }
}

export type CallResult =
  | 'ringing'
  | 'in_progress'
  | 'answered'
  | 'missed'
  | 'voicemail'
  | 'busy'
  | 'no_answer'
  | 'failed'
  | 'cancelled'

export type CallContent = {
  readonly kind: 'call'
  readonly from: string
  readonly to: string
  readonly result: CallResult
  readonly answeredAt: number | null
  readonly endedAt: number | null
  readonly durationMs: number | null
  readonly recording: InboundFile | null
}

export type FormContent = {
  readonly kind: 'form'
  readonly formName: string
  /** Every field as it came, in order, by its own label. */
  readonly fields: readonly { readonly label: string; readonly value: string }[]
  /** What the mapping recognised. */
  readonly known: Readonly<Partial<Record<FormField, string>>>
}

export type { FormField }

export type Content = MailContent | TextContent | CallContent | FormContent

/**
 * One thing that a provider knows of, in or out. Delivered at least once; stored once.
 */
export type Inbound = {
  readonly accountId: number
  /**
   * The provider's own name for it, unique within the account: Twilio SID, form delivery id, identity of a mail
   * (channels/email says how, a Message-ID alone is not unique).
   */
  readonly externalId: string
  /**
   * Changes when the provider's view of the same thing changed (a ringing call was missed, a text was delivered):
   * capture then updates what it stored. A constant for things that never change.
   */
  readonly revision: string
  /** When it happened, by the provider's clock. */
  readonly at: number
  readonly direction: 'in' | 'out'
  /** Everybody on the other side; the first is the one to answer. Empty when nobody can be told. */
  readonly parties: readonly Party[]
  readonly content: Content
  /** Where it came from, when the channel knows better than its own name: "Google Ads", utm_*, referrer. */
  readonly source: { readonly name: string | null; readonly detail: Readonly<Record<string, string>> }
  /** True for what was there before the account was connected: filed in the timeline, opens no lead. */
  readonly history: boolean
  /** Part of a test that the user started (self-test/): kept, and nobody's timeline. */
  readonly test?: boolean
  /** The provider's try-out of the connection, not a person: kept and shown as that, and nobody's timeline. */
  readonly tryOut?: boolean
  /** The payload exactly as it arrived, kept for replay. */
  readonly raw: Uint8Array | string
}

/** Where a poll stopped. Saved in the transaction that stores what came before it. */
export type Cursor = { readonly scope: string; readonly value: string }

/** What a channel may ask of its surroundings. */
export type ChannelContext = {
  readonly accountId: number
  readonly clock: Clock
  readonly log: Log
  /** 0 ≤ x < 1, for jitter. */
  readonly random: () => number
  /** The password or token; null when it was never given or is gone from the keychain. */
  readonly secret: () => Promise<string | null>
  /** Replaces the secret: a provider renewed what it gave us. */
  readonly keepSecret: (value: string) => Promise<void>
  /** Stores items and cursors in one transaction. When it resolves, both are durable; when it rejects, neither is. */
  readonly deliver: (items: readonly Inbound[], cursors: readonly Cursor[], counts?: Counts) => Promise<void>
  /**
   * Puts files of items that are certain to be delivered where their delivery looks for them, so that it does not wait
   * for the disk. Left out where no disk is.
   */
  readonly keepFiles?: (files: readonly Uint8Array[]) => Promise<void>
  readonly cursor: (scope: string) => Promise<string | null>
  /** Revision stored for each of these external ids of the account; absent ones are not known. */
  readonly revisions: (externalIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** External ids of the account whose stored revision starts with `prefix`, newest first: to look again at what was not final. */
  readonly withRevision: (prefix: string, limit: number) => Promise<readonly string[]>
  /** The provider knows this item no longer: what is stored of it stays as it is, under this revision. */
  readonly keepRevision: (externalId: string, revision: string) => Promise<void>
  /** Which of these e-mail addresses (lower case) belong to a person already. */
  readonly knownEmails: (addresses: readonly string[]) => Promise<ReadonlySet<string>>
  /** Announces and stores the state of the account. */
  readonly report: (state: StateReport) => Promise<void>
}

/** For the health page: what was looked at and left out on purpose, with the reason. */
export type Counts = { readonly skipped: number; readonly reason: string }

export type StateReport = {
  readonly state: AccountState
  /** Plain words. */
  readonly message: string
  readonly detail?: string
  readonly nextRetryAt?: number
}

export type OutboundMail = {
  readonly kind: 'email'
  /** Set by us before anything is sent: the key of every later look-up. Without angle brackets. */
  readonly messageId: string
  readonly at: number
  readonly to: { readonly name: string | null; readonly address: string }
  readonly subject: string
  readonly body: string
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  readonly files: readonly InboundFile[]
  /** Set for mail that goes to many or by itself: mail programs then offer to unsubscribe (RFC 8058). `url` needs a relay. */
  readonly unsubscribe?: { readonly url: string | null }
  /** It answers by itself: other robots must not answer it (RFC 3834). */
  readonly automatic?: boolean
}
export type OutboundText = {
  readonly kind: 'sms' | 'whatsapp'
  /** The own number it leaves from, E.164; the account's default when left out. */
  readonly from?: string
  readonly to: string
  /** Of a prepared message: its words with the placeholders filled in, as they arrive. */
  readonly body: string
  readonly prepared?: { readonly contentSid: string; readonly variables: Readonly<Record<string, string>> }
}
/** A message that WhatsApp approved: the only kind that it takes from a business a day after the person last wrote. */
export type PreparedMessage = {
  readonly contentSid: string
  readonly name: string
  /** ISO 639-1 */
  readonly language: string
  /** With its placeholders: `Hello {{1}}`. */
  readonly body: string
  /** In the order of the words, with the example that was given for each. */
  readonly variables: readonly { readonly key: string; readonly example: string }[]
}
export type OutboundChat = {
  readonly kind: 'chat'
  /** Set by us before anything is sent: the relay takes each id once. 32 hex digits. */
  readonly id: string
  /** The visitor. */
  readonly to: string
  readonly body: string
  /** Who writes, as the visitor reads it; null for the business alone. */
  readonly name: string | null
}
export type OutboundCall = {
  readonly kind: 'call'
  /** The own number that the other side sees, E.164; the account's default when left out. */
  readonly from?: string
  /** The member's phone, rung first. */
  readonly ownPhone: string
  readonly to: string
}
export type Outbound = OutboundMail | OutboundText | OutboundChat | OutboundCall

export type SendOutcome =
  /** The provider has it. `externalId` is its name there (the Message-ID for mail). */
  | { readonly kind: 'sent'; readonly externalId: string; readonly revision: string }
  /** Certainly not sent. `retryAfterMs` null: never by itself. */
  | {
      readonly kind: 'failed'
      readonly error: ErrorBody
      readonly retryAfterMs: number | null
      /** The provider says that they asked not to be written to (Twilio 21610): an opt-out learned late. */
      readonly optedOut?: boolean
    }
  /** Nobody knows: the connection broke after the point of no return. Must be looked up before anything else. */
  | { readonly kind: 'unknown'; readonly detail: string }

export type SendHooks = {
  /**
   * Awaited at the point of no return: before the request (Twilio) or the final dot (SMTP) is written. A crash before
   * it resolves is known to be unsent.
   */
  readonly committing: () => Promise<void>
}

export type Lookup =
  | { readonly kind: 'sent'; readonly externalId: string; readonly revision: string }
  | { readonly kind: 'not-found' }
  /** The provider keeps nothing that would tell: a person must decide, or it could go out twice. */
  | { readonly kind: 'cannot-tell'; readonly detail: string }
  /** Could not ask; ask again later. */
  | { readonly kind: 'unreachable'; readonly detail: string }

/** A file that was too large to be fetched with what it came in. */
export type FileAsked = {
  /** Of the item it came in. */
  readonly externalId: string
  /** Of the mail, without angle brackets; null when it had none. */
  readonly messageId: string | null
  /** Which of the item's files it is, from 0. */
  readonly place: number
}

/** What a webhook says of a thing before it is looked up. */
export type Hint = {
  readonly externalId: string
  /** The own number or address it came to, E.164. */
  readonly to: string
}

/** One connected account of a provider. `start` and `stop` are called once each; everything else in between. */
export type Channel = {
  readonly start: () => Promise<void>
  /** Finishes the delivery under way, closes connections, resolves when nothing more can happen. */
  readonly stop: () => Promise<void>
  /** Looks now instead of at the next tick; also ends a back-off. */
  readonly poll: () => Promise<void>
  readonly send: (outbound: Outbound, hooks: SendHooks) => Promise<SendOutcome>
  /**
   * Asks the provider whether something of unknown outcome arrived there.
   * @param since when it was claimed for sending
   * @param isTaken says whether an external id already belongs to another message of ours
   */
  readonly find: (
    outbound: Outbound,
    since: number,
    isTaken: (externalId: string) => Promise<boolean>,
  ) => Promise<Lookup>
  /** Holds the first reading of what was there before the account was connected, or lets it go on; remembered. */
  readonly pause?: (paused: boolean) => Promise<void>
  /** The provider announced something through a public address: a hint for the next look, and nothing more. */
  readonly hint?: (hint: Hint) => void
  /** Fetches a file that was left with the provider; absent where nothing is. Rejects with DeskbellError. */
  readonly fetchFile?: (asked: FileAsked) => Promise<Uint8Array>
  /** Messages that WhatsApp approved; absent where there is no WhatsApp. Rejects with DeskbellError. */
  readonly prepared?: () => Promise<readonly PreparedMessage[]>
  /** Ends a call that is ringing or on; absent where there are no calls. */
  readonly hangUp?: (externalId: string) => Promise<void>
}
