import type { Envelope } from '../../relay/envelope.ts'
import { type ChatDelivery, chatDelivery } from '../../relay/wire.ts'
import { DeskbellError } from '../../rpc/errors.ts'
import type { ChannelContext, Hint, Inbound } from '../channel.ts'
import type { ChatDesk } from '../chat/chat-desk.ts'
import type { RelaySettings } from '../contract.ts'
import type { FormsListener } from '../forms/listener.ts'
import { isFromTwilio } from './twilio-signature.ts'
import { readUnsubscribeToken } from './unsubscribe-token.ts'

/** What the relay's channel needs of the rest of the engine. */
export type RelaySurroundings = {
  /** Gives a post to the form whose token it is, as if it had come to the form's own address. */
  readonly handOver: FormsListener['handOver']
  /** Gives a message of a visitor to its chat. */
  readonly handOverChat: ChatDesk['handOver']
  /** True for an account that was not removed, running or not. */
  readonly isConnected: (accountId: number) => Promise<boolean>
  readonly secretOf: (accountId: number) => Promise<string | null>
  /** Lets another account look now: something is there. Returns at once. */
  readonly nudge: (accountId: number, hint: Hint | null) => void
  /** Records that somebody wants no more mail. Idempotent. */
  readonly optOut: (email: string, at: number) => Promise<void>
}

/** `skipped`: seen, and left out for this reason. */
export type Taken = { readonly kind: 'taken' } | { readonly kind: 'skipped'; readonly reason: string }

export type TakeParts = {
  readonly settings: RelaySettings
  readonly privateKey: Uint8Array
  readonly context: ChannelContext
  readonly around: RelaySurroundings
}

const taken: Taken = { kind: 'taken' }
const skipped = (reason: string): Taken => ({ kind: 'skipped', reason })

/**
 * Does with one delivery what it is for. When it resolves, what had to be stored is stored; a second time changes
 * nothing. When it rejects, it must be given again.
 * @param boxId unique to the delivery, hex
 */
export async function takeDelivery(parts: TakeParts, boxId: string, envelope: Envelope): Promise<Taken> {
  const hook = parts.settings.hooks.find((it) => it.token === envelope.hook)
  switch (hook?.kind) {
    case 'form':
      return takeForm(parts, hook.formId, boxId, envelope)
    case 'twilio':
      return takeTwilio(parts.around, hook.twilioId, envelope)
    case 'chat':
      return takeChat(parts, hook.chatId, boxId, envelope)
    case 'unsubscribe':
      return takeUnsubscribe(parts, envelope)
    case undefined:
      // The address was given up while this was on its way. Somebody wrote it all the same.
      return keepAsItCame(parts.context, boxId, envelope)
  }
}

async function takeForm(parts: TakeParts, formId: number, boxId: string, envelope: Envelope): Promise<Taken> {
  const { around, context } = parts
  const { hook, headers, body, receivedAt } = envelope
  const outcome = await around.handOver(hook, { bytes: body, headers, at: receivedAt })
  if (outcome === 'taken') return taken
  if (outcome === 'refused') return skipped('a form refused it: empty, not readable or not signed')
  if (await around.isConnected(formId)) throw formNotRunning
  return keepAsItCame(context, boxId, envelope)
}

async function takeChat(parts: TakeParts, chatId: number, boxId: string, envelope: Envelope): Promise<Taken> {
  const { around, context } = parts
  const { body, receivedAt } = envelope
  const message = readChat(body)
  if (!message) return skipped('a chat message that could not be read')
  if ((await around.handOverChat(chatId, { message, receivedAt, raw: body })) === 'taken') return taken
  if (await around.isConnected(chatId)) throw chatNotRunning
  return keepAsItCame(context, boxId, envelope)
}

function readChat(body: Uint8Array): ChatDelivery | null {
  try {
    return chatDelivery.parse(JSON.parse(new TextDecoder().decode(body)))
  } catch {
    return null
  }
}

async function takeTwilio(around: RelaySurroundings, twilioId: number, envelope: Envelope): Promise<Taken> {
  const authToken = await around.secretOf(twilioId)
  if (!authToken) return skipped('a call or text was announced for a Twilio account that is not connected')
  if (!isFromTwilio(authToken, envelope)) return skipped('not signed by Twilio with this account’s auth token')
  // A hint and no more: Twilio's log is the truth, and it is read there, with everything this left out.
  around.nudge(twilioId, hintOf(envelope))
  return taken
}

/** Which call or text Twilio announces: https://www.twilio.com/docs/messaging/guides/webhook-request */
function hintOf({ body }: Envelope): Hint | null {
  const said = new URLSearchParams(new TextDecoder().decode(body))
  const externalId = said.get('MessageSid') ?? said.get('SmsSid') ?? said.get('CallSid')
  const to = said.get('To')
  return externalId && to ? { externalId, to } : null
}

async function takeUnsubscribe({ around, privateKey }: TakeParts, envelope: Envelope): Promise<Taken> {
  const path = URL.parse(envelope.url)?.pathname ?? ''
  const email = readUnsubscribeToken(privateKey, path.slice(path.lastIndexOf('/') + 1))
  if (email === null) return skipped('an unsubscribe link that was not made here')
  await around.optOut(email, envelope.receivedAt)
  return taken
}

/** For what no form takes any more: the text as it came, so that a person can make something of it. */
async function keepAsItCame(context: ChannelContext, boxId: string, envelope: Envelope): Promise<Taken> {
  const text = new TextDecoder().decode(envelope.body).trim()
  if (text === '') return skipped('an empty post to an address that was given up')
  const item: Inbound = {
    accountId: context.accountId,
    externalId: `box:${boxId}`,
    revision: '1',
    at: envelope.receivedAt,
    direction: 'in',
    parties: [],
    content: {
      kind: 'form',
      formName: 'Removed form',
      fields: [{ label: 'As it came', value: text.slice(0, 10_000) }],
      known: { message: text.slice(0, 10_000) },
    },
    source: { name: 'Removed form', detail: {} },
    history: false,
    raw: envelope.body,
  }
  await context.deliver([item], [])
  return taken
}

const chatNotRunning = new DeskbellError({
  code: 'NOT_CONNECTED',
  message: 'The chat of your website is not running, so its messages wait at the relay. See the state of the chat.',
  fault: 'ours',
  retryable: true,
  detail: 'a chat of the relay has no endpoint',
})

const formNotRunning = new DeskbellError({
  code: 'NOT_CONNECTED',
  message: 'One of your forms is not running, so its posts wait at the relay. See the state of your forms.',
  fault: 'ours',
  retryable: true,
  detail: 'a form of the relay has no endpoint',
})
