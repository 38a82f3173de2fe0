import { expect, test } from 'vitest'
import type { CallContent, CallResult, Channel, OutboundText, SendOutcome } from '../../src/channels/channel.ts'
import { createTwilioChannel } from '../../src/channels/twilio/twilio-channel.ts'
import { minute, second } from '../../src/lib/durations.ts'
import { makeFakeClock } from '../fakes/fake-clock.ts'
import type { Trouble } from '../fakes/twilio/faults.ts'
import { createMemoryContext } from '../fakes/twilio/memory-context.ts'
import { startTwilioDouble } from '../fakes/twilio/start-twilio-double.ts'

/**
 * Customers write and ring, the outbox sends, the network fails and the app restarts, in an order drawn by lot.
 * Whatever the order: in the end everything is there once, as it was, and every text was sent once.
 * The context itself throws when the same view of a thing is handed over twice.
 */
test.each(Array.from({ length: 12 }, (_, seed) => seed + 1))('walk %i', async (seed) => {
  const random = mulberry(seed)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const clock = makeFakeClock()
  const twilio = await startTwilioDouble({ now: clock.now, seed: `walk ${seed}` })
  const context = createMemoryContext(clock, twilio.authToken)
  const settings = { accountSid: twilio.accountSid, number: twilio.number, baseUrl: twilio.url }
  const connect = () => createTwilioChannel(settings, context, { fetch: twilio.fetch })
  let channel: Channel = connect()
  await channel.poll()
  await clock.advance(second)

  const texts = new Map<string, string>()
  const calls = new Map<string, CallResult>()
  const ringing = new Set<string>()
  const pending: string[] = []
  const outbox: { readonly text: OutboundText; readonly since: number; state: 'queued' | 'unknown' | 'sent' }[] = []
  const taken = new Set<string>()
  const customer = () => `+141555501${10 + Math.floor(random() * 20)}`

  const claim = (outcome: SendOutcome | { kind: string }) => {
    if (outcome.kind !== 'sent' || !('revision' in outcome)) return
    taken.add(outcome.externalId)
    context.claim(outcome.externalId, outcome.revision)
  }
  /** One turn of an outbox that does as the interface says: unknown ones are looked up before they are sent again. */
  const work = async () => {
    for (const job of outbox) {
      if (job.state === 'unknown') {
        const found = await channel.find(job.text, job.since, async (id) => taken.has(id))
        claim(found)
        if (found.kind === 'sent') job.state = 'sent'
        else if (found.kind === 'not-found') job.state = 'queued'
      } else if (job.state === 'queued') {
        const outcome = await channel.send(job.text, { committing: async () => {} })
        claim(outcome)
        job.state = outcome.kind === 'failed' ? 'queued' : outcome.kind
      }
    }
  }

  const troubles: readonly Trouble[] = [
    { kind: 'server-error' },
    { kind: 'hang' },
    { kind: 'hang-after-accepting' },
    { kind: 'cut' },
    { kind: 'cut-after-accepting' },
    { kind: 'too-many-requests', retryAfterSeconds: 5 },
    { kind: 'html' },
  ]
  const actions: readonly (() => Promise<void> | void)[] = [
    () => void texts.set(twilio.texts.receive({ from: customer(), body: `text ${texts.size}` }), `text ${texts.size}`),
    () => {
      const how = pick(['rang-out', 'rejected', 'caller-hung-up', 'no-forwarding'] as const)
      calls.set(twilio.calls.missed({ from: customer(), how }), 'missed')
    },
    () => void calls.set(twilio.calls.answered({ from: customer(), seconds: 30 }), 'answered'),
    () => {
      const { call, recording } = twilio.calls.voicemail({ from: customer(), ready: random() < 0.5 })
      pending.push(recording)
      calls.set(call, 'voicemail')
    },
    () => void ringing.add(twilio.calls.rings({ from: customer() })),
    () => {
      for (const sid of ringing) {
        const leg = twilio.calls.forwards(sid, '+14155550199')
        const answered = random() < 0.5
        if (answered) twilio.calls.answers(leg)
        twilio.calls.hangsUp(sid, 12)
        calls.set(sid, answered ? 'answered' : 'missed')
      }
      ringing.clear()
    },
    () => {
      for (const recording of pending) twilio.calls.recordingReady(recording)
    },
    () =>
      void outbox.push({
        text: { kind: 'sms', to: customer(), body: `reply ${outbox.length}` },
        since: clock.now(),
        state: 'queued',
      }),
    work,
    () => channel.poll(),
    () => clock.advance(pick([second, 15 * second, 2 * minute])),
    () => twilio.faults.add({ ...pick(troubles), times: 1 + Math.floor(random() * 2) }),
    async () => {
      await channel.stop()
      channel = connect()
    },
  ]
  for (let step = 0; step < 120; step += 1) await pick(actions)()

  for (const sid of ringing) {
    twilio.calls.ends(sid, 'no-answer')
    calls.set(sid, 'missed')
  }
  for (const recording of pending) twilio.calls.recordingReady(recording)
  twilio.faults.clear()
  for (let round = 0; round < 4; round += 1) {
    await clock.advance(minute)
    await work()
    await channel.poll()
  }
  await clock.advance(11 * minute)
  await channel.poll()

  const inbound = [...context.items.values()].filter((item) => item.direction === 'in')
  const bodies = inbound.flatMap((item) => (item.content.kind === 'text' ? [[item.externalId, item.content.body]] : []))
  expect(new Map(bodies as [string, string][])).toEqual(texts)
  const results = inbound.flatMap((item) =>
    item.content.kind === 'call' ? [[item.externalId, (item.content as CallContent).result]] : [],
  )
  expect(new Map(results as [string, CallResult][])).toEqual(calls)
  expect(
    outbox.map((job) => [
      job.text.body,
      twilio.texts.sentTo(job.text.to).filter((text) => text.body === job.text.body).length,
    ]),
  ).toEqual(outbox.map((job) => [job.text.body, 1]))
  // Our own texts were never taken for somebody else's: every outgoing item is one the outbox knows.
  const foreign = [...context.items.values()].filter((item) => item.direction === 'out' && !taken.has(item.externalId))
  expect(foreign.map((item) => item.externalId)).toEqual([])
  await channel.stop()
  await twilio.stop()
})

function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
