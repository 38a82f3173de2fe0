import type { Clock } from '../../lib/clock.ts'
import { minute } from '../../lib/durations.ts'

/**
 * Keeps a poll from handing over our own texts and calls as somebody else's.
 *
 * Twilio lists a text the moment it accepted it, before our outbox has written down its SID; after a crash or a broken
 * connection even minutes before. Handed over as "sent by another program" it would no longer be found as ours, and
 * the outbox would send it again. So whatever left the account and is unknown to the store waits a while.
 */
export type OwnSends = {
  /** A request to send is about to leave. @returns how it ended: the SID, null for certainly nothing, undefined for nobody knows */
  readonly begin: (to: string) => (sid: string | null | undefined) => void
  /** A send of unknown outcome was looked up: the SID found, or null. */
  readonly found: (to: string, sid: string | null) => void
  /** True while an outgoing item unknown to the store may still turn out to be ours. */
  readonly holds: (sid: string, to: string) => boolean
  readonly delivered: (sid: string) => void
}

/** A send whose outcome nobody asked about for this long will not be asked about any more. */
const forgottenAfter = 30 * minute

/** @param graceMs how long an unknown outgoing item waits from when it was first seen */
export function createOwnSends(clock: Clock, graceMs: number): OwnSends {
  const ours = new Set<string>()
  const firstSeen = new Map<string, number>()
  const unsettled = new Set<{ readonly to: string; readonly at: number }>()
  return {
    begin: (to) => {
      const entry = { to, at: clock.now() }
      unsettled.add(entry)
      return (sid) => {
        if (sid !== undefined) unsettled.delete(entry)
        if (typeof sid === 'string') ours.add(sid)
      }
    },
    found: (to, sid) => {
      for (const entry of unsettled) if (entry.to === to) unsettled.delete(entry)
      if (sid !== null) ours.add(sid)
    },
    holds: (sid, to) => {
      const now = clock.now()
      for (const entry of unsettled) if (now - entry.at > forgottenAfter) unsettled.delete(entry)
      const seen = firstSeen.get(sid) ?? now
      firstSeen.set(sid, seen)
      return ours.has(sid) || now - seen < graceMs || [...unsettled].some((entry) => entry.to === to)
    },
    delivered: (sid) => {
      firstSeen.delete(sid)
    },
  }
}
