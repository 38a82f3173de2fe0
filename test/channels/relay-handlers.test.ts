import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { insertAccount, needAccount, settingsOf } from '../../src/channels/accounts.ts'
import { makeFarewells } from '../../src/channels/relay/farewells.ts'
import { makeRelayHandlers, type RelayHandlers } from '../../src/channels/relay/handlers.ts'
import { parseRelaySecret } from '../../src/channels/relay/relay-secret.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { hour, minute } from '../../src/lib/durations.ts'
import { silentLog } from '../../src/lib/log.ts'
import { makeKeyPair, openOpener, publicKeyOf } from '../../src/relay/sealed-box.ts'
import { challengeContext } from '../../src/relay/wire.ts'
import { eventually } from '../fakes/eventually.ts'
import { makeFakeClock } from '../fakes/fake-clock.ts'
import { inviteOf, type RelayProcess, startRelayProcess } from '../fakes/relay/relay-process.ts'
import { temporaryFolder } from '../fakes/temp-folder.ts'
import { openTestStore, type TestStore } from '../fakes/test-store.ts'

const formToken = 'f'.repeat(32)

let folder: string
let relay: RelayProcess
let store: TestStore
let secrets: Map<string, string>
let reloaded: number[]
let farewells: { readonly id: number; readonly url: string; readonly key: string }[]
let handlers: RelayHandlers['handlers']
let forget: RelayHandlers['forget']

