import { once } from 'node:events'
import type { Transport } from '../src/rpc/connect.ts'

export type EnginePort = Transport & {
  /** Resolves when whoever started us is gone. A utility process never sees that: it ends with its parent. */
  readonly closed: Promise<unknown>
  /** Resolves when what was posted is on its way: `process.exit` would throw away what is still queued. */
  readonly flushed: () => Promise<void>
}

/**
 * The engine's end of the line to its host: Electron's message port in a utility process, the IPC pipe in a Node
 * child; null when it was started from a shell.
 */
export function enginePort(): EnginePort | null {
  // Electron adds it in a utility process only; its types say it is always there.
  const parent = process.parentPort as Electron.ParentPort | undefined
  if (parent) {
    return {
      post: (message) => parent.postMessage(message),
      onMessage: (listener) => void parent.on('message', ({ data }) => listener(data)),
      closed: new Promise(() => {}),
      // Electron tells nobody when a message has left.
      flushed: () => new Promise((resolve) => setTimeout(resolve, 100)),
    }
  }
  if (!process.send) return null
  return {
    // The callback takes the error of a pipe that closed: `closed` tells, and there is nobody left to answer.
    post: (message) => void process.send?.(message, undefined, undefined, () => {}),
    onMessage: (listener) => void process.on('message', listener),
    closed: once(process, 'disconnect'),
    // Messages keep their order, so when this one has left, all before it have.
    flushed: () =>
      new Promise((resolve) => {
        if (process.connected) process.send?.({ kind: 'goodbye' }, undefined, undefined, () => resolve())
        else resolve()
      }),
  }
}

/** Keeps calls that come before the engine can answer: windows ask while the database is still being opened. */
export function holdCalls(port: Transport): { readonly transport: Transport; readonly release: () => void } {
  const listeners: ((message: unknown) => void)[] = []
  let held: unknown[] | null = []
  const deliver = (message: unknown) => {
    for (const listener of [...listeners]) listener(message)
  }
  port.onMessage((message) => {
    if (held && isCall(message)) held.push(message)
    else deliver(message)
  })
  return {
    transport: { post: port.post, onMessage: (listener) => void listeners.push(listener) },
    release: () => {
      const early = held ?? []
      held = null
      early.forEach(deliver)
    },
  }
}

function isCall(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'call'
}
