import { createHash, randomUUID } from 'node:crypto'
import type { ContentRecord, LineRecord } from './products.ts'
import type { AccountRecord, CallRecord, MessageRecord, NumberRecord, RecordingRecord } from './records.ts'

export type NumberSeed = {
  readonly phoneNumber: string
  readonly friendlyName?: string
  readonly sms?: boolean
  readonly voice?: boolean
  readonly whatsApp?: boolean
}

export type WorldOptions = {
  readonly now?: () => number
  /** Two doubles with one seed hand out the same SIDs; by default every double hands out its own. */
  readonly seed?: string
  readonly accountSid?: string
  readonly authToken?: string
  readonly friendlyName?: string
  readonly type?: 'Trial' | 'Full'
  readonly status?: AccountRecord['status']
  readonly numbers?: readonly NumberSeed[]
  /** Numbers a trial account may reach. */
  readonly verified?: readonly string[]
  /** How fast a text travels; `manual` leaves it queued until the test moves it. */
  readonly delivery?: Delivery
}

export type Delivery = 'manual' | { readonly sentAfterMs: number; readonly deliveredAfterMs: number }

/** What will happen to a text sent to a certain number: refused at once, or accepted and lost later. */
export type Destiny =
  | { readonly refuse: number }
  | { readonly status: 'sent' | 'delivered' | 'undelivered' | 'failed'; readonly code?: number }

/** The whole account: everything ever sent, received and dialled. */
export type World = {
  readonly account: AccountRecord
  readonly now: () => number
  readonly newSid: (prefix: string) => string
  readonly numbers: NumberRecord[]
  readonly verified: ReadonlySet<string>
  readonly delivery: Delivery
  readonly messages: MessageRecord[]
  readonly calls: CallRecord[]
  readonly recordings: RecordingRecord[]
  readonly contents: ContentRecord[]
  /** What Lookup knows, by number. */
  readonly lines: Map<string, LineRecord>
  /** `own number > other number` pairs for which STOP was received. */
  readonly optedOut: Set<string>
  readonly textDestiny: Map<string, Destiny>
  readonly callRefusals: Map<string, number>
  /** TwiML that Twilio would have refused to run, in the order in which it was met. */
  readonly twimlErrors: string[]
}

/** Makes an empty account with its numbers. */
export function createWorld(options: WorldOptions = {}): World {
  const now = options.now ?? Date.now
  const seed = options.seed ?? randomUUID()
  let made = 0
  const newSid = (prefix: string): string => {
    made += 1
    return prefix + createHash('md5').update(`${seed}:${made}`).digest('hex')
  }
  const createdAt = now() - 90 * 86_400_000
  const seeds = options.numbers ?? [{ phoneNumber: '+14155550100' }]
  return {
    account: {
      sid: options.accountSid ?? `AC${createHash('md5').update(seed).digest('hex')}`,
      authToken: options.authToken ?? createHash('md5').update(`${seed}:token`).digest('hex'),
      friendlyName: options.friendlyName ?? 'Corner Plumbing',
      type: options.type ?? 'Full',
      status: options.status ?? 'active',
      createdAt,
    },
    now,
    newSid,
    numbers: seeds.map((number) => ({
      sid: newSid('PN'),
      phoneNumber: number.phoneNumber,
      friendlyName: number.friendlyName ?? number.phoneNumber,
      sms: number.sms ?? true,
      voice: number.voice ?? true,
      whatsApp: number.whatsApp ?? false,
      createdAt,
    })),
    verified: new Set(options.verified ?? []),
    delivery: options.delivery ?? { sentAfterMs: 200, deliveredAfterMs: 600 },
    messages: [],
    calls: [],
    recordings: [],
    contents: [],
    lines: new Map(),
    optedOut: new Set(),
    textDestiny: new Map(),
    callRefusals: new Map(),
    twimlErrors: [],
  }
}

/** `whatsapp:+1…` to `+1…`. */
export const withoutPrefix = (address: string): string => address.replace(/^whatsapp:/, '')

/** The account's number with these digits, if it owns one. */
export function ownNumber(world: World, phoneNumber: string): NumberRecord | undefined {
  return world.numbers.find((number) => number.phoneNumber === phoneNumber)
}

/** The number that customers reach when the test does not say which. */
export function firstNumber(world: World): string {
  const first = world.numbers[0]
  if (first === undefined) throw new Error('this Twilio account owns no number')
  return first.phoneNumber
}
