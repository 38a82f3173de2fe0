import twilio from 'twilio'
import { afterEach, describe, expect, test } from 'vitest'
import { startTwilioDouble, type TwilioDouble } from '../fakes/twilio/start-twilio-double.ts'
import type { WorldOptions } from '../fakes/twilio/world.ts'

/**
 * The double is driven here by Twilio's own SDK, not by our client: what the vendor's program understands,
 * it says as the vendor says it.
 */
class LoopbackClient extends twilio.RequestClient {
  private readonly origin: string
  constructor(origin: string) {
    super({ timeout: 2000 })
    this.origin = origin
  }
  override request: twilio.RequestClient['request'] = (options) =>
    super.request({ ...options, uri: options.uri.replace('https://api.twilio.com', this.origin) })
}

const day = 86_400_000
const noon = Date.UTC(2026, 10, 20, 12)
let double: TwilioDouble

async function open(options: WorldOptions = {}) {
  double = await startTwilioDouble({ seed: 'double', numbers: [{ phoneNumber: '+14155550100' }], ...options })
  const client = twilio(double.accountSid, double.authToken, { httpClient: new LoopbackClient(double.url) })
  return client
}

afterEach(() => double.stop())

describe('messages', () => {
  test('a sent text is queued, then sent, then delivered, as time passes', async () => {
    let now = noon
    const client = await open({ now: () => now })
    const made = await client.messages.create({ from: '+14155550100', to: '+14155550101', body: 'Hello' })
    expect(made).toMatchObject({ status: 'queued', direction: 'outbound-api', numSegments: '1', dateSent: null })
    expect(made.dateCreated.getTime()).toBe(noon)
    now += 300
    expect((await client.messages(made.sid).fetch()).status).toBe('sent')
    now += 1000
    expect((await client.messages(made.sid).fetch()).status).toBe('delivered')
  })

  test('a text to a phone that is off ends undelivered, with the code of the carrier', async () => {
    let now = noon
    const client = await open({ now: () => now })
    double.texts.destine('+14155550101', { status: 'undelivered', code: 30003 })
    const { sid } = await client.messages.create({ from: '+14155550100', to: '+14155550101', body: 'Hello' })
    now += 5000
    expect(await client.messages(sid).fetch()).toMatchObject({ status: 'undelivered', errorCode: 30003 })
  })

  test('pages follow next_page_uri to the end, newest first, with nothing twice while new ones arrive', async () => {
    let now = noon
    const client = await open({ now: () => now })
    for (let i = 0; i < 7; i += 1) {
      now += 1000
      double.texts.receive({ from: '+14155550101', body: `text ${i}` })
    }
    const first = await client.messages.page({ pageSize: 3 })
    double.texts.receive({ from: '+14155550101', body: 'late' })
    const second = await first.nextPage()
    const third = await second?.nextPage()
    const bodies = [first, second, third].flatMap((page) => page?.instances.map((message) => message.body))
    expect(bodies).toEqual(['text 6', 'text 5', 'text 4', 'text 3', 'text 2', 'text 1', 'text 0'])
    expect(third?.nextPageUrl).toBeUndefined()
  })

  test('date filters see days, not hours', async () => {
    const client = await open({ now: () => noon })
    double.texts.receive({ from: '+14155550101', body: 'yesterday', at: noon - day })
    double.texts.receive({ from: '+14155550101', body: 'this morning', at: noon - day / 4 })
    const since = await client.messages.list({ dateSentAfter: new Date(noon - 60_000) })
    expect(since.map((message) => message.body)).toEqual(['this morning'])
    const until = await client.messages.list({ dateSentBefore: new Date(noon - day) })
    expect(until.map((message) => message.body)).toEqual(['yesterday'])
    expect(await client.messages.list({ to: '+14155550999' })).toEqual([])
  })

  test('STOP blocks this number until START', async () => {
    const client = await open()
    const send = () => client.messages.create({ from: '+14155550100', to: '+14155550101', body: 'Hello' })
    double.texts.receive({ from: '+14155550101', body: ' Stop ' })
    await expect(send()).rejects.toMatchObject({ status: 400, code: 21610 })
    double.texts.receive({ from: '+14155550101', body: 'START' })
    await expect(send()).resolves.toMatchObject({ status: 'queued' })
  })

  test.each([
    [{ to: '12', body: 'x' }, 21211],
    [{ to: '+14155550101', body: 'x', from: '+14155550177' }, 21606],
    [{ to: '+14155550101', body: 'x'.repeat(1601) }, 21617],
  ])('refuses %o', async (fields, code) => {
    const client = await open()
    await expect(client.messages.create({ from: '+14155550100', ...fields })).rejects.toMatchObject({ code })
    expect(double.texts.all()).toEqual([])
  })

  test('a trial account only reaches verified numbers', async () => {
    const client = await open({ type: 'Trial', verified: ['+14155550101'] })
    const send = (to: string) => client.messages.create({ from: '+14155550100', to, body: 'x' })
    await expect(send('+14155550101')).resolves.toBeDefined()
    await expect(send('+14155550102')).rejects.toMatchObject({ code: 21608 })
  })

  test('pictures are listed and downloaded', async () => {
    const client = await open()
    const bytes = new Uint8Array([1, 2, 3])
    const sid = double.texts.receive({ from: '+14155550101', body: '', media: [{ contentType: 'image/png', bytes }] })
    expect(sid).toMatch(/^MM[0-9a-f]{32}$/)
    const [media] = await client.messages(sid).media.list()
    expect(media?.contentType).toBe('image/png')
    const file = await fetch(`${double.url}${media?.uri.replace('.json', '')}`, { headers: basic() })
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes)
  })
})

