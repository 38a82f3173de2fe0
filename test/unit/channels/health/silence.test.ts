import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readHealth } from '../../../../src/channels/health/read-health.ts'
import { acceptSilence, makeSilenceWatch, type SilenceWatch } from '../../../../src/channels/health/silence-watch.ts'
import { makeBusinessTime } from '../../../../src/lib/business-time.ts'
import { day, hour, minute, second } from '../../../../src/lib/durations.ts'
import { silentLog } from '../../../../src/lib/log.ts'
import { inboundForm, inboundMail, inboundText } from '../../../fakes/inbound.ts'
import { ownNumber } from '../../../fakes/test-store.ts'
import { type CaptureWorld, openCaptureWorld } from '../../capture/capture-world.ts'

const time = makeBusinessTime({ zone: 'UTC', hours: [], alwaysOpen: true })
let world: CaptureWorld
let watch: SilenceWatch
let made: number

beforeEach(async () => {
  world = await openCaptureWorld()
  made = 0
  watch = makeWatch()
  watch.start()
})
afterEach(async () => {
  await watch.stop()
  await world.store.close()
})

const makeWatch = () =>
  makeSilenceWatch({ store: world.store, clock: world.clock, log: silentLog, businessTime: async () => time })

async function restart(): Promise<void> {
  await watch.stop()
  watch = makeWatch()
  watch.start()
}

const form = (at = world.clock.now()) => {
  made += 1
  return inboundForm({ name: 'Ana', email: `ana${made % 3}@home.example` }, { externalId: `form-${made}`, at })
}

/** Forms at an even pace, the last one now. */
async function forms(count: number, gap: number): Promise<void> {
  for (let left = count; left > 0; left--) {
    await world.take(form())
    if (left > 1) await world.clock.advance(gap)
  }
}

const announced = () => world.store.announced('channel.quiet')
const formHealth = async () => {
  const all = await readHealth(world.store.read, time, world.clock.now())
  const found = all.find((it) => it.accountId === world.formAccount)
  if (!found) throw new Error('no health')
  return found
}

describe('a silence', () => {
  test('is announced once, also across a restart, and ends when something comes', async () => {
    await forms(12, 9 * hour)
    const last = world.clock.now()
    await world.clock.advance(26 * hour)
    expect(announced()).toEqual([])
    expect((await formHealth()).quiet).toBeNull()
    await world.clock.advance(2 * hour)
    expect(announced()).toEqual([
      { accountId: world.formAccount, kind: 'form', label: 'form', since: last, usualMs: 9 * hour },
    ])
    expect((await formHealth()).quiet).toEqual({ since: last, askAgainAt: null })
    await restart()
    await world.clock.advance(3 * day)
    expect(announced()).toHaveLength(1)

    await world.take(form())
    expect((await formHealth()).quiet).toBeNull()
    const came = world.clock.now()
    await world.clock.advance(15 * minute)
    const silences = await world.db.selectFrom('silence').selectAll().execute()
    expect(silences).toMatchObject([{ since: last, ended_at: came }])
    // It was broken meanwhile: the next one is told as soon as the first.
    await world.clock.advance(28 * hour)
    expect(announced()).toHaveLength(2)
  })

  test('that somebody calls fine is asked about again after a week, and then is how it is', async () => {
    await forms(12, 9 * hour)
    const last = world.clock.now()
    await world.clock.advance(28 * hour)
    await world.store.write((tx) => acceptSilence(tx, world.formAccount, world.clock.now()))
    const askAgainAt = world.clock.now() + 7 * day
    expect((await formHealth()).quiet).toEqual({ since: last, askAgainAt })
    await world.clock.advance(7 * day - minute)
    expect(announced()).toHaveLength(1)
    await world.clock.advance(20 * minute)
    expect(announced()).toHaveLength(2)
    expect((await formHealth()).quiet).toEqual({ since: last, askAgainAt: null })
    await world.take(form())
    await world.clock.advance(3 * day)
    expect(announced()).toHaveLength(2)
    expect((await formHealth()).rhythm?.limitMs).toBeGreaterThan(8 * day)
  })

  test('cannot be called fine when there is none', async () => {
    const accept = world.store.write((tx) => acceptSilence(tx, world.formAccount, world.clock.now()))
    await expect(accept).rejects.toMatchObject({ body: { code: 'CONFLICT' } })
  })

  test('of a channel that says itself that it is broken, or brought little so far, is not announced', async () => {
    await forms(10, 9 * hour)
    await world.clock.advance(8 * day)
    expect(announced()).toEqual([])
    await forms(2, 9 * hour)
    await world.store.write(({ db }) =>
      db.updateTable('account').set({ state: 'auth-failed' }).where('id', '=', world.formAccount).execute(),
    )
    await world.clock.advance(15 * day)
    expect(announced()).toEqual([])
  })

  test('is not told from what the computer slept through: first it fetches', async () => {
    await forms(12, 9 * hour)
    const slept = world.clock.now()
    await world.clock.sleep(4 * day)
    await world.clock.advance(5 * minute)
    expect(announced()).toEqual([])
    // What waited at the relay comes in with the times at which it was sent.
    await world.take(...Array.from({ length: 10 }, (_, index) => form(slept + (index + 1) * 9 * hour)))
    await world.clock.advance(hour)
    expect(announced()).toEqual([])
  })
})

