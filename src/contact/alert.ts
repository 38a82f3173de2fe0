import type { ClockKind, Tier } from '../inbox/contract.ts'

/** How much of a clock's time was gone, in hundredths. */
export type Percent = 50 | 80 | 100

/** A step of a clock that is to be said aloud, with what is said of its lead. */
export type Alert = {
  readonly clock_id: number
  readonly percent: Percent
  readonly lead_id: number
  readonly fell_at: number
  readonly said_at: number | null
  readonly kind: ClockKind
  readonly due_at: number
  readonly person_id: number
  readonly owner_id: number | null
  readonly tier: Tier
  readonly score: number
  readonly preview: string
  readonly snoozed_until: number | null
  readonly name: string
}
