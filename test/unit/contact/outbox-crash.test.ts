import { afterEach, describe, expect, it } from 'vitest'
import { minute } from '../../../src/lib/durations.ts'
import {
  deadlyGate,
  eventGate,
  type Gate,
  type Kind,
  makeWorld,
  type Script,
  type World,
  write,
} from './outbox-world.ts'

/*
 * One message, and a process that dies, is closed or is overtaken by the user at each place where it waits for anything.
 * What the provider got is a fact of the world; what the store says must agree with it.
 */

// More than a run has; each loop ends by itself at the first step that a run does not reach.
const mostSteps = 60
const worlds: World[] = []
const newWorld = async () => {
  const world = await makeWorld()
  worlds.push(world)
  return world
}
afterEach(async () => {
  for (const { store } of worlds.splice(0)) await store.close()
})

async function expectOnce(world: World, jobId: number, kind: Kind, story: string): Promise<void> {
  const { provider, store } = world
  const job = await world.job(jobId)
  const items = await store.read.db.selectFrom('inbound_item').select(['external_id', 'interaction_id']).execute()
  if (kind === 'call' && provider.arrived.length === 0) {
    // A phone does not ring later by itself: the user is told to dial again.
    expect(job, story).toMatchObject({ state: 'failed', delivery: 'failed' })
    expect(job.problem, story).toMatch(/dial again/)
    expect(store.announced('outbox.failed').length, story).toBe(1)
    expect(items, story).toEqual([])
    return
  }
  expect(provider.arrived.length, story).toBe(1)
  expect(job, story).toMatchObject({ state: 'sent', delivery: 'sent', problem: null })
  expect(items, story).toEqual([{ external_id: provider.arrived[0]?.externalId, interaction_id: job.interactionId }])
  expect(world.answered.length, story).toBe(kind === 'call' ? 0 : 1)
  expect(store.announced('outbox.failed'), story).toEqual([])
}

async function runUntilDead(world: World, gate: Gate, lateArrival: boolean, ms: number) {
  await world.start(gate, { lateArrival })
  await world.clock.advance(ms)
}

const kinds: readonly Kind[] = ['email', 'sms', 'call']
const scripts: readonly Script[] = ['takes-it', 'breaks-sent', 'breaks-unsent', 'breaks-early', 'is-busy', 'throws']

describe.each(kinds)('a process that dies while it sends (%s)', (kind) => {
  it.each([false, true])('sends once, whichever step it dies at (request still on its way: %s)', async (late) => {
    let step = 1
    for (; step < mostSteps; step++) {
      const world = await newWorld()
      const gate = deadlyGate(step)
      await world.start(gate, { lateArrival: late })
      const jobId = await write(world, kind)
      await world.clock.advance(15_000)
      if (!gate.reached()) break
      await world.start()
      await world.clock.advance(20 * minute)
      await expectOnce(world, jobId, kind, `died at step ${step}`)
    }
    expect(step).toBeGreaterThan(6)
    expect(step).toBeLessThan(mostSteps)
  })

  it('sends once when the next process dies, too', async () => {
    let pairs = 0
    for (let first = 1; first < mostSteps; first++) {
      const probe = await newWorld()
      const firstGate = deadlyGate(first)
      await probe.start(firstGate)
      await write(probe, kind)
      await probe.clock.advance(15_000)
      if (!firstGate.reached()) break
      for (let second = 1; second < mostSteps; second++) {
        const world = await newWorld()
        await world.start(deadlyGate(first), { lateArrival: second % 2 === 0 })
        const jobId = await write(world, kind)
        await world.clock.advance(15_000)
        const secondGate = deadlyGate(second)
        await runUntilDead(world, secondGate, first % 2 === 0, 5 * minute)
        if (!secondGate.reached()) break
        await world.start()
        await world.clock.advance(20 * minute)
        await expectOnce(world, jobId, kind, `died at step ${first}, then at step ${second}`)
        pairs += 1
      }
    }
    expect(pairs).toBeGreaterThan(kind === 'call' ? 6 : 20)
  })

  it.each(scripts)('sends once when it dies at any step and the provider first %s', async (script) => {
    let step = 1
    for (; step < mostSteps; step++) {
      const world = await newWorld()
      world.provider.script.push(script)
      const gate = deadlyGate(step)
      await world.start(gate)
      const jobId = await write(world, kind)
      await world.clock.advance(3 * minute)
      if (!gate.reached()) break
      await world.start()
      await world.clock.advance(30 * minute)
      if (kind !== 'call') await expectOnce(world, jobId, kind, `${script}, died at step ${step}`)
      else expect(world.provider.arrived.length, `${script}, died at step ${step}`).toBeLessThanOrEqual(1)
    }
    expect(step).toBeGreaterThan(4)
    expect(step).toBeLessThan(mostSteps)
  })
})

