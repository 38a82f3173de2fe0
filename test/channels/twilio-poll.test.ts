import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CallContent, Channel, Inbound, TextContent } from '../../src/channels/channel.ts'
import { createTwilioChannel, type Timing } from '../../src/channels/twilio/twilio-channel.ts'
import { day, minute, second } from '../../src/lib/durations.ts'
import { type FakeClock, makeFakeClock } from '../fakes/fake-clock.ts'
import { createMemoryContext, type MemoryContext } from '../fakes/twilio/memory-context.ts'
import { startTwilioDouble, type TwilioDouble } from '../fakes/twilio/start-twilio-double.ts'
import type { WorldOptions } from '../fakes/twilio/world.ts'

const ana = '+14155550101'
const bo = '+14155550102'

let clock: FakeClock
let twilio: TwilioDouble
let context: MemoryContext
let channel: Channel

async function open(options: WorldOptions = {}) {
  clock = makeFakeClock()
  twilio = await startTwilioDouble({ now: clock.now, ...options })
  context = createMemoryContext(clock, twilio.authToken)
  channel = connect()
}

/** Another channel over the same store: what a restart is. */
function connect(timing: Partial<Timing> = {}): Channel {
  const settings = { accountSid: twilio.accountSid, number: '+1 (415) 555-0100', baseUrl: twilio.url }
  return createTwilioChannel(settings, context, { fetch, timing })
}

/** Connects and leaves the first look, the one that files history, behind. */
async function settled() {
  await channel.poll()
  await clock.advance(second)
}

const only = (): Inbound => {
  expect([...context.items.keys()]).toHaveLength(1)
  return [...context.items.values()][0] as Inbound
}
const call = (sid: string) => context.items.get(sid)?.content as CallContent
const text = (sid: string) => context.items.get(sid)?.content as TextContent

beforeEach(() => open())
afterEach(async () => {
  await channel.stop()
  await twilio.stop()
})

