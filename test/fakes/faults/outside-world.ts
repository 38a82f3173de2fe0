import { ImapFlow } from 'imapflow'
import { mailPassword } from '../dovecot.ts'
import type { TwilioDouble } from '../twilio/start-twilio-double.ts'
import type { WorldTime } from './world-time.ts'

export type ChannelName = 'mail' | 'text' | 'call' | 'relay form' | 'local form'

/** What the customers of a business did, whatever reached it. */
export type Produced = { items: number; twice: number }

export type OutsideWorld = {
  readonly time: WorldTime
  /** 0 ≤ x < 1 */
  readonly random: () => number
  readonly mailbox: { readonly user: string; readonly port: number }
  readonly twilio: TwilioDouble
  /** Where forms are posted: at the relay, and at the listener of this computer. */
  readonly formUrls: { readonly 'relay form': () => string; readonly 'local form': () => string }
}

/** Each channel has customers of its own; item n is from customer n % customers. */
export const customers = 40
export const mark = (channel: ChannelName | 'reply', n: number) => `[${channel} ${n}]`
const customer = (n: number) => n % customers
export const mailOf = (n: number) => `customer${customer(n)}@mail-${customer(n)}.example`
export const textOf = (n: number) => `+1415556${1000 + customer(n)}`
export const callOf = (n: number) => `+1415557${1000 + customer(n)}`
export const formOf = (channel: ChannelName, n: number) => `${channel.replace(' ', '-')}-${customer(n)}@form.example`

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Times of one customer's items: a second apart at least, as INTERNALDATE and Twilio have whole seconds. */
function makeTimes({ time }: OutsideWorld) {
  const last = new Map<number, number>()
  return (n: number) => {
    const at = Math.max(Math.floor(time.now() / 1000) * 1000, (last.get(customer(n)) ?? 0) + 1000)
    last.set(customer(n), at)
    return at
  }
}

/** Mails that arrive in the mailbox, some before older ones, one in twelve twice, as another message. */
export async function mailsArrive(world: OutsideWorld, count: number, every: number): Promise<Produced> {
  const { user, port } = world.mailbox
  const auth = { user, pass: mailPassword }
  const client = new ImapFlow({ host: '127.0.0.1', port, secure: false, doSTARTTLS: false, auth, logger: false })
  await client.connect()
  const timeOf = makeTimes(world)
  const produced = { items: 0, twice: 0 }
  const together = 6
  for (let first = 0; first < count; first += together) {
    const block = Array.from({ length: Math.min(together, count - first) }, (_, index) => first + index)
    const made = block.map((n) => ({ n, at: timeOf(n) }))
    for (const { n, at } of shuffled(made, world.random)) {
      const raw = [
        `From: Customer ${customer(n)} <${mailOf(n)}>`,
        `To: ${user}`,
        `Subject: Kitchen`,
        `Message-ID: <mail-${n}@faults.example>`,
        `Date: ${new Date(at).toUTCString()}`,
        '',
        `Could you quote for ${mark('mail', n)}?`,
        'x'.repeat(Math.floor(world.random() ** 3 * 4000)),
      ].join('\r\n')
      await client.append('INBOX', Buffer.from(raw), [], new Date(at))
      produced.items += 1
      if (world.random() < 1 / 12) {
        await client.append('INBOX', Buffer.from(raw), [], new Date(at))
        produced.twice += 1
      }
    }
    await pause(every * together)
  }
  await client.logout()
  return produced
}

/** Texts that Twilio's log shows, one in ten only after younger ones. */
export async function textsArrive(world: OutsideWorld, count: number, every: number): Promise<Produced> {
  const timeOf = makeTimes(world)
  const late: Promise<unknown>[] = []
  for (let n = 0; n < count; n++) {
    const text = { from: textOf(n), body: mark('text', n), at: timeOf(n) }
    if (world.random() < 0.1) late.push(pause(world.random() * 400).then(() => world.twilio.texts.receive(text)))
    else world.twilio.texts.receive(text)
    await pause(every)
  }
  await Promise.all(late)
  return { items: count, twice: 0 }
}

export async function callsArrive(world: OutsideWorld, count: number, every: number): Promise<Produced> {
  const timeOf = makeTimes(world)
  for (let n = 0; n < count; n++) {
    const call = { from: callOf(n), at: timeOf(n) }
    if (world.random() < 0.5) world.twilio.calls.missed(call)
    else world.twilio.calls.answered({ ...call, seconds: 40 })
    await pause(every)
  }
  return { items: count, twice: 0 }
}

/**
 * Posts of well-behaved senders: the same under the same name until it is taken, and one in eight once more after that.
 */
export async function formsArrive(
  world: OutsideWorld,
  channel: 'relay form' | 'local form',
  count: number,
  every: number,
): Promise<Produced> {
  const produced = { items: 0, twice: 0 }
  const post = async (n: number): Promise<boolean> => {
    try {
      const answer = await fetch(world.formUrls[channel](), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': `${channel}-${n}`,
          accept: 'application/json',
        },
        body: JSON.stringify({
          name: `${channel} ${customer(n)}`,
          email: formOf(channel, n),
          message: mark(channel, n),
        }),
        signal: AbortSignal.timeout(2500),
      })
      await answer.arrayBuffer()
      return answer.ok
    } catch {
      return false
    }
  }
  const lanes = 20
  const lane = async (first: number) => {
    // A customer's posts are all in one lane, and so in order.
    for (let n = first; n < count; n += lanes) {
      while (!(await post(n))) {
        produced.twice += 1
        await pause(150)
      }
      produced.items += 1
      if (world.random() < 1 / 8) {
        produced.twice += 1
        await post(n)
      }
      await pause(every * lanes)
    }
  }
  await Promise.all(Array.from({ length: lanes }, (_, index) => lane(index)))
  return produced
}

/** Lists as a provider in trouble answers them: one time in three some rows twice, or rows in another order. */
export function disturbLists(random: () => number) {
  const counts = { shuffled: 0, messages: 0, calls: 0 }
  const disturb = (body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
    const key = (['messages', 'calls'] as const).find((name) => Array.isArray(body[name]))
    if (key === undefined || random() > 1 / 3) return body
    const rows = body[key] as readonly unknown[]
    if (random() < 0.5) {
      counts.shuffled += 1
      return { ...body, [key]: shuffled(rows, random) }
    }
    const doubled = rows.flatMap((row) => (random() < 0.3 ? [row, row] : [row]))
    counts[key] += doubled.length - rows.length
    return { ...body, [key]: doubled }
  }
  return { counts, disturb }
}

export function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((it) => ({ it, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ it }) => it)
}
