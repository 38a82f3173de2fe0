export type Ticker = {
  /** Milliseconds UTC, rounded down to the second so that every chip shows the same moment. */
  readonly now: () => number
  readonly subscribe: (listener: () => void) => () => void
}

/** One clock for the whole window. It ticks on the second and only while somebody looks. */
export function createTicker(clock: () => number, after: (ms: number, task: () => void) => () => void): Ticker {
  const listeners = new Set<() => void>()
  const floor = (ms: number) => Math.floor(ms / 1000) * 1000
  let now = floor(clock())
  let cancel: (() => void) | undefined
  const tick = () => {
    now = floor(clock())
    cancel = after(1000 - (clock() % 1000), tick)
    for (const listener of [...listeners]) listener()
  }
  return {
    now: () => (cancel ? now : floor(clock())),
    subscribe: (listener) => {
      listeners.add(listener)
      if (!cancel) {
        now = floor(clock())
        cancel = after(1000 - (clock() % 1000), tick)
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        cancel?.()
        cancel = undefined
      }
    },
  }
}
