import type { CallRecord, CallStatus, RecordingRecord } from './records.ts'
import { TERMINAL_CALL } from './records.ts'
import { dialled, parseTwiml } from './twiml.ts'
import type { World } from './world.ts'
import { firstNumber } from './world.ts'

type Customer = { readonly from: string; readonly to?: string; readonly at?: number }

/** What a test does with calls: customers ringing, the owner and the lead picking up or not. Returns SIDs. */
export type Calls = {
  /** A customer's call starts ringing. */
  readonly rings: (call: Customer) => string
  /** The number's TwiML rings a phone: the call is answered by Twilio, a child leg starts ringing. */
  readonly forwards: (sid: string, to: string) => string
  /** Somebody picks up this leg. A call made with inline TwiML then rings its lead. @returns the child legs made */
  readonly answers: (sid: string) => readonly string[]
  /** This leg ends. `seconds` is how long was talked (`completed` only). */
  readonly ends: (
    sid: string,
    status: Exclude<CallStatus, 'queued' | 'ringing' | 'in-progress'>,
    seconds?: number,
  ) => void
  /** Both ends hang up: every leg still open ends, ringing ones are cancelled. */
  readonly hangsUp: (sid: string, seconds?: number) => void
  /** A call nobody took, in each of the ways Twilio reports that. */
  readonly missed: (
    call: Customer & { readonly how?: 'rang-out' | 'rejected' | 'caller-hung-up' | 'no-forwarding' },
  ) => string
  /** Rang out, then the caller spoke. @returns call and recording SIDs */
  readonly voicemail: (call: Customer & { readonly seconds?: number; readonly ready?: boolean }) => {
    readonly call: string
    readonly recording: string
  }
  readonly answered: (call: Customer & { readonly seconds?: number; readonly phone?: string }) => string
  /** The talk was recorded. @returns the recording's SID */
  readonly recorded: (sid: string, seconds: number, ready?: boolean) => string
  readonly recordingReady: (sid: string) => void
  /** Calls to this number are refused by the API with this code. */
  readonly refuse: (to: string, code: number) => void
  readonly get: (sid: string) => CallRecord
  readonly all: () => readonly CallRecord[]
  readonly children: (sid: string) => readonly CallRecord[]
}

/** The phone a number's TwiML rings in scenarios that do not name one. */
const OWNER_PHONE = '+14155550199'
const RING_SECONDS = 20

/** Writes a call leg into the account. */
export function addCall(
  world: World,
  fields: Pick<CallRecord, 'direction' | 'from' | 'to' | 'status' | 'parentSid' | 'twiml'> & { readonly at?: number },
): CallRecord {
  const at = fields.at ?? world.now()
  const call: CallRecord = {
    sid: world.newSid('CA'),
    parentSid: fields.parentSid,
    direction: fields.direction,
    from: fields.from,
    to: fields.to,
    status: fields.status,
    createdAt: at,
    updatedAt: at,
    startedAt: fields.direction === 'inbound' ? at : null,
    endedAt: null,
    durationSeconds: null,
    twiml: fields.twiml,
  }
  world.calls.push(call)
  return call
}

/** Ends a leg, with the fields Twilio fills: a length only for `completed`, an end time for every leg that was dialled. */
export function endCall(world: World, call: CallRecord, status: CallStatus, seconds?: number): void {
  const now = world.now()
  call.status = status
  call.updatedAt = now
  call.startedAt ??= status === 'canceled' ? null : call.createdAt
  call.endedAt = now
  if (status === 'completed') {
    call.durationSeconds = seconds ?? Math.max(0, Math.round((now - (call.startedAt ?? now)) / 1000))
  }
}

