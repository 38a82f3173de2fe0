import type { Clock } from '../../lib/clock.ts'
import { second } from '../../lib/durations.ts'
import { accountSecret, type Host } from '../../lib/host.ts'
import type { ChatDelivery } from '../../relay/wire.ts'
import type { Store } from '../../store/store.ts'
import { readAccounts, settingsOf } from '../accounts.ts'
import { makeRelayClient, type RelayClient } from '../relay/relay-client.ts'
import { parseRelaySecret } from '../relay/relay-secret.ts'

/** A message of a visitor, with when the relay took it. */
export type ChatArrival = { readonly message: ChatDelivery; readonly receivedAt: number; readonly raw: Uint8Array }

export type ChatEndpoint = {
  readonly accountId: number
  /** Resolves when it is stored. */
  readonly receive: (arrival: ChatArrival) => Promise<void>
}

/** Where the relay's deliveries and the chats of this computer find each other. */
export type ChatDesk = {
  readonly add: (endpoint: ChatEndpoint) => void
  readonly remove: (accountId: number) => void
  /** `unknown` when this chat is not running. @throws when it cannot be stored now: it must come again */
  readonly handOver: (chatId: number, arrival: ChatArrival) => Promise<'taken' | 'unknown'>
  /** The relay that serves a chat; null when it has no public address, or the key is gone. */
  readonly relayOf: (chatId: number, stopped: AbortSignal) => Promise<ChatRelay | null>
}

export type ChatRelay = { readonly client: RelayClient; readonly token: string }

type Parts = {
  readonly store: Store
  readonly host: Pick<Host, 'getSecret'>
  readonly fetch: typeof fetch
  readonly clock: Clock
}

const timeout = 15 * second

export function makeChatDesk({ store, host, fetch, clock }: Parts): ChatDesk {
  const endpoints = new Map<number, ChatEndpoint>()
  return {
    add: (endpoint) => void endpoints.set(endpoint.accountId, endpoint),
    remove: (accountId) => void endpoints.delete(accountId),
    handOver: async (chatId, arrival) => {
      const endpoint = endpoints.get(chatId)
      if (!endpoint) return 'unknown'
      await endpoint.receive(arrival)
      return 'taken'
    },
    relayOf: async (chatId, stopped) => {
      for (const row of await readAccounts(store.read)) {
        const settings = row.kind === 'relay' ? settingsOf(row) : null
        if (settings?.kind !== 'relay') continue
        const hook = settings.relay.hooks.find((it) => it.kind === 'chat' && it.chatId === chatId)
        const secret = hook && parseRelaySecret(await host.getSecret(accountSecret(row.id)))
        if (!hook || !secret) continue
        const { url } = settings.relay
        return {
          client: makeRelayClient({ url, bearer: secret.key, fetch, clock, timeout, stopped }),
          token: hook.token,
        }
      }
      return null
    },
  }
}
