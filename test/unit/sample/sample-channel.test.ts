import { beforeEach, describe, expect, it } from 'vitest'
import type { Channel, Inbound } from '../../../src/channels/channel.ts'
import { makeSampleChannel } from '../../../src/channels/sample/sample-channel.ts'
import { second } from '../../../src/lib/durations.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { type FakeClock, makeFakeClock } from '../../fakes/fake-clock.ts'

let clock: FakeClock
let channel: Channel
let delivered: Inbound[]
let ids = 0
const leftovers = new Map<string, string[]>()
const hooks = { committing: async () => {} }
const never = async () => false

beforeEach(() => {
  clock = makeFakeClock()
  delivered = []
  channel = makeSampleChannel({
    context: {
      accountId: 1,
      clock,
      log: silentLog,
      random: () => 0,
      secret: async () => null,
      keepSecret: async () => {},
      keepRevision: async () => {},
      knownEmails: async () => new Set(),
      deliver: async (items) => void delivered.push(...items),
      cursor: async () => null,
      revisions: async () => new Map(),
      withRevision: async (prefix) => leftovers.get(prefix) ?? [],
      report: async () => {},
    },
    phone: '+14155550142',
    newId: () => `id${++ids}`,
    timing: { delivery: 3 * second, ringing: 6 * second, talk: 60 * second },
  })
})

const call = { kind: 'call', ownPhone: '+14155550191', to: '+14155550187' } as const
const results = () =>
  delivered.map((it) => [it.revision, it.content.kind === 'call' ? it.content.durationMs : null] as const)

describe('the sample world', () => {
  it('delivers a text a moment after it left', async () => {
    const outcome = await channel.send({ kind: 'sms', to: '+14155550187', body: 'Hi' }, hooks)
    expect(outcome).toMatchObject({ kind: 'sent', revision: 'sent' })
    expect(delivered).toEqual([])
    await clock.advance(3 * second)
    expect(delivered).toMatchObject([
      {
        externalId: outcome.kind === 'sent' && outcome.externalId,
        revision: 'delivered',
        direction: 'out',
        content: { kind: 'text', body: 'Hi', delivery: 'delivered' },
      },
    ])
  })

  it('picks up a call after some ringing, and ends it', async () => {
    expect(await channel.send(call, hooks)).toMatchObject({ kind: 'sent', revision: 'ringing' })
    await clock.advance(5 * second)
    expect(results()).toEqual([])
    await clock.advance(second)
    expect(results()).toEqual([['in_progress', null]])
    await clock.advance(60 * second)
    expect(results()).toEqual([
      ['in_progress', null],
      ['answered', 60 * second],
    ])
  })

  it('lets a call be ended while it rings or talks, once', async () => {
    const first = await channel.send(call, hooks)
    if (first.kind !== 'sent') throw new Error('not sent')
    await channel.hangUp?.(first.externalId)
    expect(results()).toEqual([['cancelled', null]])
    const next = await channel.send(call, hooks)
    if (next.kind !== 'sent') throw new Error('not sent')
    await clock.advance(10 * second)
    await channel.hangUp?.(next.externalId)
    await channel.hangUp?.(next.externalId)
    await clock.advance(600 * second)
    expect(results().at(-1)).toEqual(['answered', 4 * second])
    expect(delivered).toHaveLength(3)
  })

  it('sends nothing whose point of no return could not be stored', async () => {
    const committing = () => Promise.reject(new Error('disk full'))
    await expect(channel.send({ kind: 'sms', to: '+1', body: 'Hi' }, { committing })).rejects.toThrow('disk full')
    await clock.advance(60 * second)
    expect(delivered).toEqual([])
  })

  it('knows what it took', async () => {
    const text = { kind: 'sms', to: '+14155550187', body: 'Hi' } as const
    const sent = await channel.send(text, hooks)
    const externalId = sent.kind === 'sent' ? sent.externalId : ''
    expect(await channel.find(text, clock.now(), never)).toMatchObject({ kind: 'sent', externalId })
    expect(await channel.find(text, clock.now(), async (id) => id === externalId)).toEqual({ kind: 'not-found' })
    expect(await channel.find({ ...text, body: 'Bye' }, clock.now(), never)).toEqual({ kind: 'not-found' })
    expect(await channel.find(text, clock.now() + 1, never)).toEqual({ kind: 'not-found' })
  })

  it('settles what was under way when the computer went out', async () => {
    leftovers.set('in_progress', ['call-1']).set('sent', ['text-1'])
    await channel.start()
    await clock.advance(3 * second)
    expect(delivered.map((it) => [it.externalId, it.revision])).toEqual([
      ['call-1', 'cancelled'],
      ['text-1', 'delivered'],
    ])
    leftovers.clear()
  })

  it('ends quietly', async () => {
    await channel.send({ kind: 'sms', to: '+1', body: 'Hi' }, hooks)
    await channel.send(call, hooks)
    await channel.stop()
    expect(clock.pending()).toBe(0)
  })
})
