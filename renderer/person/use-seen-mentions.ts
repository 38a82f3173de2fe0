import { useEffect } from 'react'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'

// Whoever only passes by with j and k has read nothing.
const readingMs = 1500

/** Notes that call whoever sits here count as seen once the person has been on screen for a moment. */
export function useSeenMentions(personId: number | null): void {
  const waiting = (useEngine('inbox.counts', {}).data?.mentions ?? 0) > 0
  useEffect(() => {
    if (!waiting || personId === null) return
    const timer = setTimeout(() => {
      // A badge that stays a little longer is no reason for an alarm.
      call('inbox.seeMentions', { personId }).catch(() => undefined)
    }, readingMs)
    return () => clearTimeout(timer)
  }, [personId, waiting])
}
