import type { MediaRecord, MessageRecord, MessageStatus } from './records.ts'
import type { Destiny, World } from './world.ts'
import { firstNumber } from './world.ts'

export type InboundText = {
  readonly from: string
  readonly to?: string
  readonly body: string
  readonly media?: readonly { readonly contentType: string; readonly bytes: Uint8Array }[]
  /** ms UTC; now when absent. */
  readonly at?: number
}

/** What a test does with texts: customers writing in, carriers delivering or not. */
export type Texts = {
  /** A customer writes to one of our numbers. @returns the message SID */
  readonly receive: (text: InboundText) => string
  /** A text that left the account without us: another program, Twilio's console, an auto-reply. */
  readonly sentElsewhere: (text: {
    readonly from?: string
    readonly to: string
    readonly body: string
    readonly direction?: 'outbound-api' | 'outbound-reply' | 'outbound-call'
  }) => string
  /** Moves a text to a state by hand, with the carrier's error code where there is one. */
  readonly settle: (sid: string, status: MessageStatus, errorCode?: number) => void
  /** Decides what becomes of texts to a number from now on. */
  readonly destine: (to: string, destiny: Destiny) => void
  readonly all: () => readonly MessageRecord[]
  readonly sentTo: (to: string) => readonly MessageRecord[]
}

const STOP = /^(stop|stopall|unsubscribe|cancel|end|quit|revoke|optout)$/i
const START = /^(start|yes|unstop)$/i

/** How Twilio remembers who does not want texts from whom. */
export function optOutKey(own: string, other: string): string {
  return `${own}>${other}`
}

/** Writes a message into the account, as of `at`. */
export function addMessage(
  world: World,
  fields: Pick<MessageRecord, 'direction' | 'from' | 'to' | 'body' | 'status'> & {
    readonly media?: readonly MediaRecord[]
    readonly at?: number
    readonly sentAt?: number | null
  },
): MessageRecord {
  const at = fields.at ?? world.now()
  const media = fields.media ?? []
  const message: MessageRecord = {
    sid: world.newSid(media.length > 0 ? 'MM' : 'SM'),
    direction: fields.direction,
    from: fields.from,
    to: fields.to,
    body: fields.body,
    media,
    status: fields.status,
    errorCode: null,
    createdAt: at,
    updatedAt: at,
    sentAt: fields.sentAt === undefined ? at : fields.sentAt,
  }
  world.messages.push(message)
  return message
}

/** Lets time pass for texts on their way: queued, then sent, then what destiny holds for that number. */
export function deliverDue(world: World): void {
  if (world.delivery === 'manual') return
  const now = world.now()
  for (const message of world.messages) {
    if (message.direction === 'inbound' || (message.status !== 'queued' && message.status !== 'sent')) continue
    const age = now - message.createdAt
    if (message.status === 'queued' && age >= world.delivery.sentAfterMs) {
      move(message, 'sent', null, message.createdAt + world.delivery.sentAfterMs)
    }
    const destiny = world.textDestiny.get(message.to)
    const end = destiny !== undefined && 'status' in destiny ? destiny : { status: 'delivered' as const }
    if (message.status === 'sent' && end.status !== 'sent' && age >= world.delivery.deliveredAfterMs) {
      move(message, end.status, 'code' in end ? (end.code ?? null) : null, now)
    }
  }
}

function move(message: MessageRecord, status: MessageStatus, errorCode: number | null, at: number): void {
  message.status = status
  message.errorCode = errorCode
  message.updatedAt = at
  if (status !== 'queued' && status !== 'failed') message.sentAt ??= at
}

export function createTexts(world: World): Texts {
  return {
    receive: (text) => {
      const to = text.to ?? firstNumber(world)
      const word = text.body.trim()
      if (STOP.test(word)) world.optedOut.add(optOutKey(to, text.from))
      if (START.test(word)) world.optedOut.delete(optOutKey(to, text.from))
      const media = (text.media ?? []).map((item) => ({ sid: world.newSid('ME'), ...item }))
      return addMessage(world, {
        direction: 'inbound',
        from: text.from,
        to,
        body: text.body,
        status: 'received',
        media,
        ...(text.at === undefined ? {} : { at: text.at }),
      }).sid
    },
    sentElsewhere: (text) =>
      addMessage(world, {
        direction: text.direction ?? 'outbound-api',
        from: text.from ?? firstNumber(world),
        to: text.to,
        body: text.body,
        status: 'delivered',
      }).sid,
    settle: (sid, status, errorCode) => {
      const message = world.messages.find((one) => one.sid === sid)
      if (message === undefined) throw new Error(`no message ${sid}`)
      move(message, status, errorCode ?? null, world.now())
    },
    destine: (to, destiny) => {
      world.textDestiny.set(to, destiny)
    },
    all: () => world.messages,
    sentTo: (to) => world.messages.filter((message) => message.to === to && message.direction !== 'inbound'),
  }
}
