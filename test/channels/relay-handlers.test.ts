import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { insertAccount, needAccount, settingsOf } from '../../src/channels/accounts.ts'
import { makeRelayHandlers } from '../../src/channels/relay/handlers.ts'
import { parseRelaySecret } from '../../src/channels/relay/relay-secret.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { inviteOf, type RelayProcess, startRelayProcess } from '../fakes/relay/relay-process.ts'
import { temporaryFolder } from '../fakes/temp-folder.ts'
import { openTestStore, type TestStore } from '../fakes/test-store.ts'

const formToken = 'f'.repeat(32)

let folder: string
let relay: RelayProcess
let store: TestStore
let secrets: Map<string, string>
let reloaded: number[]
let handlers: ReturnType<typeof makeRelayHandlers>

beforeEach(async () => {
  folder = temporaryFolder()
  relay = await startRelayProcess({ RELAY_DATA: folder })
  store = openTestStore()
  secrets = new Map()
  reloaded = []
  handlers = makeRelayHandlers({
    store,
    clock: systemClock,
    fetch,
    host: {
      getSecret: async (name) => secrets.get(name) ?? null,
      setSecret: async (name, value) => void secrets.set(name, value),
      deleteSecret: async (name) => void secrets.delete(name),
    },
    channels: { reload: async (id) => void reloaded.push(id) },
    newToken: () => randomBytes(16).toString('hex'),
    add: async (label, settings, secret) => {
      const id = await store.write((tx) => insertAccount(tx, { kind: 'relay', label, settings, at: 1 }))
      secrets.set(`account-${id}`, secret)
      return id
    },
  })
})
afterEach(async () => {
  await relay.kill()
  await store.close()
})

const connect = () => handlers['channels.connectRelay']({ url: relay.url, invite: inviteOf({ RELAY_DATA: folder }) })
const hooksOf = async (id: number) => {
  const settings = settingsOf(await needAccount(store.read, id, 'relay'))
  return settings.kind === 'relay' ? settings.relay.hooks : []
}

it('an invite connects once; the key is kept by the host and not in the settings', async () => {
  const invite = inviteOf({ RELAY_DATA: folder })
  const { id } = await handlers['channels.connectRelay']({ url: relay.url, invite })
  const secret = parseRelaySecret(secrets.get(`account-${id}`) ?? null)
  expect(secret?.privateKey).toHaveLength(32)
  expect((await needAccount(store.read, id)).settings).not.toContain(secret?.key)
  await expect(handlers['channels.connectRelay']({ url: relay.url, invite })).rejects.toMatchObject({
    body: { code: 'AUTH_FAILED' },
  })
})

it('a form gets a public address with its own token, the same one when asked twice, and loses it', async () => {
  const { id } = await connect()
  const formId = await store.addAccount('form', { token: formToken })
  const add = () => handlers['channels.addRelayHook']({ id, hook: { kind: 'form', formId } })
  const { url } = await add()
  expect(url).toMatch(new RegExp(`/h/[0-9a-f]{16}/${formToken}$`))
  expect(await add()).toEqual({ url })
  expect(await hooksOf(id)).toEqual([{ kind: 'form', token: formToken, formId }])
  expect((await fetch(url, { method: 'POST', body: 'name=Ana' })).status).toBe(200)
  await handlers['channels.removeRelayHook']({ id, token: formToken })
  expect(await hooksOf(id)).toEqual([])
  expect(reloaded).toEqual([id, id])
  await expect(handlers['channels.removeRelayHook']({ id, token: formToken })).rejects.toMatchObject({
    body: { code: 'NOT_FOUND' },
  })
})

it('what cannot be is said in words: no such account, no relay there, a key in the open', async () => {
  const { id } = await connect()
  await expect(handlers['channels.addRelayHook']({ id, hook: { kind: 'twilio', twilioId: 99 } })).rejects.toMatchObject(
    { body: { code: 'NOT_FOUND' } },
  )
  await expect(
    handlers['channels.connectRelay']({ url: 'http://relay.example.com', invite: 'x' }),
  ).rejects.toMatchObject({ body: { code: 'BAD_INPUT' } })
  await relay.kill()
  await expect(handlers['channels.addRelayHook']({ id, hook: { kind: 'unsubscribe' } })).rejects.toMatchObject({
    body: { code: 'UNREACHABLE' },
  })
  expect(await hooksOf(id)).toEqual([])
})
