import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Channel, TextContent } from '../../src/channels/channel.ts'
import { foundByLookingScope } from '../../src/channels/own-numbers.ts'
import { listTwilioNumbers, testTwilio } from '../../src/channels/twilio/test-connection.ts'
import { createTwilioChannel } from '../../src/channels/twilio/twilio-channel.ts'
import { day, hour, minute, second } from '../../src/lib/durations.ts'
import { ownNumbers, ownNumbersScope } from '../../src/store/queries/own-numbers.ts'
import { type FakeClock, makeFakeClock } from '../fakes/fake-clock.ts'
import { createMemoryContext, type MemoryContext } from '../fakes/twilio/memory-context.ts'
import { startTwilioDouble, type TwilioDouble } from '../fakes/twilio/start-twilio-double.ts'

const ana = '+14155550101'
const owner = '+14155550199'
const shop = '+14155550100'
const van = '+14155550110'
const fax = '+14155550120'

let clock: FakeClock
let twilio: TwilioDouble
let context: MemoryContext
let channel: Channel
const hooks = { committing: async () => {} }

const connect = (...others: readonly string[]): Channel =>
  createTwilioChannel(
    { accountSid: twilio.accountSid, number: shop, others: [...others], baseUrl: twilio.url },
    context,
    { fetch, timing: { timeout: 8000 } },
  )

beforeEach(async () => {
  clock = makeFakeClock()
  const numbers = [
    { phoneNumber: shop, whatsApp: true },
    { phoneNumber: van, friendlyName: 'Van' },
    { phoneNumber: fax, sms: false },
  ]
  twilio = await startTwilioDouble({ now: clock.now, numbers })
  context = createMemoryContext(clock, twilio.authToken)
  channel = connect(van, fax)
})
afterEach(async () => {
  await channel.stop()
  await twilio.stop()
})

async function settled() {
  await channel.poll()
  await clock.advance(second)
}
const item = (sid: string) => context.items.get(sid)

