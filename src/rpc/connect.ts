import type { EventName, EventPayload, MethodInput, MethodName, MethodOutput } from './contract.ts'
import { DeskbellError, type ErrorBody } from './errors.ts'

/** What travels from a client to the engine. */
export type CallMessage = {
  readonly kind: 'call'
  readonly id: number
  readonly method: string
  readonly input: unknown
}

/** What travels back: an answer to each call, and events nobody asked for. */
export type ReplyMessage =
  | { readonly kind: 'reply'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly kind: 'reply'; readonly id: number; readonly ok: false; readonly error: ErrorBody }
export type EventMessage = { readonly kind: 'event'; readonly name: EventName; readonly payload: unknown }

/** Both ends of a channel that keeps order: a process port, an in-process pair, the bridge of a window. */
export type Transport = {
  readonly post: (message: unknown) => void
  readonly onMessage: (listener: (message: unknown) => void) => void
}

export type Client = {
  /** Rejects with a {@link DeskbellError}, never with anything else. */
  readonly call: <M extends MethodName>(method: M, input: MethodInput<M>) => Promise<MethodOutput<M>>
  /** The same without types, for a relay that passes on what it does not know. Always resolves. */
  readonly relay: (method: string, input: unknown) => Promise<RelayResult>
  readonly on: <E extends EventName>(name: E, listener: (payload: EventPayload<E>) => void) => () => void
  readonly onAny: (listener: (event: EventMessage) => void) => () => void
  /** Rejects every pending and every later call with `ENGINE_GONE`. */
  readonly close: () => void
  readonly pending: () => number
}

export type RelayResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: ErrorBody }

export const engineGone: ErrorBody = {
  code: 'ENGINE_GONE',
  message: 'Deskbell is restarting its engine. Nothing was lost; this will work again in a moment.',
  fault: 'ours',
  retryable: true,
}

/** A typed client over any transport. One per connection: after `close` make a new one. */
export function connect(transport: Transport): Client {
  const waiting = new Map<number, (result: RelayResult) => void>()
  const listeners = new Set<(event: EventMessage) => void>()
  let nextId = 1
  let closed = false

  transport.onMessage((message) => {
    if (closed || !isServerMessage(message)) return
    if (message.kind === 'event') {
      for (const listener of [...listeners]) listener(message)
      return
    }
    const settle = waiting.get(message.id)
    waiting.delete(message.id)
    settle?.(message.ok ? { ok: true, value: message.value } : { ok: false, error: message.error })
  })

  const relay = (method: string, input: unknown): Promise<RelayResult> => {
    if (closed) return Promise.resolve({ ok: false, error: engineGone })
    return new Promise((resolve) => {
      const id = nextId++
      waiting.set(id, resolve)
      transport.post({ kind: 'call', id, method, input } satisfies CallMessage)
    })
  }
  const onAny = (listener: (event: EventMessage) => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  return {
    relay,
    onAny,
    call: async (method, input) => unwrap(await relay(method, input)) as MethodOutput<typeof method>,
    on: (name, listener) =>
      onAny((event) => {
        if (event.name === name) listener(event.payload as never)
      }),
    close: () => {
      closed = true
      for (const settle of waiting.values()) settle({ ok: false, error: engineGone })
      waiting.clear()
    },
    pending: () => waiting.size,
  }
}

/** Turns the answer of a relay into a value or a thrown {@link DeskbellError}. */
export function unwrap(result: RelayResult): unknown {
  if (result.ok) return result.value
  throw new DeskbellError(result.error)
}

function isServerMessage(message: unknown): message is ReplyMessage | EventMessage {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false
  return message.kind === 'reply' || message.kind === 'event'
}
