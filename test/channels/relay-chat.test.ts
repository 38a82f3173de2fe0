import { createHash, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unpackEnvelope } from '../../src/relay/envelope.ts'
import { openOpener } from '../../src/relay/sealed-box.ts'
import { chatDelivery, type HookPage, pullOutput } from '../../src/relay/wire.ts'
import {
  call,
  type RelayEnvironment,
  type RelayProcess,
  registerWorkspace,
  startRelayProcess,
  type TestWorkspace,
} from '../fakes/relay/relay-process.ts'
import { temporaryFolder } from '../fakes/temp-folder.ts'

const token = 'd'.repeat(32)
const page: HookPage = {
  kind: 'chat',
  business: 'Brightwater </script>',
  label: 'Chat',
  greeting: 'Hello!',
  away: 'We are closed.',
  colour: '#1f2e6e',
  ask: { email: true, phone: false },
  open: [],
}

let environment: RelayEnvironment
let relay: RelayProcess
let workspace: TestWorkspace

beforeEach(async () => {
  environment = { RELAY_DATA: temporaryFolder() }
  relay = await startRelayProcess(environment)
  workspace = await registerWorkspace(relay.url)
  await saveHook('chat', page)
})
afterEach(() => relay.kill())

const desk = (method: string, path: string, body?: unknown) => call(relay.url, method, path, workspace.key, body)
const saveHook = (kind: string, shown: HookPage | null, at = token) =>
  desk('PUT', `/v1/hooks/${at}`, { kind, verifyToken: null, page: shown })
const urlOf = (rest: string) => `${relay.url}/chat/${workspace.id}/${token}${rest}`
const visit = (path: string, body: object) =>
  fetch(urlOf(`/${path}`), { method: 'POST', headers: { 'content-type': 'text/plain' }, body: JSON.stringify(body) })
const newSecret = () => randomBytes(32).toString('hex')
const visitorOf = (secret: string) => createHash('sha256').update(secret).digest('hex').slice(0, 32)
const key = randomBytes(65).toString('base64')
const message = (secret: string, text: string, id = randomBytes(16).toString('hex')) => ({
  secret,
  id,
  key,
  text,
  at: 5,
})
const answersOf = async (answer: Response) =>
  ((await answer.json()) as { answers: { seq: number; id: string; box: string }[] }).answers
const waitingFor = async (secret: string, after = 0, waitMs = 0) =>
  answersOf(await visit('answers', { secret, after, waitMs }))
const sendAnswer = async (visitor: string, id: string, box = 'c2VjcmV0') =>
  ((await (await desk('POST', '/v1/chat/answers', { visitor, id, box })).json()) as { taken: string }).taken
const find = async (visitor: string, id: string) =>
  ((await (await desk('POST', '/v1/chat/find', { visitor, id })).json()) as { known: boolean }).known

async function pulled() {
  const answer = await desk('POST', '/v1/pull', { consumer: 'test', waitMs: 0, max: 100 })
  const open = openOpener(workspace.privateKey)
  return pullOutput.parse(await answer.json()).deliveries.map(({ box }) => {
    const opened = open(workspace.id, Buffer.from(box, 'base64'))
    if (opened.kind !== 'opened') throw new Error(opened.kind)
    const envelope = unpackEnvelope(opened.plaintext)
    return chatDelivery.parse(JSON.parse(Buffer.from(envelope?.body ?? []).toString()))
  })
}

