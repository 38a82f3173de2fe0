import { second } from '../../lib/durations.ts'
import type {
  CallContent,
  Channel,
  ChannelContext,
  Inbound,
  Outbound,
  OutboundText,
  SendOutcome,
  TextContent,
} from '../channel.ts'

/** How the invented world behaves, ms. */
export type SampleTiming = {
  /** From a text leaving to its arrival on the other phone. */
  readonly delivery: number
  /** From dialling to somebody picking up. */
  readonly ringing: number
  /** How long they talk unless somebody hangs up first. */
  readonly talk: number
}

const usual: SampleTiming = { delivery: 3 * second, ringing: 6 * second, talk: 90 * second }

export type SampleChannelParts = {
  readonly context: ChannelContext
  /** The number of the sample business. */
  readonly phone: string
  /** Hex digits nobody used before, for ids as a provider gives them. */
  readonly newId: () => string
  readonly timing?: SampleTiming
}

// More than anybody has going at once.
const most = 1000

type Call = {
  readonly from: string
  readonly to: string
  readonly startedAt: number
  answeredAt: number | null
  cancel: () => void
}

/**
 * A world that answers, for trying everything without any account: mail is accepted, texts arrive, phones are picked
 * up. Nothing leaves the computer.
 */
export function makeSampleChannel({ context, phone, newId, timing = usual }: SampleChannelParts): Channel {
  const { clock, log, accountId } = context
  const calls = new Map<string, Call>()
  const texts = new Set<() => void>()
  const sent = new Map<string, { readonly outbound: Outbound; readonly revision: string; readonly at: number }>()

  const deliver = (item: Inbound) =>
    context
      .deliver([item], [])
      .catch((error: unknown) => log.warn({ accountId, err: error }, 'the sample world failed'))

  const item = (
    externalId: string,
    revision: string,
    at: number,
    to: string,
    content: TextContent | CallContent,
  ): Inbound => ({
    accountId,
    externalId,
    revision,
    at,
    direction: 'out',
    parties: [{ kind: 'phone', value: to, name: null }],
    content,
    source: { name: null, detail: {} },
    history: false,
    raw: JSON.stringify({ sample: true, content }),
  })

  const deliverText = (externalId: string, { kind: service, to, body }: OutboundText, at: number) => {
    const cancel = clock.after(timing.delivery, () => {
      texts.delete(cancel)
      const content: TextContent = {
        kind: 'text',
        service,
        from: phone,
        to,
        body,
        files: [],
        delivery: 'delivered',
        problem: null,
      }
      void deliver(item(externalId, 'delivered', at, to, content))
    })
    texts.add(cancel)
  }

  const tellCall = (externalId: string, call: Call, result: CallContent['result'], endedAt: number | null) => {
    const { from, to, startedAt, answeredAt } = call
    const durationMs = endedAt !== null && answeredAt !== null ? endedAt - answeredAt : null
    const content: CallContent = { kind: 'call', from, to, result, answeredAt, endedAt, durationMs, recording: null }
    return deliver(item(externalId, result, startedAt, to, content))
  }

  const ring = (externalId: string, to: string, startedAt: number) => {
    const call: Call = { from: phone, to, startedAt, answeredAt: null, cancel: () => {} }
    calls.set(externalId, call)
    call.cancel = clock.after(timing.ringing, () => {
      call.answeredAt = clock.now()
      call.cancel = clock.after(timing.talk, () => void end(externalId))
      void tellCall(externalId, call, 'in_progress', null)
    })
  }

  const end = async (externalId: string): Promise<void> => {
    const call = calls.get(externalId)
    if (!call) return
    calls.delete(externalId)
    call.cancel()
    await tellCall(externalId, call, call.answeredAt === null ? 'cancelled' : 'answered', clock.now())
  }

  const accept = (outbound: Outbound, at: number): { readonly externalId: string; readonly revision: string } => {
    switch (outbound.kind) {
      case 'email':
        return { externalId: outbound.messageId, revision: '1' }
      case 'chat':
        return { externalId: outbound.id, revision: '1' }
      case 'sms':
      case 'whatsapp': {
        const externalId = `text-${newId()}`
        deliverText(externalId, outbound, at)
        return { externalId, revision: 'sent' }
      }
      case 'call': {
        const externalId = `call-${newId()}`
        ring(externalId, outbound.to, at)
        return { externalId, revision: 'ringing' }
      }
    }
  }

  /** What was ringing or on its way when an earlier life ended: capture knows the rest of it by its id. */
  const settleLeftovers = async () => {
    const call: Call = { from: phone, to: '', startedAt: clock.now(), answeredAt: null, cancel: () => {} }
    for (const state of ['ringing', 'in_progress']) {
      for (const externalId of await context.withRevision(state, most)) {
        await tellCall(externalId, call, 'cancelled', clock.now())
      }
    }
    const text: OutboundText = { kind: 'sms', to: '', body: '' }
    for (const externalId of await context.withRevision('sent', most)) deliverText(externalId, text, clock.now())
  }

  return {
    start: async () => {
      await settleLeftovers()
      await context.report({ state: 'ok', message: 'Sample data. Nothing leaves this computer.' })
    },
    stop: async () => {
      for (const cancel of texts) cancel()
      for (const externalId of [...calls.keys()]) await end(externalId)
    },
    poll: async () => {},
    send: async (outbound, hooks): Promise<SendOutcome> => {
      await hooks.committing()
      const at = clock.now()
      const accepted = accept(outbound, at)
      sent.set(accepted.externalId, { outbound, revision: accepted.revision, at })
      return { kind: 'sent', ...accepted }
    },
    find: async (outbound, since, isTaken) => {
      for (const [externalId, it] of sent) {
        if (it.at < since || !isSame(it.outbound, outbound) || (await isTaken(externalId))) continue
        return { kind: 'sent', externalId, revision: it.revision }
      }
      return { kind: 'not-found' }
    },
    hangUp: end,
  }
}

function isSame(a: Outbound, b: Outbound): boolean {
  if (a.kind === 'email') return b.kind === 'email' && a.messageId === b.messageId
  if (a.kind === 'chat') return b.kind === 'chat' && a.id === b.id
  if (a.kind === 'call') return b.kind === 'call' && a.to === b.to
  return b.kind === a.kind && a.to === b.to && a.body === b.body
}
