import type { ChannelHealth } from '../../src/channels/contract.ts'
import { useEngine } from '../rpc/queries.ts'

/** How each channel has been doing, by account; empty until the engine said so. */
export function useHealth(): ReadonlyMap<number, ChannelHealth> {
  const channels = useEngine('channels.health', {}).data?.channels ?? []
  return new Map(channels.map((it) => [it.accountId, it]))
}
