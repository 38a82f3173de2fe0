import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { isFromTwilio, twilioSignature } from '../../../src/channels/relay/twilio-signature.ts'
import { readUnsubscribeToken, unsubscribeToken } from '../../../src/channels/relay/unsubscribe-token.ts'
import { makeKeyPair } from '../../../src/relay/sealed-box.ts'

// Twilio's own library, to compare with what it computes.
const twilio = createRequire(import.meta.url)('twilio/lib/webhooks/webhooks') as {
  readonly getExpectedTwilioSignature: (token: string, url: string, params: Record<string, unknown>) => string
}

const authToken = '12345'
const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'
const parameters = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675310',
  Digits: '1234',
  From: '+14158675310',
  To: '+18005551212',
}

const signed = (body: string, signature: string, more: Record<string, string> = {}) => ({
  url,
  headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature, ...more },
  body: Buffer.from(body),
})

describe('Twilio’s signature', () => {
  it('is the published one', () => {
    expect(twilioSignature(authToken, url, new URLSearchParams(parameters))).toBe('GvWf1cFY/Q7PnoempGyD5oXAezc=')
  })

  it('is what Twilio’s library computes, also for repeated, empty and foreign values', () => {
    for (const it of [parameters, { Body: 'Grüße & +1 = 💬', Empty: '' }, { B: ['2', '1', '2'], a: 'x', A: 'y' }, {}]) {
      const pairs = Object.entries(it).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))
      expect(twilioSignature(authToken, url, new URLSearchParams(pairs as string[][]))).toBe(
        twilio.getExpectedTwilioSignature(authToken, url, it),
      )
    }
  })

  it('holds for the request as it came, and for nothing else', () => {
    const body = new URLSearchParams(parameters).toString()
    const good = 'GvWf1cFY/Q7PnoempGyD5oXAezc='
    expect(isFromTwilio(authToken, signed(body, good))).toBe(true)
    expect(isFromTwilio('12346', signed(body, good))).toBe(false)
    expect(isFromTwilio(authToken, signed(`${body}&Extra=1`, good))).toBe(false)
    expect(isFromTwilio(authToken, { ...signed(body, good), url: `${url}3` })).toBe(false)
    expect(isFromTwilio(authToken, signed(body, ''))).toBe(false)
    expect(isFromTwilio(authToken, { ...signed(body, good), headers: {} })).toBe(false)
  })

  it('may have been made with the usual port in the address', () => {
    const body = new URLSearchParams(parameters).toString()
    const withPort = url.replace('mycompany.com', 'mycompany.com:443')
    expect(isFromTwilio(authToken, signed(body, twilioSignature(authToken, withPort, new URLSearchParams(body))))).toBe(
      true,
    )
  })

  it('of JSON covers the body by its hash', () => {
    const body = '{"a":1}'
    const address = `https://relay.example/h/1/2?bodySHA256=${createHash('sha256').update(body).digest('hex')}`
    const signature = twilioSignature(authToken, address, new URLSearchParams())
    const request = { ...signed(body, signature, { 'content-type': 'application/json' }), url: address }
    expect(isFromTwilio(authToken, request)).toBe(true)
    expect(isFromTwilio(authToken, { ...request, body: Buffer.from('{"a":2}') })).toBe(false)
  })
})

describe('an unsubscribe token', () => {
  const { privateKey } = makeKeyPair()
  const nonce = Buffer.alloc(12, 7)

  it('holds the address for this computer only', () => {
    const token = unsubscribeToken(privateKey, 'ana@example.com', nonce)
    expect(token).toMatch(/^[\w-]+$/)
    expect(Buffer.from(token, 'base64url').includes('ana')).toBe(false)
    expect(readUnsubscribeToken(privateKey, token)).toBe('ana@example.com')
    expect(readUnsubscribeToken(makeKeyPair().privateKey, token)).toBeNull()
  })

  it('that was changed or made up is refused', () => {
    const token = unsubscribeToken(privateKey, 'ana@example.com', nonce)
    for (const bad of ['', 'x', token.slice(0, -2), `A${token.slice(1)}`, 'A'.repeat(80)]) {
      expect(readUnsubscribeToken(privateKey, bad)).toBeNull()
    }
  })
})
