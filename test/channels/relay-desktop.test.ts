import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Channel, ChannelContext, Inbound, StateReport } from '../../src/channels/channel.ts'
import type { RelayHook } from '../../src/channels/contract.ts'
import { makeRelayChannel } from '../../src/channels/relay/relay-channel.ts'
import { packRelaySecret } from '../../src/channels/relay/relay-secret.ts'
import type { RelaySurroundings } from '../../src/channels/relay/take-delivery.ts'
import { twilioSignature } from '../../src/channels/relay/twilio-signature.ts'
import { unsubscribeToken } from '../../src/channels/relay/unsubscribe-token.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { makeKeyPair } from '../../src/relay/sealed-box.ts'
import { eventually } from '../fakes/eventually.ts'
import {
  call,
  makeHook,
  type RelayProcess,
  registerWorkspace,
  startRelayProcess,
  type TestWorkspace,
} from '../fakes/relay/relay-process.ts'
import { temporaryFolder } from '../fakes/temp-folder.ts'

const tokens = { form: 'f'.repeat(32), twilio: 'a'.repeat(32), unsubscribe: 'b'.repeat(32), gone: 'c'.repeat(32) }
const hooks: RelayHook[] = [
  { kind: 'form', token: tokens.form, formId: 1 },
  { kind: 'twilio', token: tokens.twilio, twilioId: 2 },
  { kind: 'unsubscribe', token: tokens.unsubscribe },
]

let folder: string
let relay: RelayProcess
let workspace: TestWorkspace
let secret: string | null
let channel: Channel | null
let world: {
  handed: string[]
  outcome: 'taken' | 'refused' | 'unknown' | Error
  formIsThere: boolean
  chatIsThere: boolean
  nudged: number[]
  optedOut: string[]
  items: Inbound[]
  reasons: string[]
  cursors: Map<string, string>
  reports: StateReport[]
}

beforeEach(async () => {
  folder = temporaryFolder()
  relay = await startRelayProcess({ RELAY_DATA: folder })
  workspace = await registerWorkspace(relay.url)
  secret = packRelaySecret(workspace)
  channel = null
  for (const kind of ['form', 'twilio', 'unsubscribe'] as const)
    await makeHook(relay.url, workspace, tokens[kind], kind)
  await makeHook(relay.url, workspace, tokens.gone)
  world = {
    handed: [],
    outcome: 'taken',
    formIsThere: true,
    chatIsThere: true,
    nudged: [],
    optedOut: [],
    items: [],
    reasons: [],
    cursors: new Map(),
    reports: [],
  }
})
afterEach(async () => {
  await channel?.stop()
  await relay.kill()
})

async function open(): Promise<void> {
  await channel?.stop()
  const context: ChannelContext = {
    accountId: 9,
    clock: systemClock,
    log: silentLog,
    random: () => 0,
    secret: async () => secret,
    deliver: async (items, cursors, counts) => {
      world.items.push(...items)
      for (const { scope, value } of cursors) world.cursors.set(scope, value)
      for (let count = 0; count < (counts?.skipped ?? 0); count++) world.reasons.push(counts?.reason ?? '')
    },
    cursor: async (scope) => world.cursors.get(scope) ?? null,
    revisions: async () => new Map(),
    withRevision: async () => [],
    report: async (report) => void world.reports.push(report),
  } as Partial<ChannelContext> as ChannelContext
  const around: RelaySurroundings = {
    handOver: async (_token, post) => {
      if (world.outcome instanceof Error) throw world.outcome
      world.handed.push(Buffer.from(post.bytes).toString())
      return world.outcome
    },
    handOverChat: async (chatId, { message }) => {
      if (!world.chatIsThere) return 'unknown'
      world.handed.push(`chat ${chatId}: ${message.text}`)
      return 'taken'
    },
    isConnected: async () => world.formIsThere,
    secretOf: async () => 'auth-token',
    nudge: (id) => void world.nudged.push(id),
    optOut: async (email) => void world.optedOut.push(email),
  }
  const settings = { url: relay.url, publicUrl: relay.url, workspace: workspace.id, hooks }
  const timing = { wait: 2000, timeout: 2000, firstBackOff: 20, longestBackOff: 100 }
  channel = makeRelayChannel({ settings, context, around, fetch, timing })
  await channel.start()
}

const urlOf = (token: string) => `${relay.url}/h/${workspace.id}/${token}`
const post = (token: string, body: string, headers: Record<string, string> = {}) =>
  fetch(urlOf(token), { method: 'POST', body, headers })
const lastState = () => world.reports.at(-1)
/** Looked at in the file: asking the relay would take it in hand. */
const waiting = () => {
  const database = new BetterSqlite3(join(folder, 'relay.db'), { readonly: true })
  try {
    return Number(database.prepare('SELECT count(*) FROM delivery').pluck().get())
  } finally {
    database.close()
  }
}
const emptied = () => eventually('the relay has forgotten everything', () => waiting() === 0)

