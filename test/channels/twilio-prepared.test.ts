import { createRequire } from 'node:module'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Channel } from '../../src/channels/channel.ts'
import { openContext } from '../../src/channels/channel-context.ts'
import { createTwilioChannel } from '../../src/channels/twilio/twilio-channel.ts'
import { fillPrepared } from '../../src/contact/contract.ts'
import { makeContactHandlers } from '../../src/contact/handlers.ts'
import { makeOutbox, type Outbox } from '../../src/contact/outbox.ts'
import { day, minute, second } from '../../src/lib/durations.ts'
import { silentLog } from '../../src/lib/log.ts'
import { eventually } from '../fakes/eventually.ts'
import type { ContentRecord } from '../fakes/twilio/products.ts'
import { startTwilioDouble, type TwilioDouble } from '../fakes/twilio/start-twilio-double.ts'
import { type CaptureWorld, openCaptureWorld } from '../unit/capture/capture-world.ts'

const ana = '+14155550187'
const shop = '+14155550100'

let world: CaptureWorld
let twilio: TwilioDouble
let channel: Channel
let outbox: Outbox
let contact: ReturnType<typeof makeContactHandlers>

beforeEach(async () => {
  world = await openCaptureWorld()
  const { store, clock, clocks, phoneAccount } = world
  await store.set('me', world.dana)
  twilio = await startTwilioDouble({ now: clock.now, numbers: [{ phoneNumber: shop, whatsApp: true }] })
  const settings = { accountSid: twilio.accountSid, number: shop, baseUrl: twilio.url }
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
  const links = async () => null
  const askLine = async () => {}
  contact = makeContactHandlers({ store, clock, clocks, channels, outbox, newId: () => 'id', links, askLine })
  await channel.poll()
  await outbox.start()
  await clock.advance(second)
  twilio.texts.receive({ from: `whatsapp:${ana}`, to: `whatsapp:${shop}`, body: 'Hola' })
  await channel.poll()
  await clock.advance(3 * day)
})
afterEach(async () => {
  await outbox.stop()
  await channel.stop()
  await twilio.stop()
  await world.store.close()
})

let made = 0
function prepare(more: Partial<ContentRecord> = {}): ContentRecord {
  made += 1
  const content = {
    sid: `HX${String(made).padStart(32, '0')}`,
    friendlyName: 'visit_reminder',
    language: 'en',
    variables: { 1: 'Ana', 2: 'Monday' },
    types: { 'twilio/text': { body: 'Hello {{1}}, we come on {{2}}.' } },
    approval: 'approved' as const,
    createdAt: world.clock.now(),
    ...more,
  }
  twilio.world.contents.push(content)
  return content
}
const personId = async () => (await world.people())[0]?.id ?? 0
const list = async () => (await contact['contact.preparedMessages']({ personId: await personId() })).messages
const send = async (contentSid: string, variables: Record<string, string>) =>
  contact['contact.sendPrepared']({ personId: await personId(), contentSid, variables })
const job = (id: number) =>
  world.db.selectFrom('job').select(['state', 'last_error']).where('id', '=', id).executeTakeFirstOrThrow()
const reaches = (id: number, state: string) =>
  eventually(`the message ${state}`, async () => (await job(id)).state === state)
const outgoing = () => twilio.texts.all().filter((it) => it.direction !== 'inbound')

test('only what WhatsApp approved is offered, over all pages, with the examples of its gaps', async () => {
  prepare()
  prepare({ approval: 'pending', friendlyName: 'a_pending' })
  prepare({ approval: 'rejected', friendlyName: 'a_rejected' })
  prepare({ types: { 'twilio/location': { latitude: 1, longitude: 2 } }, friendlyName: 'a_place' })
  prepare({
    friendlyName: 'a_reply',
    variables: {},
    types: { 'twilio/quick-reply': { body: 'Still interested?', actions: [{ title: 'Yes', id: 'y' }] } },
  })
  for (let n = 0; n < 120; n += 1) prepare({ friendlyName: `z${n}` })
  const offered = await list()
  expect(offered).toHaveLength(122)
  expect(offered.slice(0, 2)).toMatchObject([
    { name: 'a_reply', body: 'Still interested?', variables: [] },
    {
      name: 'visit_reminder',
      language: 'en',
      body: 'Hello {{1}}, we come on {{2}}.',
      variables: [
        { key: '1', example: 'Ana' },
        { key: '2', example: 'Monday' },
      ],
    },
  ])
  expect(twilio.count('GET', '/v1/ContentAndApprovals')).toBe(2)
})

test('WhatsApp is offered to strangers once something was approved, and a template reaches them', async () => {
  const isSetUp = async () => (await contact['contact.whatsApp']({})).isSetUp
  prepare({ approval: 'pending' })
  expect(await isSetUp()).toBe(false)
  const { sid } = prepare()
  expect(await isSetUp()).toBe(true)
  const stranger = await world.store.write(async (tx) => {
    const row = { name: 'Bo', name_rank: 2, created_at: 1, updated_at: 1 }
    const { id } = await tx.db.insertInto('person').values(row).returning('id').executeTakeFirstOrThrow()
    const handle = { person_id: id, kind: 'phone', last_used_at: 1, created_at: 1, consent: 'given' } as const
    await tx.db
      .insertInto('handle')
      .values({ ...handle, value: '+14155550142' })
      .execute()
    return id
  })
  const variables = { 1: 'Bo', 2: 'Friday' }
  const { jobId } = await contact['contact.sendPrepared']({ personId: stranger, contentSid: sid, variables })
  await world.clock.advance(11 * second)
  await reaches(jobId, 'sent')
  expect(outgoing()).toMatchObject([{ to: 'whatsapp:+14155550142' }])
})

