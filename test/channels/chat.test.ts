import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TimelineEntry } from '../../src/people/contract.ts'
import { type EngineProcess, engineProcess } from '../fakes/engine-process.ts'
import { eventually } from '../fakes/eventually.ts'
import { inviteOf, type RelayEnvironment, type RelayProcess, startRelayProcess } from '../fakes/relay/relay-process.ts'
import { findBrowser, type Gate, startGate, startWebsite, type Website } from '../fakes/relay/website.ts'
import { temporaryFolder } from '../fakes/temp-folder.ts'

/*
 * The whole way: a browser on a page with a strict policy, the real relay, the real engine. Both servers are killed on
 * the way.
 */

const program = fileURLToPath(new URL('../../main/engine-entry.ts', import.meta.url))
const launch = findBrowser()

let browser: Browser
let environment: RelayEnvironment
let relay: RelayProcess
let gate: Gate
let engine: EngineProcess
let website: Website
let page: Page
let trouble: string[]

beforeAll(async () => {
  if (launch) browser = await launch()
})
afterAll(() => browser?.close())

beforeEach(async () => {
  environment = { RELAY_DATA: temporaryFolder() }
  relay = await startRelayProcess(environment)
  environment = { ...environment, RELAY_PORT: new URL(relay.url).port }
  gate = await startGate(() => relay.url)
  engine = engineProcess(temporaryFolder(), { program, tuning: { reconcileAfterMs: 300 } })
  await engine.start()
  const connected = await call('channels.connectRelay', { url: gate.url, invite: inviteOf(environment) })
  const chat = await call('channels.saveChat', { id: null, settings })
  const { url } = await call('channels.addRelayHook', { id: connected.id, hook: { kind: 'chat', chatId: chat.id } })
  await eventually('the relay serves the chat', async () => (await fetch(url)).ok)
  website = await startWebsite(url)
  trouble = []
  page = await browser.newPage()
  page.on('console', (it) => it.type() === 'error' && trouble.push(it.text()))
  page.on('pageerror', (it) => trouble.push(it.message))
  await page.goto(website.url)
})
afterEach(async () => {
  await page?.context().close()
  await website?.close()
  await engine.kill()
  await gate.close()
  await relay.kill()
})

const settings = {
  name: 'Bright Kitchens',
  label: 'Chat with us',
  greeting: 'Hello! How can we help?',
  away: 'We are closed.',
  colour: '#1f2e6e',
  ask: { email: true, phone: false },
  source: 'Website chat',
}

const call: ReturnType<EngineProcess['client']>['call'] = (method, input) => engine.client().call(method, input)
const restartRelay = async () => {
  relay = await startRelayProcess(environment)
}

async function write(text: string, about?: { readonly name: string; readonly email?: string }): Promise<void> {
  const open = page.getByRole('button', { name: /Chat with us/ })
  if (await open.isVisible()) await open.press('Enter')
  if (about) {
    await page.getByLabel('Your name').fill(about.name)
    await page.getByLabel('E-mail, if you like').fill(about.email ?? '')
  }
  await page.getByLabel('Your message').fill(text)
  await page.getByLabel('Your message').press('Enter')
}

const rows = async () => (await call('inbox.list', { view: 'inbox', after: null, limit: 50 })).rows
const timeline = async (personId: number): Promise<TimelineEntry[]> =>
  (await call('people.timeline', { personId, before: null, limit: 100 })).entries
const texts = async (personId: number) =>
  (await timeline(personId)).filter((it) => it.kind === 'text').map((it) => `${it.direction}: ${it.text}`)
const visitorOf = (name: string) =>
  eventually(`${name} is in the inbox`, async () =>
    (await rows()).find((it) => it.name === name && it.channel === 'chat'),
  )
const answersShown = () => page.locator('[data-deskbell-chat] li.theirs').allInnerTexts()
const answer = async (personId: number, body: string) => call('contact.sendChat', { personId, body, templateId: null })
const delivered = (personId: number, text: string) =>
  eventually(`"${text}" is sent`, async () =>
    (await timeline(personId)).some((it) => it.kind === 'text' && it.text === text && it.delivery === 'sent'),
  )

