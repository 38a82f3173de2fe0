import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Channel } from '../../src/channels/channel.ts'
import { openContext } from '../../src/channels/channel-context.ts'
import { createTwilioChannel } from '../../src/channels/twilio/twilio-channel.ts'
import { makeContactHandlers } from '../../src/contact/handlers.ts'
import { makeOutbox, type Outbox } from '../../src/contact/outbox.ts'
import { hour, minute, second } from '../../src/lib/durations.ts'
import { silentLog } from '../../src/lib/log.ts'
import { liftOptOut } from '../../src/people/lift-opt-out.ts'
import { eventually } from '../fakes/eventually.ts'
import { startTwilioDouble, type TwilioDouble } from '../fakes/twilio/start-twilio-double.ts'
import { type CaptureWorld, openCaptureWorld } from '../unit/capture/capture-world.ts'

const ana = '+14155550187'
const owner = '+14155550199'
const shop = '+14155550100'
const van = '+14155550110'
const fax = '+14155550120'

/** Everything from Twilio's list to our timeline and back, on one clock. */
let world: CaptureWorld
let twilio: TwilioDouble
let channel: Channel
let outbox: Outbox
let contact: ReturnType<typeof makeContactHandlers>
let person: number

beforeEach(async () => {
  world = await openCaptureWorld()
  const { store, clock, clocks, phoneAccount } = world
  await store.set('me', world.dana)
  const numbers = [
    { phoneNumber: shop, whatsApp: true },
    { phoneNumber: van, whatsApp: true },
    { phoneNumber: fax, sms: false },
  ]
  twilio = await startTwilioDouble({ now: clock.now, numbers })
  const settings = { accountSid: twilio.accountSid, number: shop, others: [van, fax], baseUrl: twilio.url }
  await store.write(({ db }) =>
    db
      .updateTable('account')
      .set({ settings: JSON.stringify(settings) })
      .where('id', '=', phoneAccount)
      .execute(),
  )
  const { context } = openContext({
    accountId: phoneAccount,
    store,
    clock,
    log: silentLog,
    random: () => 0.5,
    host: { getSecret: async () => twilio.authToken, setSecret: async () => {}, deleteSecret: async () => {} },
    ingest: world.deliver,
    report: async () => {},
  })
  channel = createTwilioChannel(settings, context, { fetch: twilio.fetch })
  const channels = { of: (id: number) => (id === phoneAccount ? channel : null) }
  outbox = makeOutbox({ store, clock, log: silentLog, channels, clocks, random: () => 0.5 })
  contact = makeContactHandlers({
    store,
    clock,
    clocks,
    channels,
    outbox,
    newId: () => 'id',
    links: async () => null,
    askLine: async () => {},
  })
  await channel.poll()
  await outbox.start()
  await clock.advance(second)
})
afterEach(async () => {
  await outbox.stop()
  await channel.stop()
  await twilio.stop()
  await world.store.close()
})

const soon = (check: () => unknown) =>
  eventually(
    'a state',
    async () => {
      await check()
      return true
    },
    4000,
  )

/** Ana writes; what she wrote is in the timeline. */
async function writes(body: string, to = shop, prefix = '') {
  twilio.texts.receive({ from: `${prefix}${ana}`, to: `${prefix}${to}`, body })
  await channel.poll()
  person = (await world.people())[0]?.id ?? 0
  await world.clock.advance(second)
}
const answer = (more: { service?: 'sms' | 'whatsapp' } = {}) =>
  contact['contact.sendText']({ personId: person, body: 'We come at five', templateId: null, ...more })
const job = (id: number) =>
  world.db.selectFrom('job').select(['kind', 'state', 'last_error']).where('id', '=', id).executeTakeFirstOrThrow()
async function left(jobId: number) {
  await world.clock.advance(11 * second)
  await soon(async () => expect((await job(jobId)).state).toBe('sent'))
}
const outgoing = () => twilio.texts.all().filter((it) => it.direction !== 'inbound')

