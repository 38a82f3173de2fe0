import { day, minute, second } from '../lib/durations.ts'

/** Every limit of the relay, with its reason. Those of the first block can be set by the operator (settings.ts). */
export const relayLimits = {
  /** What was not fetched after a month is of no use to a business that answers in minutes. */
  keepFor: 30 * day,
  /** Per workspace. A desktop that is off for a month at 3,000 posts a day. */
  waitingItems: 100_000,
  waitingBytes: 512 * 1024 * 1024,
  /** A burst of a mailing, then 20 a second: no small business has more. */
  perHook: { burst: 600, perSecond: 20 },
  /** A website's own server, Twilio or Meta post for everybody from few addresses, so this cannot be narrow. */
  perSender: { burst: 600, perSecond: 20 },

  /** Standard Webhooks and form services stay far below; attachments do not come through here. */
  bodyBytes: 1024 * 1024,
  headerBytes: 16 * 1024,
  /** Slow loris: a request must be here completely within this time. */
  headersWithin: 10 * second,
  requestWithin: 20 * second,
  /** Longer than the 60 s that load balancers keep an idle connection is asking for resets; shorter costs handshakes. */
  idleWithin: 30 * second,
  connections: 5_000,
  /** Senders and hooks remembered for the rates; past it those idle longest are forgotten. */
  rateKeys: 50_000,
  /** What a desktop says is short. */
  callBytes: 64 * 1024,
  /** One commit: larger ones make the first wait for the last. */
  commitItems: 256,
  commitBytes: 8 * 1024 * 1024,
  /** How long an ephemeral key seals; longer spares nothing more. */
  sealerFor: second,
  /** Taken in and not yet written. Past it senders are asked to come back, so that memory cannot run out. */
  unwrittenBytes: 64 * 1024 * 1024,
  unwrittenItems: 20_000,
  /** Hooks are read once in this time, so a removed hook is refused after it, also by other relays. */
  hookCacheFor: 10 * second,
  hookCacheItems: 10_000,
  hooksPerWorkspace: 200,
  /** What one answer to a desktop carries. */
  pullBytes: 4 * 1024 * 1024,
  /** What was handed to one desktop is not given to another one in this time. */
  leaseFor: 60 * second,
  /** Other relays announce what they stored; should the announcement get lost, it is found this much later. */
  lookAgainEvery: 5 * second,
  /** Of a chat: a message of 4,000 letters, a name, an address, a page. */
  chatBytes: 32 * 1024,
  /** Per visitor. Nobody types faster for long. */
  chatMessages: { burst: 20, perSecond: 0.5 },
  /** Conversations begun from one network address: an office behind one router, then one a minute. */
  chatStarts: { burst: 20, perSecond: 1 / 60 },
  /** Conversations begun on one website, from wherever. */
  chatStartsPerHook: { burst: 200, perSecond: 0.5 },
  /** Per visitor; each waits for up to `chatWait`. */
  chatPolls: { burst: 60, perSecond: 2 },
  /** Tabs of one visitor that may wait at once; those beyond are answered at once. */
  chatPollsAtOnce: 4,
  chatPollsInAll: 3_000,
  /** Below the 30 s after which proxies give up. */
  chatWait: 25 * second,
  /** Somebody who has not asked for answers this long after their question ended is gone. */
  chatGoneAfter: 20 * second,
  chatVisitors: 20_000,
  /** Waiting for one visitor who does not come to fetch. */
  answersPerVisitor: 200,
  answerBytes: 32 * 1024,
  purgeEvery: minute,
  purgeItems: 1_000,
  /** What a sender waits when nothing can be stored. */
  retryAfterSeconds: 30,
} as const

export type Rate = { readonly burst: number; readonly perSecond: number }
export type RelayLimits = {
  readonly [K in keyof typeof relayLimits]: (typeof relayLimits)[K] extends number ? number : Rate
}
