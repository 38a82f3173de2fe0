import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ChannelHealth } from '../../src/channels/contract.ts'
import { type Dovecot, mailPassword, startDovecot } from '../fakes/dovecot.ts'
import { eventually } from '../fakes/eventually.ts'
import { inviteOf, type RelayProcess, startRelayProcess } from '../fakes/relay/relay-process.ts'
import { type FakeSmtp, startSmtp } from '../fakes/smtp.ts'
import { temporaryFolder } from '../fakes/temp-folder.ts'
import { startTwilioDouble, type TwilioDouble } from '../fakes/twilio/start-twilio-double.ts'
import { openWholeEngine, type WholeEngine } from '../fakes/whole-engine.ts'
import { settingsFor } from './email-harness.ts'

/** A whole engine, tested by itself against real servers and a Twilio that answers as the published one does. */
let engine: WholeEngine
let folder: string
const secrets = new Map<string, string>()

beforeEach(async () => {
  folder = temporaryFolder()
  secrets.clear()
  await open()
})
afterEach(() => engine.stop())

async function open(): Promise<void> {
  engine = await openWholeEngine({ dataDir: folder }, secrets)
}

async function healthOf(id: number): Promise<ChannelHealth> {
  const { channels } = await engine.call('channels.health', {})
  const found = channels.find((it) => it.accountId === id)
  if (!found) throw new Error(`no health of account ${id}`)
  return found
}

const isConnected = (id: number) =>
  eventually('the channel works', async () => {
    const { accounts } = await engine.call('channels.list', {})
    return accounts.find((it) => it.id === id)?.state === 'ok'
  })

/** Looks on as a person does, until it is over. */
async function tested(id: number): Promise<NonNullable<ChannelHealth['test']>> {
  await engine.call('channels.selfTest', { id })
  return eventually('the test is over', async () => {
    const { test } = await healthOf(id)
    return test?.endedAt ? test : null
  })
}

const said = ({ steps }: NonNullable<ChannelHealth['test']>) => steps.map(({ name, state }) => `${name}: ${state}`)

async function nobodyCameOfIt(): Promise<void> {
  const { rows } = await engine.call('inbox.list', { view: 'all', after: null, limit: 50 })
  expect(rows).toEqual([])
  const { people } = await engine.call('people.find', { text: 'test', limit: 10 })
  expect(people).toEqual([])
}

describe('a mailbox', () => {
  const trusted = getCACertificates('default')
  let dovecot: Dovecot
  let smtp: FakeSmtp
  beforeEach(async () => {
    ;[dovecot, smtp] = await Promise.all([startDovecot(), startSmtp()])
    setDefaultCACertificates([...trusted, smtp.ca])
  })
  afterEach(async () => {
    setDefaultCACertificates(trusted)
    await Promise.all([dovecot.close(), smtp.close()])
  })

  const connectMailbox = async (change: object = {}) => {
    const { id } = await engine.call('channels.saveEmail', {
      id: null,
      settings: { ...settingsFor(dovecot, smtp, { smtp: { security: 'starttls' } }), ...change },
      password: mailPassword,
    })
    await isConnected(id)
    return id
  }

  test('sends itself a mail that comes in, is put aside and makes nobody', async () => {
    smtp.fileCopies((raw, { to }) => dovecot.append(to[0] ?? '', raw))
    const id = await connectMailbox()
    const test = await tested(id)
    expect(test.outcome).toBe('ok')
    expect(said(test)).toEqual(['Send a mail to yourself: ok', 'Find it in your mailbox: ok'])
    expect(test.steps.every(({ tookMs }) => tookMs !== null && tookMs < 30_000)).toBe(true)
    await nobodyCameOfIt()
    const { leftOut } = await healthOf(id)
    expect(leftOut).toContainEqual(expect.objectContaining({ reason: 'Tests that you started yourself', count: 1 }))
  })

  test('that takes in strangers only still finds its own', async () => {
    smtp.fileCopies((raw, { to }) => dovecot.append(to[0] ?? '', raw))
    const id = await connectMailbox({ capture: { kind: 'unknown-senders', excluded: ['shop.test'] } })
    expect((await tested(id)).outcome).toBe('ok')
    await nobodyCameOfIt()
  })

  test('that may not send says so, and waits for nothing', async () => {
    const id = await connectMailbox()
    smtp.setFault('refuse-sender')
    const test = await tested(id)
    expect(test.outcome).toBe('failed')
    expect(said(test)).toEqual(['Send a mail to yourself: failed'])
    expect(test.steps[0]?.message).not.toBe('')
  })

  test('a test that was cut off by the end of the engine is told after the next start', async () => {
    const id = await connectMailbox()
    // The server takes the mail and delivers it to nobody.
    await engine.call('channels.selfTest', { id })
    await smtp.untilArrived(1)
    await eventually('it waits for the mail', async () => (await healthOf(id)).test?.steps[1]?.state === 'running')
    await expect(engine.call('channels.selfTest', { id })).rejects.toMatchObject({ body: { code: 'CONFLICT' } })
    await engine.stop()
    await open()
    const { test } = await healthOf(id)
    expect(test?.outcome).toBe('failed')
    expect(test?.steps[1]).toMatchObject({ state: 'failed', message: expect.stringContaining('closed') })
    // It comes after all: still nobody's.
    const [mail] = smtp.accepted
    await dovecot.append(mail?.to[0] ?? '', mail?.raw ?? '')
    await eventually('it is put aside', async () =>
      (await healthOf(id)).leftOut.some(({ reason }) => reason === 'Tests that you started yourself'),
    )
    await nobodyCameOfIt()
  })
})

