import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Channel } from '../../src/channels/channel.ts'
import { testTwilio } from '../../src/channels/twilio/test-connection.ts'
import { createTwilioChannel } from '../../src/channels/twilio/twilio-channel.ts'
import { minute, second } from '../../src/lib/durations.ts'
import { makeCertificate } from '../fakes/certificate.ts'
import { type FakeClock, makeFakeClock } from '../fakes/fake-clock.ts'
import { createMemoryContext, type MemoryContext } from '../fakes/twilio/memory-context.ts'
import { startTwilioDouble, type TwilioDouble } from '../fakes/twilio/start-twilio-double.ts'
import type { WorldOptions } from '../fakes/twilio/world.ts'

const ana = '+14155550101'

let clock: FakeClock
let twilio: TwilioDouble
let context: MemoryContext
let channel: Channel

async function open(options: WorldOptions = {}) {
  clock = makeFakeClock()
  twilio = await startTwilioDouble({ now: clock.now, ...options })
  context = createMemoryContext(clock, twilio.authToken)
  channel = createTwilioChannel(settings(), context, { fetch: twilio.fetch })
}

const settings = () => ({ accountSid: twilio.accountSid, number: twilio.number, baseUrl: twilio.url })
const state = () => context.reports.at(-1)
/** How long the channel waits before it tries again by itself. */
const waits = () => (state()?.nextRetryAt ?? 0) - clock.now()

beforeEach(() => open())
afterEach(async () => {
  await channel.stop()
  await twilio.stop()
})

describe('looking', () => {
  test('goes on every 15 seconds by itself', async () => {
    await started()
    const looks = twilio.count('GET', '/Messages.json')
    for (let tick = 1; tick <= 3; tick += 1) {
      await clock.advance(15 * second)
      await requests(looks + tick)
      await armed()
    }
    expect(context.reports.map((report) => report.state)).toEqual(['connecting', 'ok'])
  })

  test.each([
    ['500', { kind: 'server-error' }, 'Twilio has a problem of its own. Deskbell keeps trying.'],
    ['no answer', { kind: 'hang' }, 'Twilio did not answer in time. Deskbell keeps trying.'],
    ['a cut connection', { kind: 'cut' }, 'The connection to Twilio broke. Deskbell keeps trying.'],
    ['429', { kind: 'too-many-requests' }, 'Twilio asks for a short pause. Deskbell goes on by itself in a moment.'],
    ['a 502 page', { kind: 'html' }, 'Twilio has a problem of its own. Deskbell keeps trying.'],
    [
      'a sign-in page',
      { kind: 'html', status: 200 },
      'Something other than Twilio answered, often the sign-in page of a public network. Open a web page to sign in; Deskbell keeps trying.',
    ],
  ] as const)('%s: says so, waits longer each time, and loses nothing', async (_, fault, message) => {
    await channel.poll()
    twilio.faults.add({ ...fault, times: 3 })
    const sid = twilio.texts.receive({ from: ana, body: 'hello' })
    const waited: number[] = []
    for (let round = 0; round < 3; round += 1) {
      await channel.poll()
      expect(state()).toMatchObject({ state: 'backing-off', message })
      waited.push(waits())
    }
    // Jitter leaves between half and all of the wait; the context's chance is 0.5.
    expect(waited).toEqual([15, 30, 60].map((seconds) => seconds * second * 0.75))
    await clock.advance(waited[2] ?? 0)
    await reaches('ok')
    expect([...context.items.keys()]).toEqual([sid])
  })

  test('Retry-After is kept to', async () => {
    twilio.faults.add({ kind: 'too-many-requests', retryAfterSeconds: 120 })
    await channel.poll()
    expect(waits()).toBe(120 * second)
    const before = twilio.requests.length
    await clock.advance(119 * second)
    expect(twilio.requests.length).toBe(before)
    await clock.advance(second)
    await reaches('ok')
  })

  test('the wait ends at ten minutes, and when somebody asks', async () => {
    twilio.faults.add({ kind: 'server-error', times: 10 })
    for (let round = 0; round < 10; round += 1) await channel.poll()
    expect(waits()).toBe(7.5 * minute)
    await channel.poll()
    expect(state()?.state).toBe('ok')
  })

  test('a refused token stops everything until somebody acts', async () => {
    await started()
    context.token = 'changed at Twilio'
    await clock.advance(15 * second)
    await reaches('auth-failed')
    expect(state()?.message).toMatch(/did not accept the Account SID and auth token.*Copy both again/)
    const before = twilio.requests.length
    await clock.advance(60 * minute)
    expect(twilio.requests.length).toBe(before)
    context.token = twilio.authToken
    await channel.poll()
    expect(state()?.state).toBe('ok')
  })

  test('a missing token is said in plain words, without asking Twilio', async () => {
    context.token = null
    await channel.poll()
    expect(state()).toMatchObject({ state: 'auth-failed', message: expect.stringContaining('auth token is missing') })
    expect(twilio.requests).toEqual([])
  })

  test('nobody listens there', async () => {
    const closed = await startTwilioDouble()
    await closed.stop()
    channel = createTwilioChannel({ ...settings(), baseUrl: closed.url }, context, { fetch })
    await channel.poll()
    expect(state()).toMatchObject({
      state: 'backing-off',
      message: expect.stringContaining('Check the internet connection'),
    })
  })

  test('somebody with another certificate answers: the token is not given away', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'deskbell-certificate-'))
    const { key, cert } = makeCertificate(directory)
    let asked = 0
    const impostor = createServer({ key, cert }, (_, response) => {
      asked += 1
      response.end('{}')
    })
    await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve))
    const { port } = impostor.address() as AddressInfo
    channel = createTwilioChannel({ ...settings(), baseUrl: `https://127.0.0.1:${port}` }, context, { fetch })
    await channel.poll()
    expect(state()).toMatchObject({ state: 'backing-off', message: expect.stringContaining('is not secure') })
    expect(asked).toBe(0)
    await new Promise((resolve) => impostor.close(resolve))
    await rm(directory, { recursive: true })
  })

  test('a store that cannot write loses nothing and is tried again', async () => {
    await channel.poll()
    const sid = twilio.texts.receive({ from: ana, body: 'hello' })
    context.broken = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    await channel.poll()
    expect(state()).toMatchObject({ state: 'backing-off', message: expect.stringContaining('The disk is full') })
    context.broken = null
    await clock.advance(waits())
    await reaches('ok')
    expect([...context.items.keys()]).toEqual([sid])
  })

  test('stopping in the middle of a look is quick and final', async () => {
    await channel.poll()
    const slow = createTwilioChannel(settings(), context, { fetch, timing: { timeout: 60_000 } })
    twilio.faults.add({ kind: 'hang' })
    const before = twilio.requests.length
    const looking = slow.poll()
    await requestsAtLeast(before + 1)
    await slow.stop()
    await looking
    await slow.poll()
    expect(twilio.requests.length).toBe(before + 1)
    expect(state()?.state).toBe('ok')
  })

  test('never asks two things at once', async () => {
    for (let i = 0; i < 80; i += 1) twilio.calls.missed({ from: ana })
    await Promise.all([channel.poll(), channel.poll(), channel.poll()])
    expect(twilio.peak()).toBe(1)
  })
})

