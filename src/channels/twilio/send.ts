import { BugError } from '../../lib/assert.ts'
import type { ErrorBody } from '../../rpc/errors.ts'
import type { Outbound, OutboundCall, OutboundText, SendHooks, SendOutcome } from '../channel.ts'
import { bridgeTwiml } from './bridge-twiml.ts'
import type { TwilioClient } from './client.ts'
import { certainlyNotDone, TwilioError } from './failure.ts'
import type { OwnSends } from './own-sends.ts'
import { WHATSAPP } from './phone.ts'
import { OPTED_OUT, problemOf } from './problems.ts'
import { callResource, messageResource } from './resources.ts'
import { revisionOf } from './revision.ts'

export type SendDeps = {
  readonly client: TwilioClient
  /** The number that is used when a message names none, E.164. */
  readonly number: string
  readonly ownSends: OwnSends
}

/**
 * The owner's phone is given up before their own mailbox picks up (most do after 20 to 30 s): else the lead would be
 * rung and connected to it.
 */
const ringOwnerSeconds = '18'

/**
 * Sends a text, or starts a call that rings the owner's phone first and then the lead.
 *
 * `unknown` whenever Twilio may have done it without us hearing so: the broken connection, the time-out and the 5xx.
 * There is no idempotency key in Twilio's API; the caller looks it up (`find.ts`) before trying again.
 */
export async function send(deps: SendDeps, outbound: Outbound, hooks: SendHooks): Promise<SendOutcome> {
  if (outbound.kind === 'email' || outbound.kind === 'chat')
    throw new BugError(`${outbound.kind} does not go through Twilio`)
  const wrong = checkNumbers(outbound)
  if (wrong !== null) return { kind: 'failed', error: wrong, retryAfterMs: null }
  await hooks.committing()
  const ended = deps.ownSends.begin(outbound.kind === 'call' ? outbound.ownPhone : outbound.to)
  try {
    const sent = outbound.kind === 'call' ? await dial(deps, outbound) : await text(deps, outbound)
    if (sent === null) {
      ended(undefined)
      return { kind: 'unknown', detail: 'Twilio took it but its answer could not be read.' }
    }
    ended(sent.externalId)
    return { kind: 'sent', ...sent }
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error
    const { failure } = error
    const problem = problemOf(failure)
    if (!certainlyNotDone(failure)) {
      ended(undefined)
      return { kind: 'unknown', detail: problem.error.detail ?? failure.kind }
    }
    ended(null)
    const optedOut = failure.kind === 'refused' && failure.code === OPTED_OUT
    return { kind: 'failed', ...problem, ...(optedOut ? { optedOut } : {}) }
  }
}

type Sent = { readonly externalId: string; readonly revision: string }

async function text(deps: SendDeps, outbound: OutboundText): Promise<Sent | null> {
  const { prepared, body } = outbound
  const words: Readonly<Record<string, string>> =
    prepared === undefined
      ? { Body: body }
      : { ContentSid: prepared.contentSid, ContentVariables: JSON.stringify(prepared.variables) }
  const form = { ...textAddresses(deps, outbound), ...words }
  const made = messageResource.safeParse(await deps.client.post('/Messages.json', form))
  return made.success ? { externalId: made.data.sid, revision: revisionOf(false, made.data.status) } : null
}

/** Who a text goes to and from, as Twilio writes it: WhatsApp goes by the same list as texts, under a prefix. */
export function textAddresses(deps: Pick<SendDeps, 'number'>, { kind, from = deps.number, to }: OutboundText) {
  const prefix = kind === 'whatsapp' ? WHATSAPP : ''
  return { To: `${prefix}${to}`, From: `${prefix}${from}` }
}

async function dial(deps: SendDeps, call: OutboundCall): Promise<Sent | null> {
  const { from = deps.number, ownPhone, to: lead } = call
  const form = {
    To: ownPhone,
    From: from,
    Twiml: bridgeTwiml(from, lead),
    Timeout: ringOwnerSeconds,
  }
  const made = callResource.safeParse(await deps.client.post('/Calls.json', form))
  return made.success ? { externalId: made.data.sid, revision: revisionOf(false, 'ringing', lead) } : null
}

const e164 = /^\+[1-9]\d{6,14}$/

function checkNumbers(outbound: OutboundText | OutboundCall): ErrorBody | null {
  const message =
    outbound.kind === 'call' && !e164.test(outbound.ownPhone)
      ? 'There is no phone to ring you on. Enter your mobile number in Settings → Team.'
      : e164.test(outbound.to)
        ? null
        : 'This is not a complete phone number. Enter it with area code on the person’s card.'
  return message === null ? null : { code: 'BAD_INPUT', message, fault: 'user', retryable: false }
}
