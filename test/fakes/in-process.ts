import type { Transport } from '../../src/rpc/connect.ts'

/**
 * Both ends of a channel within one process, with what a real port does: messages are copied, arrive later and in
 * order, and what cannot be copied throws where it is posted.
 */
export function transportPair(): readonly [Transport, Transport] {
  const listeners: [((message: unknown) => void)[], ((message: unknown) => void)[]] = [[], []]
  const end = (own: 0 | 1, other: 0 | 1): Transport => ({
    post: (message) => {
      const copy = structuredClone(message)
      queueMicrotask(() => {
        for (const listener of listeners[other]) listener(copy)
      })
    },
    onMessage: (listener) => void listeners[own].push(listener),
  })
  return [end(0, 1), end(1, 0)]
}
