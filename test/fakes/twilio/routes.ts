import type { Answer } from './answers.ts'
import { audio, ok, refusal } from './answers.ts'
import { addCall, endCall } from './calls.ts'
import type { ListOf } from './list.ts'
import { page } from './list.ts'
import { answerProducts, fillContent } from './products.ts'
import { TERMINAL_CALL } from './records.ts'
import { accountJson, callJson, mediaJson, messageJson, numberJson, recordingJson } from './shapes.ts'
import { silentMp3, silentWav } from './sound.ts'
import { addMessage, deliverDue, optOutKey } from './texts.ts'
import type { World } from './world.ts'
import { ownNumber, withoutPrefix } from './world.ts'

export type Request = {
  readonly method: string
  readonly url: URL
  readonly form: URLSearchParams
}

const E164 = /^\+[1-9]\d{6,14}$/
const NOT_FOUND = refusal(404, 20404)

/** Answers one authorised request; the state of the account changes as Twilio's would. */
export function answer(world: World, request: Request): Answer {
  deliverDue(world)
  const { account } = world
  const prefix = `/2010-04-01/Accounts/${account.sid}`
  const path = decodeURIComponent(request.url.pathname)
  const product = request.method === 'GET' ? answerProducts(world, request.url) : undefined
  if (product !== undefined) return product
  if (request.method === 'GET' && path === `${prefix}.json`) return ok(accountJson(account))
  if (!path.startsWith(`${prefix}/`)) return NOT_FOUND
  const [resource = '', sid, child, childSid] = path.slice(prefix.length + 1).split('/')
  switch (`${request.method} ${[resource, sid, child, childSid].map(kind).join('/')}`) {
    case 'GET Messages.json///':
      return list(request.url, messages(world))
    case 'POST Messages.json///':
      return createMessage(world, request.form)
    case 'GET Messages/*.json//':
      return one(world.messages, bare(sid), (message) => messageJson(account, message))
    case 'POST Messages/*.json//':
      return updateMessage(world, bare(sid), request.form)
    case 'GET Messages/*/Media.json/':
    case 'GET Messages/*/Media/*.json':
    case 'GET Messages/*/Media/*':
      return media(world, request.url, bare(sid), childSid)
    case 'GET Calls.json///':
      return list(request.url, calls(world))
    case 'POST Calls.json///':
      return createCall(world, request.form)
    case 'GET Calls/*.json//':
      return one(world.calls, bare(sid), (call) => callJson(world, call))
    case 'POST Calls/*.json//':
      return updateCall(world, bare(sid), request.form)
    case 'GET Recordings.json///':
      return list(request.url, recordings(world, request.url.origin))
    case 'GET Recordings/*.json//':
      return one(world.recordings, bare(sid), (recording) => recordingJson(account, recording, request.url.origin))
    case 'GET Recordings/*.mp3//':
    case 'GET Recordings/*.wav//':
      return recordingSound(world, sid ?? '')
    case 'GET IncomingPhoneNumbers.json///':
      return list(request.url, numbers(world))
    default:
      return NOT_FOUND
  }
}

/** `SM0123.json` becomes `*.json`, so that a route can be read as one line. */
function kind(segment: string | undefined): string {
  return (segment ?? '').replace(/^[A-Z]{2}[0-9a-f]{32}/, '*')
}

function bare(segment: string | undefined): string {
  return (segment ?? '').replace(/\.\w+$/, '')
}

function list<T>(url: URL, of: ListOf<T>): Answer {
  const result = page(of, url)
  return typeof result === 'string' ? refusal(400, 20001) : ok(result)
}

function one<T extends { readonly sid: string }>(
  items: readonly T[],
  sid: string,
  render: (item: T) => Readonly<Record<string, unknown>>,
): Answer {
  const found = items.find((item) => item.sid === sid)
  return found === undefined ? NOT_FOUND : ok(render(found))
}

function messages(world: World): ListOf<World['messages'][number]> {
  return {
    key: 'messages',
    items: world.messages,
    sid: (message) => message.sid,
    createdAt: (message) => message.createdAt,
    render: (message) => messageJson(world.account, message),
    equals: [
      ['To', (message) => message.to],
      ['From', (message) => message.from],
    ],
    dates: { DateSent: { at: (message) => message.sentAt, before: 'on' } },
  }
}

function calls(world: World): ListOf<World['calls'][number]> {
  return {
    key: 'calls',
    items: world.calls,
    sid: (call) => call.sid,
    createdAt: (call) => call.createdAt,
    render: (call) => callJson(world, call),
    equals: [
      ['To', (call) => call.to],
      ['From', (call) => call.from],
      ['ParentCallSid', (call) => call.parentSid],
      ['Status', (call) => call.status],
    ],
    dates: {
      StartTime: { at: (call) => call.startedAt, before: 'under' },
      EndTime: { at: (call) => call.endedAt, before: 'under' },
    },
  }
}

function recordings(world: World, origin: string): ListOf<World['recordings'][number]> {
  return {
    key: 'recordings',
    items: world.recordings,
    sid: (recording) => recording.sid,
    createdAt: (recording) => recording.createdAt,
    render: (recording) => recordingJson(world.account, recording, origin),
    equals: [['CallSid', (recording) => recording.callSid]],
    dates: { DateCreated: { at: (recording) => recording.createdAt, before: 'on' } },
  }
}

function numbers(world: World): ListOf<World['numbers'][number]> {
  return {
    key: 'incoming_phone_numbers',
    items: world.numbers,
    sid: (number) => number.sid,
    createdAt: (number) => number.createdAt,
    render: (number) => numberJson(world.account, number),
    equals: [
      ['PhoneNumber', (number) => number.phoneNumber],
      ['FriendlyName', (number) => number.friendlyName],
    ],
    dates: {},
  }
}

