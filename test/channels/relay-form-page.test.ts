import { afterEach, beforeEach, expect, it } from 'vitest'
import { onColour } from '../../src/relay/chat-routes.ts'
import { unpackEnvelope } from '../../src/relay/envelope.ts'
import { openOpener } from '../../src/relay/sealed-box.ts'
import { type HookPage, pullOutput } from '../../src/relay/wire.ts'
import {
  call,
  type RelayProcess,
  registerWorkspace,
  startRelayProcess,
  type TestWorkspace,
} from '../fakes/relay/relay-process.ts'
import { temporaryFolder } from '../fakes/temp-folder.ts'

const token = 'a'.repeat(32)
const page: HookPage = {
  kind: 'form',
  business: 'Ana & "Co" <b>',
  intro: 'Tell us.',
  colour: '#ffee00',
  question: 'When would you like to start?',
  field: 'timeline',
}

let relay: RelayProcess
let workspace: TestWorkspace
let url: string

beforeEach(async () => {
  relay = await startRelayProcess({ RELAY_DATA: temporaryFolder() })
  workspace = await registerWorkspace(relay.url)
  await save(page)
  url = `${relay.url}/f/${workspace.id}/${token}`
})
afterEach(() => relay.kill())

const save = (shown: HookPage | null) =>
  call(relay.url, 'PUT', `/v1/hooks/${token}`, workspace.key, { kind: 'form', verifyToken: null, page: shown })
const send = (fields: Record<string, string>) => fetch(url, { method: 'POST', body: new URLSearchParams(fields) })
async function pulled(): Promise<Record<string, string>[]> {
  const answer = await call(relay.url, 'POST', '/v1/pull', workspace.key, { consumer: 'test', waitMs: 0, max: 9 })
  return pullOutput.parse(await answer.json()).deliveries.map(({ box }) => {
    const opened = openOpener(workspace.privateKey)(workspace.id, Buffer.from(box, 'base64'))
    const envelope = opened.kind === 'opened' ? unpackEnvelope(opened.plaintext) : null
    expect(envelope?.hook).toBe(token)
    return Object.fromEntries(new URLSearchParams(Buffer.from(envelope?.body ?? []).toString()))
  })
}

it('is a page without scripts and with a strict policy, in the words of the business', async () => {
  const answer = await fetch(url)
  const html = await answer.text()
  expect(answer.status).toBe(200)
  expect(html).toContain('<h1>Ana &#38; &#34;Co&#34; &#60;b&#62;</h1>')
  expect(html).toContain('<label for="answer">When would you like to start?</label><input id="answer" name="timeline"')
  expect(html).not.toMatch(/<script|style="|\son\w+=/)
  const policy = answer.headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'/)
  expect(policy).not.toContain('unsafe')
})

it('shows what the business changes at once, also to who has just looked', async () => {
  expect(await (await fetch(url)).text()).toContain('When would you like to start?')
  await save(null)
  expect((await fetch(url)).status).toBe(404)
  await save(page)
  expect(await (await fetch(url)).text()).toContain('When would you like to start?')
})

it('takes what was filled in, sealed, and says thank you', async () => {
  const answer = await send({ name: 'Bo', email: 'bo@example.com', phone: '', timeline: 'May' })
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('Your message has arrived')
  expect(await pulled()).toEqual([{ name: 'Bo', email: 'bo@example.com', phone: '', timeline: 'May' }])
})

it('says what is missing beside the field, keeps what was typed, and stores nothing', async () => {
  const answer = await send({ name: '"><i>Bo', email: 'nowhere', timeline: 'May' })
  const html = await answer.text()
  expect(answer.status).toBe(422)
  expect(html).toContain('value="&#34;&#62;&#60;i&#62;Bo"')
  expect(html).toContain('aria-invalid="true" aria-describedby="email-wrong"')
  expect(html).toContain('value="May"')
  expect(await pulled()).toEqual([])
})

it('is not there for a form that has none; its own address goes on', async () => {
  const other = 'b'.repeat(32)
  await call(relay.url, 'PUT', `/v1/hooks/${other}`, workspace.key, { kind: 'form', verifyToken: null })
  expect((await fetch(`${relay.url}/f/${workspace.id}/${other}`)).status).toBe(404)
  const posted = await fetch(`${relay.url}/h/${workspace.id}/${other}`, { method: 'POST', body: 'name=Ana' })
  expect(posted.status).toBe(200)
})

it.each([
  ['#ffee00', '#000000'],
  ['#1f2e6e', '#ffffff'],
  ['#000000', '#ffffff'],
  ['#ffffff', '#000000'],
])('writing on %s is %s', (colour, writing) => {
  expect(onColour(colour)).toBe(writing)
})