describe('connection test', () => {
  const run = (more: object = {}, token: string | null = twilio.authToken) =>
    testTwilio({ ...settings(), ...more }, token, { fetch: twilio.fetch, clock })

  test('all well', async () => {
    expect(await run()).toEqual({
      ok: true,
      steps: [
        { name: 'Sign in', ok: true, message: 'Signed in to “Corner Plumbing”.', detail: null },
        { name: 'Number', ok: true, message: '+14155550100 is yours and takes calls and texts.', detail: null },
        { name: 'Calls and texts', ok: true, message: 'Calls and texts can be read.', detail: null },
      ],
    })
    expect(twilio.requests.every((request) => request.method === 'GET')).toBe(true)
  })

  test('a trial account is told apart', async () => {
    await twilio.stop()
    await open({ type: 'Trial' })
    const { ok, steps } = await run()
    expect(ok).toBe(true)
    expect(steps[0]?.message).toMatch(/trial account: it can only call and text numbers you verified/)
  })

  test('a suspended account', async () => {
    await twilio.stop()
    await open({ status: 'suspended' })
    expect(await run()).toMatchObject({ ok: false, steps: [{ message: expect.stringContaining('suspended') }] })
  })

  test('somebody else’s number: says which are there', async () => {
    const { ok, steps } = await run({ number: '+14155550123' })
    expect(ok).toBe(false)
    expect(steps.at(-1)).toMatchObject({
      name: 'Number',
      message: '+14155550123 is not a number of this account. It has +14155550100.',
    })
  })

  test('a number that cannot text', async () => {
    await twilio.stop()
    await open({ numbers: [{ phoneNumber: '+14155550100', sms: false }] })
    expect((await run()).steps[1]?.message).toBe('+14155550100 is yours and takes calls, but no texts.')
  })

  test.each([
    ['a wrong token', 'wrong', null, /did not accept the Account SID and auth token/],
    ['no token', '', null, /Paste the auth token/],
    ['no answer', null, { kind: 'hang' }, /^Twilio did not answer in time\.$/],
    ['500', null, { kind: 'server-error' }, /^Twilio has a problem of its own\.$/],
    ['429', null, { kind: 'too-many-requests' }, /^Twilio asks for a short pause\.$/],
  ] as const)('%s stops at the first step', async (_, token, fault, message) => {
    if (fault !== null) twilio.faults.add(fault)
    const report = await run({}, token ?? twilio.authToken)
    expect(report.ok).toBe(false)
    expect(report.steps).toHaveLength(1)
    expect(report.steps[0]?.message).toMatch(message)
  })
})

async function started(): Promise<void> {
  await channel.start()
  await clock.advance(0)
  await reaches('ok')
}

/** Waits for a state that comes over a real socket; time stands still meanwhile. */
async function reaches(wanted: string): Promise<void> {
  await until(() => state()?.state === wanted)
  await armed()
}
const requests = (count: number) => until(() => twilio.count('GET', '/Messages.json') === count)
const requestsAtLeast = (count: number) => until(() => twilio.requests.length >= count)
/** The look is over and the next one planned (or, after a refused token, none). */
const armed = () => until(() => clock.pending() === (state()?.state === 'auth-failed' ? 0 : 1))

async function until(condition: () => boolean): Promise<void> {
  const limit = Date.now() + 60_000
  while (!condition()) {
    if (Date.now() > limit) throw new Error(`did not come: ${condition.toString()}; ${JSON.stringify(state())}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
