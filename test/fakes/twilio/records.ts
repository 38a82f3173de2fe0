/** What the double remembers. Times are ms UTC here; `shapes.ts` turns them into the strings of the published API. */

export type MessageStatus =
  | 'queued'
  | 'sending'
  | 'sent'
  | 'failed'
  | 'delivered'
  | 'undelivered'
  | 'receiving'
  | 'received'
  | 'read'
  | 'canceled'

export type MessageRecord = {
  readonly sid: string
  readonly direction: 'inbound' | 'outbound-api' | 'outbound-call' | 'outbound-reply'
  readonly from: string
  readonly to: string
  body: string
  readonly media: readonly MediaRecord[]
  status: MessageStatus
  errorCode: number | null
  readonly createdAt: number
  updatedAt: number
  sentAt: number | null
}

export type MediaRecord = {
  readonly sid: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

export type CallStatus =
  | 'queued'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'failed'
  | 'no-answer'
  | 'canceled'

export type CallRecord = {
  readonly sid: string
  readonly parentSid: string | null
  readonly direction: 'inbound' | 'outbound-api' | 'outbound-dial'
  readonly from: string
  readonly to: string
  status: CallStatus
  readonly createdAt: number
  updatedAt: number
  startedAt: number | null
  endedAt: number | null
  durationSeconds: number | null
  /** The document that runs when the callee answers; only calls made through the API with inline TwiML have one. */
  readonly twiml: string | null
}

export type RecordingRecord = {
  readonly sid: string
  readonly callSid: string
  readonly source: 'RecordVerb' | 'DialVerb' | 'OutboundAPI'
  status: 'processing' | 'completed' | 'absent'
  readonly createdAt: number
  readonly durationSeconds: number
}

export type NumberRecord = {
  readonly sid: string
  readonly phoneNumber: string
  readonly friendlyName: string
  readonly sms: boolean
  readonly voice: boolean
  readonly whatsApp: boolean
  readonly createdAt: number
}

export type AccountRecord = {
  readonly sid: string
  readonly authToken: string
  readonly friendlyName: string
  readonly type: 'Trial' | 'Full'
  readonly status: 'active' | 'suspended' | 'closed'
  readonly createdAt: number
}

export const TERMINAL_CALL: ReadonlySet<CallStatus> = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled'])
