import type { ClockKind, InboxRow } from '../../src/inbox/contract.ts'
import type { EventPayload } from '../../src/rpc/contract.ts'

export type Alert = EventPayload<'lead.alert'>

const most = 50
const ranks = { hot: 0, warm: 1, nurture: 2 } as const

/**
 * Deadlines that somebody still has to be told of, most urgent first: hot leads, then the earliest deadline. The newest
 * word about a person replaces the one before.
 */
export function withAlerts(waiting: readonly Alert[], heard: readonly Alert[]): readonly Alert[] {
  const fresh = new Map(heard.filter((it) => it.notify).map((it) => [it.personId, it]))
  if (fresh.size === 0) return waiting
  return [...waiting.filter((it) => !fresh.has(it.personId)), ...fresh.values()]
    .toSorted((a, b) => ranks[a.tier] - ranks[b.tier] || a.dueAt - b.dueAt)
    .slice(0, most)
}

type Now = Pick<InboxRow, 'status' | 'owner' | 'snoozedUntil' | 'clock'>

/**
 * Whether an alert still says the truth to whoever sits here: it is theirs or nobody's, and nobody answered, snoozed or
 * closed it since. @param me  null while nobody said who sits here: then all are theirs
 */
export function isStillOwed(alert: Alert, row: Now, me: number | null, now: number): boolean {
  if (me !== null && row.owner !== null && row.owner.id !== me) return false
  if (row.status !== 'open' || row.clock === null) return false
  if (row.snoozedUntil !== null && row.snoozedUntil > now) return false
  // Another clock may have become the nearest one; one that is due later has begun since, and will speak for itself.
  return row.clock.dueAt <= alert.dueAt
}

const verbs: Readonly<Record<ClockKind, string>> = {
  owned: 'Take',
  first_contact: 'Answer',
  second_touch: 'Try again to reach',
  next_reply: 'Reply to',
  speed_of_answer: 'Pick up for',
}

/** What there is to do, without the time: that ticks beside it. */
export const deedOf = (clock: ClockKind, name: string): string => `${verbs[clock]} ${name}`
