import type { Generated } from 'kysely'
import type { Bool } from './bool.ts'

/** People, how they are reached, what is known of them and from whom. */

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
  /** By what they are put in the order of names: queries/name-key.ts. */
  name_key: Generated<string>
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
  /** How we know; null beside `opted_out_at` for what is older than this book. */
  opted_out_how: OptOutHow | null
  opted_out_by: number | null
  /** Set when a member said that it is wrong, and not a call or the provider. */
  wrong_at: number | null
  wrong_by: number | null
  /** Since when it is used before the others of its kind; the newest counts. */
  first_at: number | null
  blocked_at: number | null
  blocked_by: number | null
  /** How many things came from it since. */
  blocked_came: Generated<number>
}

/**
 * How somebody asked for no more: a word (STOP), a sentence that reads like it, the unsubscribe link, the network that
 * refused a message, a call with the outcome "Do not call", or a member who wrote it down.
 */
export type OptOutHow = 'stop' | 'phrase' | 'link' | 'network' | 'call' | 'hand'

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

/** What people may be marked with. `key`: the name in lower case without accents. */
export type LabelTable = {
  id: Generated<number>
  name: string
  key: string
  created_at: number
  removed_at: number | null
}

/** A label that somebody wears; after a merge there may be two rows of one label. */
export type PersonLabelTable = {
  id: Generated<number>
  person_id: number
  label_id: number
  at: number
  author_id: number | null
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

/** How far old mail was read for what it says of its writers. */
export type ReadingMarkTable = { id: number; read_up_to: number; older_than: number }

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
