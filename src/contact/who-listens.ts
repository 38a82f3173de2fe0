import type { BusinessTime } from '../lib/business-time.ts'
import type { Calendars } from '../store/queries/calendars.ts'
import type { ReadStore } from '../store/store.ts'

/** Who may be called to a lead at an instant. */
export type Listening = {
  /**
   * Whether this computer may sound for a lead of this owner (anybody's for null): the business is open, or a shift of
   * theirs is on. Whoever is on call has the calendar `always`.
   */
  readonly hears: (ownerId: number | null) => boolean
  /** When somebody may be called next, ms UTC; null when no such time is known. */
  readonly hearsAt: (ownerId: number | null) => number | null
  /** Whether a member's own phone may be texted now: in their hours, else in those of the business. */
  readonly reachable: (memberId: number) => boolean
}

/** @param at ms UTC */
export async function readListening(store: ReadStore, calendars: Calendars, at: number): Promise<Listening> {
  const members = await store.db
    .selectFrom('member')
    .select(['id', 'calendar'])
    .where('removed_at', 'is', null)
    .where('on_duty', '=', 1)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('absence')
            .select('absence.id')
            .whereRef('absence.member_id', '=', 'member.id')
            .where('absence.starts_at', '<=', at)
            .where('absence.ends_at', '>', at),
        ),
      ),
    )
    .execute()
  const business = calendars.timeOf('business')
  const timesOf = (ownerId: number | null): BusinessTime[] => [
    business,
    ...members
      .filter((it) => it.calendar !== null && (ownerId === null || it.id === ownerId))
      .map((it) => calendars.timeOf(it.calendar ?? 'business')),
  ]
  const isOpen = (time: BusinessTime) => time.nextOpen(at) === at
  return {
    hears: (ownerId) => timesOf(ownerId).some(isOpen),
    hearsAt: (ownerId) => {
      const next = timesOf(ownerId).flatMap((it) => it.nextOpen(at) ?? [])
      return next.length === 0 ? null : Math.min(...next)
    },
    reachable: (memberId) => {
      const member = members.find((it) => it.id === memberId)
      return member !== undefined && isOpen(calendars.timeOf(member.calendar ?? 'business'))
    },
  }
}