describe('WhatsApp', () => {
  test('is answered by WhatsApp, from the number it came to, once', async () => {
    await writes('Hola', van, 'whatsapp:')
    const { jobId } = await answer()
    await left(jobId)
    expect(outgoing()).toMatchObject([{ from: `whatsapp:${van}`, to: `whatsapp:${ana}`, body: 'We come at five' }])
    await world.clock.advance(second)
    await channel.poll()
    expect(await world.interactions()).toMatchObject([
      { channel: 'whatsapp', direction: 'in' },
      { channel: 'whatsapp', direction: 'out', delivery: 'delivered' },
    ])
  })

  test('can be answered by text instead', async () => {
    await writes('Hola', shop, 'whatsapp:')
    const { jobId } = await answer({ service: 'sms' })
    await left(jobId)
    expect(outgoing()).toMatchObject([{ from: shop, to: ana }])
  })

  test('of unknown outcome is found again and not sent twice', async () => {
    await writes('Hola', shop, 'whatsapp:')
    twilio.faults.add({ kind: 'cut-after-accepting', method: 'POST', path: '/Messages' })
    const { jobId } = await answer()
    await world.clock.advance(11 * second)
    await soon(async () => expect((await job(jobId)).state).toBe('committing'))
    await channel.poll()
    await world.clock.advance(minute)
    await soon(async () => expect((await job(jobId)).state).toBe('sent'))
    expect(outgoing()).toHaveLength(1)
    expect(await world.interactions()).toHaveLength(2)
  })

  test('is refused beforehand when its 24 hours are over, with another way; a text goes by itself', async () => {
    await writes('Hola', shop, 'whatsapp:')
    await world.clock.advance(25 * hour)
    await expect(answer({ service: 'whatsapp' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('send a text or an e-mail instead'),
    })
    const { jobId } = await answer()
    expect(await job(jobId)).toMatchObject({ kind: 'sms' })
    expect(twilio.count('POST', '/Messages')).toBe(0)
  })

  test('is refused at the last moment when the hours end before it leaves', async () => {
    await writes('Hola', shop, 'whatsapp:')
    await world.clock.advance(24 * hour - 5 * second)
    const { jobId } = await answer({ service: 'whatsapp' })
    await world.clock.advance(11 * second)
    await soon(async () => expect((await job(jobId)).state).toBe('failed'))
    expect((await job(jobId)).last_error).toContain('within 24 hours')
    expect(outgoing()).toEqual([])
  })

  test('nobody is written to there who never wrote', async () => {
    await writes('Hi')
    await expect(answer({ service: 'whatsapp' })).rejects.toMatchObject({ message: /only after the person did/ })
  })

  test('STOP there stops texts, too, from every number', async () => {
    await writes('Hola', shop, 'whatsapp:')
    await writes('STOP', van, 'whatsapp:')
    for (const service of ['sms', 'whatsapp'] as const) {
      await expect(answer({ service })).rejects.toMatchObject({ message: /asked not to get texts/ })
    }
  })
})

describe('three numbers', () => {
  test('an answer leaves from the one they wrote to, a call shows it', async () => {
    await writes('Hi', van)
    await left((await answer()).jobId)
    expect(outgoing()).toMatchObject([{ from: van }])
    await contact['contact.dial']({ personId: person })
    await soon(() => expect(twilio.calls.all()).toMatchObject([{ from: van, to: owner }]))
    expect(await world.calls()).toMatchObject([{ from_number: van }])
  })

  test('who called one that takes no texts gets the text from the first that does', async () => {
    twilio.calls.missed({ from: ana, to: fax, at: world.clock.now() })
    await channel.poll()
    person = (await world.people())[0]?.id ?? 0
    await left((await answer()).jobId)
    expect(outgoing()).toMatchObject([{ from: shop }])
  })

  test('when theirs was taken away at Twilio, the answer leaves from another one', async () => {
    await writes('Hi', van)
    twilio.world.numbers.splice(1, 1)
    await world.clock.advance(11 * minute)
    await channel.poll()
    await left((await answer()).jobId)
    expect(outgoing()).toMatchObject([{ from: shop }])
  })
})

test('a call given up as lost that Twilio shows later is that call, and no second one', async () => {
  await writes('Please call me')
  twilio.faults.add({ kind: 'cut-after-accepting', method: 'POST', path: '/Calls' })
  twilio.faults.add({ kind: 'cut', method: 'GET', path: '/Calls', times: Number.POSITIVE_INFINITY })
  const { interactionId } = await contact['contact.dial']({ personId: person })
  const lost = () =>
    world.db
      .selectFrom('job')
      .select(['state', 'last_error'])
      .where('interaction_id', '=', interactionId)
      .executeTakeFirstOrThrow()
  await soon(async () => expect((await lost()).state).toBe('committing'))
  await soon(async () => {
    await world.clock.advance(minute)
    expect(await lost()).toMatchObject({ state: 'failed', last_error: /could not tell/ })
  })
  twilio.faults.clear()
  const [call] = twilio.calls.all()
  const [leg = ''] = twilio.calls.answers(call?.sid ?? '')
  twilio.calls.answers(leg)
  twilio.calls.hangsUp(call?.sid ?? '', 40)
  await soon(async () => {
    await world.clock.advance(11 * minute)
    await channel.poll()
    expect(await lost()).toMatchObject({ state: 'sent' })
  })
  expect(await world.calls()).toMatchObject([
    { interaction_id: interactionId, result: 'answered', duration_ms: 40_000 },
  ])
  expect((await world.interactions()).filter((it) => it.channel === 'call')).toHaveLength(1)
})

describe('a sentence that reads like STOP', () => {
  const handle = () => world.db.selectFrom('handle').select(['id', 'opted_out_at']).executeTakeFirstOrThrow()
  const lift = async () => {
    const { id } = await handle()
    await world.store.write((tx) => liftOptOut(tx, world.clocks, { handleId: id }, world.clock.now()))
  }

  test('blocks, says so, and a person may lift it', async () => {
    await writes('Please stop texting me')
    await expect(answer()).rejects.toMatchObject({ message: /asked not to get texts/ })
    expect(await world.events()).toContainEqual(expect.stringContaining('Seems to want no more texts'))
    await lift()
    expect((await handle()).opted_out_at).toBeNull()
    await left((await answer()).jobId)
  })

  test('a real STOP is not lifted by us, whatever was said before', async () => {
    await writes('remove me from your list')
    await writes('START')
    await writes('Stop.')
    await expect(lift()).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('START') })
    expect((await handle()).opted_out_at).not.toBeNull()
  })
})
