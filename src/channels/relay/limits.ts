import { minute, second } from '../../lib/durations.ts'

/** Every limit of the relay's client, ms. Passed in, so that tests need not wait. */
export const relayTiming = {
  /** How long one question waits at the relay; its answer is the heartbeat. Below the 30 s after which proxies give up. */
  wait: 25 * second,
  /** What a call may take beyond that: a connection that went dead with the computer's sleep is noticed by it. */
  timeout: 15 * second,
  /** What somebody who disconnects an account waits for a relay that may be gone. */
  goodbye: 5 * second,
  firstBackOff: second,
  longestBackOff: 5 * minute,
  /** While all is well the state is written this often, to tell that it still is. */
  confirmEvery: 5 * minute,
} as const

export type RelayTiming = { readonly [K in keyof typeof relayTiming]: number }

/** Deliveries in one answer: enough to empty a weekend in seconds, few enough that one commit after another is seen. */
export const deliveriesPerPull = 200
