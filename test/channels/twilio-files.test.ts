import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CallContent, Channel, InboundFile, TextContent } from '../../src/channels/channel.ts'
import { createTwilioChannel } from '../../src/channels/twilio/twilio-channel.ts'
import { day, second } from '../../src/lib/durations.ts'
import { type FakeClock, makeFakeClock } from '../fakes/fake-clock.ts'
import { createMemoryContext, type MemoryContext } from '../fakes/twilio/memory-context.ts'
import { startTwilioDouble, type TwilioDouble } from '../fakes/twilio/start-twilio-double.ts'

const ana = '+14155550101'
const picture = (first: number) => ({ contentType: 'image/png', bytes: Uint8Array.of(first, 2, 3) })

let clock: FakeClock
let twilio: TwilioDouble
let context: MemoryContext
let channel: Channel

beforeEach(async () => {
  clock = makeFakeClock()
  twilio = await startTwilioDouble({ now: clock.now })
  context = createMemoryContext(clock, twilio.authToken)
  const settings = { accountSid: twilio.accountSid, number: '+14155550100', baseUrl: twilio.url }
  channel = createTwilioChannel(settings, context, { fetch: twilio.fetch })
  await channel.poll()
  await clock.advance(second)
})
afterEach(async () => {
  await channel.stop()
  await twilio.stop()
})

const fetchFile = (externalId: string, place: number) =>
  channel.fetchFile?.({ externalId, messageId: null, place }) ?? Promise.reject(new Error('nothing is fetched here'))
const contentOf = <T>(sid: string) => context.items.get(sid)?.content as T
const recordingOf = (sid: string) => contentOf<CallContent>(sid).recording
const filesOf = (sid: string): readonly InboundFile[] => contentOf<TextContent>(sid).files

/** Twilio hands out nothing for as long as Deskbell tries by itself. */
async function neverHandedOut(path: string) {
  twilio.faults.add({ kind: 'server-error', method: 'GET', path, times: Number.POSITIVE_INFINITY })
  await channel.poll()
  await clock.advance(2 * day)
  await channel.poll()
  twilio.faults.clear()
  await channel.poll()
}

test('pictures that Twilio could not hand out are fetched later, each its own', async () => {
  const sid = twilio.texts.receive({ from: ana, body: 'look', media: [picture(1), picture(7)] })
  await neverHandedOut(`/Messages/${sid}/Media/`)
  expect(filesOf(sid).map((it) => it.bytes)).toEqual([null, null])
  const atOnce = twilio.texts.receive({ from: ana, body: 'again', media: [picture(1), picture(7)] })
  await channel.poll()
  const inOrder = filesOf(atOnce).map((it) => [...(it.bytes ?? [])])
  expect(inOrder.toSorted()).toEqual([
    [1, 2, 3],
    [7, 2, 3],
  ])
  expect([...(await fetchFile(sid, 1))]).toEqual(inOrder[1])
  expect([...(await fetchFile(sid, 0))]).toEqual(inOrder[0])
})

test('so is a voicemail, with the sound of its own call', async () => {
  const { call, recording } = twilio.calls.voicemail({ from: ana })
  await neverHandedOut('/Recordings/RE')
  expect(recordingOf(call)).toMatchObject({ name: 'voicemail.mp3', bytes: null })
  const before = twilio.count('GET', `/Recordings/${recording}.mp3`)
  expect((await fetchFile(call, 0)).byteLength).toBeGreaterThan(100)
  expect(twilio.count('GET', `/Recordings/${recording}.mp3`) - before).toBe(1)
})

test('a line that breaks in the middle leaves it to be asked for again', async () => {
  const sid = twilio.texts.receive({ from: ana, body: 'look', media: [picture(1)] })
  await neverHandedOut(`/Messages/${sid}/Media/`)
  twilio.faults.add({ kind: 'cut', method: 'GET', path: `/Messages/${sid}/Media/` })
  await expect(fetchFile(sid, 0)).rejects.toMatchObject({
    code: 'UNREACHABLE',
    message: expect.stringContaining('try again in a minute'),
  })
  expect([...(await fetchFile(sid, 0))]).toEqual([1, 2, 3])
})

test('what is gone at Twilio says so, whatever is gone of it', async () => {
  const sid = twilio.texts.receive({ from: ana, body: 'look', media: [picture(1)] })
  const { call, recording } = twilio.calls.voicemail({ from: ana })
  await channel.poll()
  const gone = { code: 'NOT_FOUND', message: expect.stringContaining('does not have this file any more') }
  await expect(fetchFile(sid, 1)).rejects.toMatchObject(gone)
  twilio.world.messages.splice(0)
  await expect(fetchFile(sid, 0)).rejects.toMatchObject(gone)
  twilio.world.recordings.splice(
    twilio.world.recordings.findIndex((it) => it.sid === recording),
    1,
  )
  await expect(fetchFile(call, 0)).rejects.toMatchObject(gone)
})

test('without a token the words say what to do', async () => {
  const sid = twilio.texts.receive({ from: ana, body: 'look', media: [picture(1)] })
  context.token = null
  await expect(fetchFile(sid, 0)).rejects.toMatchObject({ message: expect.stringContaining('auth token is missing') })
})
