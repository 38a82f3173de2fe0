import type { Channel, Inbound, StateReport } from '../../src/channels/channel.ts'
import type { Deliver } from '../../src/channels/channel-context.ts'
import { openContext } from '../../src/channels/channel-context.ts'
import type { FormSettings } from '../../src/channels/contract.ts'
import { makeFormChannel } from '../../src/channels/forms/form-channel.ts'
import { type FormLimits, formLimits } from '../../src/channels/forms/limits.ts'
import { type FormsListener, makeFormsListener, type PortChoice } from '../../src/channels/forms/listener.ts'
import { type Clock, systemClock } from '../../src/lib/clock.ts'
import type { Log } from '../../src/lib/log.ts'
import type { Store } from '../../src/store/store.ts'
import { anyPort } from '../fakes/any-port.ts'

export const token = '00112233445566778899aabbccddeeff'

export type FormsWorld = {
  readonly listener: FormsListener
  readonly channel: Channel
  readonly url: () => Promise<string>
  /** Payloads that are in the database, oldest first. */
  readonly stored: () => Promise<string[]>
  readonly lines: string[]
  readonly stop: () => Promise<void>
}

export type WorldOptions = {
  readonly store: Store
  readonly accountId: number
  readonly settings?: Partial<FormSettings>
  readonly limits?: Partial<FormLimits>
  readonly clock?: Clock
  readonly ports?: PortChoice
  /** Wraps what stores the deliveries. */
  readonly around?: (deliver: Deliver) => Deliver
  readonly seen?: (item: Inbound) => void
  /** What the keychain holds for the form. */
  readonly secret?: () => string | null
  /** Reaches what providers are asked for. */
  readonly fetch?: typeof fetch
  readonly reported?: (report: StateReport) => void
}

/** One form on a real listener over a real database. Items are stored as capture does, without making leads of them. */
export async function formsWorld(options: WorldOptions): Promise<FormsWorld> {
  const { store, accountId, clock = systemClock, ports = anyPort, around = (it) => it, seen = () => {} } = options
  const { secret = () => null, reported = () => {} } = options
  const limits = { ...formLimits, ...options.limits }
  const lines: string[] = []
  const write = (fields: object, message: string) => void lines.push(JSON.stringify({ ...fields, message }))
  const log: Log = { info: write, warn: write, error: write }
  const listener = makeFormsListener({ clock, log, limits, ports })
  const deliver = around(storeItems(store))
  const { context, close } = openContext({
    accountId,
    store,
    clock,
    log,
    random: () => 0,
    host: { getSecret: async () => secret(), setSecret: async () => {}, deleteSecret: async () => {} },
    ingest: (id, items, cursors, counts) => {
      items.forEach(seen)
      return deliver(id, items, cursors, counts)
    },
    report: async (report) => reported(report),
  })
  const settings = { name: 'Website', source: 'Website', mapping: {}, ...options.settings }
  const channel = makeFormChannel({ listener, settings, token, limits, context, fetch: options.fetch ?? fetch })
  await channel.start()
  return {
    listener,
    channel,
    url: async () => `${await listener.origin()}/f/${token}`,
    stored: async () => {
      const rows = await store.read.db.selectFrom('inbound_item').select('payload').orderBy('id').execute()
      return rows.map((row) => Buffer.from(row.payload ?? []).toString())
    },
    lines,
    stop: async () => {
      await channel.stop()
      await close()
    },
  }
}

/** Durable and once by (account, external id), like the real thing. */
const storeItems =
  (store: Store): Deliver =>
  (accountId, items, cursors) =>
    store.write(async (tx) => {
      for (const { scope, value } of cursors) {
        await tx.db
          .insertInto('cursor')
          .values({ account_id: accountId, scope, value, updated_at: 0 })
          .onConflict((conflict) => conflict.columns(['account_id', 'scope']).doUpdateSet({ value }))
          .execute()
      }
      for (const item of items) {
        await tx.db
          .insertInto('inbound_item')
          .values({
            account_id: accountId,
            external_id: item.externalId,
            revision: item.revision,
            interaction_id: null,
            received_at: item.at,
            payload: typeof item.raw === 'string' ? Buffer.from(item.raw) : item.raw,
            payload_blob: null,
          })
          .onConflict((conflict) => conflict.columns(['account_id', 'external_id']).doNothing())
          .execute()
      }
    })