describe('three numbers', () => {
  test('what comes to each is taken in, with the number it came to', async () => {
    await settled()
    const texts = [shop, van].map((to) => [twilio.texts.receive({ from: ana, to, body: 'Hi' }), to] as const)
    const call = twilio.calls.missed({ from: ana, to: fax, at: clock.now() })
    await channel.poll()
    for (const [sid, to] of texts) expect(item(sid)).toMatchObject({ direction: 'in', content: { from: ana, to } })
    expect(item(call)).toMatchObject({ direction: 'in', content: { to: fax, result: 'missed' } })
  })

  test('a number that is not watched is left out and counted', async () => {
    channel = connect()
    await settled()
    const sid = twilio.texts.receive({ from: ana, to: van, body: 'Hi' })
    await channel.poll()
    expect(item(sid)).toBeUndefined()
    expect(context.skipped).toBe(1)
  })

  test('an answer leaves from the number it names, a call shows it, and both are found again by it', async () => {
    await settled()
    const since = clock.now()
    const text = { kind: 'sms', from: van, to: ana, body: 'We come at five' } as const
    expect(await channel.send(text, hooks)).toMatchObject({ kind: 'sent' })
    expect(twilio.texts.sentTo(ana)).toMatchObject([{ from: van }])
    expect(await channel.find(text, since, async () => false)).toMatchObject({ kind: 'sent' })
    expect(await channel.find({ ...text, from: shop }, since, async () => false)).not.toMatchObject({ kind: 'sent' })
    const call = { kind: 'call', from: van, ownPhone: owner, to: ana } as const
    const sent = await channel.send(call, hooks)
    const sid = sent.kind === 'sent' ? sent.externalId : ''
    expect(twilio.calls.get(sid)).toMatchObject({ from: van, to: owner })
    const [leg = ''] = twilio.calls.answers(sid)
    expect(twilio.calls.get(leg)).toMatchObject({ from: van, to: ana })
  })

  test('what each can is written down; one that Twilio took away is told, and the others go on', async () => {
    await settled()
    const listed = () => ownNumbers(context.cursors.get(ownNumbersScope) ?? null)
    expect(listed()).toEqual([
      { number: shop, sms: true, voice: true, gone: false },
      { number: van, sms: true, voice: true, gone: false },
      { number: fax, sms: false, voice: true, gone: false },
    ])
    twilio.world.numbers.splice(1, 1)
    await clock.advance(11 * minute)
    const sid = twilio.texts.receive({ from: ana, to: shop, body: 'Still there?' })
    await channel.poll()
    expect(item(sid)).toBeDefined()
    expect(listed()[1]).toEqual({ number: van, sms: true, voice: true, gone: true })
    expect(context.reports.at(-1)).toMatchObject({ state: 'ok', message: expect.stringContaining(`${van} is not in`) })
    expect(await channel.send({ kind: 'sms', from: van, to: ana, body: 'Yes' }, hooks)).toMatchObject({
      kind: 'failed',
      error: { message: expect.stringContaining('not in your account any more') },
    })
  })

  test('a number added later brings its own history, and makes no history of what the others got meanwhile', async () => {
    channel = connect()
    await settled()
    await channel.stop()
    const old = twilio.texts.receive({ from: ana, to: van, body: 'old', at: clock.now() - 10 * day })
    const late = twilio.texts.receive({ from: ana, to: shop, body: 'while it was saved' })
    await clock.advance(minute)
    channel = connect(van)
    await channel.poll()
    const fresh = twilio.texts.receive({ from: ana, to: van, body: 'new' })
    await channel.poll()
    expect([old, late, fresh].map((sid) => item(sid)?.history)).toEqual([true, false, false])
    // A restart reads neither twice.
    const before = context.delivered.length
    channel = connect(van)
    await channel.poll()
    expect(context.delivered).toHaveLength(before)
  })

  test('a list written by an earlier version goes on where it was', async () => {
    channel = connect()
    twilio.texts.receive({ from: ana, body: 'before' })
    await settled()
    await clock.advance(hour)
    context.cursors.delete('watched')
    context.cursors.set('connected', String(clock.now()))
    const sid = twilio.texts.receive({ from: ana, body: 'after the update', at: clock.now() - minute })
    channel = connect()
    await channel.poll()
    expect(item(sid)?.history).toBe(false)
  })

  test('the test names the numbers and what they can; the list offers them all', async () => {
    const settings = { accountSid: twilio.accountSid, number: shop, others: [fax], baseUrl: twilio.url }
    const deps = { fetch, clock }
    const { steps } = await testTwilio(settings, twilio.authToken, deps)
    expect(steps[1]).toMatchObject({
      ok: true,
      message: expect.stringContaining(`${fax} is yours and takes calls, but`),
    })
    const missing = await testTwilio({ ...settings, others: ['+14155550777'] }, twilio.authToken, deps)
    expect(missing).toMatchObject({ ok: false })
    expect(await listTwilioNumbers(settings, twilio.authToken, deps)).toMatchObject([
      { number: fax, sms: false },
      { number: van, name: 'Van', sms: true, voice: true },
      { number: shop, name: shop },
    ])
    await expect(listTwilioNumbers(settings, 'wrong', deps)).rejects.toMatchObject({ code: 'AUTH_FAILED' })
  })
})

describe('WhatsApp', () => {
  const hello = { kind: 'whatsapp', from: shop, to: ana, body: 'On my way' } as const
  const writes = () =>
    twilio.texts.receive({ from: `whatsapp:${ana}`, to: `whatsapp:${shop}`, body: 'Hola, do you fix boilers?' })

  test('comes in and is answered under its prefix, once, until it was read', async () => {
    await settled()
    const asked = writes()
    await channel.poll()
    expect(item(asked)?.content).toMatchObject({ service: 'whatsapp', from: ana, to: shop })
    const since = clock.now()
    const sent = await channel.send(hello, hooks)
    if (sent.kind !== 'sent') throw new Error(JSON.stringify(sent))
    context.claim(sent.externalId, sent.revision)
    expect(twilio.texts.sentTo(`whatsapp:${ana}`)).toMatchObject([{ from: `whatsapp:${shop}`, body: hello.body }])
    expect(twilio.texts.sentTo(ana)).toEqual([])
    expect(await channel.find(hello, since, async () => false)).toMatchObject({ externalId: sent.externalId })
    // The same words as a text are something else.
    expect(await channel.find({ ...hello, kind: 'sms' }, since, async () => false)).not.toMatchObject({ kind: 'sent' })
    await clock.advance(second)
    await channel.poll()
    expect(item(sent.externalId)?.content).toMatchObject({ service: 'whatsapp', delivery: 'delivered' })
    twilio.texts.settle(sent.externalId, 'read')
    await clock.advance(11 * minute)
    await channel.poll()
    expect(item(sent.externalId)).toMatchObject({ revision: 'done:read', content: { delivery: 'delivered' } })
  })

  test('after 24 hours WhatsApp does not take it: said in words', async () => {
    await settled()
    writes()
    await clock.advance(25 * hour)
    const sent = await channel.send(hello, hooks)
    const sid = sent.kind === 'sent' ? sent.externalId : ''
    context.claim(sid, 'open:queued')
    await channel.poll()
    const problem = expect.stringContaining('only within 24 hours of the person’s last WhatsApp message')
    expect(item(sid)?.content).toMatchObject({ delivery: 'failed', problem })
  })

  test('a number without WhatsApp says so', async () => {
    expect(await channel.send({ ...hello, from: van }, hooks)).toMatchObject({
      kind: 'failed',
      error: { message: expect.stringContaining('not set up for WhatsApp') },
    })
  })

  test.each([63003, 63015, 63024, 63032])('code %i: not sent, with another way', async (code) => {
    twilio.texts.destine(`whatsapp:${ana}`, { refuse: code })
    const outcome = await channel.send(hello, hooks)
    expect(outcome).toMatchObject({ kind: 'failed', retryAfterMs: null })
    expect(outcome.kind === 'failed' && outcome.error.message).toMatch(/text/)
  })
})

