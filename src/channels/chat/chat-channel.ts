import type { BusinessTime } from '../../lib/business-time.ts'
import { hour, second } from '../../lib/durations.ts'
import type { HookPage } from '../../relay/wire.ts'
import { badInput, DeskbellError, toErrorBody } from '../../rpc/errors.ts'
import type { Store } from '../../store/store.ts'
import type { Channel, ChannelContext, Lookup, OutboundChat, SendHooks, SendOutcome } from '../channel.ts'
import type { ChatSettings } from '../contract.ts'
import type { ChatDesk, ChatRelay } from './chat-desk.ts'
import { openTimes } from './open-times.ts'
import { sealAnswer } from './seal-answer.ts'
import { toInbound } from './to-inbound.ts'
import { keyOfVisitor, notePresence, visitorsHere } from './visitors.ts'

export type ChatChannelParts = {
  readonly settings: ChatSettings
  readonly context: ChannelContext
  readonly store: Store
  readonly desk: ChatDesk
  readonly businessTime: () => Promise<BusinessTime>
  readonly timing?: Partial<ChatTiming>
}

const chatTiming = {
  /** How often the relay is asked who is still there, while somebody is. */
  tick: 20 * second,
  /** Somebody who left is asked about for as long: they may come back. */
  watchFor: 2 * hour,
} as const
export type ChatTiming = { readonly [K in keyof typeof chatTiming]: number }

const mostAsked = 100
const waiting = 'Waiting for visitors'

/**
 * The chat of a website. What visitors write comes through the relay's channel; this one tells the relay what the chat
 * looks like, who is to be answered, and sends answers, each locked for one browser.
 */
export function makeChatChannel(parts: ChatChannelParts): Channel {
  const { settings, context, store, desk } = parts
  const { clock, log, accountId } = context
  const timing = { ...chatTiming, ...parts.timing }
  const stopping = new AbortController()
  let cancel = () => {}
  let looking: Promise<void> = Promise.resolve()
  let published: string | null = null
  let reported = ''
  /** Who left a while ago and may come back without writing, and when they left. */
  const away = new Map<string, number>()

  const relay = (): Promise<ChatRelay | null> => desk.relayOf(accountId, stopping.signal)

  const publish = async ({ client, token }: ChatRelay): Promise<void> => {
    const now = clock.now()
    const open = openTimes(await parts.businessTime(), now)
    const { name: business, label, greeting, away, colour, ask } = settings
    const page: HookPage = { kind: 'chat', business, label, greeting, away, colour, ask, open }
    // That it opened meanwhile is no news: the browser looks at the clock itself.
    const signature = JSON.stringify([token, open.map(([from, to]) => [from <= now ? 0 : from, to])])
    if (signature === published) return
    await client.saveHook(token, { kind: 'chat', verifyToken: null, page })
    published = signature
  }

  const watch = async ({ client }: ChatRelay): Promise<void> => {
    const now = clock.now()
    for (const [visitor, at] of away) if (at < now - timing.watchFor) away.delete(visitor)
    const here = (await visitorsHere(store.read, accountId, mostAsked).execute()).map((it) => it.visitor)
    const left = [...away.keys()].filter((it) => !here.includes(it)).slice(0, mostAsked - here.length)
    const known = [
      ...here.map((visitor) => ({ visitor, left: false })),
      ...left.map((visitor) => ({ visitor, left: true })),
    ]
    if (known.length === 0) return
    const { visitors } = await client.presence({ visitors: known.map((it) => it.visitor) })
    await notePresence(store, known, visitors, now)
    for (const visitor of here) {
      if (!visitors.some((it) => it.visitor === visitor && it.here)) away.set(visitor, now)
    }
    for (const it of visitors) if (it.here) away.delete(it.visitor)
  }

  const look = async (): Promise<void> => {
    try {
      const at = await relay()
      if (!at) return await report('stopped', noAddress)
      await publish(at)
      await watch(at)
      await report('ok', waiting)
    } catch (error) {
      if (stopping.signal.aborted) return
      const { code, message } = toErrorBody(error)
      log.warn({ accountId, code }, 'the chat could not talk to the relay')
      published = null
      await report('backing-off', code === 'INTERNAL' ? notStored : message)
    }
  }

  const report = async (state: 'ok' | 'stopped' | 'backing-off', message: string): Promise<void> => {
    if (reported === message) return
    reported = message
    const next = state === 'backing-off' ? { nextRetryAt: clock.now() + timing.tick } : {}
    await context.report({ state, message, ...next })
  }

  const lookNow = (): Promise<void> => {
    cancel()
    looking = looking.then(look).finally(() => {
      if (!stopping.signal.aborted) cancel = clock.after(timing.tick, () => void lookNow())
    })
    return looking
  }

  const send = async (outbound: OutboundChat, hooks: SendHooks): Promise<SendOutcome> => {
    const at = await relay()
    if (!at) return failed(noAddressToSend)
    const key = await keyOfVisitor(store.read, outbound.to)
    if (key === null) return failed(gone)
    const { id, to: visitor, body: text, name } = outbound
    const box = await sealAnswer(key, { visitor, id }, { text, at: clock.now(), name }).catch(() => null)
    if (box === null) return failed(badKey)
    await hooks.committing()
    try {
      const { taken } = await at.client.putAnswer({ visitor, id, box })
      if (taken === 'unknown') return failed(gone)
      if (taken === 'full') return failed(tooMany)
      return { kind: 'sent', externalId: nameOf(id), revision }
    } catch (error) {
      return outcomeOf(error)
    }
  }

  const find = async ({ to: visitor, id }: OutboundChat): Promise<Lookup> => {
    const at = await relay()
    if (!at) return { kind: 'cannot-tell', detail: 'the chat has no relay any more' }
    try {
      const { known } = await at.client.findAnswer({ visitor, id })
      return known ? { kind: 'sent', externalId: nameOf(id), revision } : { kind: 'not-found' }
    } catch (error) {
      return { kind: 'unreachable', detail: toErrorBody(error).detail ?? 'no answer' }
    }
  }

  return {
    start: async () => {
      desk.add({ accountId, receive: (arrival) => context.deliver([toInbound(arrival, accountId, settings)], []) })
      await lookNow()
    },
    stop: async () => {
      stopping.abort()
      cancel()
      desk.remove(accountId)
      await looking
    },
    poll: lookNow,
    send: async (outbound, hooks) => (outbound.kind === 'chat' ? send(outbound, hooks) : failed(onlyChat)),
    find: async (outbound) => (outbound.kind === 'chat' ? find(outbound) : { kind: 'not-found' }),
  }
}

