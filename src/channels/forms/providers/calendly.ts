import { minute } from '../../../lib/durations.ts'
import type { Entry, JsonObject } from '../read-body.ts'
import { objectAt, objectsAt, present, textAt, timeOf } from './json.ts'
import { oneLead, type Provider } from './provider.ts'
import { answer } from './question.ts'
import { hmacSha256, notSigned, refuseStale, sameText, wrongSignature } from './signature.ts'

const tolerance = 3 * minute
const booked = 'invitee.created'
const cancelled = 'invitee.canceled'

/**
 * Calendly, API version 2. Moving a meeting sends both events; the new booking says it all, so the cancellation that
 * goes with it is passed over. Source: developer.calendly.com (webhook signatures, webhook payload, rescheduled events)
 */
export const calendly: Provider = {
  id: 'calendly',
  detect: ({ json }) =>
    /^invitee\.(created|canceled)$/.test(textAt(json, 'event')) && objectAt(json, 'payload') !== null,
  verify: (post, _body, secret) => {
    const given = post.headers['calendly-webhook-signature']
    if (!given) throw notSigned()
    const parts = given.split(',').map((part) => part.trim())
    const signedAt = parts.find((part) => part.startsWith('t='))?.slice(2) ?? ''
    const wanted = hmacSha256(secret, `${signedAt}.`, post.bytes).toString('hex')
    if (!parts.some((part) => part.startsWith('v1=') && sameText(part.slice(3), wanted))) throw wrongSignature()
    refuseStale(/^\d+$/.test(signedAt) ? Number(signedAt) * 1000 : Number.NaN, post, tolerance)
  },
  read: ({ json }) => {
    const event = textAt(json, 'event')
    const payload = objectAt(json, 'payload')
    if (!payload || !event) return null
    if (event !== booked && event !== cancelled) {
      return { kind: 'nothing', reason: 'Calendly: neither a booking nor a cancellation' }
    }
    if (event === cancelled && payload.rescheduled === true) {
      return { kind: 'nothing', reason: 'Calendly: the old time of a meeting that was moved' }
    }
    const uri = textAt(payload, 'uri')
    return oneLead({
      key: uri ? `${event}:${uri}` : null,
      answers: answersOf(event, payload),
      submittedAt: timeOf(textAt(json, 'created_at')),
      detail: present({
        ...tracking(payload),
        meeting: textAt(payload, 'scheduled_event', 'uri') || textAt(payload, 'event'),
        reschedule_url: textAt(payload, 'reschedule_url'),
        cancel_url: textAt(payload, 'cancel_url'),
      }),
    })
  },
}

function answersOf(event: string, payload: JsonObject): Entry[] {
  const meeting = objectAt(payload, 'scheduled_event')
  const zone = textAt(payload, 'timezone')
  const when = moment(textAt(meeting, 'start_time'), zone)
  const plain = (label: string, value: string): Entry => ({ path: [label], value })
  const what =
    event === cancelled ? 'Meeting cancelled' : textAt(payload, 'old_invitee') ? 'Meeting moved' : 'Meeting booked'
  return [
    plain(what, textAt(meeting, 'name')),
    plain(event === cancelled ? 'Was to be on' : 'Takes place on', when),
    answer('Name', textAt(payload, 'name'), 'name'),
    answer('First name', textAt(payload, 'first_name'), 'firstName'),
    answer('Last name', textAt(payload, 'last_name'), 'lastName'),
    answer('E-mail', textAt(payload, 'email'), 'email'),
    answer('Phone', textAt(payload, 'text_reminder_number'), 'phone'),
    ...objectsAt(payload, 'questions_and_answers').map((it) => answer(textAt(it, 'question'), textAt(it, 'answer'))),
    plain('Place', textAt(meeting, 'location', 'location') || textAt(meeting, 'location', 'join_url')),
    answer('Reason', textAt(payload, 'cancellation', 'reason'), 'message'),
    plain('Cancelled by', textAt(payload, 'cancellation', 'canceled_by')),
  ].filter((it) => it.value !== '')
}

const tracking = (payload: JsonObject): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.keys(objectAt(payload, 'tracking') ?? {})
      .filter((name) => name.startsWith('utm_'))
      .map((name) => [name, textAt(payload, 'tracking', name)]),
  )

/** The time as the guest sees it; as it came when it or its zone is unknown. */
function moment(iso: string, timeZone: string): string {
  const time = timeOf(iso)
  if (time === null) return iso
  try {
    const format = new Intl.DateTimeFormat('en-GB', {
      dateStyle: 'full',
      timeStyle: 'short',
      timeZone: timeZone || 'UTC',
    })
    return `${format.format(time)} (${timeZone || 'UTC'})`
  } catch {
    return iso
  }
}
