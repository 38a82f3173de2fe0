import type { ChannelContext, Inbound, StateReport } from '../../../src/channels/channel.ts'
import type { Clock } from '../../../src/lib/clock.ts'
import { silentLog } from '../../../src/lib/log.ts'

/** The surroundings of a channel, kept in memory: what was handed over, in order, and what a restart would find. */
export type MemoryContext = ChannelContext & {
  /** Every hand-over, updates of the same thing included. */
  readonly delivered: Inbound[]
  /** The newest view of each thing. */
  readonly items: Map<string, Inbound>
  readonly cursors: Map<string, string>
  readonly reports: StateReport[]
  skipped: number
  token: string | null
  /** Thrown by the next deliveries, for a store that cannot write. */
  broken: Error | null
  /** The outbox wrote down what it sent. */
  readonly claim: (externalId: string, revision: string) => void
}

export function createMemoryContext(clock: Clock, token: string | null): MemoryContext {
  const revisions = new Map<string, string>()
  const context: MemoryContext = {
    accountId: 1,
    clock,
    log: silentLog,
    random: () => 0.5,
    delivered: [],
    items: new Map(),
    cursors: new Map(),
    reports: [],
    skipped: 0,
    token,
    broken: null,
    claim: (externalId, revision) => {
      revisions.set(externalId, revision)
    },
    secret: async () => context.token,
    keepSecret: async (value) => {
      context.token = value
    },
    knownEmails: async () => new Set(),
    deliver: async (items, cursors, counts) => {
      if (context.broken !== null) throw context.broken
      for (const item of items) {
        if (revisions.get(item.externalId) === item.revision)
          throw new Error(`${item.externalId} was handed over twice`)
        revisions.set(item.externalId, item.revision)
        context.items.set(item.externalId, item)
        context.delivered.push(item)
      }
      for (const { scope, value } of cursors) context.cursors.set(scope, value)
      context.skipped += counts?.skipped ?? 0
    },
    cursor: async (scope) => context.cursors.get(scope) ?? null,
    revisions: async (ids) =>
      new Map(ids.flatMap((id) => (revisions.has(id) ? [[id, revisions.get(id) ?? ''] as const] : []))),
    withRevision: async (prefix, limit) =>
      [...revisions]
        .filter(([, revision]) => revision.startsWith(prefix))
        .map(([id]) => id)
        .reverse()
        .slice(0, limit),
    keepRevision: async (externalId, revision) => {
      revisions.set(externalId, revision)
    },
    report: async (state) => {
      context.reports.push(state)
    },
  }
  return context
}
