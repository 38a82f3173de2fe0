import { describe, expect, test } from 'vitest'
import { nameProblem, problemToError } from '../../../src/channels/email/mail-problem.ts'

const server = { way: 'in', host: 'imap.shop.test', port: 993 } as const
const error = (fields: object, message = 'Command failed') => Object.assign(new Error(message), fields)

describe('nameProblem', () => {
  test.each([
    ['auth', error({ authenticationFailed: true, serverResponseCode: 'AUTHENTICATIONFAILED' })],
    ['auth', error({ authenticationFailed: true, responseText: 'Application-specific password required' })],
    ['busy', error({ authenticationFailed: true, serverResponseCode: 'UNAVAILABLE' })],
    ['busy', error({ authenticationFailed: true, serverResponseCode: 'LIMIT' })],
    ['busy', error({ code: 'ETHROTTLE' })],
    ['auth', error({ code: 'EAUTH', responseCode: 535 })],
    ['busy', error({ code: 'EAUTH', responseCode: 454 })],
    ['busy', error({ code: 'EENVELOPE', responseCode: 421 })],
    ['refused', error({ code: 'EMESSAGE', responseCode: 552, response: '552 too large' })],
    ['certificate', error({ code: 'CERT_HAS_EXPIRED' })],
    ['certificate', error({ code: 'ESOCKET', cause: error({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }) })],
    ['tls', error({ code: 'EPROTO' }, 'write EPROTO: wrong version number')],
    ['tls', error({ tlsFailed: true }, 'Server does not support STARTTLS')],
    [
      'handshake',
      error({ code: 'ESOCKET' }, 'Client network socket disconnected before secure TLS connection was established'),
    ],
    ['handshake', error({ code: 'ClosedAfterConnectTLS' })],
    ['unreachable', error({ code: 'ESOCKET' }, 'connect ECONNREFUSED 127.0.0.1:993')],
    ['unreachable', error({ code: 'EDNS' }, 'getaddrinfo ENOTFOUND imap.shop.test')],
    ['lost', error({ code: 'EConnectionClosed' })],
    ['lost', 'not even an error'],
    ['lost', null],
  ] as const)('%s: %o', (kind, cause) => {
    const problem = nameProblem(cause, server)
    expect(problem.kind).toBe(kind)
    expect(problem.message).toMatch(/\.$|too large$/)
    expect(problem.detail).toContain('imap.shop.test:993')
  })

  test('an app password is asked for by name when the server says so', () => {
    const { message } = nameProblem(
      error({ authenticationFailed: true, responseText: 'Application-specific password required' }),
      server,
    )
    expect(message).toContain('app password')
  })

  test('what the user can mend is not retried', () => {
    const body = problemToError(nameProblem(error({ code: 'EAUTH', responseCode: 535 }), server))
    expect(body).toMatchObject({ code: 'AUTH_FAILED', fault: 'user', retryable: false })
  })

  test.each([
    error({ code: 'ETIMEDOUT' }),
    error({ code: 'ClosedAfterConnectTLS' }),
    error({ code: 'EPROTO' }, 'write EPROTO: wrong version number'),
    error({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
  ])('what may be the network in between is: %o', (cause) => {
    expect(problemToError(nameProblem(cause, server))).toMatchObject({ retryable: true })
  })
})
