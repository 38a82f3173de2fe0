import type { Clock } from '../lib/clock.ts'

/** Long-polls that wait for something to arrive at their workspace. */
export type Waiters = {
  /** Resolves at the next arrival. Ask before looking: an arrival between the two must not be missed. */
  readonly next: (workspace: string) => { readonly arrived: Promise<void>; readonly leave: () => void }
  readonly wake: (workspace: string) => void
  readonly wakeAll: () => void
}

export function makeWaiters(): Waiters {
  const waiting = new Map<string, Set<() => void>>()
  const wake = (workspace: string) => {
    const all = waiting.get(workspace)
    waiting.delete(workspace)
    for (const resolve of all ?? []) resolve()
  }
  return {
    next: (workspace) => {
      let mine = () => {}
      const arrived = new Promise<void>((resolve) => {
        mine = resolve
      })
      const all = waiting.get(workspace) ?? new Set()
      waiting.set(workspace, all.add(mine))
      return {
        arrived,
        leave: () => {
          all.delete(mine)
          if (all.size === 0 && waiting.get(workspace) === all) waiting.delete(workspace)
        },
      }
    },
    wake,
    wakeAll: () => {
      for (const workspace of [...waiting.keys()]) wake(workspace)
    },
  }
}

/**
 * Resolves at the arrival, after so many ms, or when it is woken.
 * @param onWake is given what wakes it
 */
export const soonest = (
  clock: Clock,
  arrived: Promise<void>,
  ms: number,
  onWake: (wake: () => void) => void,
): Promise<void> =>
  new Promise((resolve) => {
    const cancel = clock.after(ms, resolve)
    const wake = () => {
      cancel()
      resolve()
    }
    onWake(wake)
    void arrived.then(wake)
  })
