import { describe, expect, test } from 'vitest'
import { deriveInboundCall, deriveOutboundCall } from '../../../src/channels/twilio/derive-call.ts'
import { type CallResource, callResource, recordingResource } from '../../../src/channels/twilio/resources.ts'

const sid = (n: number) => `CA${String(n).padStart(32, '0')}`
const at = 'Fri, 20 Nov 2026 12:00:00 +0000'
const end = 'Fri, 20 Nov 2026 12:01:00 +0000'
const ended = Date.UTC(2026, 10, 20, 12, 1)

function leg(status: string, duration: string | null = null, more: object = {}): CallResource {
  return callResource.parse({ sid: sid(1), status, duration, start_time: at, end_time: end, date_created: at, ...more })
}
const recording = (duration: string, status = 'completed', source = 'RecordVerb') =>
  recordingResource.parse({ sid: `RE${'0'.repeat(32)}`, call_sid: sid(1), status, source, duration })

describe('a customer’s call', () => {
  test.each([
    ['rang out, no voicemail', leg('completed', '25'), [leg('no-answer')], [], 'missed', true],
    [
      'two phones, the second took it',
      leg('completed', '90'),
      [leg('no-answer'), leg('completed', '70')],
      [],
      'answered',
      true,
    ],
    ['two phones, one still rings', leg('in-progress'), [leg('busy'), leg('ringing')], [], 'ringing', false],
    ['leg picked up and dropped at once', leg('completed', '25'), [leg('completed', '0')], [], 'missed', true],
    [
      'in voicemail right now',
      leg('in-progress'),
      [leg('no-answer')],
      [recording('-1', 'in-progress')],
      'ringing',
      false,
    ],
    ['talking', leg('in-progress'), [leg('in-progress')], [], 'in_progress', false],
    ['voicemail', leg('completed', '40'), [leg('no-answer')], [recording('12')], 'voicemail', true],
    [
      'voicemail in the making',
      leg('completed', '40'),
      [leg('no-answer')],
      [recording('-1', 'processing')],
      'missed',
      false,
    ],
    ['hung up at the beep', leg('completed', '40'), [leg('no-answer')], [recording('1')], 'missed', true],
    [
      'talk recorded, no voicemail',
      leg('completed', '40'),
      [leg('no-answer')],
      [recording('30', 'completed', 'DialVerb')],
      'missed',
      true,
    ],
    [
      'voicemail of an answered call',
      leg('completed', '40'),
      [leg('completed', '30')],
      [recording('9')],
      'answered',
      true,
    ],
    ['rejected', leg('busy'), [], [], 'missed', true],
    ['gave up while ringing', leg('no-answer'), [leg('canceled')], [], 'missed', true],
    ['short, rang no phone', leg('completed', '8'), [], [], 'missed', true],
    ['long, taken by what we cannot see', leg('completed', '300'), [], [], 'answered', true],
    ['queued', leg('queued'), [], [], 'ringing', false],
    ['over, but a leg is not listed as over yet', leg('completed', '30'), [leg('ringing')], [], 'ringing', false],
  ] as const)('%s', (_, parent, children, recordings, result, final) => {
    expect(deriveInboundCall(parent, children, recordings)).toMatchObject({ result, final })
  })

  test('the length counts from the answer, which is found from the end', () => {
    expect(deriveInboundCall(leg('completed', '60'), [leg('completed', '45')], [])).toMatchObject({
      answeredAt: ended - 45_000,
      endedAt: ended,
      durationMs: 45_000,
    })
  })

  test('a length that is longer than the call puts the answer at its start, never before', () => {
    expect(deriveInboundCall(leg('completed', '60'), [leg('completed', '75')], [])).toMatchObject({
      answeredAt: ended - 60_000,
      durationMs: 75_000,
    })
  })
})

describe('a call of ours', () => {
  test.each([
    ['owner’s phone rings', leg('ringing'), [], 'ringing', false],
    ['owner is on, lead rings', leg('in-progress'), [leg('ringing')], 'ringing', false],
    ['both are on', leg('in-progress'), [leg('in-progress')], 'in_progress', false],
    ['lead was busy, owner not yet off', leg('in-progress'), [leg('busy')], 'busy', false],
    ['talked', leg('completed', '60'), [leg('completed', '45')], 'answered', true],
    ['lead did not pick up', leg('completed', '40'), [leg('no-answer')], 'no_answer', true],
    ['owner hung up while it rang', leg('completed', '9'), [leg('canceled')], 'cancelled', true],
    ['lead’s number does not work', leg('completed', '9'), [leg('failed')], 'failed', true],
    ['owner did not pick up', leg('no-answer'), [], 'cancelled', true],
    ['owner’s number does not work', leg('failed'), [], 'failed', true],
  ] as const)('%s', (_, parent, children, result, final) => {
    expect(deriveOutboundCall(parent, children, [], true)).toMatchObject({ result, final })
  })

  test('a call of another program, without a bridge, is its own lead leg', () => {
    expect(deriveOutboundCall(leg('completed', '60'), [], [], false)).toMatchObject({
      result: 'answered',
      durationMs: 60_000,
    })
    expect(deriveOutboundCall(leg('no-answer'), [], [], false)).toMatchObject({ result: 'no_answer', durationMs: null })
  })
})

test('every status Twilio documents is understood as over or not over', () => {
  const over = ['completed', 'busy', 'failed', 'no-answer', 'canceled']
  for (const status of ['queued', 'ringing', 'in-progress', ...over]) {
    expect(deriveInboundCall(leg(status), [], []).final).toBe(over.includes(status))
  }
})
