import type { ChannelContext, Counts, Cursor, Inbound, OutboundMail, StateReport } from '../../src/channels/channel.ts'
import type { EmailSettings } from '../../src/channels/contract.ts'
import { type MailTiming, mailTiming } from '../../src/channels/email/connect-imap.ts'
import { type EmailChannelOptions, openEmailChannel } from '../../src/channels/email/email-channel.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'

export const quick: MailTiming = { ...mailTiming, backOffMin: 20, backOffMax: 100, reply: 10_000, connect: 10_000 }

/** What a store keeps of a mailbox: items once, cursors with them. Waits are for states, never for time. */
export type Desk = {
  readonly context: ChannelContext
  readonly items: readonly Inbound[]
  readonly cursors: ReadonlyMap<string, string>
  readonly states: readonly StateReport[]
  readonly skipped: readonly Counts[]
  /** Every delivery in order: how many items came with it, new or not. */
  readonly deliveries: readonly number[]
  /** Thrown at the next deliveries that hold items, until set to null. */
  readonly failWith: (error: ((items: readonly Inbound[]) => Error | null) | null) => void
  readonly beforeDelivery: (hook: ((items: readonly Inbound[]) => Promise<void>) | null) => void
  readonly until: (condition: (desk: Desk) => boolean, what: string) => Promise<void>
  readonly bySubject: (subject: string) => Inbound[]
}

export function openDesk(password: string | null = 'pw'): Desk {
  let secret = password
  const items = new Map<string, Inbound>()
  const cursors = new Map<string, string>()
  const states: StateReport[] = []
  const skipped: Counts[] = []
  const deliveries: number[] = []
  const waiting = new Set<() => void>()
  let failure: ((items: readonly Inbound[]) => Error | null) | null = null
  let hook: ((items: readonly Inbound[]) => Promise<void>) | null = null
  const changed = () => {
    for (const check of [...waiting]) check()
  }
  const desk: Desk = {
    context: {
      accountId: 1,
      clock: systemClock,
      log: silentLog,
      random: () => 0.5,
      secret: async () => secret,
      keepSecret: async (value) => {
        secret = value
      },
      keepRevision: async () => {},
      knownEmails: async (addresses) => {
        const people = new Set([...items.values()].flatMap((it) => it.parties.map((party) => party.value)))
        return new Set(addresses.filter((it) => people.has(it)))
      },
      deliver: async (delivered: readonly Inbound[], newCursors: readonly Cursor[], counts?: Counts) => {
        await hook?.(delivered)
        const error = failure?.(delivered)
        if (error) throw error
        deliveries.push(delivered.length)
        for (const item of delivered) if (!items.has(item.externalId)) items.set(item.externalId, item)
        for (const cursor of newCursors) cursors.set(cursor.scope, cursor.value)
        if (counts) skipped.push(counts)
        changed()
      },
      cursor: async (scope) => cursors.get(scope) ?? null,
      revisions: async (ids) => {
        const known = new Map<string, string>()
        for (const id of ids) {
          const item = items.get(id)
          if (item) known.set(id, item.revision)
        }
        return known
      },
      withRevision: async () => [],
      report: async (state) => {
        states.push(state)
        changed()
      },
    },
    get items() {
      return [...items.values()]
    },
    cursors,
    states,
    skipped,
    deliveries,
    failWith: (error) => {
      failure = error
    },
    beforeDelivery: (next) => {
      hook = next
    },
    until: (condition, what) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!condition(desk)) return
          waiting.delete(check)
          clearTimeout(timer)
          resolve()
        }
        const timer = setTimeout(() => {
          waiting.delete(check)
          const seen = JSON.stringify({ states: states.slice(-4), items: items.size, skipped })
          reject(new Error(`never happened: ${what}; ${seen}`))
        }, 60_000)
        waiting.add(check)
        check()
      }),
    bySubject: (subject) =>
      [...items.values()].filter((it) => it.content.kind === 'email' && it.content.subject === subject),
  }
  return desk
}

export const ownAddress = 'info@shop.test'

export function settingsFor(
  imap: { readonly host: string; readonly port: number },
  smtp: { readonly host: string; readonly port: number },
  change: { readonly user?: string; readonly imap?: object; readonly smtp?: object } = {},
): EmailSettings {
  const user = change.user ?? ownAddress
  return {
    address: ownAddress,
    name: 'The shop',
    imap: { host: imap.host, port: imap.port, security: 'none', user, ...change.imap },
    smtp: { host: smtp.host, port: smtp.port, security: 'none', user, ...change.smtp },
  }
}

/** Runs `work` with a started channel and always stops it. */
export async function withChannel<T>(
  settings: EmailSettings,
  desk: Desk,
  work: (channel: ReturnType<typeof openEmailChannel>) => Promise<T>,
  options: EmailChannelOptions = {},
): Promise<T> {
  const channel = openEmailChannel(settings, desk.context, { timing: quick, ...options })
  await channel.start()
  try {
    return await work(channel)
  } finally {
    await channel.stop()
  }
}

let written = 0

/** A plain mail; headers given override the usual ones, `null` leaves one out. */
export function mail(subject: string, headers: Readonly<Record<string, string | null>> = {}, body = 'Hello.'): string {
  written++
  const all: Record<string, string | null> = {
    'Message-ID': `<m${written}@customer.test>`,
    Date: 'Fri, 20 Nov 2026 09:00:00 +0000',
    From: 'Bob <bob@customer.test>',
    To: ownAddress,
    Subject: subject,
    ...headers,
  }
  const lines = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]))
  return `${lines.join('\r\n')}\r\n\r\n${body}\r\n`
}

export const answer = (messageId: string, change: Partial<OutboundMail> = {}): OutboundMail => ({
  kind: 'email',
  messageId,
  at: Date.UTC(2026, 10, 20, 10, 0, 0),
  to: { name: 'Bob', address: 'bob@customer.test' },
  subject: 'Re: Quote',
  body: 'Gladly.',
  inReplyTo: 'first@customer.test',
  references: ['first@customer.test'],
  files: [],
  ...change,
})
