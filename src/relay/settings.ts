import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { day } from '../lib/durations.ts'
import { type RelayLimits, relayLimits } from './limits.ts'

/** What the operator sets, by environment variables. docs/relay.md explains each. */
export type RelaySettings = {
  readonly host: string
  readonly port: number
  readonly publicUrl: string | null
  readonly behindProxy: boolean
  readonly adminToken: string | null
  /** Where the queue is: PostgreSQL when there is an address, else a file in the folder. */
  readonly databaseUrl: string | null
  readonly dataDir: string
  readonly maxBytes: number | null
  readonly limits: RelayLimits
}

const count = z.coerce.number().positive()
const token = z.string().min(16)
const schema = z.object({
  RELAY_HOST: z.string().default('127.0.0.1'),
  RELAY_PORT: z.coerce.number().int().min(0).max(65_535).default(8787),
  RELAY_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  RELAY_BEHIND_PROXY: z.enum(['0', '1']).default('0'),
  RELAY_ADMIN_TOKEN: token.optional(),
  RELAY_ADMIN_TOKEN_FILE: z.string().optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  RELAY_DATA: z.string().default('relay-data'),
  RELAY_MAX_MB: count.optional(),
  RELAY_KEEP_DAYS: count.optional(),
  RELAY_WAITING_ITEMS: count.optional(),
  RELAY_WAITING_MB: count.optional(),
  RELAY_HOOK_BURST: count.optional(),
  RELAY_HOOK_PER_SECOND: count.optional(),
  RELAY_SENDER_BURST: count.optional(),
  RELAY_SENDER_PER_SECOND: count.optional(),
})

const megabyte = 1024 * 1024

/** @throws Error in words an operator understands */
export function readRelaySettings(environment: Readonly<Record<string, string | undefined>>): RelaySettings {
  // An empty variable is one that was not set: compose files write them so.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((it) => `  ${it.path.join('.')}: ${it.message}`)
    throw new Error(`The relay is not set up right:\n${lines.join('\n')}`)
  }
  const it = parsed.data
  const file = it.RELAY_ADMIN_TOKEN_FILE
  return {
    host: it.RELAY_HOST,
    port: it.RELAY_PORT,
    publicUrl: it.RELAY_PUBLIC_URL ?? null,
    behindProxy: it.RELAY_BEHIND_PROXY === '1',
    adminToken: it.RELAY_ADMIN_TOKEN ?? (file === undefined ? null : tokenIn(file)),
    databaseUrl: it.DATABASE_URL ?? null,
    dataDir: it.RELAY_DATA,
    maxBytes: it.RELAY_MAX_MB === undefined ? null : it.RELAY_MAX_MB * megabyte,
    limits: {
      ...relayLimits,
      ...(it.RELAY_KEEP_DAYS !== undefined && { keepFor: it.RELAY_KEEP_DAYS * day }),
      ...(it.RELAY_WAITING_ITEMS !== undefined && { waitingItems: it.RELAY_WAITING_ITEMS }),
      ...(it.RELAY_WAITING_MB !== undefined && { waitingBytes: it.RELAY_WAITING_MB * megabyte }),
      perHook: rate(relayLimits.perHook, it.RELAY_HOOK_BURST, it.RELAY_HOOK_PER_SECOND),
      perSender: rate(relayLimits.perSender, it.RELAY_SENDER_BURST, it.RELAY_SENDER_PER_SECOND),
    },
  }
}

/** An empty file, of a secret that was never mounted, would make an operator of everybody who shows no token at all. */
function tokenIn(file: string): string {
  const read = token.safeParse(readFileSync(file, 'utf8').trim())
  if (read.success) return read.data
  throw new Error(
    'The relay is not set up right:\n  RELAY_ADMIN_TOKEN_FILE: the token in it needs at least 16 characters.',
  )
}

const rate = (usual: RelayLimits['perHook'], burst = usual.burst, perSecond = usual.perSecond) => ({ burst, perSecond })
