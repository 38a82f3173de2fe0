import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readAccount } from '../../../../src/channels/accounts.ts'
import type { Channel, ChannelContext } from '../../../../src/channels/channel.ts'
import type { Deliver } from '../../../../src/channels/channel-context.ts'
import { type ChannelMaker, type Channels, makeChannels } from '../../../../src/channels/registry.ts'
import { minute, second } from '../../../../src/lib/durations.ts'
import { silentLog } from '../../../../src/lib/log.ts'
import { DeskbellError } from '../../../../src/rpc/errors.ts'
import { type FakeClock, makeFakeClock } from '../../../fakes/fake-clock.ts'
import { inboundForm } from '../../../fakes/inbound.ts'
import { openTestStore, type TestStore } from '../../../fakes/test-store.ts'

type Fake = { readonly context: ChannelContext; readonly channel: Channel; readonly calls: string[] }

let store: TestStore
let clock: FakeClock
let channels: Channels
let made: Fake[]
let ingested: unknown[][]
let startOf: (accountId: number) => Promise<void>

const fakeMaker: ChannelMaker = (account, context) => {
  const calls: string[] = []
  const channel: Channel = {
    start: () => {
      calls.push('start')
      return startOf(account.id)
    },
    stop: async () => void calls.push('stop'),
    poll: async () => {},
    send: async () => ({ kind: 'unknown', detail: '' }),
    find: async () => ({ kind: 'not-found' }),
  }
  made.push({ context, channel, calls })
  return channel
}

const secrets = new Map<string, string>()

function channelsWith(ingest: Deliver, maker = fakeMaker): Channels {
  return makeChannels({
    store,
    clock,
    log: silentLog,
    random: () => 0,
    host: {
      getSecret: async (name) => secrets.get(name) ?? null,
      setSecret: async (name, value) => void secrets.set(name, value),
      deleteSecret: async (name) => void secrets.delete(name),
    },
    ingest,
    makers: { email: maker, twilio: maker, form: maker, chat: maker, relay: maker, sample: maker },
  })
}

const stateOf = async (id: number) => {
  const row = await readAccount(store.read, id)
  return row && { state: row.state, message: row.state_message, nextRetryAt: row.next_retry_at }
}

const fakeOf = (accountId: number): Fake => {
  const found = made.findLast((it) => it.context.accountId === accountId)
  if (!found) throw new Error(`no channel of account ${accountId}`)
  return found
}

beforeEach(() => {
  store = openTestStore()
  clock = makeFakeClock()
  made = []
  ingested = []
  startOf = async () => {}
  channels = channelsWith(async (...args) => void ingested.push(args))
})
afterEach(async () => {
  await channels.stop()
  await store.close()
})

describe('starting', () => {
  it('starts every account that was not removed', async () => {
    const [one, two] = [await store.addAccount('email'), await store.addAccount('form')]
    await store.write(async (tx) => {
      await tx.db.updateTable('account').set({ removed_at: 1 }).where('id', '=', two).execute()
    })
    await channels.start()
    expect(channels.of(one)).toBe(fakeOf(one).channel)
    expect(channels.of(two)).toBeNull()
    expect((await stateOf(one))?.state).toBe('connecting')
  })

  it('reports an account that cannot start, leaves the others alone and tries again later and later', async () => {
    const [bad, good] = [await store.addAccount('email'), await store.addAccount('email')]
    startOf = async (id) => {
      if (id === bad) throw new Error('ECONNREFUSED somewhere inside')
    }
    await channels.start()
    await clock.settle()
    expect(channels.of(good)).not.toBeNull()
    expect(channels.of(bad)).toBeNull()
    expect(await stateOf(bad)).toEqual({
      state: 'backing-off',
      message: 'This account could not be started. It is tried again soon.',
      nextRetryAt: clock.now() + 5 * second,
    })
    await clock.advance(5 * second)
    expect((await stateOf(bad))?.nextRetryAt).toBe(clock.now() + 10 * second)
    startOf = async () => {}
    await clock.advance(10 * second)
    expect(channels.of(bad)).not.toBeNull()
    expect(made.filter((it) => it.context.accountId === bad)).toHaveLength(3)
    expect(made.filter((it) => it.context.accountId === good)).toHaveLength(1)
  })

  it('never waits longer than five minutes', async () => {
    const id = await store.addAccount('email')
    startOf = () => Promise.reject(new Error('still down'))
    await channels.start()
    await clock.advance(60 * minute)
    const wait = ((await stateOf(id))?.nextRetryAt ?? 0) - clock.now()
    expect(wait).toBeLessThanOrEqual(5 * minute)
    expect(made.length).toBeGreaterThan(12)
  })

  it('survives a maker that throws, as for settings nobody can read', async () => {
    const id = await store.addAccount('email')
    await store.addAccount('form')
    channels = channelsWith(
      async () => {},
      (account, context) => {
        if (account.id === id) throw new SyntaxError('Unexpected token')
        return fakeMaker(account, context)
      },
    )
    await channels.start()
    expect((await stateOf(id))?.state).toBe('backing-off')
    expect(made).toHaveLength(1)
  })

  it('does not try a refused password again by itself', async () => {
    const id = await store.addAccount('email')
    startOf = () =>
      Promise.reject(
        new DeskbellError({
          code: 'AUTH_FAILED',
          message: 'The password was refused.',
          fault: 'user',
          retryable: false,
        }),
      )
    await channels.start()
    await clock.advance(60 * minute)
    expect(await stateOf(id)).toEqual({ state: 'auth-failed', message: 'The password was refused.', nextRetryAt: null })
    expect(made).toHaveLength(1)
  })

  it('is not held up by an account whose start never ends', async () => {
    const slow = await store.addAccount('email')
    const quick = await store.addAccount('email')
    startOf = (id) => (id === slow ? new Promise(() => {}) : Promise.resolve())
    await channels.start()
    expect(channels.of(quick)).not.toBeNull()
    expect(channels.of(slow)).not.toBeNull()
  })
})

