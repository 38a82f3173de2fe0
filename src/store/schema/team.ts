import type { Generated } from 'kysely'
import type { Tier } from '../../inbox/contract.ts'
import type { Bool } from './bool.ts'

/** Who answers, when, and whose turn it is. */

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

/** How many open leads of a tier somebody has. Kept by triggers on leads: nobody else writes here. */
export type OpenLeadTable = {
  owner_id: number
  tier: Tier
  leads: number
}

/** A text to somebody of the team: contact/member-texts. */
export type MemberTextTable = {
  id: Generated<number>
  /** The step of a deadline it is about; null when it is about a note. */
  clock_id: number | null
  percent: 50 | 80 | 100 | null
  member_id: number
  lead_id: number | null
  /** The note that calls them. */
  interaction_id: Generated<number | null>
  to_number: string
  body: string
  state: 'queued' | 'sending' | 'sent' | 'failed'
  problem: string | null
  created_at: number
  updated_at: number
}
