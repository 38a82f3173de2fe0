import type { Host } from '../lib/host.ts'
import type { Transport } from './connect.ts'

/** What the engine asks of its host over the same port that carries the calls. */
export type HostCall = {
  readonly kind: 'host-call'
  readonly id: number
  readonly service: 'secret.get' | 'secret.set' | 'secret.delete'
  readonly name: string
  readonly value?: string
}
export type HostReply =
  | { readonly kind: 'host-reply'; readonly id: number; readonly ok: true; readonly value: string | null }
  | { readonly kind: 'host-reply'; readonly id: number; readonly ok: false; readonly message: string }

/** The engine's end. */
export function hostOver(transport: Transport): Host {
  const waiting = new Map<number, { resolve: (value: string | null) => void; reject: (error: Error) => void }>()
  let nextId = 1
  transport.onMessage((message) => {
    if (!isHostReply(message)) return
    const waiter = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.ok) waiter?.resolve(message.value)
    else waiter?.reject(new Error(message.message))
  })
  const ask = (call: Omit<HostCall, 'kind' | 'id'>) =>
    new Promise<string | null>((resolve, reject) => {
      const id = nextId++
      waiting.set(id, { resolve, reject })
      transport.post({ kind: 'host-call', id, ...call } satisfies HostCall)
    })
  return {
    getSecret: (name) => ask({ service: 'secret.get', name }),
    setSecret: async (name, value) => void (await ask({ service: 'secret.set', name, value })),
    deleteSecret: async (name) => void (await ask({ service: 'secret.delete', name })),
  }
}

/** The host's end: answers the engine's requests with a {@link Host}. */
export function answerHostCalls(transport: Transport, host: Host): void {
  transport.onMessage((message) => {
    if (!isHostCall(message)) return
    const { id, service, name, value } = message
    const work = {
      'secret.get': () => host.getSecret(name),
      'secret.set': () => host.setSecret(name, value ?? '').then(() => null),
      'secret.delete': () => host.deleteSecret(name).then(() => null),
    }[service]
    work().then(
      (answer) => transport.post({ kind: 'host-reply', id, ok: true, value: answer } satisfies HostReply),
      (error: unknown) =>
        transport.post({ kind: 'host-reply', id, ok: false, message: String(error) } satisfies HostReply),
    )
  })
}

const isHostCall = (message: unknown): message is HostCall => kindOf(message) === 'host-call'
const isHostReply = (message: unknown): message is HostReply => kindOf(message) === 'host-reply'
const kindOf = (message: unknown) =>
  typeof message === 'object' && message !== null && 'kind' in message ? message.kind : null
