import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bridgeTwiml } from '../../../src/channels/twilio/bridge-twiml.ts'
import { certainlyNotDone, type Failure } from '../../../src/channels/twilio/failure.ts'
import { asTyped, isReachable, withoutPrefix } from '../../../src/channels/twilio/phone.ts'
import { isFinal } from '../../../src/channels/twilio/poll-messages.ts'
import { deliveryProblem, problemOf } from '../../../src/channels/twilio/problems.ts'
import { callResource, messageResource, recordingResource } from '../../../src/channels/twilio/resources.ts'
import { isDone, leadOf, revisionOf } from '../../../src/channels/twilio/revision.ts'
import { day } from '../../../src/lib/durations.ts'
import { dialled, parseTwiml } from '../../fakes/twilio/twiml.ts'

describe('TwiML of a bridged call', () => {
  test('is what Twilio expects', () => {
    expect(bridgeTwiml('+14155550100', '+14155550101')).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response><Dial callerId="+14155550100" timeout="30"><Number>+14155550101</Number></Dial></Response>',
    )
  })

  test('whatever the number holds, it stays one well-formed document that dials exactly it', () => {
    // Control characters cannot stand in XML at all; numbers are checked before (send.ts).
    const anything = fc.string({ unit: fc.constantFrom(...'+0123456789<>&"\'/ aé—]]>'), minLength: 1 })
    fc.assert(
      fc.property(anything, anything, (callerId, lead) => {
        expect(dialled(parseTwiml(bridgeTwiml(callerId, lead)))).toEqual({
          numbers: [lead.trim()],
          callerId,
        })
      }),
    )
  })
})

describe('failures', () => {
  const refused = (status: number, code: number | null = null): Failure => ({
    kind: 'refused',
    status,
    code,
    detail: '',
    retryAfterMs: null,
  })

  test.each([
    [refused(400, 21211), true],
    [refused(401, 20003), true],
    [refused(429, 20429), true],
    [refused(500), false],
    [refused(503), false],
    [{ kind: 'no-connection', detail: '' }, true],
    [{ kind: 'not-secure', detail: '' }, true],
    [{ kind: 'cut-off', detail: '' }, false],
    [{ kind: 'timed-out' }, false],
    [{ kind: 'strange-answer', status: 403, detail: '' }, false],
  ] as const)('%o: certainly not done is %s', (failure, certain) => {
    expect(certainlyNotDone(failure)).toBe(certain)
  })

  test('every sentence is one a shop owner can act on: ends in a full stop, names no code', () => {
    for (const code of [
      20003, 20429, 21211, 21408, 21606, 21608, 21610, 21612, 21614, 30003, 30004, 30005, 30006, 30007, 30008, 30034,
    ]) {
      const { message } = problemOf(refused(400, code)).error
      expect(message).toMatch(/\.$/)
      expect(message).not.toMatch(/\d{5}|HTTP|API|SID:/)
      expect(message.split(/(?<=[.;:]) /).length).toBeGreaterThan(1)
    }
  })

  test.each([
    [30003, true],
    [30008, true],
    [20429, true],
    [21211, false],
    [21408, false],
    [21606, false],
    [21608, false],
    [21610, false],
    [21612, false],
    [21614, false],
    [30004, false],
    [30006, false],
    [30007, false],
    [30034, false],
    [20003, false],
  ])('code %i is worth trying again by itself: %s', (code, retryable) => {
    const { error, retryAfterMs } = problemOf(refused(code === 20429 ? 429 : 400, code))
    expect(error.retryable).toBe(retryable)
    expect(retryAfterMs !== null).toBe(retryable)
  })

  test('an undelivered text without a known code still says what to do', () => {
    expect(deliveryProblem(null)).toBe('The text was not delivered. Try again later or call.')
    expect(deliveryProblem(30999)).toBe('The text was not delivered (Twilio error 30999). Try again later or call.')
  })
})

describe('resources', () => {
  const sid = 'a'.repeat(32)

  test('everything but the SID may be null', () => {
    expect(
      messageResource.parse({ sid: `SM${sid}`, body: null, from: null, num_media: null, date_sent: null }),
    ).toMatchObject({
      body: '',
      num_media: null,
      date_sent: null,
      date_created: null,
    })
    expect(callResource.parse({ sid: `CA${sid}`, duration: '', parent_call_sid: '' })).toMatchObject({
      duration: null,
      parent_call_sid: null,
    })
    expect(recordingResource.parse({ sid: `RE${sid}`, duration: '-1' }).duration).toBeNull()
  })

  test('RFC 2822 dates', () => {
    const { date_created } = messageResource.parse({ sid: `SM${sid}`, date_created: 'Fri, 24 May 2019 17:44:46 +0000' })
    expect(date_created).toBe(Date.UTC(2019, 4, 24, 17, 44, 46))
  })

  test('“sent” is the last word after a day', () => {
    const message = messageResource.parse({
      sid: `SM${sid}`,
      status: 'sent',
      date_created: 'Fri, 24 May 2019 17:44:46 +0000',
    })
    const at = message.date_created ?? 0
    expect([isFinal(message, at + day), isFinal(message, at + day + 1)]).toEqual([false, true])
  })
})

test('the revision of a call of ours keeps whom it is for', () => {
  const revision = revisionOf(false, 'ringing', '+14155550101')
  expect([leadOf(revision), isDone(revision)]).toEqual(['+14155550101', false])
  expect([leadOf(revisionOf(true, 'missed')), isDone('done:missed'), leadOf(undefined)]).toEqual([null, true, null])
})

test('numbers', () => {
  expect(withoutPrefix('whatsapp:+14155550101')).toBe('+14155550101')
  expect(asTyped(' +1 (415) 555-0100 ')).toBe('+14155550100')
  expect(
    ['+14155550101', 'whatsapp:+4930123456', '+266696687', 'client:dana', 'anonymous', ''].map(isReachable),
  ).toEqual([true, true, false, false, false, false])
})