describe('reloading', () => {
  it('stops the old channel before the new one starts, and leaves none of a removed account', async () => {
    const id = await store.addAccount('email')
    await channels.start()
    const first = fakeOf(id)
    await Promise.all([channels.reload(id), channels.reload(id)])
    expect(made).toHaveLength(3)
    expect(made.map((it) => it.calls)).toEqual([['start', 'stop'], ['start', 'stop'], ['start']])
    expect(channels.of(id)).not.toBe(first.channel)
    await store.write(async (tx) => {
      await tx.db.updateTable('account').set({ removed_at: 1 }).where('id', '=', id).execute()
    })
    await channels.reload(id)
    expect(channels.of(id)).toBeNull()
  })

  it('an account that is saved while a failed start is still being cleaned up is not disturbed by it', async () => {
    const id = await store.addAccount('email')
    startOf = () =>
      Promise.reject(
        new DeskbellError({ code: 'UNREACHABLE', message: 'No network.', fault: 'remote', retryable: true }),
      )
    let stopped = () => {}
    const stopping = new Promise<void>((resolve) => {
      stopped = resolve
    })
    const slowToStop: ChannelMaker = (account, context) => ({ ...fakeMaker(account, context), stop: () => stopping })
    channels = channelsWith(async () => {}, slowToStop)
    await channels.start()
    await clock.settle()
    startOf = async () => {}
    const reloaded = channels.reload(id)
    await clock.settle()
    expect(made, 'two channels on one mailbox').toHaveLength(1)
    stopped()
    await reloaded
    await clock.advance(minute)
    expect(made).toHaveLength(2)
    expect((await stateOf(id))?.state).toBe('connecting')
  })

  it('does not wait for ever for a channel that does not stop', async () => {
    const id = await store.addAccount('email')
    await channels.start()
    const stuck = fakeOf(id)
    Object.assign(stuck.channel, { stop: () => new Promise(() => {}) })
    const reloaded = channels.reload(id)
    await clock.advance(10 * second)
    await reloaded
    expect(channels.of(id)).not.toBe(stuck.channel)
  })
})