describe('a form', () => {
  let relay: RelayProcess | null = null
  afterEach(async () => {
    await relay?.kill()
    relay = null
  })
  const addForm = async () => {
    const form = { name: 'Contact', source: 'Website', mapping: {} }
    const { id } = await engine.call('channels.saveForm', { id: null, settings: form })
    await isConnected(id)
    return id
  }

  test('posts to itself on this computer, and says that its public address was not tested', async () => {
    const id = await addForm()
    const test = await tested(id)
    expect(test.outcome).toBe('ok')
    expect(said(test)).toEqual([
      'Post the form on this computer: ok',
      'Find it in Deskbell: ok',
      'The public address: note',
    ])
    await nobodyCameOfIt()
  })

  test('goes through the relay, too, when one is connected; and so does the test of the relay', async () => {
    const data = temporaryFolder()
    relay = await startRelayProcess({ RELAY_DATA: data })
    const id = await addForm()
    const invite = inviteOf({ RELAY_DATA: data })
    const { id: relayId } = await engine.call('channels.connectRelay', { url: relay.url, invite })
    await engine.call('channels.addRelayHook', { id: relayId, hook: { kind: 'form', formId: id } })
    await isConnected(relayId)
    const test = await tested(id)
    expect(said(test)).toEqual([
      'Post the form on this computer: ok',
      'Find it in Deskbell: ok',
      'Post it at its public address: ok',
      'Fetch it from the relay: ok',
    ])
    expect(said(await tested(relayId))).toEqual(['Post it at its public address: ok', 'Fetch it from the relay: ok'])
    await nobodyCameOfIt()

    await relay.kill()
    const broken = await tested(id)
    expect(broken.outcome).toBe('failed')
    expect(said(broken).at(-1)).toBe('Post it at its public address: failed')
  })

  test('a chat writes to itself as a visitor does, and the answer comes back; so does the test of its relay', async () => {
    const data = temporaryFolder()
    relay = await startRelayProcess({ RELAY_DATA: data })
    const { id: relayId } = await engine.call('channels.connectRelay', {
      url: relay.url,
      invite: inviteOf({ RELAY_DATA: data }),
    })
    const { id } = await engine.call('channels.saveChat', {
      id: null,
      settings: {
        name: 'Bright Kitchens',
        label: 'Chat with us',
        greeting: 'Hello!',
        away: 'We are closed.',
        colour: '#1f2e6e',
        ask: { email: true, phone: false },
        source: 'Website chat',
      },
    })
    expect(said(await tested(id))).toEqual(['Load the chat: failed'])
    const { url } = await engine.call('channels.addRelayHook', { id: relayId, hook: { kind: 'chat', chatId: id } })
    await isConnected(relayId)
    await eventually('the relay serves the chat', async () => (await fetch(url)).ok)
    const steps = [
      'Load the chat as a website does: ok',
      'Write a message in it: ok',
      'Fetch it from the relay: ok',
      'Answer it: ok',
    ]
    expect(said(await tested(id))).toEqual(steps)
    expect(said(await tested(relayId))).toEqual(steps)
    await nobodyCameOfIt()

    await relay.kill()
    expect(said(await tested(id))).toEqual(['Load the chat as a website does: failed'])
  })

  test('words of a test alone do not make one: a stranger who writes them is a lead', async () => {
    const id = await addForm()
    const { accounts } = await engine.call('channels.list', {})
    const settings = accounts.find((it) => it.id === id)?.settings
    const body = new URLSearchParams({ name: 'Deskbell test 0123456789', email: 'eve@stranger.example' })
    await fetch(settings?.kind === 'form' ? settings.url : '', { method: 'POST', body })
    const { rows } = await engine.call('inbox.list', { view: 'all', after: null, limit: 50 })
    expect(rows).toHaveLength(1)
  })
})

