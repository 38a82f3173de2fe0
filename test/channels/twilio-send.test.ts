import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CallContent, Channel, OutboundCall, OutboundText, SendOutcome } from '../../src/channels/channel.ts'
import { createTwilioChannel } from '../../src/channels/twilio/twilio-channel.ts'
import { minute, second } from '../../src/lib/durations.ts'
import { type FakeClock, makeFakeClock } from '../fakes/fake-clock.ts'
import { createMemoryContext, type MemoryContext } from '../fakes/twilio/memory-context.ts'
import { startTwilioDouble, type TwilioDouble } from '../fakes/twilio/start-twilio-double.ts'
import type { WorldOptions } from '../fakes/twilio/world.ts'

const ana = '+14155550101'
const owner = '+14155550199'
const hello: OutboundText = { kind: 'sms', to: ana, body: 'Hello Ana,  we can come at 5 & bring <parts>' }
const ringAna: OutboundCall = { kind: 'call', ownPhone: owner, to: ana }

let clock: FakeClock
let twilio: TwilioDouble
let context: MemoryContext
let channel: Channel

async function open(options: WorldOptions = {}) {
  clock = makeFakeClock()
  twilio = await startTwilioDouble({ now: clock.now, ...options })
  context = createMemoryContext(clock, twilio.authToken)
  channel = connect()
  await channel.poll()
}

function connect(): Channel {
  const settings = { accountSid: twilio.accountSid, number: twilio.number, baseUrl: twilio.url }
  return createTwilioChannel(settings, context, { fetch: twilio.fetch })
}

let committed: number
const hooks = {
  committing: async () => {
    // The point of no return: nothing has left before it.
    expect(twilio.count('POST', '.json')).toBe(committed)
    committed += 1
  },
}
const nothingTaken = async () => false

function sent(outcome: SendOutcome): { readonly externalId: string; readonly revision: string } {
  if (outcome.kind !== 'sent') throw new Error(JSON.stringify(outcome))
  return outcome
}

beforeEach(async () => {
  committed = 0
  await open()
})
afterEach(async () => {
  await channel.stop()
  await twilio.stop()
})