test('after the 24 hours a template goes where free words do not, once, and reads like what arrived', async () => {
  const { sid } = prepare()
  const free = { personId: await personId(), body: 'We come', templateId: null, service: 'whatsapp' as const }
  await expect(contact['contact.sendText'](free)).rejects.toMatchObject({
    message: expect.stringContaining('Choose a WhatsApp template'),
  })
  const { jobId } = await send(sid, { 1: 'Ana María', 2: 'Friday' })
  await world.clock.advance(11 * second)
  await reaches(jobId, 'sent')
  expect(twilio.requests.find((it) => it.method === 'POST')?.form).toEqual({
    To: `whatsapp:${ana}`,
    From: `whatsapp:${shop}`,
    ContentSid: sid,
    ContentVariables: '{"1":"Ana María","2":"Friday"}',
  })
  expect(outgoing()).toMatchObject([{ body: 'Hello Ana María, we come on Friday.', errorCode: null }])
  await world.clock.advance(minute)
  await channel.poll()
  const texts = await world.db
    .selectFrom('interaction')
    .select(['text', 'delivery', 'channel'])
    .where('direction', '=', 'out')
    .execute()
  expect(texts).toEqual([{ text: 'Hello Ana María, we come on Friday.', delivery: 'delivered', channel: 'whatsapp' }])
})

test('gaps and templates that are gone are refused before anything is written down', async () => {
  const { sid } = prepare()
  await expect(send(sid, { 1: 'Ana' })).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringContaining('{{2}}'),
  })
  await expect(send(`HX${'f'.repeat(32)}`, {})).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await world.db.selectFrom('job').select('id').execute()).toEqual([])
})

test('one of unknown outcome is found again and not sent twice, even where Twilio words it otherwise', async () => {
  const { sid } = prepare()
  twilio.faults.add({ kind: 'cut-after-accepting', method: 'POST', path: '/Messages' })
  const { jobId } = await send(sid, { 1: 'Ana', 2: 'Friday' })
  await world.clock.advance(11 * second)
  await eventually('the text at Twilio', async () => outgoing().length === 1)
  Object.assign(twilio.world.messages.at(-1) ?? {}, { body: 'Hello Ana, we come on Friday. [Yes] [No]' })
  for (let n = 0; n < 8; n += 1) await world.clock.advance(minute)
  await reaches(jobId, 'sent')
  expect(outgoing()).toHaveLength(1)
})

test('what Twilio refuses about a template says what to do', async () => {
  const { sid } = prepare()
  for (const [code, words] of [
    [21656, 'Fill in every field'],
    [21655, 'not there any more'],
  ] as const) {
    twilio.faults.add({ kind: 'refuse', status: 400, code, method: 'POST', path: '/Messages' })
    const { jobId } = await send(sid, { 1: 'Ana', 2: 'Friday' })
    await world.clock.advance(11 * second)
    await reaches(jobId, 'failed')
    expect((await job(jobId)).last_error).toContain(words)
  }
})

test('a template whose approval was withdrawn in between fails with the words for a closed window', async () => {
  const content = prepare()
  const { jobId } = await send(content.sid, { 1: 'Ana', 2: 'Friday' })
  twilio.world.contents.splice(0, 1, { ...content, approval: 'paused' })
  await world.clock.advance(11 * second)
  await eventually('the text at Twilio', async () => outgoing().length === 1)
  await world.clock.advance(minute)
  await channel.poll()
  await reaches(jobId, 'failed')
  expect((await job(jobId)).last_error).toContain('24 hours')
})

test('the double lists contents with every field that Twilio’s own library reads', async () => {
  prepare()
  const basic = Buffer.from(`${twilio.accountSid}:${twilio.authToken}`).toString('base64')
  const headers = { authorization: `Basic ${basic}` }
  const body = (await (await fetch(`${twilio.url}/v1/ContentAndApprovals`, { headers })).json()) as {
    contents: object[]
  }
  const library = createRequire(import.meta.url)('twilio/lib/rest/content/v1/contentAndApprovals.js')
  const read = new library.ContentAndApprovalsInstance({}, body.contents[0]).toJSON() as Record<string, unknown>
  expect(Object.entries(read).filter(([, value]) => value === undefined || value === null)).toEqual([])
  expect(Object.keys(read)).toHaveLength(Object.keys(body.contents[0] ?? {}).length)
})

test('placeholders without a value stay to be seen', () => {
  expect(fillPrepared('Hello {{1}} and {{name}}', { 1: 'Ana' })).toBe('Hello Ana and {{name}}')
})