describe('texts', () => {
  test('a text is handed over once, however often it is looked at', async () => {
    await settled()
    const sid = twilio.texts.receive({ from: ana, body: 'Do you fix boilers?' })
    for (let look = 0; look < 4; look += 1) await channel.poll()
    expect(context.delivered).toHaveLength(1)
    expect(only()).toMatchObject({
      externalId: sid,
      direction: 'in',
      at: clock.now(),
      parties: [{ kind: 'phone', value: ana }],
      history: false,
      content: { kind: 'text', service: 'sms', body: 'Do you fix boilers?', delivery: 'received', problem: null },
    })
    expect(JSON.parse(only().raw as string)).toMatchObject({ sid, num_segments: '1', api_version: '2010-04-01' })
  })

  test('however many ask for a look during one, there is one more and not one for each', async () => {
    await settled()
    const before = twilio.count('GET', '/Messages.json')
    await Promise.all(Array.from({ length: 200 }, () => channel.poll()))
    expect(twilio.count('GET', '/Messages.json') - before).toBe(2)
  })

  test('the very first text and call of an account are found after a long sleep, too', async () => {
    await settled()
    const sid = twilio.texts.receive({ from: ana, body: 'the first', at: clock.now() + minute })
    const rang = twilio.calls.missed({ from: bo, at: clock.now() + minute })
    await clock.sleep(9 * day)
    await channel.poll()
    expect([context.items.get(sid)?.history, context.items.get(rang)?.history]).toEqual([false, false])
  })

  test('what was there before connecting is history, what comes after is not', async () => {
    const before = twilio.texts.receive({ from: ana, body: 'old', at: clock.now() - 3 * day })
    const tooOld = twilio.texts.receive({ from: ana, body: 'ancient', at: clock.now() - 60 * day })
    await settled()
    const after = twilio.texts.receive({ from: ana, body: 'new' })
    await channel.poll()
    expect(context.items.get(before)?.history).toBe(true)
    expect(context.items.get(after)?.history).toBe(false)
    expect(context.items.has(tooOld)).toBe(false)
  })

  test.each([0, 60 * minute])(
    'what comes while the token is wrong is no history once it is right, by a clock %d ms ahead',
    async (ms) => {
      const desktop = makeFakeClock(clock.now() + ms)
      context = createMemoryContext(desktop, 'wrong')
      channel = connect()
      const before = twilio.texts.receive({ from: ana, body: 'old', at: clock.now() - 10 * minute })
      await channel.poll()
      expect(context.reports.at(-1)?.state).toBe('auth-failed')
      await clock.advance(20 * minute)
      await desktop.advance(20 * minute)
      const meanwhile = twilio.texts.receive({ from: ana, body: 'meanwhile' })
      await clock.advance(20 * minute)
      await desktop.advance(20 * minute)
      await channel.stop()
      await context.keepSecret(twilio.authToken)
      channel = connect()
      await channel.poll()
      expect(context.items.get(before)?.history).toBe(true)
      expect(context.items.get(meanwhile)?.history).toBe(false)
    },
  )

  test('history follows Twilio’s clock: a desktop clock an hour ahead hides no new lead', async () => {
    const ahead = makeFakeClock(clock.now() + 60 * minute)
    context = createMemoryContext(ahead, twilio.authToken)
    channel = connect()
    await channel.poll()
    await clock.advance(second)
    const sid = twilio.texts.receive({ from: ana, body: 'now' })
    await channel.poll()
    expect(context.items.get(sid)?.history).toBe(false)
  })

  test('a morning of 1,300 texts is read over all pages, oldest first, every one once', async () => {
    await settled()
    const sids: string[] = []
    for (let i = 0; i < 1300; i += 1) {
      sids.push(twilio.texts.receive({ from: ana, body: `text ${i}`, at: clock.now() + i }))
    }
    await clock.advance(2 * second)
    await channel.poll()
    expect(context.delivered.map((item) => item.externalId)).toEqual(sids)
  })

  test('a page that fails half-way costs nothing: what was read arrives, the rest follows', async () => {
    let broken = false
    const flaky: typeof fetch = async (input, init) => {
      if (broken && String(input).includes('PageToken')) throw new TypeError('fetch failed')
      return fetch(input, init)
    }
    const settings = { accountSid: twilio.accountSid, number: twilio.number, baseUrl: twilio.url }
    channel = createTwilioChannel(settings, context, { fetch: flaky })
    await settled()
    const sids = Array.from({ length: 120 }, (_, i) => twilio.texts.receive({ from: ana, body: `text ${i}` }))
    broken = true
    await channel.poll()
    expect(context.reports.at(-1)?.state).toBe('backing-off')
    expect([...context.items.keys()]).toEqual(sids.slice(-50))
    broken = false
    await channel.poll()
    expect(context.reports.at(-1)?.state).toBe('ok')
    expect([...context.items.keys()].sort()).toEqual([...sids].sort())
    expect(context.delivered).toHaveLength(120)
  })

  test('a text that slipped in behind newer ones is found by the next full look', async () => {
    await settled()
    twilio.texts.receive({ from: ana, body: 'newest' })
    for (let i = 0; i < 60; i += 1) twilio.texts.receive({ from: bo, body: `known ${i}`, at: clock.now() - minute })
    await channel.poll()
    const late = twilio.texts.receive({ from: ana, body: 'listed late', at: clock.now() - 2 * minute })
    await channel.poll()
    expect(context.items.has(late)).toBe(false)
    await clock.advance(10 * minute)
    await channel.poll()
    expect(text(late).body).toBe('listed late')
  })

  test('after a fortnight asleep everything that came meanwhile is there', async () => {
    await settled()
    const first = twilio.texts.receive({ from: ana, body: 'before' })
    await channel.poll()
    await channel.stop()
    await clock.advance(day)
    const sids = Array.from({ length: 13 }, (_, i) =>
      twilio.texts.receive({ from: ana, body: `day ${i}`, at: clock.now() + i * day }),
    )
    await clock.advance(13 * day)
    channel = connect()
    await channel.poll()
    expect([...context.items.keys()]).toEqual([first, ...sids])
    expect(context.items.get(sids[0] ?? '')?.history).toBe(false)
  })

  test('texts of another number of the account are left out, counted once', async () => {
    await channel.stop()
    await twilio.stop()
    await open({ numbers: [{ phoneNumber: '+14155550100' }, { phoneNumber: '+14155550155' }] })
    await settled()
    twilio.texts.receive({ from: ana, to: '+14155550155', body: 'for the other shop' })
    for (let look = 0; look < 3; look += 1) await channel.poll()
    expect(context.items.size).toBe(0)
    expect(context.skipped).toBe(1)
  })

  test('pictures come with the text; one that cannot be fetched now comes later', async () => {
    await settled()
    const bytes = new Uint8Array([0xff, 0xd8, 0xff])
    const media = [{ contentType: 'image/jpeg', bytes }]
    twilio.faults.add({ kind: 'server-error', path: '/Media/' })
    const sid = twilio.texts.receive({ from: ana, body: 'this pipe', media })
    await channel.poll()
    expect(text(sid).files).toMatchObject([{ name: 'image-1.jpg', contentType: 'image/jpeg', bytes: null }])
    await channel.poll()
    expect(text(sid).files).toMatchObject([{ name: 'image-1.jpg', size: 3, bytes }])
    const requests = twilio.count('GET', '/Media')
    await channel.poll()
    expect(twilio.count('GET', '/Media')).toBe(requests)
  })

  test('a withheld number is kept, with nobody to answer', async () => {
    await settled()
    const sid = twilio.calls.missed({ from: '+266696687' })
    await channel.poll()
    expect(context.items.get(sid)).toMatchObject({ parties: [], content: { result: 'missed' } })
  })

  test('an item that cannot be read does not hide the others', async () => {
    await settled()
    const sid = twilio.texts.receive({ from: ana, body: 'fine' })
    twilio.world.messages.push({ ...(twilio.world.messages[0] as (typeof twilio.world.messages)[number]), sid: 'odd' })
    await channel.poll()
    expect([...context.items.keys()]).toEqual([sid])
  })

  test('a list that never ends is given up, not followed for ever', async () => {
    await settled()
    const endless: typeof fetch = async (input, init) => {
      const response = await fetch(input, init)
      if (!String(input).includes('/Messages.json')) return response
      const next_page_uri = new URL(String(input)).pathname
      return Response.json({ ...((await response.json()) as object), next_page_uri })
    }
    await channel.stop()
    channel = createTwilioChannel(
      { accountSid: twilio.accountSid, number: twilio.number, baseUrl: twilio.url },
      context,
      { fetch: endless },
    )
    await channel.poll()
    expect(context.reports.at(-1)).toMatchObject({ state: 'backing-off', detail: 'the pages of messages never end' })
  })

  test('a next page on another host is not followed: the token would go there', async () => {
    const asked: string[] = []
    const luring: typeof fetch = async (input, init) => {
      asked.push(String(input))
      const response = await fetch(input, init)
      if (!String(input).includes('/Messages.json')) return response
      return Response.json({ ...((await response.json()) as object), next_page_uri: '@evil.example/steal' })
    }
    channel = createTwilioChannel(
      { accountSid: twilio.accountSid, number: twilio.number, baseUrl: twilio.url },
      context,
      { fetch: luring },
    )
    await channel.poll()
    expect(asked.filter((url) => url.includes('evil'))).toEqual([])
    expect(context.reports.at(-1)?.state).toBe('backing-off')
  })
})

