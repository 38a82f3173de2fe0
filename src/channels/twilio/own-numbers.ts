import { z } from 'zod'
import type { Log } from '../../lib/log.ts'
import { type OwnNumber, ownNumbers, ownNumbersScope } from '../../store/queries/own-numbers.ts'
import type { ChannelContext } from '../channel.ts'
import type { TwilioSettings } from '../contract.ts'
import type { TwilioClient } from './client.ts'
import { pages } from './pages.ts'
import { asTyped } from './phone.ts'
import { numberResource } from './resources.ts'

/** The own numbers that are watched, and since when. */
export type Watched = {
  readonly has: (number: string) => boolean
  /** When a number was connected, by Twilio's clock: what is older is history. */
  readonly since: (number: string) => number
  /** When the first of them was. */
  readonly sinceFirst: number
  /** Numbers whose history was not read to the end yet. */
  readonly fresh: ReadonlySet<string>
}

const scope = 'watched'
const stored = z.record(z.string(), z.object({ since: z.number(), filed: z.boolean() }))
type Stored = z.infer<typeof stored>

/** All own numbers of an account, the one that is used by default first; E.164. */
export const numbersOf = (settings: TwilioSettings): readonly string[] =>
  [...new Set([settings.number, ...(settings.others ?? [])])].map(asTyped)

/**
 * What is watched, with each number's own beginning: one that is added later must not turn its old texts into leads, nor
 * what the others got meanwhile into history.
 * @param connectedAt when the account was connected, by Twilio's clock
 */
export async function readWatched(
  numbers: readonly string[],
  connectedAt: number,
  client: TwilioClient,
  context: ChannelContext,
): Promise<Watched> {
  const known = await readStored(context)
  const next: Record<string, Stored[string]> = { ...known }
  const added = numbers.filter((number) => known?.[number] === undefined)
  // Written down before the list was: the only number there was is read already.
  const filed = known === null && (await context.cursor('messages')) !== null
  for (const number of added) {
    const first = known === null
    if (!first) await client.get('.json')
    next[number] = { since: first ? connectedAt : client.twilioNow(), filed: filed && number === numbers[0] }
  }
  if (added.length > 0) await context.deliver([], [{ scope, value: JSON.stringify(next) }])
  return {
    has: (number) => numbers.includes(number),
    since: (number) => next[number]?.since ?? connectedAt,
    sinceFirst: Math.min(...numbers.map((number) => next[number]?.since ?? connectedAt)),
    fresh: new Set(numbers.filter((number) => next[number]?.filed !== true)),
  }
}

/** The history of these numbers was read to the end. */
export async function markFiled(context: ChannelContext, fresh: ReadonlySet<string>): Promise<void> {
  if (fresh.size === 0) return
  const next: Record<string, Stored[string]> = { ...(await readStored(context)) }
  for (const number of fresh) {
    const entry = next[number]
    if (entry) next[number] = { ...entry, filed: true }
  }
  await context.deliver([], [{ scope, value: JSON.stringify(next) }])
}

async function readStored(context: ChannelContext): Promise<Stored | null> {
  const value = await context.cursor(scope)
  return value === null ? null : stored.parse(JSON.parse(value))
}

export type ListedNumber = OwnNumber & { readonly name: string }

/** All phone numbers of the account at Twilio, with what they can. */
export async function listNumbers(client: TwilioClient, log: Log): Promise<readonly ListedNumber[]> {
  const list = {
    path: '/IncomingPhoneNumbers.json',
    key: 'incoming_phone_numbers',
    query: { PageSize: '100' },
    schema: numberResource,
  }
  const found: ListedNumber[] = []
  for await (const page of pages(client, list, log)) {
    for (const { read } of page) {
      const { voice, sms } = read.capabilities
      found.push({ number: read.phone_number, name: read.friendly_name, sms, voice, gone: false })
    }
  }
  return found
}

/**
 * Writes down what the watched numbers can, for whoever chooses the one to send from.
 * @returns those that were there once and are not any more. A number Twilio never listed may be a WhatsApp sender, which
 *   is no phone number of the account.
 */
export async function noteAbilities(
  numbers: readonly string[],
  listed: readonly ListedNumber[],
  context: ChannelContext,
): Promise<readonly string[]> {
  const value = await context.cursor(ownNumbersScope)
  const before = ownNumbers(value)
  const now = numbers.flatMap((number): OwnNumber[] => {
    const found = listed.find((it) => it.number === number)
    if (found) return [{ number, sms: found.sms, voice: found.voice, gone: false }]
    const known = before.find((it) => it.number === number)
    return known ? [{ ...known, gone: true }] : []
  })
  const next = JSON.stringify(now)
  if (next !== value) await context.deliver([], [{ scope: ownNumbersScope, value: next }])
  return now.filter((it) => it.gone).map((it) => it.number)
}
