import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headersOfInterest, packEnvelope, unpackEnvelope } from '../../../src/relay/envelope.ts'

const envelope = {
  hook: '0'.repeat(32),
  method: 'POST',
  url: 'https://relay.example/h/0/0?a=1',
  headers: { 'content-type': 'application/json' },
  receivedAt: 1_772_550_000_000,
  sender: '203.0.113.9',
  body: Buffer.from('{"name":"Ana"}'),
}

describe('an envelope', () => {
  it('comes out as it went in, with any body', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.string(), (bytes, url) => {
        const packed = packEnvelope({ ...envelope, url, body: bytes })
        expect(unpackEnvelope(packed)).toEqual({ ...envelope, url, body: Buffer.from(bytes) })
      }),
    )
  })

  it('that is none is null and never throws', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from([0, 0, 0]), Buffer.from([255, 255, 255, 255, 1])]) {
      expect(unpackEnvelope(bytes)).toBeNull()
    }
    expect(unpackEnvelope(Buffer.from([0, 0, 0, 2, 123, 125]))).toBeNull()
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void unpackEnvelope(bytes)))
  })
})

it('headers: what signs and describes is kept, cookies and the way here are not', () => {
  const kept = headersOfInterest({
    'content-type': 'application/json',
    'x-hub-signature-256': 'sha256=1',
    'typeform-signature': 'sha256=2',
    'x-webflow-timestamp': '3',
    'webhook-id': '4',
    'x-twilio-signature': '5',
    'svix-id': '6',
    authorization: 'Bearer 7',
    cookie: 'session=1',
    'x-forwarded-for': '203.0.113.9',
    host: 'relay.example',
  })
  expect(Object.values(kept)).toEqual(['application/json', 'sha256=1', 'sha256=2', '3', '4', '5', '6', 'Bearer 7'])
})