describe('calls', () => {
  test.each(['rang-out', 'rejected', 'caller-hung-up', 'no-forwarding'] as const)(
    '%s is a missed call',
    async (how) => {
      await settled()
      const sid = twilio.calls.missed({ from: ana, how })
      await channel.poll()
      await channel.poll()
      expect(only()).toMatchObject({ externalId: sid, direction: 'in', parties: [{ value: ana }] })
      expect(call(sid)).toMatchObject({ result: 'missed', answeredAt: null, durationMs: null, recording: null })
    },
  )

  test('an answered call tells how long was talked', async () => {
    await settled()
    await clock.advance(2 * minute)
    const sid = twilio.calls.answered({ from: ana, seconds: 75 })
    await channel.poll()
    expect(call(sid)).toMatchObject({
      result: 'answered',
      durationMs: 75 * second,
      answeredAt: clock.now() - 75 * second,
      endedAt: clock.now(),
    })
  })

  test('a call is followed from the first ring to its end and never called missed on the way', async () => {
    await settled()
    const results: string[] = []
    const look = async () => {
      await channel.poll()
      results.push(call(sid).result)
    }
    const sid = twilio.calls.rings({ from: ana })
    await look()
    const leg = twilio.calls.forwards(sid, '+14155550199')
    await look()
    twilio.calls.answers(leg)
    await look()
    await clock.advance(30 * second)
    twilio.calls.hangsUp(sid, 30)
    await look()
    expect(results).toEqual(['ringing', 'ringing', 'in_progress', 'answered'])
  })

  test('a ringing call that left the first page is still followed to its end', async () => {
    await settled()
    const sid = twilio.calls.rings({ from: ana })
    await channel.poll()
    for (let i = 0; i < 60; i += 1) twilio.calls.missed({ from: bo, how: 'rejected', at: clock.now() + i })
    await clock.advance(second)
    twilio.calls.ends(sid, 'no-answer')
    await channel.poll()
    expect(call(sid).result).toBe('missed')
  })

  test('a voicemail comes with its sound', async () => {
    await settled()
    const { call: sid, recording } = twilio.calls.voicemail({ from: ana, seconds: 9 })
    await channel.poll()
    await channel.poll()
    expect(context.delivered).toHaveLength(1)
    expect(call(sid)).toMatchObject({
      result: 'voicemail',
      durationMs: 9 * second,
      recording: { name: 'voicemail.mp3', contentType: 'audio/mpeg' },
    })
    expect(call(sid).recording?.bytes?.subarray(0, 2)).toEqual(new Uint8Array([0xff, 0xfb]))
    expect(context.items.get(sid)?.revision).toBe(`done:voicemail:${recording}`)
  })

  test('the call is missed at once; the voicemail is added when Twilio has processed it', async () => {
    await settled()
    const { call: sid, recording } = twilio.calls.voicemail({ from: ana, ready: false })
    await channel.poll()
    expect(call(sid).result).toBe('missed')
    twilio.calls.recordingReady(recording)
    await channel.poll()
    expect(call(sid)).toMatchObject({ result: 'voicemail', recording: { contentType: 'audio/mpeg' } })
  })

  test('a talk that was recorded comes with its sound, the longest part of it', async () => {
    await settled()
    const sid = twilio.calls.answered({ from: ana })
    const recording = twilio.calls.recorded(sid, 50)
    twilio.calls.recorded(sid, 3)
    await channel.poll()
    expect(call(sid)).toMatchObject({ result: 'answered', recording: { name: 'call.mp3', contentType: 'audio/mpeg' } })
    expect(context.items.get(sid)?.revision).toBe(`done:answered:${recording}`)
    await channel.poll()
    expect(context.delivered).toHaveLength(1)
  })

  test('a talk is filed at once; its sound is added when Twilio has processed it', async () => {
    await settled()
    const sid = twilio.calls.answered({ from: ana })
    const recording = twilio.calls.recorded(sid, 50, false)
    await channel.poll()
    expect(call(sid)).toMatchObject({ result: 'answered', recording: null })
    twilio.calls.recordingReady(recording)
    await channel.poll()
    expect(call(sid)).toMatchObject({ result: 'answered', recording: { name: 'call.mp3' } })
  })

  test('a voicemail that is no longer on the first page stays a voicemail', async () => {
    await settled()
    const { call: sid } = twilio.calls.voicemail({ from: ana })
    await channel.poll()
    twilio.world.recordings.length = 0
    await clock.advance(11 * minute)
    await channel.poll()
    expect(call(sid).result).toBe('voicemail')
    expect(context.delivered).toHaveLength(1)
  })

  test('a caller who hung up at the beep left no voicemail', async () => {
    await settled()
    const { call: sid } = twilio.calls.voicemail({ from: ana, seconds: 1 })
    await channel.poll()
    expect(call(sid)).toMatchObject({ result: 'missed', recording: null })
  })
})

describe('what other programs send', () => {
  test('a text from elsewhere counts after a minute in which our outbox did not claim it', async () => {
    await settled()
    const sid = twilio.texts.sentElsewhere({ to: ana, body: 'Be there at 5', direction: 'outbound-reply' })
    await channel.poll()
    expect(context.items.size).toBe(0)
    await clock.advance(61 * second)
    await channel.poll()
    expect(context.items.get(sid)).toMatchObject({
      direction: 'out',
      parties: [{ value: ana }],
      content: { delivery: 'delivered' },
    })
  })
})
