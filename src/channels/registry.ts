import { minute, second } from '../lib/durations.ts'
import { toErrorBody } from '../rpc/errors.ts'
import { makeReporter, type Reporter } from './account-reports.ts'
import { type AccountRow, readAccount, readAccounts } from './accounts.ts'
import type { Channel, ChannelContext } from './channel.ts'
import { type ContextParts, type OpenContext, openContext } from './channel-context.ts'
import type { AccountKind } from './contract.ts'

/** The channels of all connected accounts: starts, restarts and stops them. */
export type Channels = {
  /** Launches every account and returns; how each is doing is in its row. */
  readonly start: () => Promise<void>
  /** Resolves when nothing more is read, sent or delivered. */
  readonly stop: () => Promise<void>
  /** After an account was saved or removed. */
  readonly reload: (accountId: number) => Promise<void>
  /** The running channel of an account; null when it is removed or not started. */
  readonly of: (accountId: number) => Channel | null
}

/** Makes the channel of an account row. May throw: then the account says so and is tried again. */
export type ChannelMaker = (account: AccountRow, context: ChannelContext) => Channel
export type ChannelMakers = { readonly [K in AccountKind]: ChannelMaker }

type ChannelsParts = Omit<ContextParts, 'accountId' | 'report'> & { readonly makers: ChannelMakers }

const firstBackOff = 5 * second
const longestBackOff = 5 * minute
// A server that never answers a goodbye must not keep the computer from shutting down.
const stopWithin = 10 * second

type Running = {
  readonly channel: Channel | null
  readonly open: OpenContext
  readonly reporter: Reporter
  /** A failed start is being cleaned up: nothing takes its place before. */
  readonly cleanedUp?: Promise<void>
}

export function makeChannels(parts: ChannelsParts): Channels {
  const { store, clock, log, random } = parts
  const running = new Map<number, Running>()
  const failures = new Map<number, number>()
  const retries = new Map<number, () => void>()
  const turns = new Map<number, Promise<void>>()
  let stopping = false

  /** One thing at a time for each account, so that a save during a restart cannot leave two channels on one mailbox. */
  const inTurn = (accountId: number, work: () => Promise<void>): Promise<void> => {
    const before = turns.get(accountId) ?? Promise.resolve()
    const turn = before.then(work, work)
    turns.set(accountId, turn)
    const forget = () => {
      if (turns.get(accountId) === turn) turns.delete(accountId)
    }
    turn.then(forget, forget)
    return turn
  }

  const launch = async (account: AccountRow): Promise<void> => {
    const accountId = account.id
    const reporter = makeReporter(accountId, store, clock, log)
    const open = openContext({ ...parts, accountId, report: reporter.report })
    running.set(accountId, { channel: null, open, reporter })
    await reporter.report({ state: 'connecting', message: 'Connecting…' })
    try {
      const channel = parts.makers[account.kind](account, open.context)
      const mine: Running = { channel, open, reporter }
      running.set(accountId, mine)
      // Not awaited: a slow mail server must not hold up the other accounts, nor the window.
      channel.start().then(
        () => {
          if (running.get(accountId) === mine) failures.delete(accountId)
        },
        (error: unknown) => {
          if (running.get(accountId) === mine) void startFailed(accountId, mine, error)
        },
      )
    } catch (error) {
      await startFailed(accountId, { channel: null, open, reporter }, error)
    }
  }

  const startFailed = async (accountId: number, { channel, open, reporter }: Running, error: unknown) => {
    log.warn({ accountId, err: error }, 'an account could not be started')
    const cleanedUp = channel ? stopChannel(accountId, channel) : Promise.resolve()
    const mine: Running = { channel: null, open, reporter, cleanedUp }
    running.set(accountId, mine)
    await cleanedUp
    // Saved or removed meanwhile: what became of this start concerns nobody any more.
    if (running.get(accountId) !== mine) return
    const body = toErrorBody(error)
    const detail = body.detail ? { detail: body.detail } : {}
    // A refused password is not tried again by itself: some servers lock the mailbox after a few attempts.
    if (body.code === 'AUTH_FAILED') {
      await reporter.report({ state: 'auth-failed', message: body.message, ...detail })
      return
    }
    const count = (failures.get(accountId) ?? 0) + 1
    failures.set(accountId, count)
    const wait = Math.min(firstBackOff * 2 ** (count - 1), longestBackOff) * (1 + random() * 0.2)
    const message =
      body.code === 'INTERNAL' ? 'This account could not be started. It is tried again soon.' : body.message
    const nextRetryAt = Math.round(clock.now() + wait)
    if (!stopping)
      retries.set(
        accountId,
        clock.after(nextRetryAt - clock.now(), () => void retry(accountId)),
      )
    await reporter.report({ state: 'backing-off', message, ...detail, nextRetryAt })
  }

  const retry = (accountId: number): Promise<void> =>
    reload(accountId).catch((error: unknown) => log.error({ accountId, err: error }, 'a restart of an account failed'))

  const stopChannel = async (accountId: number, channel: Channel): Promise<void> => {
    const stopped = (async () => channel.stop())().catch((error: unknown) =>
      log.warn({ accountId, err: error }, 'an account stopped badly'),
    )
    let giveUp = () => {}
    const tooLong = new Promise<void>((resolve) => {
      giveUp = clock.after(stopWithin, () => {
        log.warn({ accountId }, 'an account did not stop in time')
        resolve()
      })
    })
    await Promise.race([stopped, tooLong])
    giveUp()
  }

  const halt = async (accountId: number): Promise<void> => {
    retries.get(accountId)?.()
    retries.delete(accountId)
    const it = running.get(accountId)
    if (!it) return
    running.delete(accountId)
    if (it.channel) await stopChannel(accountId, it.channel)
    await it.cleanedUp
    await it.open.close()
    await it.reporter.close()
  }

  const reload = (accountId: number): Promise<void> =>
    inTurn(accountId, async () => {
      await halt(accountId)
      if (stopping) return
      const account = await readAccount(store.read, accountId)
      if (account) await launch(account)
    })

  return {
    start: async () => {
      const accounts = await readAccounts(store.read)
      await Promise.all(accounts.map((account) => inTurn(account.id, () => launch(account))))
    },
    stop: async () => {
      stopping = true
      await Promise.allSettled(turns.values())
      await Promise.allSettled([...running.keys()].map((accountId) => inTurn(accountId, () => halt(accountId))))
    },
    reload: async (accountId) => {
      failures.delete(accountId)
      await reload(accountId)
    },
    of: (accountId) => running.get(accountId)?.channel ?? null,
  }
}