describe('what waits at the relay', () => {
  it('is handed to its form in order and then forgotten; what comes later, too', async () => {
    for (const text of ['one', 'two', 'three']) await post(tokens.form, text)
    await open()
    await emptied()
    await post(tokens.form, 'four')
    await emptied()
    expect(world.handed).toEqual(['one', 'two', 'three', 'four'])
    expect(world.cursors.get('seq')).toBe('4')
    expect(lastState()?.state).toBe('ok')
  })

  it('stays there while it cannot be stored, and comes when it can', async () => {
    world.outcome = new Error('disk full')
    await post(tokens.form, 'one')
    await open()
    await eventually('trouble is reported', () => lastState()?.state === 'backing-off')
    expect(waiting()).toBe(1)
    world.outcome = 'taken'
    await emptied()
    expect(world.handed).toEqual(['one'])
  })

  it('waits for a form that is not running, and is kept as it came when the form was removed', async () => {
    world.outcome = 'unknown'
    await post(tokens.form, 'name=Ana')
    await open()
    await eventually('trouble is reported', () => lastState()?.message.includes('not running'))
    expect(world.items).toEqual([])
    world.formIsThere = false
    await emptied()
    expect(world.items).toMatchObject([{ accountId: 9, content: { known: { message: 'name=Ana' } } }])
    expect(world.items[0]?.externalId).toMatch(/^box:[0-9a-f]{32}$/)
  })

  it('for an address that was given up is kept as it came', async () => {
    await post(tokens.gone, 'name=Ben')
    await open()
    await emptied()
    expect(world.items).toHaveLength(1)
  })

  it('that a form refuses is counted with the reason', async () => {
    world.outcome = 'refused'
    await post(tokens.form, '')
    await open()
    await emptied()
    expect(world.reasons).toEqual(['a form refused it: empty, not readable or not signed'])
  })

  it('and was dropped there is noticed by the gap, counted and said', async () => {
    for (let count = 0; count < 3; count++) await post(tokens.form, `${count}`)
    await call(relay.url, 'POST', '/v1/pull', workspace.key, { consumer: 'thief', waitMs: 0, max: 2 })
    await call(relay.url, 'POST', '/v1/ack', workspace.key, { consumer: 'thief', upTo: 2 })
    await open()
    await emptied()
    await eventually('it is said', () => lastState()?.message.includes('2 posts were dropped'))
    expect(world.reasons).toHaveLength(2)
    expect(world.handed).toEqual(['2'])
  })
})

describe('Twilio', () => {
  const body = 'MessageSid=SM1&Body=Hi'
  const headers = (signature: string) => ({
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': signature,
  })

  it('a signed hint lets the account look now; a forged one does nothing', async () => {
    await open()
    const good = twilioSignature('auth-token', urlOf(tokens.twilio), new URLSearchParams(body))
    await post(tokens.twilio, body, headers('Zm9yZ2Vk'))
    await post(tokens.twilio, `${body}&Extra=1`, headers(good))
    await post(tokens.twilio, body, headers(good))
    await eventually('the account is nudged', () => world.nudged.length > 0)
    await emptied()
    expect(world.nudged).toEqual([2])
    expect(world.reasons).toHaveLength(2)
    expect(world.items).toEqual([])
  })
})

describe('unsubscribing', () => {
  it('reaches the address in the link; a link that was made up reaches nobody', async () => {
    const token = unsubscribeToken(workspace.privateKey, 'ana@example.com', Buffer.alloc(12, 1))
    await fetch(`${urlOf(tokens.unsubscribe)}/${token}`, { method: 'POST', body: 'List-Unsubscribe=One-Click' })
    await fetch(`${urlOf(tokens.unsubscribe)}/made-up`, { method: 'POST', body: 'List-Unsubscribe=One-Click' })
    await open()
    await emptied()
    expect(world.optedOut).toEqual(['ana@example.com'])
    expect(world.reasons).toEqual(['an unsubscribe link that was not made here'])
  })
})

describe('trouble', () => {
  it('a key that is gone, refused or another one is said, and nothing is forgotten', async () => {
    await post(tokens.form, 'one')
    const { privateKey } = makeKeyPair()
    for (const bad of [
      null,
      packRelaySecret({ ...workspace, key: 'x' }),
      packRelaySecret({ ...workspace, privateKey }),
    ]) {
      secret = bad
      await open()
      await eventually('it is said', () => lastState()?.state === 'auth-failed')
      world.reports.length = 0
    }
    expect(waiting()).toBe(1)
    expect(world.handed).toEqual([])
  })

  it('a relay that goes away is looked for until it is back', async () => {
    await open()
    await eventually('it is connected', () => lastState()?.state === 'ok')
    const port = new URL(relay.url).port
    await relay.kill()
    await eventually('it is missed', () => lastState()?.state === 'backing-off')
    relay = await startRelayProcess({ RELAY_DATA: folder, RELAY_PORT: port })
    await post(tokens.form, 'after')
    await emptied()
    expect(world.handed).toEqual(['after'])
  })
})