describe.each(kinds)('a process that is closed while it sends (%s)', (kind) => {
  it('sends once, whichever step it is closed at', async () => {
    let step = 1
    for (; step < mostSteps; step++) {
      const world = await newWorld()
      let stopped: Promise<void> | null = null
      const gate = eventGate(step, () => {
        stopped = outbox.stop()
      })
      const outbox = await world.start(gate)
      const jobId = await write(world, kind)
      await world.clock.advance(15_000)
      if (!gate.reached()) break
      await stopped
      expect((await world.job(jobId)).state, `closed at step ${step}`).not.toBe('sending')
      await world.start()
      await world.clock.advance(20 * minute)
      await expectOnce(world, jobId, kind, `closed at step ${step}`)
    }
    expect(step).toBeGreaterThan(4)
    expect(step).toBeLessThan(mostSteps)
  })
})

describe.each(kinds)('a user who takes it back while it is sent (%s)', (kind) => {
  it('is told the truth, at whichever step', async () => {
    const truths = new Set<boolean>()
    let step = 1
    for (; step < mostSteps; step++) {
      const world = await newWorld()
      let answer: Promise<{ cancelled: boolean }> | null = null
      const jobId = 1
      const gate = eventGate(step, () => {
        answer = world.contact['contact.cancelSend']({ jobId })
      })
      await world.start(gate)
      expect(await write(world, kind)).toBe(jobId)
      await world.clock.advance(15 * minute)
      if (!gate.reached()) break
      const { cancelled } = (await answer) ?? { cancelled: false }
      truths.add(cancelled)
      const job = await world.job(jobId)
      expect(world.provider.arrived.length, `taken back at step ${step}`).toBe(cancelled ? 0 : 1)
      expect(job.state, `taken back at step ${step}`).toBe(cancelled ? 'cancelled' : 'sent')
      expect(world.store.announced('outbox.failed'), `taken back at step ${step}`).toEqual([])
    }
    expect([...truths].sort()).toEqual([false, true])
  })
})

describe('many messages, many deaths', () => {
  const seeds = Array.from({ length: 15 }, (_, index) => index + 1)
  const misfortunes: readonly Script[] = [
    'takes-it',
    'takes-it',
    'breaks-sent',
    'breaks-unsent',
    'breaks-early',
    'throws',
  ]

  it.each(seeds)('send each once, and nothing that was taken back (seed %i)', async (seed) => {
    const random = seededRandom(seed)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
    const world = await newWorld()
    const { provider, clock, contact } = world
    const jobs: number[] = []
    const takenBack = new Set<number>()
    for (let life = 0; life < 6; life++) {
      provider.script.push(...Array.from({ length: 3 }, () => pick(misfortunes)))
      await world.start(deadlyGate(3 + Math.floor(random() * 25)), { lateArrival: random() < 0.5 })
      for (let n = 0; n < 3; n++) {
        // The same words on purpose: a lookup must not take one for the other.
        jobs.push(await write(world, pick(['email', 'sms'] as const), pick(['OK', 'See you'])))
        await clock.advance(Math.floor(random() * 8_000))
      }
      if (random() < 0.3) {
        const jobId = pick(jobs)
        if ((await contact['contact.cancelSend']({ jobId })).cancelled) takenBack.add(jobId)
      }
      await clock.advance(Math.floor(random() * 40_000))
    }
    provider.script.splice(0)
    await world.start()
    await clock.advance(60 * minute)

    for (const id of jobs)
      expect((await world.job(id)).state, `job ${id}`).toBe(takenBack.has(id) ? 'cancelled' : 'sent')
    expect(provider.arrived.length).toBe(jobs.length - takenBack.size)
    const items = await world.store.read.db.selectFrom('inbound_item').select('interaction_id').execute()
    expect(new Set(items.map((it) => it.interaction_id)).size).toBe(jobs.length - takenBack.size)
    expect(world.answered.length).toBe(jobs.length - takenBack.size)
  })
})

/** mulberry32: small, good enough to choose, and the same everywhere. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