function createMessage(world: World, form: URLSearchParams): Answer {
  const to = form.get('To') ?? ''
  const from = form.get('From') ?? ''
  const contentSid = form.get('ContentSid')
  const content = world.contents.find((it) => it.sid === contentSid)
  if (contentSid !== null && content === undefined) return refusal(400, 21655)
  const filled = content ? fillContent(content, form.get('ContentVariables')) : form.get('Body')
  if (filled === null && content) return refusal(400, 21656)
  const written = filled ?? ''
  if (to === '') return refusal(400, 21604)
  if (from === '') return refusal(400, 21603)
  if (written === '') return refusal(400, 21602)
  if (written.length > 1600) return refusal(400, 21617)
  if (!E164.test(withoutPrefix(to))) return refusal(400, 21211)
  const byWhatsApp = from.startsWith('whatsapp:')
  if (byWhatsApp !== to.startsWith('whatsapp:')) return refusal(400, 21910)
  const own = ownNumber(world, withoutPrefix(from))
  if (byWhatsApp && own?.whatsApp !== true) return refusal(400, 63007)
  if (!byWhatsApp && own?.sms !== true) return refusal(400, 21606)
  if (world.account.type === 'Trial' && !world.verified.has(to)) return refusal(400, 21608)
  if (world.optedOut.has(optOutKey(from, to))) return refusal(400, 21610)
  const destiny = world.textDestiny.get(to)
  if (destiny !== undefined && 'refuse' in destiny) return refusal(400, destiny.refuse)
  const body = world.account.type === 'Trial' ? `Sent from your Twilio trial account - ${written}` : written
  const message = addMessage(world, { direction: 'outbound-api', from, to, body, status: 'queued', sentAt: null })
  const taken = ok(messageJson(world.account, message), 201)
  const prepared = content?.approval === 'approved'
  if (byWhatsApp && !prepared && !windowOpen(world, from, to))
    Object.assign(message, { status: 'failed', errorCode: 63016 })
  return taken
}

/** WhatsApp takes free words within a day of the person's last message. Twilio accepts all and says so afterwards. */
function windowOpen(world: World, own: string, other: string): boolean {
  const last = world.messages.findLast((it) => it.direction === 'inbound' && it.from === other && it.to === own)
  return last !== undefined && world.now() - last.createdAt < 86_400_000
}

function updateMessage(world: World, sid: string, form: URLSearchParams): Answer {
  const message = world.messages.find((item) => item.sid === sid)
  if (message === undefined) return NOT_FOUND
  if (form.get('Status') === 'canceled' && message.status === 'queued') message.status = 'canceled'
  else if (form.get('Body') === '') message.body = ''
  else return refusal(400, 20001)
  message.updatedAt = world.now()
  return ok(messageJson(world.account, message))
}

function media(world: World, url: URL, sid: string, mediaSid: string | undefined): Answer {
  const message = world.messages.find((item) => item.sid === sid)
  if (message === undefined) return NOT_FOUND
  if (mediaSid === undefined) {
    return list(url, {
      key: 'media_list',
      items: message.media,
      sid: (item) => item.sid,
      createdAt: () => message.createdAt,
      render: (item) => mediaJson(world.account, message, item),
      equals: [],
      dates: { DateCreated: { at: () => message.createdAt, before: 'on' } },
    })
  }
  const found = message.media.find((item) => item.sid === bare(mediaSid))
  if (found === undefined) return NOT_FOUND
  return mediaSid.endsWith('.json')
    ? ok(mediaJson(world.account, message, found))
    : audio(found.contentType, found.bytes)
}

function createCall(world: World, form: URLSearchParams): Answer {
  const to = form.get('To') ?? ''
  const from = form.get('From') ?? ''
  const twiml = form.get('Twiml')
  if (to === '') return refusal(400, 21201)
  if (from === '') return refusal(400, 21213)
  if (twiml === null && form.get('Url') === null && form.get('ApplicationSid') === null) return refusal(400, 21205)
  if (!E164.test(to)) return refusal(400, 21211)
  if (ownNumber(world, from)?.voice !== true) return refusal(400, 21210)
  if (world.account.type === 'Trial' && !world.verified.has(to)) return refusal(400, 21219)
  const refused = world.callRefusals.get(to)
  if (refused !== undefined) return refusal(400, refused)
  const call = addCall(world, { direction: 'outbound-api', from, to, status: 'queued', parentSid: null, twiml })
  return ok(callJson(world, call), 201)
}

function updateCall(world: World, sid: string, form: URLSearchParams): Answer {
  const call = world.calls.find((item) => item.sid === sid)
  if (call === undefined) return NOT_FOUND
  const status = form.get('Status')
  if (status !== 'completed' && status !== 'canceled') return refusal(400, 20001)
  if (TERMINAL_CALL.has(call.status)) return refusal(400, 21220)
  // `canceled` only reaches calls that nobody has answered; `completed` hangs up a running one as well.
  if (status === 'canceled' && call.status === 'in-progress') return refusal(400, 21220)
  for (const leg of [...world.calls.filter((item) => item.parentSid === sid), call]) {
    if (!TERMINAL_CALL.has(leg.status)) endCall(world, leg, leg.status === 'in-progress' ? 'completed' : 'canceled')
  }
  return ok(callJson(world, call))
}

function recordingSound(world: World, file: string): Answer {
  const recording = world.recordings.find((item) => item.sid === bare(file))
  if (recording === undefined || recording.status !== 'completed') return NOT_FOUND
  return file.endsWith('.mp3')
    ? audio('audio/mpeg', silentMp3(recording.durationSeconds))
    : audio('audio/x-wav', silentWav(recording.durationSeconds))
}
