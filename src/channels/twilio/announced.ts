import { z } from 'zod'
import type { Clock } from '../../lib/clock.ts'
import { hour, minute } from '../../lib/durations.ts'

import type { ChannelContext, Hint, Inbound } from '../channel.ts'
import { foundByLookingScope } from '../own-numbers.ts'
import { withoutPrefix } from './phone.ts'

/**
 * Counts what came to a number and was never announced, although that number's webhook has worked before: webhooks are
 * lost without any error, and this number is the only sign (a webhook is a hint, Twilio's log is the truth).
 */
export type Announced = {
  readonly hinted: (hint: Hint) => void
  /** Something new was taken in. */
  readonly taken: (item: Inbound) => void
  /** Counts what has been waited for long enough. Once per look. */
  readonly settle: () => Promise<void>
}

const scope = 'announced'
// A look every 15 s is often faster than a webhook, and after a night's sleep the relay hands over one after the other.
const patience = 2 * minute
const remembered = 6 * hour

/** Calls and texts of a number have webhooks of their own. */
const keyOf = (externalId: string, to: string) =>
  `${externalId.startsWith('CA') ? 'calls' : 'texts'} ${withoutPrefix(to)}`

export function createAnnounced(clock: Clock, context: ChannelContext): Announced {
  const hints = new Map<string, number>()
  const waiting = new Map<string, { readonly key: string; readonly at: number }>()
  const newKeys = new Set<string>()
  return {
    hinted: ({ externalId, to }) => {
      const now = clock.now()
      for (const [sid, at] of hints) if (now - at > remembered) hints.delete(sid)
      hints.set(externalId, now)
      waiting.delete(externalId)
      newKeys.add(keyOf(externalId, to))
    },
    taken: (item) => {
      const { content, externalId } = item
      if (item.direction !== 'in' || item.history || hints.has(externalId)) return
      if (content.kind !== 'text' && content.kind !== 'call') return
      if (!waiting.has(externalId)) waiting.set(externalId, { key: keyOf(externalId, content.to), at: clock.now() })
    },
    settle: async () => {
      const due = [...waiting].filter(([, { at }]) => clock.now() - at >= patience)
      if (due.length === 0 && newKeys.size === 0) return
      const value = await context.cursor(scope)
      const known = new Set(value === null ? [] : z.array(z.string()).parse(JSON.parse(value)))
      const missed = due.filter(([, { key }]) => known.has(key)).length
      const cursors = []
      if ([...newKeys].some((key) => !known.has(key)))
        cursors.push({ scope, value: JSON.stringify([...new Set([...known, ...newKeys])]) })
      if (missed > 0 || (cursors.length > 0 && known.size === 0)) {
        const before = Number((await context.cursor(foundByLookingScope)) ?? 0)
        cursors.push({ scope: foundByLookingScope, value: String(before + missed) })
      }
      if (cursors.length > 0) await context.deliver([], cursors)
      newKeys.clear()
      for (const [sid] of due) waiting.delete(sid)
    },
  }
}