describe('deleted at Twilio', () => {
  test('25 open items are asked for once and hold nobody else up', async () => {
    await settled()
    for (let i = 0; i < 25; i += 1) context.claim(`SM${String(i).padStart(32, '0')}`, 'open:queued')
    for (let i = 0; i < 25; i += 1) context.claim(`CA${String(i).padStart(32, '0')}`, 'open:ringing')
    for (let look = 0; look < 2; look += 1) {
      await clock.advance(11 * minute)
      await channel.poll()
    }
    expect(await context.withRevision('open:', 100)).toEqual([])
    expect(await context.withRevision('done:gone', 100)).toHaveLength(50)
    const asked = twilio.count('GET', '/Messages/SM')
    await clock.advance(11 * minute)
    await channel.poll()
    expect(twilio.count('GET', '/Messages/SM')).toBe(asked)
  })
})

describe('webhooks', () => {
  const text = (to = shop) => twilio.texts.receive({ from: ana, to, body: 'Hi' })
  const found = () => context.cursors.get(foundByLookingScope)
  const settle = async () => {
    await channel.poll()
    await clock.advance(3 * minute)
    await channel.poll()
  }

  test('nothing is counted while none ever came', async () => {
    await settled()
    text()
    await settle()
    expect(found()).toBeUndefined()
  })

  test('what one announced, before or after a look found it, is not counted; what none announced is', async () => {
    await settled()
    const first = text()
    channel.hint?.({ externalId: first, to: shop })
    await settle()
    expect(found()).toBe('0')
    const late = text()
    await channel.poll()
    await clock.advance(30 * second)
    channel.hint?.({ externalId: late, to: shop })
    await settle()
    expect(found()).toBe('0')
    text()
    await settle()
    expect(found()).toBe('1')
    await settle()
    expect(found()).toBe('1')
  })

  test('each number, and calls and texts, are judged by webhooks of their own', async () => {
    await settled()
    channel.hint?.({ externalId: text(), to: shop })
    await settle()
    text(van)
    twilio.calls.missed({ from: ana, to: shop, at: clock.now() })
    await settle()
    expect(found()).toBe('0')
  })

  test('history and what we sent are no news', async () => {
    twilio.texts.receive({ from: ana, to: shop, body: 'old', at: clock.now() - day })
    channel.hint?.({ externalId: 'SM0', to: shop })
    await settled()
    twilio.texts.sentElsewhere({ from: shop, to: ana, body: 'from the console' })
    await settle()
    await settle()
    expect(found()).toBe('0')
  })
})

describe('pictures', () => {
  test('several arrive with the text; one that is gone or too large leaves the others alone', async () => {
    await settled()
    const bytes = new Uint8Array([1, 2, 3])
    const huge = new Uint8Array(41 * 1024 * 1024)
    const media = [
      { contentType: 'image/jpeg', bytes },
      { contentType: 'image/png', bytes },
      { contentType: 'video/mp4', bytes: huge },
    ]
    const sid = twilio.texts.receive({ from: ana, to: shop, body: 'this pipe', media })
    const gone = twilio.world.messages.find((it) => it.sid === sid)?.media[1]?.sid ?? ''
    twilio.faults.add({ kind: 'refuse', status: 404, code: 20404, path: gone })
    await channel.poll()
    const content = item(sid)?.content as TextContent
    expect(content.files.map(({ name, size, bytes: kept }) => [name, size, kept?.byteLength ?? null])).toEqual([
      ['video-1.mp4', 0, null],
      ['image-2.png', 0, null],
      ['image-3.jpg', 3, 3],
    ])
    expect(item(sid)?.revision).toBe('done:received')
  })
})
