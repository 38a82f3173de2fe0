import { accountSecret, type Host } from '../../lib/host.ts'
import type { Log } from '../../lib/log.ts'
import { makeKeyPair } from '../../relay/sealed-box.ts'
import type { HookPage } from '../../relay/wire.ts'
import { badInput, notFound } from '../../rpc/errors.ts'
import type { HandlersOf } from '../../rpc/serve.ts'
import type { Store } from '../../store/store.ts'
import { forgetCursors, needAccount, readAccounts, saveAccountSettings, settingsOf } from '../accounts.ts'
import { refuseOpenUrl } from '../check-settings.ts'
import type { channelsContract, FormPage, RelayHook, RelaySettings } from '../contract.ts'
import type { Channels } from '../registry.ts'
import type { Farewells } from './farewells.ts'
import { relayTiming } from './limits.ts'
import { makeRelayClient, type RelayClient, type RelayClientParts } from './relay-client.ts'
import { packRelaySecret, parseRelaySecret } from './relay-secret.ts'

export type RelayHandlersDeps = Pick<RelayClientParts, 'fetch' | 'clock'> & {
  readonly store: Store
  readonly host: Host
  readonly log: Log
  readonly channels: Pick<Channels, 'reload'>
  readonly newToken: () => string
  readonly farewells: Pick<Farewells, 'add'>
  /** Stores a new account with its secret and starts it; answers its id. */
  readonly add: (label: string, settings: RelaySettings, secret: string) => Promise<number>
}

type RelayMethods =
  | 'channels.connectRelay'
  | 'channels.reconnectRelay'
  | 'channels.addRelayHook'
  | 'channels.removeRelayHook'
  | 'channels.saveFormPage'

export type RelayHandlers = {
  readonly handlers: Pick<HandlersOf<typeof channelsContract>, RelayMethods>
  /**
   * An account is about to be removed: relays give up the addresses that lead to it, a relay itself all it has. A relay
   * that does not answer keeps nobody from disconnecting: addresses are then still in its list, to be given up later; one
   * that is removed itself is told later.
   */
  readonly forget: (accountId: number) => Promise<void>
}

export const urlOfHook = ({ publicUrl, workspace }: RelaySettings, { kind, token }: RelayHook): string =>
  kind === 'chat' ? `${publicUrl}/chat/${workspace}/${token}.js` : `${publicUrl}/h/${workspace}/${token}`