describe('texts', () => {
  test('a text arrives word for word, once, and its delivery is followed', async () => {
    const { externalId, revision } = sent(await channel.send(hello, hooks))
    context.claim(externalId, revision)
    expect(twilio.texts.sentTo(ana)).toMatchObject([{ sid: externalId, from: twilio.number, body: hello.body }])
    await channel.poll()
    expect(context.delivered).toEqual([])
    await clock.advance(second)
    await channel.poll()
    await channel.poll()
    expect(context.delivered).toMatchObject([
      { externalId, direction: 'out', parties: [{ value: ana }], content: { delivery: 'delivered', problem: null } },
    ])
    expect(twilio.count('POST', '/Messages.json')).toBe(1)
  })

  test('a text that did not arrive says why, in words', async () => {
    twilio.texts.destine(ana, { status: 'undelivered', code: 30006 })
    const { externalId, revision } = sent(await channel.send(hello, hooks))
    context.claim(externalId, revision)
    await clock.advance(second)
    await channel.poll()
    expect(context.items.get(externalId)?.content).toMatchObject({
      delivery: 'failed',
      problem: 'This number cannot receive texts; it is probably a landline. Call instead.',
    })
  })

  test.each([
    [21211, 'REFUSED', /not a phone number that exists/],
    [21408, 'REFUSED', /may not text this country/],
    [21606, 'REFUSED', /Your Twilio number cannot send texts/],
    [21608, 'REFUSED', /trial account can only text numbers you verified/],
    [21612, 'REFUSED', /do not reach this number/],
    [21614, 'REFUSED', /probably a landline/],
    [30034, 'REFUSED', /not registered for business texting/],
    [99999, 'REFUSED', /Twilio refused this \(error 99999\)/],
  ])('code %i: not sent, said why, never by itself again', async (code, errorCode, message) => {
    twilio.texts.destine(ana, { refuse: code })
    const outcome = await channel.send(hello, hooks)
    expect(outcome).toMatchObject({
      kind: 'failed',
      retryAfterMs: null,
      error: { code: errorCode, retryable: false, fault: 'user' },
    })
    expect(outcome.kind === 'failed' && outcome.error.message).toMatch(message)
    expect(outcome.kind === 'failed' && outcome.error.detail).toContain(String(code))
    expect(outcome).not.toHaveProperty('optedOut')
  })

  test('STOP, learned late: the refusal says that they opted out', async () => {
    twilio.texts.receive({ from: ana, body: 'STOP' })
    expect(await channel.send(hello, hooks)).toMatchObject({
      kind: 'failed',
      optedOut: true,
      retryAfterMs: null,
      error: { message: expect.stringContaining('replied STOP') },
    })
    expect(twilio.texts.sentTo(ana)).toEqual([])
  })

  test('a wrong token: not sent', async () => {
    context.token = 'wrong'
    expect(await channel.send(hello, hooks)).toMatchObject({
      kind: 'failed',
      retryAfterMs: null,
      error: { code: 'AUTH_FAILED' },
    })
  })

  test('no token: not sent, and Twilio is not asked', async () => {
    context.token = null
    expect(await channel.send(hello, hooks)).toMatchObject({ kind: 'failed', error: { code: 'NOT_CONNECTED' } })
    expect(committed).toBe(0)
  })

  test('429 was never processed: sent again after the time Twilio names', async () => {
    twilio.faults.add({ kind: 'too-many-requests', retryAfterSeconds: 7, method: 'POST' })
    expect(await channel.send(hello, hooks)).toMatchObject({
      kind: 'failed',
      retryAfterMs: 7 * second,
      error: { code: 'RATE_LIMITED', retryable: true, fault: 'remote' },
    })
  })

  test('no connection: certainly not sent, tried again', async () => {
    const closed = await startTwilioDouble()
    await closed.stop()
    const settings = { accountSid: twilio.accountSid, number: twilio.number, baseUrl: closed.url }
    const offline = createTwilioChannel(settings, context, { fetch })
    expect(await offline.send(hello, hooks)).toMatchObject({
      kind: 'failed',
      retryAfterMs: minute,
      error: { code: 'UNREACHABLE' },
    })
  })

  test('an incomplete number is refused before anything leaves', async () => {
    expect(await channel.send({ ...hello, to: '555 0101' }, hooks)).toMatchObject({
      kind: 'failed',
      error: { code: 'BAD_INPUT' },
    })
    expect(committed).toBe(0)
  })
})

