/**
 * Gathers items and hands them over together: the first at once, later ones at most every `everyMs`, so that a first
 * sync of thousands of mails does not fetch the list thousands of times.
 */
export function createBatcher<T>(
  flush: (items: readonly T[]) => void,
  everyMs: number,
  after: (ms: number, task: () => void) => () => void,
) {
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