export function makeRelayHandlers(deps: RelayHandlersDeps): RelayHandlers {
  const { store, host, channels } = deps

  const clientFor = (url: string, bearer: string, timeout: number = relayTiming.timeout) =>
    makeRelayClient({ url, bearer, fetch: deps.fetch, clock: deps.clock, timeout })

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

  const forgetHooks = async (
    accountId: number,
    url: string,
    hooks: readonly RelayHook[],
    key: string,
    all: boolean,
  ) => {
    const client = clientFor(url, key, relayTiming.goodbye)
    if (all) return client.removeWorkspace()
    for (const { token } of hooks) await client.removeHook(token)
    deps.log.info({ accountId, count: hooks.length }, 'a relay gave up addresses')
  }

  const forget = async (accountId: number): Promise<void> => {
    for (const row of await readAccounts(store.read)) {
      const settings = row.kind === 'relay' ? settingsOf(row) : null
      if (settings?.kind !== 'relay') continue
      const { relay } = settings
      const mine = relay.hooks.filter((it) => targetOf(it) === accountId)
      const all = row.id === accountId
      const secret = all || mine.length > 0 ? parseRelaySecret(await host.getSecret(accountSecret(row.id))) : null
      if (!secret) continue
      try {
        await forgetHooks(accountId, relay.url, mine, secret.key, all)
        const left = relay.hooks.filter((it) => !mine.includes(it))
        if (!all) await saveHooks(row.id, row.label, relay, left)
      } catch (error) {
        deps.log.warn({ accountId: row.id, err: error }, 'a relay could not be told to give up addresses')
        if (all) await deps.farewells.add(accountId, relay.url, secret.key)
      }
    }
  }

  const handlers: RelayHandlers['handlers'] = {
    'channels.connectRelay': async ({ url, invite }) => {
      refuseOpenUrl(url, 'relay')
      const { privateKey } = makeKeyPair()
      const made = await clientFor(url, invite).register(privateKey)
      const settings: RelaySettings = { url, publicUrl: made.publicUrl, workspace: made.workspace, hooks: [] }
      return { id: await deps.add(new URL(url).host, settings, packRelaySecret({ key: made.key, privateKey })) }
    },

    'channels.reconnectRelay': async ({ id, invite }) => {
      const row = await needAccount(store.read, id, 'relay')
      const settings = settingsOf(row)
      if (settings.kind !== 'relay') throw notFound('This relay')
      const { relay } = settings
      const secret = parseRelaySecret(await host.getSecret(accountSecret(id)))
      // With the private key still here the workspace is ours, and what waits in it can be opened: only the key that
      // was refused is new. Without it nothing there is worth anything, and we begin anew.
      const privateKey = secret?.privateKey ?? makeKeyPair().privateKey
      const made = await clientFor(relay.url, invite).register(privateKey, secret === null ? null : relay.workspace)
      const moved = made.workspace !== relay.workspace
      const next: RelaySettings = { ...relay, publicUrl: made.publicUrl, workspace: made.workspace }
      await host.setSecret(accountSecret(id), packRelaySecret({ key: made.key, privateKey }))
      await store.write(async (tx) => {
        await saveAccountSettings(tx, id, row.label, next)
        if (moved) await forgetCursors(tx, id)
      })
      const client = clientFor(relay.url, made.key)
      for (const hook of relay.hooks) await client.saveHook(hook.token, toSave(hook))
      await channels.reload(id)
      for (const hook of relay.hooks) if (hook.kind === 'chat') await channels.reload(hook.chatId)
      return { moved }
    },

    'channels.saveFormPage': async ({ id, token, page }) => {
      const { row, relay, client } = await open(id)
      const hook = relay.hooks.find((it) => it.token === token)
      if (hook?.kind !== 'form') throw notFound('This address')
      const changed: RelayHook = { ...hook, page }
      await client.saveHook(token, toSave(changed))
      const hooks = relay.hooks.map((it) => (it.token === token ? changed : it))
      await saveHooks(id, row.label, relay, hooks)
      return {}
    },

    'channels.addRelayHook': async ({ id, hook }) => {
      const { row, relay, client } = await open(id)
      const before = relay.hooks.find((it) => it.kind === hook.kind && targetOf(it) === targetOf(hook))
      const added: RelayHook = before ?? { ...hook, token: await tokenFor(hook) }
      // Told to the relay again when it is there: a relay that was set up anew learns of it this way.
      await client.saveHook(added.token, toSave(added))
      if (!before) await saveHooks(id, row.label, relay, [...relay.hooks, added])
      // It tells the relay what it looks like.
      if (hook.kind === 'chat') await channels.reload(hook.chatId)
      return { url: urlOfHook(relay, added) }
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
  return { handlers, forget }

  /** A form is known by its own token, here as at its address on this computer. */
  async function tokenFor(hook: Target): Promise<string> {
    if (hook.kind === 'twilio') await needAccount(store.read, hook.twilioId, 'twilio')
    if (hook.kind === 'chat') await needAccount(store.read, hook.chatId, 'chat')
    if (hook.kind !== 'form') return deps.newToken()
    const form = settingsOf(await needAccount(store.read, hook.formId, 'form'))
    if (form.kind !== 'form') throw notFound('This form')
    return form.token
  }
}

type Target =
  | { readonly kind: 'form'; readonly formId: number }
  | { readonly kind: 'twilio'; readonly twilioId: number }
  | { readonly kind: 'chat'; readonly chatId: number }
  | { readonly kind: 'unsubscribe' }

function targetOf(hook: Target): number | null {
  switch (hook.kind) {
    case 'form':
      return hook.formId
    case 'twilio':
      return hook.twilioId
    case 'chat':
      return hook.chatId
    case 'unsubscribe':
      return null
  }
}

/** As the relay is told of a hook. What a chat looks like its own channel says. */
function toSave(hook: RelayHook): Parameters<RelayClient['saveHook']>[1] {
  const page = hook.kind === 'form' ? { page: hook.page ? shownPage(hook.page) : null } : {}
  return { kind: hook.kind, verifyToken: null, ...page }
}

const shownPage = (page: FormPage): HookPage => ({ kind: 'form', ...page })