beforeEach(async () => {
  folder = temporaryFolder()
  relay = await startRelayProcess({ RELAY_DATA: folder })
  store = openTestStore()
  secrets = new Map()
  reloaded = []
  farewells = []
  ;({ handlers, forget } = makeRelayHandlers({
    log: silentLog,
    store,
    clock: systemClock,
    fetch,
    host: {
      getSecret: async (name) => secrets.get(name) ?? null,
      setSecret: async (name, value) => void secrets.set(name, value),
      deleteSecret: async (name) => void secrets.delete(name),
    },
    channels: { reload: async (id) => void reloaded.push(id) },
    farewells: { add: async (id, url, key) => void farewells.push({ id, url, key }) },
    newToken: () => randomBytes(16).toString('hex'),
    add: async (label, settings, secret) => {
      const id = await store.write((tx) => insertAccount(tx, { kind: 'relay', label, settings, at: 1 }))
      secrets.set(`account-${id}`, secret)
      return id
    },
  }))
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
    body: { code: 'AUTH_FAILED', message: expect.stringContaining('does not know this invite code') },
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

const settingsOfRelay = async (id: number) => {
  const settings = settingsOf(await needAccount(store.read, id, 'relay'))
  if (settings.kind !== 'relay') throw new Error('no relay')
  return settings.relay
}

it('what is removed here answers no more there: the address of a form, then everything of the relay', async () => {
  const { id } = await connect()
  const formId = await store.addAccount('form', { token: formToken })
  const chatId = await store.addAccount('chat')
  const form = await handlers['channels.addRelayHook']({ id, hook: { kind: 'form', formId } })
  const chat = await handlers['channels.addRelayHook']({ id, hook: { kind: 'chat', chatId } })
  expect(chat.url).toMatch(/\/chat\/[0-9a-f]{16}\/[0-9a-f]{32}\.js$/)
  await forget(formId)
  expect((await hooksOf(id)).map((it) => it.kind)).toEqual(['chat'])
  const { key } = parseRelaySecret(secrets.get(`account-${id}`) ?? null) ?? { key: '' }
  await forget(id)
  const pull = await fetch(`${relay.url}/v1/pull`, { method: 'POST', headers: { authorization: `Bearer ${key}` } })
  expect(pull.status).toBe(401)
  expect((await fetch(form.url, { method: 'POST', body: 'name=Ana' })).status).toBe(404)
})

it('a relay that is gone keeps nobody from disconnecting a form; its address stays in the list', async () => {
  const { id } = await connect()
  const formId = await store.addAccount('form', { token: formToken })
  await handlers['channels.addRelayHook']({ id, hook: { kind: 'form', formId } })
  await relay.kill()
  await forget(formId)
  expect(await hooksOf(id)).toHaveLength(1)
  expect(farewells).toEqual([])
})

it('a relay that is gone while it is removed is told later, over restarts, until it answers', async () => {
  const { id } = await connect()
  const formId = await store.addAccount('form', { token: formToken })
  const { url } = await handlers['channels.addRelayHook']({ id, hook: { kind: 'form', formId } })
  const port = new URL(relay.url).port
  await relay.kill()
  await forget(id)
  expect(farewells).toMatchObject([{ id, url: relay.url }])

  const clock = makeFakeClock()
  const host = {
    getSecret: async (name: string) => secrets.get(name) ?? null,
    setSecret: async (name: string, value: string) => void secrets.set(name, value),
    deleteSecret: async (name: string) => void secrets.delete(name),
  }
  const life = () => makeFarewells({ store, clock, log: silentLog, host, fetch })
  const rows = () => store.read.db.selectFrom('farewell').select(['account_id', 'tries']).execute()
  const before = life()
  await before.start()
  for (const it of farewells) await before.add(it.id, it.url, it.key)
  await clock.advance(minute)
  await eventually('one more try', async () => (await rows())[0]?.tries === 1)
  await before.stop()
  // The computer was off meanwhile, and the relay is back.
  relay = await startRelayProcess({ RELAY_DATA: folder, RELAY_PORT: port })
  expect((await fetch(url, { method: 'POST', body: 'name=Ana' })).status).toBe(200)
  await clock.sleep(hour)
  const after = life()
  await after.start()
  await eventually('the goodbye', async () => (await rows()).length === 0)
  await after.stop()
  expect((await fetch(url, { method: 'POST', body: 'name=Ana' })).status).toBe(404)
  expect([...secrets.keys()]).toEqual([`account-${id}`])
})

it('who has an invite and knows a public key, but not the private one, gets no key for its workspace', async () => {
  const { id } = await connect()
  const { workspace } = await settingsOfRelay(id)
  const { privateKey } = parseRelaySecret(secrets.get(`account-${id}`) ?? null) ?? { privateKey: Buffer.alloc(32) }
  const publicKey = publicKeyOf(privateKey).toString('base64')
  const ask = (path: string, body: object) =>
    fetch(`${relay.url}/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${invite}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const invite = inviteOf({ RELAY_DATA: folder })
  expect((await ask('workspaces', { publicKey, workspace })).status).toBe(403)
  expect((await ask('workspaces', { publicKey, workspace, proof: '0'.repeat(64) })).status).toBe(403)
  // What was set for a key of one's own proves nothing about another.
  const own = makeKeyPair()
  const { box } = (await (await ask('challenge', { publicKey: own.publicKey.toString('base64') })).json()) as {
    box: string
  }
  const opened = openOpener(own.privateKey)(challengeContext, Buffer.from(box, 'base64'))
  const proof = opened.kind === 'opened' ? opened.plaintext.toString('hex') : ''
  expect((await ask('workspaces', { publicKey, workspace, proof })).status).toBe(403)
  // The invite is not used up by it, and whoever holds the key gets a new one.
  expect(await handlers['channels.reconnectRelay']({ id, invite })).toEqual({ moved: false })
})

it('a key that is refused is replaced with a new invite: addresses stay, and what waits can be opened', async () => {
  const { id } = await connect()
  const formId = await store.addAccount('form', { token: formToken })
  const { url } = await handlers['channels.addRelayHook']({ id, hook: { kind: 'form', formId } })
  const before = await settingsOfRelay(id)
  const old = parseRelaySecret(secrets.get(`account-${id}`) ?? null)
  expect((await fetch(url, { method: 'POST', body: 'name=Ana' })).status).toBe(200)
  const { moved } = await handlers['channels.reconnectRelay']({ id, invite: inviteOf({ RELAY_DATA: folder }) })
  expect(moved).toBe(false)
  const now = parseRelaySecret(secrets.get(`account-${id}`) ?? null)
  expect(now?.privateKey).toEqual(old?.privateKey)
  expect(now?.key).not.toBe(old?.key)
  expect(await settingsOfRelay(id)).toEqual(before)
  const pull = (key: string | undefined) =>
    fetch(`${relay.url}/v1/pull`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ consumer: 'test', waitMs: 0, max: 1 }),
    })
  expect((await pull(old?.key)).status).toBe(401)
  expect(await (await pull(now?.key)).json()).toMatchObject({ waiting: 1 })
  expect((await fetch(url, { method: 'POST', body: 'name=Bo' })).status).toBe(200)
})

it('a relay that was set up anew gets the same addresses back; without the private key they are new', async () => {
  const { id } = await connect()
  const formId = await store.addAccount('form', { token: formToken })
  const { url } = await handlers['channels.addRelayHook']({ id, hook: { kind: 'form', formId } })
  const page = { business: 'Ana & Co', intro: '', colour: '#1f2e6e', question: 'When?', field: 'timeline' } as const
  await handlers['channels.saveFormPage']({ id, token: formToken, page })
  const port = new URL(relay.url).port
  await relay.kill()
  folder = temporaryFolder()
  relay = await startRelayProcess({ RELAY_DATA: folder, RELAY_PORT: port })
  expect((await fetch(url, { method: 'POST', body: 'name=Ana' })).status).toBe(404)
  expect(await handlers['channels.reconnectRelay']({ id, invite: inviteOf({ RELAY_DATA: folder }) })).toEqual({
    moved: false,
  })
  expect((await fetch(url, { method: 'POST', body: 'name=Ana' })).status).toBe(200)
  expect(await (await fetch(url.replace('/h/', '/f/'))).text()).toContain('Ana &#38; Co')
  secrets.delete(`account-${id}`)
  expect(await handlers['channels.reconnectRelay']({ id, invite: inviteOf({ RELAY_DATA: folder }) })).toEqual({
    moved: true,
  })
  expect((await settingsOfRelay(id)).workspace).not.toBe(new URL(url).pathname.split('/')[2])
  // A workspace of somebody else cannot be taken over.
  const other = await handlers['channels.connectRelay']({ url: relay.url, invite: inviteOf({ RELAY_DATA: folder }) })
  const theirs = await settingsOfRelay(other.id)
  const row = await needAccount(store.read, id)
  const mine = JSON.parse(row.settings) as object
  await store.write(async (tx) => {
    const settings = JSON.stringify({ ...mine, workspace: theirs.workspace })
    await tx.db.updateTable('account').set({ settings }).where('id', '=', id).execute()
  })
  await expect(
    handlers['channels.reconnectRelay']({ id, invite: inviteOf({ RELAY_DATA: folder }) }),
  ).rejects.toMatchObject({ body: { code: 'CONFLICT' } })
})