describe('the script', () => {
  it('is small, names the business as data, and is asked for again only when it changed', async () => {
    const answer = await fetch(urlOf('.js'))
    const text = await answer.text()
    expect(answer.headers.get('content-type')).toContain('text/javascript')
    expect(Buffer.byteLength(text)).toBeLessThan(15_000)
    expect(text).toContain('"business":"Brightwater </script>"')
    expect(() => new Function(text)).not.toThrow()
    const again = await fetch(urlOf('.js'), { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
  })

  it('is not there for other hooks and addresses', async () => {
    await saveHook('form', null, 'e'.repeat(32))
    expect((await fetch(`${relay.url}/chat/${workspace.id}/${'e'.repeat(32)}.js`)).status).toBe(404)
    expect((await fetch(`${relay.url}/chat/${workspace.id}/${'1'.repeat(32)}.js`)).status).toBe(404)
    expect((await fetch(`${relay.url}/h/${workspace.id}/${token}`, { method: 'POST', body: 'a=1' })).status).toBe(404)
  })
})

describe('a visitor', () => {
  it('writes: it arrives once, sealed, without the secret, however often it is posted', async () => {
    const secret = newSecret()
    const first = message(secret, 'Do you fix boilers?')
    for (let times = 0; times < 3; times++) expect((await visit('messages', first)).status).toBe(200)
    await visit('messages', message(secret, 'Today?'))
    const got = await pulled()
    expect(got.map((it) => it.text)).toEqual(['Do you fix boilers?', 'Today?'])
    expect(got[0]).toEqual({ id: first.id, key, text: first.text, at: 5, visitor: visitorOf(secret) })
    expect(relay.log()).not.toContain('boilers')
  })

  it('is refused what is no message, and what is too much', async () => {
    const secret = newSecret()
    expect((await visit('messages', { ...message(secret, ''), text: '' })).status).toBe(400)
    expect((await visit('messages', message('short', 'hello'))).status).toBe(400)
    expect((await visit('messages', message(secret, 'x'.repeat(40_000)))).status).toBe(413)
    const many = await Promise.all(Array.from({ length: 30 }, (_, n) => visit('messages', message(secret, `${n}`))))
    const slowed = many.filter((it) => it.status === 429)
    expect(slowed.length).toBeGreaterThanOrEqual(8)
    expect(Number(slowed[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('cannot begin conversations without end from one address', async () => {
    const begun: number[] = []
    for (let n = 0; n < 24; n++) begun.push((await visit('messages', message(newSecret(), 'hi'))).status)
    expect(begun.filter((it) => it === 200)).toHaveLength(20)
    expect(begun.filter((it) => it === 429)).toHaveLength(4)
  })
})

describe('an answer', () => {
  let secret: string
  let visitor: string
  beforeEach(async () => {
    secret = newSecret()
    visitor = visitorOf(secret)
    await visit('messages', message(secret, 'hello'))
  })

  it('is taken once under its id, reaches the one who waits at once, and nobody else', async () => {
    const id = 'a'.repeat(32)
    const waits = visit('answers', { secret, after: 0, waitMs: 20_000 })
    expect(await sendAnswer(visitor, id)).toBe('stored')
    expect(await sendAnswer(visitor, id)).toBe('known')
    expect(await find(visitor, id)).toBe(true)
    expect(await find(visitor, 'b'.repeat(32))).toBe(false)
    const got = await answersOf(await waits)
    expect(got).toEqual([{ seq: expect.any(Number), id, box: 'c2VjcmV0' }])
    const other = newSecret()
    await visit('messages', message(other, 'hi'))
    expect(await waitingFor(other)).toEqual([])
    expect(await waitingFor(visitor.repeat(2))).toEqual([])
  })

  it('waits over a crash of the relay, is given again until it was fetched, and is known after that', async () => {
    const id = 'a'.repeat(32)
    await sendAnswer(visitor, id)
    await relay.kill()
    relay = await startRelayProcess(environment)
    const [got] = await waitingFor(secret)
    expect(await waitingFor(secret)).toHaveLength(1)
    expect(got?.id).toBe(id)
    expect(await waitingFor(secret, got?.seq)).toEqual([])
    // The box is gone, also for somebody who starts over; that it was there is not.
    expect(await waitingFor(secret, 0)).toEqual([])
    expect(await find(visitor, id)).toBe(true)
    expect(await sendAnswer(visitor, id)).toBe('known')
  })

  it('for somebody unknown, or too many for one, is refused', async () => {
    expect(await sendAnswer('9'.repeat(32), 'a'.repeat(32))).toBe('unknown')
    const ids = Array.from({ length: 201 }, (_, n) => n.toString(16).padStart(32, '0'))
    const taken: string[] = []
    for (const id of ids) taken.push(await sendAnswer(visitor, id))
    expect(taken.filter((it) => it === 'stored')).toHaveLength(200)
    expect(taken.at(-1)).toBe('full')
    const answer = await desk('POST', '/v1/chat/answers', {
      visitor,
      id: 'f'.repeat(32),
      box: randomBytes(40_000).toString('base64'),
    })
    expect(answer.status).toBe(413)
  })

  it('is only taken with the key of the workspace', async () => {
    const answer = await call(relay.url, 'POST', '/v1/chat/answers', 'dbr_wrong', {
      visitor,
      id: 'a'.repeat(32),
      box: '',
    })
    expect(answer.status).toBe(401)
  })
})

it('the desktop learns who is still there', async () => {
  const secret = newSecret()
  const visitor = visitorOf(secret)
  await visit('messages', message(secret, 'hello'))
  const here = async () => {
    const answer = await desk('POST', '/v1/chat/presence', { visitors: [visitor, '9'.repeat(32)] })
    return ((await answer.json()) as { visitors: { visitor: string; here: boolean }[] }).visitors
  }
  expect(await here()).toEqual([{ visitor, here: true, seenAt: expect.any(Number) }])
  await visit('bye', { secret })
  expect(await here()).toEqual([{ visitor, here: false, seenAt: expect.any(Number) }])
  await visit('answers', { secret, after: 0, waitMs: 0 })
  expect(await here()).toEqual([{ visitor, here: true, seenAt: expect.any(Number) }])
})

it('a workspace that is given up answers no more', async () => {
  expect((await desk('DELETE', '/v1/workspace')).status).toBe(200)
  expect((await desk('POST', '/v1/pull', { consumer: 'test', waitMs: 0, max: 1 })).status).toBe(401)
  await relay.kill()
  relay = await startRelayProcess(environment)
  expect((await fetch(urlOf('.js'))).status).toBe(404)
})