describe('when nobody knows whether it was sent', () => {
  test.each([
    ['the connection is cut after Twilio took it', { kind: 'cut-after-accepting' }, 1],
    ['the answer never comes though Twilio took it', { kind: 'hang-after-accepting' }, 1],
    ['the connection is cut before', { kind: 'cut' }, 0],
    ['nothing answers', { kind: 'hang' }, 0],
    ['Twilio falls over', { kind: 'server-error' }, 0],
    ['an error page answers', { kind: 'html', status: 200 }, 0],
  ] as const)('%s: looked up, and sent exactly once in the end', async (_, fault, arrived) => {
    const since = clock.now()
    twilio.faults.add({ ...fault, method: 'POST' })
    expect((await channel.send(hello, hooks)).kind).toBe('unknown')
    expect(twilio.texts.sentTo(ana)).toHaveLength(arrived)
    // What the outbox does: look it up until there is an answer, and only then send again.
    let lookup = await channel.find(hello, since, nothingTaken)
    if (arrived === 0) {
      expect(lookup.kind).toBe('unreachable')
      await clock.advance(31 * second)
      lookup = await channel.find(hello, since, nothingTaken)
      expect(lookup).toEqual({ kind: 'not-found' })
      sent(await channel.send(hello, hooks))
    } else {
      expect(lookup).toMatchObject({ kind: 'sent', externalId: twilio.texts.sentTo(ana)[0]?.sid })
    }
    expect(twilio.texts.sentTo(ana)).toHaveLength(1)
  })

  test('a poll in between does not take our own text for somebody else’s, however long the look-up waits', async () => {
    const since = clock.now()
    twilio.faults.add({ kind: 'cut-after-accepting', method: 'POST' })
    await channel.send(hello, hooks)
    for (let look = 0; look < 3; look += 1) {
      await clock.advance(2 * minute)
      await channel.poll()
    }
    expect(context.items.size).toBe(0)
    const lookup = await channel.find(hello, since, nothingTaken)
    expect(lookup.kind).toBe('sent')
    await channel.poll()
    expect(context.items.size).toBe(0)
    if (lookup.kind === 'sent') context.claim(lookup.externalId, lookup.revision)
    await channel.poll()
    expect([...context.items.keys()]).toEqual(twilio.texts.sentTo(ana).map((text) => text.sid))
  })

  test('a restart in between does not either: the outbox gets a minute to look', async () => {
    twilio.faults.add({ kind: 'cut-after-accepting', method: 'POST' })
    const since = clock.now()
    await channel.send(hello, hooks)
    await channel.stop()
    await clock.advance(60 * minute)
    channel = connect()
    await channel.poll()
    expect(context.items.size).toBe(0)
    expect((await channel.find(hello, since, nothingTaken)).kind).toBe('sent')
  })

  test('a trial account writes its own words in front of ours: still found, never sent twice', async () => {
    await channel.stop()
    await twilio.stop()
    await open({ type: 'Trial', verified: [ana] })
    const since = clock.now()
    twilio.faults.add({ kind: 'cut-after-accepting', method: 'POST' })
    expect((await channel.send(hello, hooks)).kind).toBe('unknown')
    expect(twilio.texts.sentTo(ana)[0]?.body).toMatch(/^Sent from your Twilio trial account - Hello/)
    await clock.advance(minute)
    expect(await channel.find(hello, since, nothingTaken)).toMatchObject({
      kind: 'sent',
      externalId: twilio.texts.sentTo(ana)[0]?.sid,
    })
  })

  test('the same words sent before, to somebody else, or taken by another message are not it', async () => {
    sent(await channel.send(hello, hooks))
    await clock.advance(5 * minute)
    const since = clock.now()
    sent(await channel.send({ ...hello, to: '+14155550102' }, hooks))
    const other = sent(await channel.send(hello, hooks))
    await clock.advance(minute)
    const lookup = await channel.find(hello, since, async (id) => id === other.externalId)
    expect(lookup).toEqual({ kind: 'not-found' })
  })

  test('a desktop clock that is ten minutes ahead does not hide the text', async () => {
    const ahead = makeFakeClock(clock.now() + 10 * minute)
    context = createMemoryContext(ahead, twilio.authToken)
    channel = connect()
    twilio.faults.add({ kind: 'cut-after-accepting', method: 'POST' })
    const since = ahead.now()
    await channel.send(hello, hooks)
    expect((await channel.find(hello, since, nothingTaken)).kind).toBe('sent')
  })

  test('Twilio cannot be asked: that is no answer', async () => {
    twilio.faults.add({ kind: 'server-error' })
    expect((await channel.find(hello, clock.now() - minute, nothingTaken)).kind).toBe('unreachable')
  })
})

