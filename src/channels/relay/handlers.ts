import { accountSecret, type Host } from '../../lib/host.ts'
import { makeKeyPair } from '../../relay/sealed-box.ts'
import { badInput, notFound } from '../../rpc/errors.ts'
import type { HandlersOf } from '../../rpc/serve.ts'
import type { Store } from '../../store/store.ts'
import { needAccount, saveAccountSettings, settingsOf } from '../accounts.ts'
import type { channelsContract, RelayHook, RelaySettings } from '../contract.ts'
import type { Channels } from '../registry.ts'
import { relayTiming } from './limits.ts'
import { makeRelayClient, type RelayClientParts } from './relay-client.ts'
import { packRelaySecret, parseRelaySecret } from './relay-secret.ts'

export type RelayHandlersDeps = Pick<RelayClientParts, 'fetch' | 'clock'> & {
  readonly store: Store
  readonly host: Host
  readonly channels: Pick<Channels, 'reload'>
  readonly newToken: () => string
  /** Stores a new account with its secret and starts it; answers its id. */
  readonly add: (label: string, settings: RelaySettings, secret: string) => Promise<number>
}

type RelayMethods = 'channels.connectRelay' | 'channels.addRelayHook' | 'channels.removeRelayHook'

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

export const urlOfHook = ({ publicUrl, workspace }: RelaySettings, { token }: RelayHook): string =>
  `${publicUrl}/h/${workspace}/${token}`

export function makeRelayHandlers(deps: RelayHandlersDeps): Pick<HandlersOf<typeof channelsContract>, RelayMethods> {
  const { store, host, channels } = deps

  const clientFor = (url: string, bearer: string) =>
    makeRelayClient({ url, bearer, fetch: deps.fetch, clock: deps.clock, timeout: relayTiming.timeout })

  const open = async (id: number) => {
    const row = await needAccount(store.read, id, 'relay')
    const settings = settingsOf(row)
    const secret = parseRelaySecret(await host.getSecret(accountSecret(id)))
    if (settings.kind !== 'relay' || !secret) {
      throw badInput('The key of this relay is gone from this computer. Ask for a new invite and connect again.')
    }
    return { row, relay: settings.relay, client: clientFor(settings.relay.url, secret.key) }
  }

  const saveHooks = async (id: number, label: string, relay: RelaySettings, hooks: readonly RelayHook[]) => {
    await store.write((tx) => saveAccountSettings(tx, id, label, { ...relay, hooks }))
    await channels.reload(id)
  }

  return {
    'channels.connectRelay': async ({ url, invite }) => {
      const at = new URL(url)
      if (at.protocol !== 'https:' && !(at.protocol === 'http:' && loopback.has(at.hostname))) {
        throw badInput('The address of the relay must start with https://, or your key would travel in the open.')
      }
      const { publicKey, privateKey } = makeKeyPair()
      const made = await clientFor(url, invite).register(publicKey)
      const settings: RelaySettings = { url, publicUrl: made.publicUrl, workspace: made.workspace, hooks: [] }
      return { id: await deps.add(at.host, settings, packRelaySecret({ key: made.key, privateKey })) }
    },

    'channels.addRelayHook': async ({ id, hook }) => {
      const { row, relay, client } = await open(id)
      const before = relay.hooks.find((it) => it.kind === hook.kind && targetOf(it) === targetOf(hook))
      const added: RelayHook = before ?? { ...hook, token: await tokenFor(hook) }
      // Told to the relay again when it is there: a relay that was set up anew learns of it this way.
      const { url } = await client.saveHook(added.token, { kind: hook.kind, verifyToken: null })
      if (!before) await saveHooks(id, row.label, relay, [...relay.hooks, added])
      return { url }
    },

    'channels.removeRelayHook': async ({ id, token }) => {
      const { row, relay, client } = await open(id)
      if (!relay.hooks.some((it) => it.token === token)) throw notFound('This address')
      await client.removeHook(token)
      const hooks = relay.hooks.filter((it) => it.token !== token)
      await saveHooks(id, row.label, relay, hooks)
      return {}
    },
  }

  /** A form is known by its own token, here as at its address on this computer. */
  async function tokenFor(hook: Target): Promise<string> {
    if (hook.kind === 'twilio') await needAccount(store.read, hook.twilioId, 'twilio')
    if (hook.kind !== 'form') return deps.newToken()
    const form = settingsOf(await needAccount(store.read, hook.formId, 'form'))
    if (form.kind !== 'form') throw notFound('This form')
    return form.token
  }
}

type Target =
  | { readonly kind: 'form'; readonly formId: number }
  | { readonly kind: 'twilio'; readonly twilioId: number }
  | { readonly kind: 'unsubscribe' }

const targetOf = (hook: Target): number | null =>
  hook.kind === 'form' ? hook.formId : hook.kind === 'twilio' ? hook.twilioId : null