describe('what the health page reads', () => {
  test('how fast things are here, from the clock of the provider', async () => {
    for (let index = 1; index <= 20; index++) {
      const late = index === 20 ? 40 * second : 2 * second
      await world.clock.advance(hour)
      await world.take(form(world.clock.now() - late))
    }
    expect((await formHealth()).latency).toEqual({ p50Ms: 2 * second, p95Ms: 2 * second, count: 20 })
    await world.clock.advance(8 * day)
    expect((await formHealth()).latency).toBeNull()
  })

  test('history, robots and what we sent are no sign of life', async () => {
    const at = world.clock.now()
    await world.take(
      inboundMail({ messageId: 'old' }, { at: at - 30 * day, history: true }),
      inboundMail({ messageId: 'robot', robot: 'newsletter' }, { at }),
      inboundMail({ messageId: 'ours' }, { at, direction: 'out' }),
      inboundMail({ messageId: 'theirs' }, { at }),
    )
    const rows = await world.db.selectFrom('arrival').select('account_id').execute()
    expect(rows).toEqual([{ account_id: world.mailAccount }])
    // A second delivery is none, either.
    await world.take(inboundMail({ messageId: 'theirs' }, { at }))
    expect(await world.db.selectFrom('arrival').select('account_id').execute()).toHaveLength(1)
  })

  test('every left out thing with its reason; the counts agree with the sum', async () => {
    await world.deliver(world.phoneAccount, [], [], { skipped: 3, reason: 'They belong to another number.' })
    await world.deliver(world.phoneAccount, [], [], { skipped: 2, reason: 'They belong to another number.' })
    await world.take(inboundText({ from: '+14155550199', to: ownNumber }, { externalId: 'SM9', parties: [] }))
    const dana = { kind: 'phone', value: '+14155550199', name: null } as const
    await world.take(inboundText({ from: dana.value }, { externalId: 'SM10', parties: [dana] }))
    await world.take(inboundText({ body: 'Deskbell test' }, { externalId: 'SM11', test: true }))
    const all = await readHealth(world.store.read, time, world.clock.now())
    const leftOut = all.find((it) => it.accountId === world.phoneAccount)?.leftOut ?? []
    expect(leftOut.map(({ reason, count }) => [reason, count])).toEqual([
      ['They belong to another number.', 5],
      ['Between your own numbers and addresses', 1],
      ['Tests that you started yourself', 1],
    ])
    const account = await world.db
      .selectFrom('account')
      .select(['seen', 'taken', 'skipped'])
      .where('id', '=', world.phoneAccount)
      .executeTakeFirstOrThrow()
    expect(account).toEqual({ seen: 8, taken: 1, skipped: 7 })
  })
})
