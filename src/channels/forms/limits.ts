import { minute, second } from '../../lib/durations.ts'

/** Every limit of the forms listener, with its reason. Passed in, so that tests can reach them. */
export const formLimits = {
  /** A long enquiry is 5 KB; 256 KB leaves room for whole page builders' hidden fields and none for filling the disk. */
  bodyBytes: 256 * 1024,
  /** More than any form a person fills in. What is above stays in the stored payload and is named as left out. */
  fields: 300,
  /** Ten pages of text in one field. */
  valueLength: 10_000,
  labelLength: 200,
  /** Objects in objects in objects: what form services nest, and no deeper. */
  depth: 6,
  /** A form takes bursts (a mailing went out), not floods: 600 at once, then 10 a second. */
  perForm: { burst: 600, perSecond: 10 },
  /** A website's own server posts for all its visitors from one address, so this cannot be narrow. */
  perSender: { burst: 240, perSecond: 4 },
  /** Addresses remembered for the limit above; past it those idle longest are forgotten. */
  senders: 5_000,
  /** The same content again within this time is a double click or a retry, not a second request. */
  sameWithin: 10 * minute,
  /** Standard Webhooks ids and the like are short; longer ones are hashed. */
  keyLength: 200,
  /** Another program has the port: often only for as long as it takes to start again. */
  portRetryEvery: 10 * second,
  /** A sender that dribbles its headers or body (slow loris) holds a connection no longer than this. */
  headersWithin: 10 * second,
  requestWithin: 20 * second,
  idleWithin: 5 * second,
  connections: 200,
  headerBytes: 16 * 1024,
  /** What we tell a sender to wait when nothing can be stored (disk full). */
  retryAfterSeconds: 30,
} as const

export type FormLimits = {
  readonly [K in keyof typeof formLimits]: (typeof formLimits)[K] extends number
    ? number
    : { readonly burst: number; readonly perSecond: number }
}