describe('calls', () => {
  test('a call that rang out into TwiML is completed; only its child tells that nobody answered', async () => {
    const client = await open()
    const sid = double.calls.missed({ from: '+14155550101' })
    const parent = await client.calls(sid).fetch()
    expect(parent).toMatchObject({ status: 'completed', direction: 'inbound', duration: '20' })
    const children = await client.calls.list({ parentCallSid: sid })
    expect(children).toMatchObject([{ status: 'no-answer', direction: 'outbound-dial', duration: null }])
  })

  test('a voicemail is a RecordVerb recording of the parent, with sound once it is ready', async () => {
    const client = await open()
    const { call, recording } = double.calls.voicemail({ from: '+14155550101', seconds: 3, ready: false })
    expect(await client.recordings.list({ callSid: call })).toMatchObject([
      { status: 'processing', source: 'RecordVerb' },
    ])
    const sound = () =>
      fetch(`${double.url}/2010-04-01/Accounts/${double.accountSid}/Recordings/${recording}.mp3`, { headers: basic() })
    expect((await sound()).status).toBe(404)
    double.calls.recordingReady(recording)
    expect((await client.recordings(recording).fetch()).duration).toBe('3')
    const ready = await sound()
    expect(ready.headers.get('content-type')).toBe('audio/mpeg')
    expect((await ready.bytes()).length).toBeGreaterThan(40_000)
  })

  test('a bridged call rings the owner, then the lead, driven by inline TwiML', async () => {
    const client = await open()
    const response = new twilio.twiml.VoiceResponse()
    response.dial({ callerId: '+14155550100' }).number('+14155550101')
    const { sid } = await client.calls.create({ from: '+14155550100', to: '+14155550109', twiml: response.toString() })
    expect(await client.calls(sid).fetch()).toMatchObject({ status: 'queued', startTime: null })
    const [child] = double.calls.answers(sid)
    expect(await client.calls.list({ parentCallSid: sid })).toMatchObject([
      { sid: child, to: '+14155550101', from: '+14155550100', status: 'ringing', direction: 'outbound-dial' },
    ])
    double.calls.answers(child ?? '')
    double.calls.hangsUp(sid, 42)
    expect(await client.calls(child ?? '').fetch()).toMatchObject({ status: 'completed', duration: '42' })
    expect(double.world.twimlErrors).toEqual([])
  })

  test('TwiML that is not well-formed rings nobody', async () => {
    const client = await open()
    const twiml = '<Response><Dial><Number>+1415555&0101</Number></Dial></Response>'
    const { sid } = await client.calls.create({ from: '+14155550100', to: '+14155550109', twiml })
    expect(double.calls.answers(sid)).toEqual([])
    expect(double.world.twimlErrors).toHaveLength(1)
    expect((await client.calls(sid).fetch()).status).toBe('completed')
  })

  test('a ringing call can be ended, a finished one cannot', async () => {
    const client = await open()
    const { sid } = await client.calls.create({ from: '+14155550100', to: '+14155550109', twiml: '<Response/>' })
    expect(await client.calls(sid).update({ status: 'completed' })).toMatchObject({ status: 'canceled' })
    await expect(client.calls(sid).update({ status: 'completed' })).rejects.toMatchObject({ code: 21220 })
  })
})

describe('account and faults', () => {
  test('knows its name, type and numbers', async () => {
    const client = await open({ friendlyName: 'Corner Plumbing', type: 'Trial' })
    expect(await client.api.v2010.accounts(double.accountSid).fetch()).toMatchObject({
      friendlyName: 'Corner Plumbing',
      type: 'Trial',
    })
    expect(await client.incomingPhoneNumbers.list()).toMatchObject([
      { phoneNumber: '+14155550100', capabilities: { sms: true, voice: true } },
    ])
  })

  test('a wrong token gets 401 and code 20003', async () => {
    await open()
    const wrong = twilio(double.accountSid, 'wrong', { httpClient: new LoopbackClient(double.url) })
    await expect(wrong.messages.list()).rejects.toMatchObject({ status: 401, code: 20003 })
  })

  test('a connection cut after accepting leaves a text that the sender never heard of', async () => {
    const client = await open()
    double.faults.add({ kind: 'cut-after-accepting', method: 'POST' })
    await expect(client.messages.create({ from: '+14155550100', to: '+14155550101', body: 'once' })).rejects.toThrow()
    expect(double.texts.sentTo('+14155550101')).toHaveLength(1)
    expect(double.count('POST', '/Messages.json')).toBe(1)
  })

  test('faults hit only what they name, only as often as they say', async () => {
    const client = await open()
    double.faults.add({ kind: 'too-many-requests', retryAfterSeconds: 7, path: '/Calls' })
    double.faults.add({ kind: 'html', path: '/Messages' })
    await expect(client.calls.list()).rejects.toMatchObject({ status: 429, code: 20429 })
    await expect(client.calls.list()).resolves.toEqual([])
    await expect(client.messages.list()).rejects.toMatchObject({ status: 502 })
    expect(double.requests.map((one) => one.status)).toEqual([429, 200, 502])
  })
})

function basic(): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${double.accountSid}:${double.authToken}`).toString('base64')}` }
}
