import { z } from 'zod'
import { day, minute, second } from '../../lib/durations.ts'
import { toErrorBody } from '../../rpc/errors.ts'
import type { ChannelContext, Inbound } from '../channel.ts'
import { fetchMetaLead, type MetaAccess } from './providers/fetch-meta-lead.ts'
import type { LeadRef, Reading } from './providers/provider.ts'

/** Leads of which only the ids came, until they are fetched. Kept with the account, so that a crash forgets none. */
export type AwaitedLeads = {
  /** Durable when it resolves. Fetched afterwards, without anybody waiting. */
  readonly add: (refs: readonly LeadRef[]) => Promise<void>
  /** Fetches what is awaited now instead of after the back-off. */
  readonly fetchNow: () => Promise<void>
  readonly stop: () => Promise<void>
}

export type AwaitedParts = {
  readonly context: ChannelContext
  readonly fetch: typeof fetch
  readonly access: () => Promise<MetaAccess>
  /** The delivery of a lead; null when it is stored already. */
  readonly toInbound: (reading: Reading, raw: Uint8Array) => Promise<Inbound | null>
}

const scope = 'awaited'
const awaited = z.array(z.object({ id: z.string(), detail: z.record(z.string(), z.string()), since: z.number() }))
type Awaited = z.output<typeof awaited>[number]

const firstRetry = 10 * second
const longestRetry = 15 * minute
/** Meta gives leads out for 90 days. */
const retrievableFor = 90 * day
/** The sample that the developer pages send names a lead that does not exist; a missing permission looks the same. */
const unknownFor = 3 * day

export function makeAwaitedLeads({ context, fetch, access, toInbound }: AwaitedParts): AwaitedLeads {
  const { clock, log } = context
  let last: Promise<unknown> = Promise.resolve()
  let cancelRetry = () => {}
  let failures = 0
  let stopped = false
  const abort = new AbortController()

  const read = async (): Promise<readonly Awaited[]> => awaited.parse(JSON.parse((await context.cursor(scope)) ?? '[]'))
  const cursorOf = (list: readonly Awaited[]) => [{ scope, value: JSON.stringify(list) }]
  /** One change of the list after another: two webhooks in the same moment must not forget each other's leads. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }

  /** Resolves to the problem that stopped it, or null when nothing is left. */
  const fetchAll = async (): Promise<unknown> => {
    let problem: unknown = null
    for (const it of await read()) {
      if (stopped) return null
      const answer = await fetchMetaLead(fetch, it.id, await access(), abort.signal).catch((error: unknown) => ({
        kind: 'failed' as const,
        error,
      }))
      if (stopped) return null
      const age = clock.now() - it.since
      if (answer.kind === 'lead') {
        const item = await toInbound(
          { ...answer.reading, detail: { ...it.detail, ...answer.reading.detail } },
          answer.raw,
        )
        await inTurn(async () => context.deliver(item ? [item] : [], cursorOf(without(await read(), it))))
      } else if (answer.kind === 'unknown' ? age > unknownFor : age > retrievableFor) {
        const reason = 'Facebook no longer gives this lead out, or it was only a try-out'
        await inTurn(async () => context.deliver([], cursorOf(without(await read(), it)), { skipped: 1, reason }))
      } else {
        problem ??= answer.error
      }
    }
    return problem
  }

  const drain = async (): Promise<void> => {
    cancelRetry()
    const problem = await fetchAll().catch((error: unknown) => error)
    if (stopped) return
    if (problem === null) {
      if (failures > 0) await context.report({ state: 'ok', message: 'Waiting for posts' })
      failures = 0
      return
    }
    failures += 1
    const wait = Math.round(Math.min(firstRetry * 2 ** (failures - 1), longestRetry) * (1 + context.random() * 0.2))
    cancelRetry = clock.after(wait, () => void run())
    const body = toErrorBody(problem)
    log.warn({ accountId: context.accountId, code: body.code }, 'a lead could not be fetched yet')
    await context.report({
      state: body.code === 'AUTH_FAILED' ? 'auth-failed' : 'backing-off',
      message: body.message,
      ...(body.detail ? { detail: body.detail } : {}),
      nextRetryAt: clock.now() + wait,
    })
  }

  let running: Promise<void> | null = null
  let again = false
  const run = (): Promise<void> => {
    if (running) {
      // What came meanwhile may be behind what the running one has already looked at.
      again = true
      return running
    }
    running = (async () => {
      do {
        again = false
        await drain()
      } while (again && !stopped)
    })().finally(() => {
      running = null
    })
    return running
  }

  return {
    add: async (refs) => {
      await inTurn(async () => {
        const list = await read()
        const fresh = refs.filter((ref) => !list.some((it) => it.id === ref.id))
        if (fresh.length === 0) return
        const since = clock.now()
        await context.deliver([], cursorOf([...list, ...fresh.map((ref) => ({ ...ref, since }))]))
      })
      void run().catch((error: unknown) =>
        log.error({ accountId: context.accountId, err: error }, 'fetching leads failed'),
      )
    },
    fetchNow: run,
    stop: async () => {
      stopped = true
      cancelRetry()
      abort.abort()
      await running?.catch(() => {})
      await last
    },
  }
}

const without = (list: readonly Awaited[], gone: Awaited): readonly Awaited[] => list.filter((it) => it.id !== gone.id)
