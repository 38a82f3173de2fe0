import { second } from '../../lib/durations.ts'
import type { CallResult } from '../channel.ts'
import { type CallResource, callIsOver, type RecordingResource } from './resources.ts'

export type DerivedCall = {
  readonly result: CallResult
  /** False while anything about it may still change. */
  readonly final: boolean
  readonly answeredAt: number | null
  readonly endedAt: number | null
  readonly durationMs: number | null
  /** What the caller left, or what was said where calls are recorded, once the sound is ready. */
  readonly recording: RecordingResource | null
}

/** Shorter ones are a caller who hung up at the beep. */
const shortestVoicemail = 2
/** A call that Twilio held longer than this without ringing a phone was taken by something we cannot see (a conference, a menu, another program). */
const longestUnansweredSeconds = 60

/**
 * What became of a customer's call. Twilio reports a call that rang out into TwiML (forwarding, voicemail) as
 * `completed` with a length, exactly like one that was talked through; the truth is on the child legs and in the
 * recordings. When in doubt it is missed: calling back once too often costs less than a lost customer.
 *
 * Cannot be told apart: a forwarded phone whose own mailbox answered looks answered.
 */
export function deriveInboundCall(
  parent: CallResource,
  children: readonly CallResource[],
  recordings: readonly RecordingResource[],
): DerivedCall {
  const talking = children.find((child) => child.status === 'in-progress')
  if (talking !== undefined) return ongoing('in_progress', talking)
  // In voicemail, or still ringing: nobody has spoken to them yet.
  if (!callIsOver(parent) || !children.every(callIsOver)) return ongoing('ringing', parent)

  const answered = talked(children)
  if (answered !== undefined) return recorded(over('answered', answered), recordings)

  const left = recordings.filter((recording) => recording.source === 'RecordVerb')
  const voicemail = left.find((one) => one.status === 'completed' && (one.duration ?? 0) >= shortestVoicemail)
  if (voicemail !== undefined) {
    return {
      ...over('voicemail', parent),
      answeredAt: null,
      durationMs: (voicemail.duration ?? 0) * second,
      recording: voicemail,
    }
  }
  if (parent.status === 'completed' && children.length === 0 && (parent.duration ?? 0) > longestUnansweredSeconds) {
    return recorded(over('answered', parent), recordings)
  }
  return { ...over('missed', parent), answeredAt: null, durationMs: null, final: !left.some(isInTheMaking) }
}

/**
 * What became of a call made through the API: `parent` rings the owner's phone, the child leg the lead.
 *
 * @param bridged true for calls of ours, where only the child leg says anything about the lead
 */
export function deriveOutboundCall(
  parent: CallResource,
  children: readonly CallResource[],
  recordings: readonly RecordingResource[],
  bridged: boolean,
): DerivedCall {
  const leads = bridged || children.length > 0 ? children : [parent]
  const talking = leads.find((leg) => leg.status === 'in-progress')
  if (talking !== undefined) return ongoing('in_progress', talking)
  const final = callIsOver(parent) && children.every(callIsOver)
  if (!leads.every(callIsOver) || (leads.length === 0 && !final)) return ongoing('ringing', parent)
  const answered = talked(leads)
  if (answered !== undefined) {
    const call = recorded(over('answered', answered), recordings)
    return { ...call, final: final && call.final }
  }
  const last = leads.at(-1)
  const result = last === undefined ? ownerResult(parent) : legResult(last)
  return { ...over(result, last ?? parent), answeredAt: null, durationMs: null, final }
}

/** The owner's phone was not picked up, so the lead's never rang: that is no attempt to reach the lead. */
function ownerResult(parent: CallResource): CallResult {
  return parent.status === 'failed' ? 'failed' : 'cancelled'
}

function legResult(leg: CallResource): CallResult {
  switch (leg.status) {
    case 'busy':
      return 'busy'
    case 'failed':
      return 'failed'
    case 'canceled':
      return 'cancelled'
    default:
      return 'no_answer'
  }
}

function talked(legs: readonly CallResource[]): CallResource | undefined {
  return legs.find((leg) => leg.status === 'completed' && (leg.duration ?? 0) > 0)
}

/** A call that was talked through, with what was recorded of it: the longest, where somebody stopped and began again. */
function recorded(call: DerivedCall, recordings: readonly RecordingResource[]): DerivedCall {
  const spoken = recordings.filter((one) => one.source !== 'RecordVerb')
  const [longest] = spoken
    .filter((one) => one.status === 'completed')
    .toSorted((a, b) => (b.duration ?? 0) - (a.duration ?? 0))
  return { ...call, recording: longest ?? null, final: call.final && !spoken.some(isInTheMaking) }
}

const isInTheMaking = ({ status }: RecordingResource) => status === 'processing' || status === 'in-progress'

function ongoing(result: CallResult, leg: CallResource): DerivedCall {
  const answeredAt = result === 'in_progress' ? (leg.start_time ?? leg.date_created) : null
  return { result, final: false, answeredAt, endedAt: null, durationMs: null, recording: null }
}

/**
 * `duration` counts from the answer, `start_time` is when it was dialled: the answer is found from the end. Lengths are
 * rounded up and may include what came before, so it is never put before the start.
 */
function over(result: CallResult, leg: CallResource): DerivedCall {
  const durationMs = leg.duration === null ? null : leg.duration * second
  const answeredAt =
    leg.end_time === null || durationMs === null
      ? null
      : Math.max(leg.end_time - durationMs, leg.start_time ?? Number.NEGATIVE_INFINITY)
  return { result, final: true, answeredAt, endedAt: leg.end_time, durationMs, recording: null }
}