describe('calls', () => {
  const content = (sid: string) => context.items.get(sid)?.content as CallContent

  async function dialled(): Promise<string> {
    const { externalId, revision } = sent(await channel.send(ringAna, hooks))
    context.claim(externalId, revision)
    return externalId
  }

  test('rings the owner, then the lead under the business number, and tells how long was talked', async () => {
    const sid = await dialled()
    expect(twilio.calls.get(sid)).toMatchObject({ to: owner, from: twilio.number, direction: 'outbound-api' })
    await channel.poll()
    expect(context.items.size).toBe(0)
    const [leg = ''] = twilio.calls.answers(sid)
    expect(twilio.world.twimlErrors).toEqual([])
    expect(twilio.calls.get(leg)).toMatchObject({ to: ana, from: twilio.number })
    twilio.calls.answers(leg)
    await channel.poll()
    expect(content(sid).result).toBe('in_progress')
    await clock.advance(42 * second)
    twilio.calls.hangsUp(sid, 42)
    await channel.poll()
    await channel.poll()
    expect(context.items.get(sid)).toMatchObject({ direction: 'out', parties: [{ value: ana }] })
    expect(content(sid)).toMatchObject({ result: 'answered', from: twilio.number, to: ana, durationMs: 42 * second })
    expect(twilio.count('POST', '/Calls.json')).toBe(1)
  })

  test.each([
    ['busy', 'busy'],
    ['no-answer', 'no_answer'],
    ['failed', 'failed'],
  ] as const)('the lead’s leg ends %s', async (status, result) => {
    const sid = await dialled()
    const [leg = ''] = twilio.calls.answers(sid)
    twilio.calls.ends(leg, status)
    twilio.calls.ends(sid, 'completed', 20)
    await channel.poll()
    expect(content(sid)).toMatchObject({ result, to: ana, durationMs: null })
  })

  test('the owner did not pick up: the lead was never rung, also after a restart', async () => {
    const sid = await dialled()
    await channel.stop()
    channel = connect()
    twilio.calls.ends(sid, 'no-answer')
    await channel.poll()
    expect(content(sid)).toMatchObject({ result: 'cancelled', to: ana })
    expect(context.items.get(sid)?.parties).toMatchObject([{ value: ana }])
  })

  test('a call of unknown outcome is found by the owner’s phone, and is not another call of the owner', async () => {
    const since = clock.now()
    const other = sent(await channel.send({ ...ringAna, to: '+14155550102' }, hooks))
    twilio.calls.answers(other.externalId)
    twilio.faults.add({ kind: 'cut-after-accepting', method: 'POST' })
    expect((await channel.send(ringAna, hooks)).kind).toBe('unknown')
    const lookup = await channel.find(ringAna, since, nothingTaken)
    const made = twilio.calls.all().filter((call) => call.direction === 'outbound-api')
    expect(lookup).toMatchObject({ kind: 'sent', externalId: made[1]?.sid })
    expect(made).toHaveLength(2)
  })

  test('hanging up ends both legs; hanging up twice is no error', async () => {
    const sid = await dialled()
    const [leg = ''] = twilio.calls.answers(sid)
    await channel.hangUp?.(sid)
    expect(twilio.calls.get(sid).status).toBe('completed')
    expect(twilio.calls.get(leg).status).toBe('canceled')
    await expect(channel.hangUp?.(sid)).resolves.toBeUndefined()
    await channel.poll()
    expect(content(sid).result).toBe('cancelled')
  })

  test.each([
    [21215, /may not call this country/],
    [21219, /trial account can only call numbers you verified/],
  ])('refused with %i', async (code, message) => {
    twilio.calls.refuse(owner, code)
    const outcome = await channel.send(ringAna, hooks)
    expect(outcome).toMatchObject({ kind: 'failed', error: { message: expect.stringMatching(message) } })
  })

  test('without a phone of one’s own nothing is dialled', async () => {
    expect(await channel.send({ ...ringAna, ownPhone: '' }, hooks)).toMatchObject({
      kind: 'failed',
      error: { message: expect.stringContaining('Enter your mobile number') },
    })
    expect(committed).toBe(0)
  })

  test('a call made from another program is the lead’s as well', async () => {
    await clock.advance(second)
    twilio.world.calls.push({
      ...twilio.calls.get(twilio.calls.answered({ from: ana, seconds: 30 })),
      sid: twilio.world.newSid('CA'),
      direction: 'outbound-api',
      from: twilio.number,
      to: '+14155550102',
      durationSeconds: 30,
    })
    await channel.poll()
    await clock.advance(61 * second)
    await channel.poll()
    const made = [...context.items.values()].find((item) => item.direction === 'out')
    expect(made).toMatchObject({
      parties: [{ value: '+14155550102' }],
      content: { result: 'answered', durationMs: 30_000 },
    })
  })
})