export function createCalls(world: World): Calls {
  const get = (sid: string): CallRecord => {
    const call = world.calls.find((one) => one.sid === sid)
    if (call === undefined) throw new Error(`no call ${sid}`)
    return call
  }
  const children = (sid: string): readonly CallRecord[] => world.calls.filter((call) => call.parentSid === sid)
  const rings = (customer: Customer): string =>
    addCall(world, {
      direction: 'inbound',
      from: customer.from,
      to: customer.to ?? firstNumber(world),
      status: 'ringing',
      parentSid: null,
      twiml: null,
      ...(customer.at === undefined ? {} : { at: customer.at }),
    }).sid
  const start = (call: CallRecord): void => {
    call.status = 'in-progress'
    call.startedAt ??= world.now()
    call.updatedAt = world.now()
  }
  const forwards = (sid: string, to: string): string => {
    const parent = get(sid)
    start(parent)
    return addCall(world, {
      direction: 'outbound-dial',
      from: parent.from,
      to,
      status: 'ringing',
      parentSid: sid,
      twiml: null,
      at: parent.createdAt,
    }).sid
  }
  const ends: Calls['ends'] = (sid, status, seconds) => endCall(world, get(sid), status, seconds)
  const answers = (sid: string): readonly string[] => {
    const call = get(sid)
    start(call)
    if (call.twiml === null) return []
    try {
      const { numbers, callerId } = dialled(parseTwiml(call.twiml))
      return numbers.map(
        (to) =>
          addCall(world, {
            direction: 'outbound-dial',
            from: callerId ?? call.from,
            to,
            status: 'ringing',
            parentSid: sid,
            twiml: null,
          }).sid,
      )
    } catch (error) {
      // What Twilio does on error 12100: an apology is read out and the call ends; the lead is never rung.
      world.twimlErrors.push(String(error))
      endCall(world, call, 'completed', 3)
      return []
    }
  }
  const rangOut = (customer: Customer): string => {
    const at = customer.at ?? world.now() - RING_SECONDS * 1000
    const sid = rings({ ...customer, at })
    ends(forwards(sid, OWNER_PHONE), 'no-answer')
    return sid
  }
  return {
    rings,
    forwards,
    answers,
    ends,
    get,
    children,
    hangsUp: (sid, seconds) => {
      for (const call of [...children(sid), get(sid)]) {
        if (TERMINAL_CALL.has(call.status)) continue
        endCall(world, call, call.status === 'in-progress' ? 'completed' : 'canceled', seconds)
      }
    },
    missed: ({ how = 'rang-out', ...customer }) => {
      const at = customer.at ?? world.now() - RING_SECONDS * 1000
      if (how === 'rang-out') {
        const sid = rangOut(customer)
        ends(sid, 'completed', RING_SECONDS)
        return sid
      }
      const sid = rings({ ...customer, at })
      if (how === 'caller-hung-up') {
        ends(forwards(sid, OWNER_PHONE), 'canceled')
        ends(sid, 'no-answer')
      } else if (how === 'rejected') ends(sid, 'busy')
      else ends(sid, 'completed', 2)
      return sid
    },
    voicemail: ({ seconds = 12, ready = true, ...customer }) => {
      const sid = rangOut(customer)
      ends(sid, 'completed', RING_SECONDS + seconds)
      const recording: RecordingRecord = {
        sid: world.newSid('RE'),
        callSid: sid,
        source: 'RecordVerb',
        status: ready ? 'completed' : 'processing',
        createdAt: customer.at ?? world.now(),
        durationSeconds: seconds,
      }
      world.recordings.push(recording)
      return { call: sid, recording: recording.sid }
    },
    answered: ({ seconds = 60, phone = OWNER_PHONE, ...customer }) => {
      const sid = rings({ ...customer, at: customer.at ?? world.now() - (seconds + 5) * 1000 })
      ends(forwards(sid, phone), 'completed', seconds)
      ends(sid, 'completed', seconds + 5)
      return sid
    },
    recorded: (callSid, seconds, ready = true) => {
      const status = ready ? ('completed' as const) : ('processing' as const)
      const sid = world.newSid('RE')
      const createdAt = get(callSid).createdAt
      world.recordings.push({ sid, callSid, source: 'DialVerb', status, createdAt, durationSeconds: seconds })
      return sid
    },
    recordingReady: (sid) => {
      const recording = world.recordings.find((one) => one.sid === sid)
      if (recording === undefined) throw new Error(`no recording ${sid}`)
      recording.status = 'completed'
    },
    refuse: (to, code) => {
      world.callRefusals.set(to, code)
    },
    all: () => world.calls,
  }
}
