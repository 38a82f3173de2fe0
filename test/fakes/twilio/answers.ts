import type { Json } from './shapes.ts'

/** What the double puts on the wire. */
export type Answer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: Json
  /** A body that is not JSON: audio, pictures, or the error page of something between us and Twilio. */
  readonly bytes?: Uint8Array
}

const MESSAGES: Readonly<Record<number, string>> = {
  20001: 'Invalid parameter',
  20003: 'Authenticate',
  20404: 'The requested resource was not found',
  20429: 'Too Many Requests',
  20500: 'An internal server error has occurred',
  21201: "No 'To' number is specified",
  21205: 'Url is not a valid URL',
  21210: "'From' phone number not verified",
  21211: "Invalid 'To' Phone Number",
  21213: "'From' phone number is required",
  21215: 'Account not authorized to call this number',
  21219: "'To' phone number not verified",
  21220: 'Call is not in-progress. Cannot redirect.',
  21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
  21602: 'Message body is required',
  21603: "A 'From' phone number is required",
  21604: "A 'To' phone number is required",
  21606: "The 'From' phone number is not a valid, message-capable Twilio phone number for this destination",
  21608: 'The number is unverified. Trial accounts cannot send messages to unverified numbers',
  21610: 'Attempt to send to unsubscribed recipient',
  21612: "The 'To' phone number is not currently reachable",
  21614: "'To' number is not a valid mobile number",
  21655: 'The ContentSid is Invalid',
  21656: 'The ContentVariables Parameter is invalid',
  21910: "Invalid 'From' and 'To' pair",
  63007: 'Could not find a Channel with the specified From address',
  21617: 'The concatenated message body exceeds the 1600 character limit',
}

/** The error body every v2010 resource answers with: `{code, message, more_info, status}`. */
export function refusal(status: number, code: number, headers?: Readonly<Record<string, string>>): Answer {
  return {
    status,
    ...(headers === undefined ? {} : { headers }),
    json: {
      code,
      message: MESSAGES[code] ?? 'Error',
      more_info: `https://www.twilio.com/docs/errors/${code}`,
      status,
    },
  }
}

export function ok(json: Json, status = 200): Answer {
  return { status, json }
}

export function audio(contentType: string, bytes: Uint8Array): Answer {
  return { status: 200, headers: { 'content-type': contentType }, bytes }
}
