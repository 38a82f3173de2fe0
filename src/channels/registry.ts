import type { Channel } from './channel.ts'

/** The channels of all connected accounts: starts, restarts and stops them. */
export type Channels = {
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
  /** After an account was saved or removed. */
  readonly reload: (accountId: number) => Promise<void>
  /** The running channel of an account; null when it is removed or not started. */
  readonly of: (accountId: number) => Channel | null
}
