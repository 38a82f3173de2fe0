import type { StoreChange } from './touches.ts'

type After = (ms: number, task: () => void) => () => void

const fewEveryMs = 200
const manyEveryMs = 1000
// No person does something to so many at once; a first synchronisation does it several times a second for minutes.
const manyPeople = 20

/**
 * Gathers changes to fetch again what they are about. What somebody just did is seen at once; what comes in for many
 * people together leaves the window its time for whoever works in it.
 */
export function createRefetcher(flush: (changes: readonly StoreChange[]) => void, after: After) {
  const few = createBatcher(flush, fewEveryMs, after)
  const many = createBatcher(flush, manyEveryMs, after)
  return {
    add: (change: StoreChange) => (change.personIds.length > manyPeople ? many : few).add(change),
    stop: () => {
      few.stop()
      many.stop()
    },
  }
}

/**
 * Gathers items and hands them over together: the first at once, later ones at most every `everyMs`, so that a first
 * sync of thousands of mails does not fetch the list thousands of times.
 */
export function createBatcher<T>(flush: (items: readonly T[]) => void, everyMs: number, after: After) {
  let items: T[] = []
  let cancel: (() => void) | undefined
  const hand = () => {
    if (items.length === 0) {
      cancel = undefined
      return
    }
    const batch = items
    items = []
    cancel = after(everyMs, hand)
    flush(batch)
  }
  return {
    add: (item: T) => {
      items.push(item)
      if (!cancel) cancel = after(0, hand)
    },
    stop: () => {
      cancel?.()
      items = []
    },
  }
}
