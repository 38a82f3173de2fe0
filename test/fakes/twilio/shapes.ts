import type { AccountRecord, CallRecord, MediaRecord, MessageRecord, NumberRecord, RecordingRecord } from './records.ts'
import type { World } from './world.ts'

/** JSON bodies of the published API (`twilio_api_v2010.json`): every property of the schema, never one more. */
export type Json = Readonly<Record<string, unknown>>

const VERSION = '2010-04-01'

/** The path of an account's resource, as Twilio prints it in `uri` and `subresource_uris`. */
export function path(accountSid: string, rest: string): string {
  return `/${VERSION}/Accounts/${accountSid}${rest}`
}

/** `Fri, 24 May 2019 17:44:46 +0000`. Whole seconds, as Twilio answers: two events of one second cannot be told apart. */
export function rfc2822(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toUTCString().replace('GMT', '+0000')
}

function uris(base: string, names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, `${base}/${camel(name)}.json`]))
}

function camel(name: string): string {
  return name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function formatted(number: string): string {
  const nanp = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number)
  return nanp === null ? number : `(${nanp[1]}) ${nanp[2]}-${nanp[3]}`
}

export function accountJson(account: AccountRecord): Json {
  const base = path(account.sid, '')
  return {
    auth_token: account.authToken,
    date_created: rfc2822(account.createdAt),
    date_updated: rfc2822(account.createdAt),
    friendly_name: account.friendlyName,
    owner_account_sid: account.sid,
    sid: account.sid,
    status: account.status,
    subresource_uris: uris(base, ['calls', 'incoming_phone_numbers', 'messages', 'recordings']),
    type: account.type,
    uri: `${base}.json`,
  }
}

const MESSAGE_ERRORS: Readonly<Record<number, string>> = {
  30003: 'Unreachable destination handset',
  30004: 'Message blocked',
  30005: 'Unknown destination handset',
  30006: 'Landline or unreachable carrier',
  30007: 'Message filtered',
  30008: 'Unknown error',
  63016: 'Failed to send freeform message because you are outside the allowed window',
  30034: 'Message from an Unregistered Number',
}

export function messageJson(account: AccountRecord, message: MessageRecord): Json {
  const base = path(account.sid, `/Messages/${message.sid}`)
  const billed = message.status === 'delivered' || message.status === 'received' || message.status === 'sent'
  return {
    body: message.body,
    num_segments: String(Math.max(1, Math.ceil(message.body.length / 160))),
    direction: message.direction,
    from: message.from,
    to: message.to,
    date_updated: rfc2822(message.updatedAt),
    price: billed ? '-0.00750' : null,
    error_message: message.errorCode === null ? null : (MESSAGE_ERRORS[message.errorCode] ?? 'Unknown error'),
    uri: `${base}.json`,
    account_sid: account.sid,
    num_media: String(message.media.length),
    status: message.status,
    messaging_service_sid: null,
    sid: message.sid,
    date_sent: rfc2822(message.sentAt),
    date_created: rfc2822(message.createdAt),
    error_code: message.errorCode,
    price_unit: 'USD',
    api_version: VERSION,
    subresource_uris: uris(base, ['media', 'feedback']),
  }
}

export function mediaJson(account: AccountRecord, message: MessageRecord, media: MediaRecord): Json {
  return {
    account_sid: account.sid,
    content_type: media.contentType,
    date_created: rfc2822(message.createdAt),
    date_updated: rfc2822(message.createdAt),
    parent_sid: message.sid,
    sid: media.sid,
    uri: path(account.sid, `/Messages/${message.sid}/Media/${media.sid}.json`),
  }
}

export function callJson(world: World, call: CallRecord): Json {
  const base = path(world.account.sid, `/Calls/${call.sid}`)
  const number = world.numbers.find((own) => own.phoneNumber === call.from || own.phoneNumber === call.to)
  return {
    sid: call.sid,
    date_created: rfc2822(call.createdAt),
    date_updated: rfc2822(call.updatedAt),
    parent_call_sid: call.parentSid,
    account_sid: world.account.sid,
    to: call.to,
    to_formatted: formatted(call.to),
    from: call.from,
    from_formatted: formatted(call.from),
    phone_number_sid: call.direction === 'outbound-dial' ? null : (number?.sid ?? null),
    status: call.status,
    start_time: rfc2822(call.startedAt),
    end_time: rfc2822(call.endedAt),
    duration: call.durationSeconds === null ? null : String(call.durationSeconds),
    price: call.durationSeconds === null ? null : '-0.02000',
    price_unit: 'USD',
    direction: call.direction,
    answered_by: null,
    api_version: VERSION,
    forwarded_from: null,
    group_sid: null,
    caller_name: null,
    queue_time: '0',
    trunk_sid: null,
    uri: `${base}.json`,
    subresource_uris: uris(base, ['notifications', 'recordings', 'events']),
  }
}

export function recordingJson(account: AccountRecord, recording: RecordingRecord, origin: string): Json {
  const base = path(account.sid, `/Recordings/${recording.sid}`)
  return {
    account_sid: account.sid,
    api_version: VERSION,
    call_sid: recording.callSid,
    conference_sid: null,
    date_created: rfc2822(recording.createdAt),
    date_updated: rfc2822(recording.createdAt),
    start_time: rfc2822(recording.createdAt),
    // Twilio fills the length in when the audio is ready, not before.
    duration: recording.status === 'completed' ? String(recording.durationSeconds) : '-1',
    sid: recording.sid,
    price: recording.status === 'completed' ? '-0.00250' : null,
    price_unit: 'USD',
    status: recording.status,
    channels: 1,
    source: recording.source,
    error_code: null,
    uri: `${base}.json`,
    encryption_details: null,
    subresource_uris: uris(base, ['add_on_results', 'transcriptions']),
    media_url: `${origin}${base}`,
  }
}

export function numberJson(account: AccountRecord, number: NumberRecord): Json {
  return {
    account_sid: account.sid,
    address_sid: null,
    address_requirements: 'none',
    api_version: VERSION,
    beta: false,
    capabilities: { voice: number.voice, sms: number.sms, mms: number.sms, fax: false },
    date_created: rfc2822(number.createdAt),
    date_updated: rfc2822(number.createdAt),
    friendly_name: number.friendlyName,
    identity_sid: null,
    phone_number: number.phoneNumber,
    origin: 'twilio',
    sid: number.sid,
    sms_application_sid: null,
    sms_fallback_method: 'POST',
    sms_fallback_url: null,
    sms_method: 'POST',
    sms_url: null,
    status_callback: null,
    status_callback_method: 'POST',
    trunk_sid: null,
    uri: path(account.sid, `/IncomingPhoneNumbers/${number.sid}.json`),
    voice_receive_mode: 'voice',
    voice_application_sid: null,
    voice_caller_id_lookup: false,
    voice_fallback_method: 'POST',
    voice_fallback_url: null,
    voice_method: 'POST',
    voice_url: null,
    emergency_status: 'Inactive',
    emergency_address_sid: null,
    emergency_address_status: 'unregistered',
    bundle_sid: null,
    status: 'in-use',
    type: 'local',
  }
}
