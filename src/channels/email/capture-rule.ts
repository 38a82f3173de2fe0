import { createHash } from 'node:crypto'
import type { ImapFlow } from 'imapflow'
import type { ChannelContext, Inbound } from '../channel.ts'
import type { EmailSettings } from '../contract.ts'
import { findSentFolder } from './sent-folder.ts'

/**
 * Which mails of an account Deskbell takes in. What is left out is never stored, only counted with the reason.
 *
 * - `everything`: all mails of the INBOX and the Sent folder (on Gmail: All Mail).
 * - `folders`: all mails of these folders.
 * - `unknown-senders`: of the INBOX a mail whose correspondent (whoever would get the answer)
 *   1. is not on the list of excluded addresses and domains, and
 *   2. is a person in Deskbell already (their conversation goes on), or is a stranger: nobody to whom the mailbox had
 *      written before it was connected. The people it wrote to are its private circle.
 *
 * In the last two, a mail in the Sent folder is taken only when one of its recipients is a person in Deskbell.
 */
export type CaptureRule = (items: readonly Inbound[]) => Promise<readonly (string | null)[]>

export const leftOutReasons = {
  excluded: 'From somebody on your list of senders to leave out',
  circle: 'From somebody you wrote to before Deskbell was connected',
  sentElsewhere: 'Written by you to somebody who is not in Deskbell',
} as const

/** @returns for each item why it is left out, null for those to take */
export function makeCaptureRule(
  { capture }: EmailSettings,
  context: Pick<ChannelContext, 'knownEmails'>,
  circle: Circle,
): CaptureRule {
  if (!capture || capture.kind === 'everything') return async (items) => items.map(() => null)
  const excluded = capture.kind === 'unknown-senders' ? capture.excluded.map((it) => it.trim().toLowerCase()) : []
  const onlyStrangers = capture.kind === 'unknown-senders'
  return async (items) => {
    const addresses = items.flatMap((item) => item.parties.filter((it) => it.kind === 'email').map((it) => it.value))
    const people = await context.knownEmails([...new Set(addresses)])
    const isPerson = (item: Inbound) => item.parties.some((it) => people.has(it.value))
    return items.map((item) => {
      const sender = item.parties[0]?.value ?? ''
      if (excluded.some((it) => isOn(it, sender))) return leftOutReasons.excluded
      if (item.direction === 'out') return isPerson(item) ? null : leftOutReasons.sentElsewhere
      if (!onlyStrangers || people.has(sender)) return null
      return circle.holds(sender) ? leftOutReasons.circle : null
    })
  }
}

/** "ann@home.example", "home.example" or "@home.example": an address, or a domain with everything below it. */
function isOn(entry: string, address: string): boolean {
  if (entry.replace(/^@/, '').includes('@')) return entry === address
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const excluded = entry.replace(/^@/, '')
  return excluded !== '' && (domain === excluded || domain.endsWith(`.${excluded}`))
}

/** Everybody the mailbox had written to before it was connected. Kept as prints, so that no private address is stored. */
export type Circle = { readonly holds: (address: string) => boolean }

export const emptyCircle: Circle = { holds: () => false }
const circleScope = 'mail:circle'
const perFetch = 500
const print = (address: string) => createHash('sha256').update(address).digest('base64url').slice(0, 12)

/**
 * Reads the circle from the Sent folder, once in the life of an account; afterwards from the store. Leaves another
 * folder open than it found.
 */
export async function readCircle(client: ImapFlow, context: ChannelContext): Promise<Circle> {
  const stored = await context.cursor(circleScope)
  const prints = new Set<string>(stored === null ? await collect(client) : (JSON.parse(stored) as string[]))
  if (stored === null) await context.deliver([], [{ scope: circleScope, value: JSON.stringify([...prints]) }])
  return { holds: (address) => prints.has(print(address)) }
}

async function collect(client: ImapFlow): Promise<Set<string>> {
  const prints = new Set<string>()
  const path = await findSentFolder(client)
  if (path === null) return prints
  const { exists } = await client.mailboxOpen(path, { readOnly: true })
  for (let first = 1; first <= exists; first += perFetch) {
    const range = `${first}:${Math.min(exists, first + perFetch - 1)}`
    for (const { envelope } of await client.fetchAll(range, { envelope: true })) {
      const recipients = [...(envelope?.to ?? []), ...(envelope?.cc ?? []), ...(envelope?.bcc ?? [])]
      for (const { address } of recipients) if (address) prints.add(print(address.toLowerCase()))
    }
  }
  return prints
}
