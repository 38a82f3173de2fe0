import { z } from 'zod'

/**
 * The fields of Twilio's resources that Deskbell reads, checked as they arrive. Everything but the SID may be null in
 * the published schema. Dates are RFC 2822 strings in whole seconds, lengths and counts are strings.
 */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')
const rfc2822 = z
  .string()
  .nullish()
  .transform((value) => {
    const ms = Date.parse(value ?? '')
    return Number.isNaN(ms) ? null : ms
  })
/** Twilio writes "no length yet" as null, as an empty string and, for recordings in the making, as -1. */
const seconds = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => {
    const number = value === '' || value === null || value === undefined ? Number.NaN : Number(value)
    return Number.isNaN(number) || number < 0 ? null : number
  })

export const messageResource = z.object({
  sid: z.string().regex(/^(SM|MM)[0-9a-fA-F]{32}$/),
  direction: text,
  from: text,
  to: text,
  body: text,
  status: text,
  num_media: seconds,
  error_code: z
    .number()
    .nullish()
    .transform((value) => value ?? null),
  date_created: rfc2822,
  date_sent: rfc2822,
})

export const callResource = z.object({
  sid: z.string().regex(/^CA[0-9a-fA-F]{32}$/),
  parent_call_sid: z
    .string()
    .nullish()
    .transform((value) => value || null),
  direction: text,
  from: text,
  to: text,
  status: text,
  caller_name: text,
  duration: seconds,
  date_created: rfc2822,
  start_time: rfc2822,
  end_time: rfc2822,
})

export const recordingResource = z.object({
  sid: z.string().regex(/^RE[0-9a-fA-F]{32}$/),
  call_sid: text,
  source: text,
  status: text,
  duration: seconds,
})

export const mediaResource = z.object({
  sid: z.string().regex(/^ME[0-9a-fA-F]{32}$/),
  content_type: text,
})

export const numberResource = z.object({
  phone_number: text,
  friendly_name: text,
  capabilities: z
    .object({ voice: z.boolean().optional(), sms: z.boolean().optional() })
    .nullish()
    .transform((value) => ({ voice: value?.voice ?? false, sms: value?.sms ?? false })),
})

export const accountResource = z.object({ friendly_name: text, status: text, type: text })

export type MessageResource = z.infer<typeof messageResource>
export type CallResource = z.infer<typeof callResource>
export type RecordingResource = z.infer<typeof recordingResource>

/** A resource as read, beside the payload it was read from. */
export type Resource<T> = { readonly read: T; readonly raw: unknown }

const openCall = new Set(['queued', 'ringing', 'in-progress', ''])

export const callIsOver = (call: CallResource): boolean => !openCall.has(call.status)

/** When a resource came to be, by Twilio's clock. */
export const createdAt = (resource: {
  readonly date_created: number | null
  readonly date_sent?: number | null
  readonly start_time?: number | null
}): number => resource.date_created ?? resource.date_sent ?? resource.start_time ?? 0