describe('a Twilio number', () => {
  let twilio: TwilioDouble
  afterEach(() => twilio.stop())
  const own = '+14155550100'
  const second = '+14155550177'
  const mobile = '+14155550199'

  const connectTwilio = async (others: readonly string[] = []) => {
    twilio = await startTwilioDouble({
      numbers: [own, ...others].map((phoneNumber) => ({ phoneNumber })),
      delivery: { sentAfterMs: 0, deliveredAfterMs: 10 },
    })
    const { id } = await engine.call('channels.saveTwilio', {
      id: null,
      settings: { accountSid: twilio.accountSid, number: own, others: [...others], baseUrl: twilio.url },
      authToken: twilio.authToken,
    })
    await isConnected(id)
    return id
  }
  const sentTo = (number: string) => eventually('the text left', () => twilio.texts.sentTo(number)[0])
  /** Instead of at the next tick. */
  const lookNow = (id: number) => engine.call('channels.retryNow', { id })
  const over = (id: number) =>
    eventually('the test is over', async () => {
      await lookNow(id)
      const { test } = await healthOf(id)
      return test?.endedAt ? test : null
    })

  test('texts its other number, which brings it', async () => {
    const id = await connectTwilio([second])
    await engine.call('channels.selfTest', { id })
    const { body } = await sentTo(second)
    twilio.texts.receive({ from: own, to: second, body })
    const test = await over(id)
    expect(said(test)).toEqual([`Text ${second} from ${own}: ok`, `Find it at ${second}: ok`, 'Calls: note'])
    expect(test.outcome).toBe('ok')
    await nobodyCameOfIt()
  })

  test('texts a member’s mobile when it is the only one, reads the log, and hears the reply', async () => {
    const id = await connectTwilio()
    await engine.call('team.save', { id: null, name: 'Dana', email: null, mobile, onDuty: true })
    await engine.call('channels.selfTest', { id })
    const { body } = await sentTo(mobile)
    expect(body).toMatch(/^Deskbell test [0-9a-f]{10}$/)
    await eventually('it is delivered', async () => {
      await lookNow(id)
      return (await healthOf(id)).test?.steps[1]?.state === 'ok'
    })
    twilio.texts.receive({ from: mobile, to: own, body: 'got it' })
    const test = await over(id)
    expect(said(test)).toEqual([
      `Text Dana at ${mobile}: ok`,
      'Read it back from Twilio’s log: ok',
      'Reply to it: ok',
      'Calls: note',
    ])
    await nobodyCameOfIt()
  })

  test('a text that the phone company loses has failed, in its words', async () => {
    const id = await connectTwilio()
    await engine.call('team.save', { id: null, name: 'Dana', email: null, mobile, onDuty: true })
    twilio.texts.destine(mobile, { status: 'undelivered', code: 30003 })
    await engine.call('channels.selfTest', { id })
    const test = await over(id)
    expect(test.outcome).toBe('failed')
    expect(test.steps[1]).toMatchObject({ state: 'failed' })
    expect(test.steps[1]?.message).not.toContain('30003')
  })

  test('with nobody to text to says what to do', async () => {
    const id = await connectTwilio()
    const test = await tested(id)
    expect(test.outcome).toBe('failed')
    expect(test.steps[0]?.message).toContain('Settings, Team')
  })
})

test('an account that is gone cannot be tested', async () => {
  await expect(engine.call('channels.selfTest', { id: 99 })).rejects.toMatchObject({ body: { code: 'NOT_FOUND' } })
})