const revision = '1'
const nameOf = (id: string) => `answer:${id}`

/** What the relay certainly did not take may be tried again; of everything else it must be asked. */
function outcomeOf(error: unknown): SendOutcome {
  const body = toErrorBody(error)
  switch (body.code) {
    case 'AUTH_FAILED':
    case 'CONFLICT':
      return { kind: 'failed', error: body, retryAfterMs: null }
    case 'RATE_LIMITED':
      return { kind: 'failed', error: body, retryAfterMs: 5 * second }
    default:
      return body.detail === 'ECONNREFUSED' || body.detail === 'ENOTFOUND'
        ? { kind: 'failed', error: body, retryAfterMs: 5 * second }
        : { kind: 'unknown', detail: body.detail ?? body.message }
  }
}

const failed = (error: DeskbellError): SendOutcome => ({ kind: 'failed', error: error.body, retryAfterMs: null })

const noAddress = 'This chat has no public address yet. Choose a relay for it in Settings.'
const notStored = 'Something went wrong here. Deskbell tries again by itself.'
const noAddressToSend = new DeskbellError({
  code: 'NOT_CONNECTED',
  message: 'The chat has no relay any more, so nothing was sent. Connect one in Settings, or answer by e-mail.',
  fault: 'user',
  retryable: false,
})
const gone = badInput('This visitor cannot be reached in the chat any more. Answer by e-mail or text.')
const badKey = badInput(
  'The browser of this visitor gave no usable key, so no answer can be locked for it. Answer by e-mail.',
)
const tooMany = badInput('Too many answers wait for this visitor already. They have left the page; answer by e-mail.')
const onlyChat = badInput('A chat can only send chat messages.')
