import { BugError } from '../../lib/assert.ts'
import { minute } from '../../lib/durations.ts'
import type { Log } from '../../lib/log.ts'
import type { Lookup, Outbound, OutboundCall, OutboundText } from '../channel.ts'
import { TwilioError } from './failure.ts'
import { firstPage, type ListRequest, pages } from './pages.ts'
import { problemOf } from './problems.ts'
import { callResource, createdAt, messageResource } from './resources.ts'
import { revisionOf } from './revision.ts'
import { type SendDeps, textAddresses } from './send.ts'

export type FindDeps = SendDeps & {
  readonly log: Log
  /** Now by the desktop's clock, the clock of `since`. */
  readonly now: () => number
  /** A request that was cut off can still be under way inside Twilio: before this long, absence proves nothing. */
  readonly settleMs: number
}

/** Twilio's clock is read from its answers in whole seconds, and ours may have been corrected in between. */
const slackMs = minute

/**
 * Asks Twilio whether a text or call of unknown outcome arrived there.
 *
 * A text is recognised by recipient, sender and wording; a call by the owner's phone and, once it is there, by its
 * child leg to the lead. The oldest match that belongs to nothing else is it.
 */
export async function find(
  deps: FindDeps,
  outbound: Outbound,
  since: number,
  isTaken: (externalId: string) => Promise<boolean>,
): Promise<Lookup> {
  if (outbound.kind === 'email' || outbound.kind === 'chat')
    throw new BugError(`${outbound.kind} does not go through Twilio`)
  const to = outbound.kind === 'call' ? outbound.ownPhone : outbound.to
  const lead = outbound.kind === 'call' ? outbound.to : null
  try {
    const found = outbound.kind === 'call' ? await calls(deps, outbound, since) : await texts(deps, outbound, since)
    for (const { sid, view } of found) {
      if (await isTaken(sid)) continue
      deps.ownSends.found(to, sid)
      return { kind: 'sent', externalId: sid, revision: revisionOf(false, view, lead) }
    }
    if (deps.now() - since < deps.settleMs) {
      return { kind: 'unreachable', detail: 'Twilio may still be working on it; asking again in a moment.' }
    }
    deps.ownSends.found(to, null)
    return { kind: 'not-found' }
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error
    const problem = problemOf(error.failure)
    return { kind: 'unreachable', detail: problem.error.detail ?? problem.error.message }
  }
}

type Found = readonly { readonly sid: string; readonly view: string }[]

async function texts(deps: FindDeps, text: OutboundText, since: number): Promise<Found> {
  const query = { ...textAddresses(deps, text), PageSize: '50' }
  const list = { path: '/Messages.json', key: 'messages', query, schema: messageResource }
  const sent = await madeSince(deps, list, since)
  const wording = asCompared(text.body)
  const out = sent.filter((message) => message.direction !== 'inbound')
  const same = out.filter((message) => asCompared(message.body) === wording)
  // The words of a prepared message are Twilio's to put together: what left for them since is it, rather than a second one.
  const found = same.length === 0 && text.prepared ? out : same
  return found.map((message) => ({ sid: message.sid, view: message.status }))
}

async function calls(deps: FindDeps, outbound: OutboundCall, since: number): Promise<Found> {
  const { from = deps.number, ownPhone, to: lead } = outbound
  const query = { To: ownPhone, From: from, PageSize: '50' }
  const list = { path: '/Calls.json', key: 'calls', query, schema: callResource }
  const found: { sid: string; view: string }[] = []
  for (const call of await madeSince(deps, list, since)) {
    if (call.direction !== 'outbound-api') continue
    const legs = { path: '/Calls.json', key: 'calls', query: { ParentCallSid: call.sid }, schema: callResource }
    const children = await firstPage(deps.client, legs, deps.log)
    // Nobody picked up yet, so the lead was not rung: the owner's phone and the time must do.
    if (children.length > 0 && !children.some(({ read }) => read.to === lead)) continue
    found.push({ sid: call.sid, view: 'ringing' })
  }
  return found
}

/** What was made since, oldest first. `since` is by our clock, the items by Twilio's. */
async function madeSince<T extends { readonly date_created: number | null }>(
  deps: FindDeps,
  list: ListRequest<T>,
  since: number,
): Promise<readonly T[]> {
  const made: T[] = []
  for await (const page of pages(deps.client, list, deps.log)) {
    // After the first answer, which tells how far the two clocks are apart.
    const earliest = since + (deps.client.twilioNow() - deps.now()) - slackMs
    made.push(...page.map(({ read }) => read).filter((item) => createdAt(item) >= earliest))
    if (page.some(({ read }) => createdAt(read) < earliest)) break
  }
  return made.reverse()
}

/** Twilio writes it in front of every text of a trial account. */
const trialPrefix = /^Sent from your Twilio trial account - /

/** Carriers and Twilio trim and unify white space. */
const asCompared = (body: string): string => body.replace(trialPrefix, '').normalize('NFC').replace(/\s+/g, ' ').trim()
