import type { Selectable } from 'kysely'
import type { ClockTable, LeadTable, PersonTable } from '../store/schema.ts'

export type PersonValues = Partial<
  Pick<Selectable<PersonTable>, 'name' | 'name_rank' | 'company' | 'title' | 'region' | 'zone'>
>
export type LeadValues = Partial<
  Pick<
    Selectable<LeadTable>,
    | 'status'
    | 'done_at'
    | 'snoozed_until'
    | 'merged_into'
    | 'opened_at'
    | 'source'
    | 'source_detail'
    | 'first_auto_at'
    | 'first_human_at'
    | 'owner_id'
    | 'owner_reason'
  >
>
export type ClockRow = Selectable<ClockTable>

export type Chosen = {
  readonly name: string
  readonly company: string | null
  readonly title: string | null
}

/** What hangs on a person by their id. */
export const personRows = [
  'handle',
  'interaction',
  'source_touch',
  'job',
  'event',
  'lead',
  'person_field',
  'lookup',
  'person_label',
  'task',
] as const
/** What hangs on a lead by its id. */
export const leadRows = ['interaction', 'source_touch', 'event', 'clock', 'task'] as const

export type RowIds<T extends string> = Readonly<Record<T, readonly number[]>>

/** The open lead of the one who is gone, which goes on in the open lead of the one who is kept. */
export type Folded = {
  readonly leadId: number
  readonly into: number
  readonly rows: RowIds<(typeof leadRows)[number]>
  readonly goneBefore: LeadValues
  readonly keptBefore: LeadValues
  readonly keptAfter: LeadValues
  /** Clocks that ran for both and were made one. */
  readonly clocks: readonly { readonly before: ClockRow; readonly after: ClockRow }[]
}

/** Everything that a merge did, so that it can be taken back. */
export type MergeRecord = {
  /** What the one who is gone brought along. */
  readonly rows: RowIds<(typeof personRows)[number]>
  /** Touches that say the one who is gone sent them. */
  readonly referred: readonly number[]
  /** The highest ids there were: what is above came since. */
  readonly newest: RowIds<'handle' | 'interaction' | 'event' | 'lead' | 'clock'>
  readonly before: PersonValues
  readonly after: PersonValues
  readonly folded: Folded | null
  /** What the user chose of both; null when nobody was asked. */
  readonly chosen: Chosen | null
}