describe.skipIf(launch === null)('the chat of a website', () => {
  it('brings a visitor into the inbox once, and the answer back to the browser, over a reload', async () => {
    await write('Do you build kitchens?', { name: 'Ana Lopez', email: 'ana@example.com' })
    const row = await visitorOf('Ana Lopez')
    expect(row).toMatchObject({ channel: 'chat', source: 'Website chat', preview: 'Do you build kitchens?' })
    const card = await call('people.card', { personId: row.personId })
    expect(card.handles.map((it) => it.kind).sort()).toEqual(['chat', 'email'])
    expect(card.lead?.clocks.find((it) => it.kind === 'first_contact')?.targetMs).toBe(30_000)
    expect(card.chat).toMatchObject({ leftAt: null, page: `${website.url}/` })

    await answer(row.personId, 'Yes! <b>When</b> do you need it?')
    await delivered(row.personId, 'Yes! <b>When</b> do you need it?')
    await eventually('the answer is shown, as text', async () =>
      (await answersShown()).some((it) => it.startsWith('Yes! <b>When</b> do you need it?')),
    )
    await page.reload()
    await write('In May')
    await eventually('the second message is there', async () => (await texts(row.personId)).length === 3)
    expect(await texts(row.personId)).toEqual([
      'in: Do you build kitchens?',
      'out: Yes! <b>When</b> do you need it?',
      'in: In May',
    ])
    expect((await answersShown()).filter((it) => it.startsWith('Yes!'))).toHaveLength(1)
    expect(await rows()).toHaveLength(1)
    // Nothing the page's policy forbids was tried.
    expect(trouble).toEqual([])
  })

  it('an address that is somebody else’s stays theirs; the visitor is suggested as the same', async () => {
    const { personId } = await call('people.add', {
      name: 'Ana Lopez',
      email: 'ana@example.com',
      phone: null,
      source: 'Referral',
    })
    await write('It is me', { name: 'Ana Lopez', email: 'ana@example.com' })
    const row = await visitorOf('Ana Lopez')
    expect(row.personId).not.toBe(personId)
    expect((await call('people.card', { personId: row.personId })).handles.map((it) => it.kind)).toEqual(['chat'])
    for (const [one, other] of [
      [personId, row.personId],
      [row.personId, personId],
    ] as const) {
      const { duplicates } = await call('people.duplicates', { personId: one })
      expect(duplicates).toMatchObject([
        { personId: other, reasons: expect.arrayContaining([expect.stringContaining('in the chat')]) },
      ])
    }
  })

  it('a message written while the relay is dead arrives once when it is back, and so does the answer', async () => {
    await write('First', { name: 'Bo' })
    const { personId } = await visitorOf('Bo')
    await relay.kill()
    await write('Second')
    const sending = await answer(personId, 'Hold on')
    await restartRelay()
    await delivered(personId, 'Hold on')
    await eventually('the answer is shown', async () => (await answersShown()).some((it) => it.startsWith('Hold on')))
    await eventually('the second message is there', async () => (await texts(personId)).includes('in: Second'))
    expect((await texts(personId)).sort()).toEqual(['in: First', 'in: Second', 'out: Hold on'])
    expect(
      (await timeline(personId)).filter((it) => it.kind === 'text' && it.jobId === sending.jobId).length,
    ).toBeLessThan(2)
  })

  it('an engine killed after the relay took the answer, before it heard so, sends it only once', async () => {
    await write('Hello', { name: 'Cy' })
    const { personId } = await visitorOf('Cy')
    const taken = gate.swallowNext('/v1/chat/answers')
    await answer(personId, 'Only once')
    await taken
    await engine.kill()
    await engine.start()
    await delivered(personId, 'Only once')
    await answer(personId, 'And then this')
    await eventually('both are shown', async () => (await answersShown()).some((it) => it.startsWith('And then this')))
    expect((await answersShown()).filter((it) => it.startsWith('Only once'))).toHaveLength(1)
    expect(await texts(personId)).toEqual(['in: Hello', 'out: Only once', 'out: And then this'])
  })

  it('who closed the page is seen to have left', async () => {
    await write('Bye soon', { name: 'Di' })
    const { personId } = await visitorOf('Di')
    await page.close()
    const accounts = (await call('channels.list', {})).accounts
    const chat = accounts.find((it) => it.kind === 'chat')
    await eventually('they left', async () => {
      await call('channels.retryNow', { id: chat?.id ?? 0 })
      return (await call('people.card', { personId })).chat?.leftAt
    })
    page = await browser.newPage()
  })
})