describe('what a channel may ask', () => {
  it('gets its secret, cursors and revisions, and nobody else’s', async () => {
    const [one, two] = [await store.addAccount('email'), await store.addAccount('email')]
    secrets.set(`account-${one}`, 'hunter2')
    await store.write(async (tx) => {
      await tx.db
        .insertInto('cursor')
        .values([
          { account_id: one, scope: 'INBOX', value: '1:42', updated_at: 1 },
          { account_id: two, scope: 'INBOX', value: '9:9', updated_at: 1 },
        ])
        .execute()
      const row = { interaction_id: null, received_at: 1, payload: null, payload_blob: null }
      await tx.db
        .insertInto('inbound_item')
        .values([
          { account_id: one, external_id: 'CA1', revision: 'open:ringing', ...row },
          { account_id: one, external_id: 'CA2', revision: 'open:queued', ...row },
          { account_id: one, external_id: 'CA3', revision: 'completed', ...row },
          { account_id: two, external_id: 'CA4', revision: 'open:ringing', ...row },
        ])
        .execute()
    })
    await channels.start()
    const { context } = fakeOf(one)
    expect(await context.secret()).toBe('hunter2')
    expect(await fakeOf(two).context.secret()).toBeNull()
    expect(await context.cursor('INBOX')).toBe('1:42')
    expect(await context.cursor('Sent')).toBeNull()
    const many = Array.from({ length: 1200 }, (_, index) => `CA${index}`)
    expect(await context.revisions(many)).toEqual(
      new Map([
        ['CA1', 'open:ringing'],
        ['CA2', 'open:queued'],
        ['CA3', 'completed'],
      ]),
    )
    expect(await context.withRevision('open:', 10)).toEqual(['CA2', 'CA1'])
    expect(await context.withRevision('open:', 1)).toEqual(['CA2'])
  })

  it('passes a delivery on and fails when it failed', async () => {
    const id = await store.addAccount('form')
    await channels.start()
    const { context } = fakeOf(id)
    const item = inboundForm({ name: 'Ana' }, { accountId: id })
    await context.deliver([item], [{ scope: 'INBOX', value: '1' }], { skipped: 2, reason: 'newsletters' })
    expect(ingested).toEqual([[id, [item], [{ scope: 'INBOX', value: '1' }], { skipped: 2, reason: 'newsletters' }]])
    const failing = channelsWith(() => Promise.reject(new Error('disk full')))
    await failing.start()
    await expect(fakeOf(id).context.deliver([item], [])).rejects.toThrow('disk full')
    await failing.stop()
  })

  it('finishes a delivery under way before it is stopped, and takes none afterwards', async () => {
    const id = await store.addAccount('form')
    let finish = () => {}
    const slow = channelsWith(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve
        }),
    )
    await slow.start()
    const { context } = fakeOf(id)
    const delivered = context.deliver([], [])
    let stopped = false
    const stop = slow.stop().then(() => {
      stopped = true
    })
    await clock.settle()
    expect(stopped).toBe(false)
    finish()
    await Promise.all([delivered, stop])
    await expect(context.deliver([], [])).rejects.toThrow('stopped')
  })
})

describe('reports', () => {
  it('are stored and announced', async () => {
    const id = await store.addAccount('email')
    await channels.start()
    store.forget()
    await fakeOf(id).context.report({ state: 'ok', message: 'Connected' })
    const row = await readAccount(store.read, id)
    expect(row).toMatchObject({ state: 'ok', state_message: 'Connected', last_ok_at: clock.now() })
    expect(store.announced('store.changed').flatMap((it) => it.tables)).toEqual(['account'])
    await clock.advance(minute)
    const broken = { state: 'backing-off', message: 'No answer.', detail: 'ETIMEDOUT', nextRetryAt: 7 } as const
    await fakeOf(id).context.report(broken)
    expect(await readAccount(store.read, id)).toMatchObject({
      state_detail: 'ETIMEDOUT',
      last_error: 'No answer.',
      last_error_at: clock.now(),
      last_ok_at: clock.now() - minute,
      next_retry_at: 7,
    })
  })

  it('that the disk refuses are written when it is well again, the newest only', async () => {
    const id = await store.addAccount('email')
    await channels.start()
    const { context } = fakeOf(id)
    await channels.stop()
    const full = { now: true }
    const flaky: TestStore = {
      ...store,
      write: (work) => (full.now ? Promise.reject(new Error('SQLITE_FULL')) : store.write(work)),
    }
    const restarted = makeChannels({
      store: flaky,
      clock,
      log: silentLog,
      random: () => 0,
      host: { getSecret: async () => null, setSecret: async () => {}, deleteSecret: async () => {} },
      ingest: async () => {},
      makers: {
        email: fakeMaker,
        twilio: fakeMaker,
        form: fakeMaker,
        chat: fakeMaker,
        relay: fakeMaker,
        sample: fakeMaker,
      },
    })
    await restarted.start()
    const fresh = fakeOf(id).context
    expect(fresh).not.toBe(context)
    await fresh.report({ state: 'ok', message: 'Connected' })
    await fresh.report({ state: 'backing-off', message: 'Gone again' })
    full.now = false
    await clock.advance(minute)
    expect((await stateOf(id))?.message).toBe('Gone again')
    await restarted.stop()
  })
})
