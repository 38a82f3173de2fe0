import { createHash } from 'node:crypto'
import type { Clock } from '../lib/clock.ts'
import type { RelayLimits } from './limits.ts'
import type { Hook, Queue, Workspace } from './queue/queue.ts'

type Found = Hook & Workspace

export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

export type HookCache = ReturnType<typeof makeHookCache>

/**
 * Hooks as they were read a moment ago. What does not exist is never remembered: it may be made the next second. A
 * change that came to this relay is seen at once, one that came to another relay on the same database a moment later.
 */
export function makeHookCache(queue: Queue, limits: RelayLimits, clock: Clock) {
  const known = new Map<string, { readonly hook: Promise<Found | null>; readonly until: number }>()

  return {
    /** It was changed or removed. */
    forget: (workspace: string, token: string): void => void known.delete(`${workspace}/${token}`),
    find: async (workspace: string, token: string): Promise<Found | null> => {
      const key = `${workspace}/${token}`
      const now = clock.now()
      const before = known.get(key)
      if (before && before.until > now) return before.hook
      const hook = queue.hook(workspace, hashOf(token))
      known.delete(key)
      if (known.size >= limits.hookCacheItems) known.delete(known.keys().next().value ?? '')
      known.set(key, { hook, until: now + limits.hookCacheFor })
      const forget = () => void (known.get(key)?.hook === hook && known.delete(key))
      try {
        const found = await hook
        if (!found) forget()
        return found
      } catch (error) {
        forget()
        throw error
      }
    },
  }
}
