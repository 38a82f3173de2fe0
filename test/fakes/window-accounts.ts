import type { Account } from '../../src/channels/contract.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** One account of each kind, some with trouble. */
export function accounts(now: number): Account[] {
  const counts = { seen: 412, taken: 97, skipped: 315 }
  const fine = {
    state: 'ok' as const,
    stateMessage: 'Connected',
    stateDetail: null,
    lastErrorAt: null,
    lastError: null,
    nextRetryAt: null,
  }
  return [
    {
      id: 1,
      kind: 'email',
      label: 'hello@brightwater.example',
      ...fine,
      ...counts,
      lastEventAt: now - 4 * minute,
      lastOkAt: now - 20_000,
      mailbox: {
        done: 3200,
        total: 12_000,
        paused: false,
        leftOut: [{ reason: 'From somebody you wrote to before Deskbell was connected', count: 290 }],
      },
      settings: {
        kind: 'email',
        email: {
          address: 'hello@brightwater.example',
          name: 'Brightwater',
          imap: { host: 'imap.brightwater.example', port: 993, security: 'tls', user: 'hello' },
          smtp: { host: 'smtp.brightwater.example', port: 465, security: 'tls', user: 'hello' },
        },
      },
    },
    {
      id: 2,
      kind: 'twilio',
      label: '(415) 555-0100',
      state: 'backing-off',
      stateMessage: 'Twilio does not answer. Deskbell tries again by itself.',
      stateDetail: 'GET /2010-04-01/Accounts/AC…/Messages.json: HTTP 503',
      lastErrorAt: now - 3 * minute,
      lastError: 'Twilio answered that it is overloaded.',
      nextRetryAt: now + 95_000,
      lastEventAt: now - 2 * hour,
      lastOkAt: now - 5 * minute,
      seen: 80,
      taken: 78,
      skipped: 2,
      settings: {
        kind: 'twilio',
        twilio: { accountSid: `AC${'0'.repeat(32)}`, number: '+14155550100', baseUrl: null },
      },
    },
    {
      id: 3,
      kind: 'form',
      label: 'Contact page',
      ...fine,
      lastEventAt: now - 6 * day,
      lastOkAt: now - 9 * minute,
      seen: 31,
      taken: 30,
      skipped: 1,
      settings: {
        kind: 'form',
        form: { name: 'Contact page', source: 'Website', mapping: { your_msg: 'message' } },
        url: 'http://127.0.0.1:4180/f/3kq9v0c2t7x1m8p4',
      },
    },
    {
      id: 4,
      kind: 'email',
      label: 'old@brightwater.example',
      state: 'auth-failed',
      stateMessage: 'The password was refused. Enter the new one under Settings, Channels.',
      stateDetail: 'NO [AUTHENTICATIONFAILED] Authentication failed.',
      lastErrorAt: now - 2 * day,
      lastError: 'The password was refused.',
      nextRetryAt: null,
      lastEventAt: now - 3 * day,
      lastOkAt: now - 2 * day,
      ...counts,
      settings: {
        kind: 'email',
        email: {
          address: 'old@brightwater.example',
          name: 'Old',
          imap: { host: 'imap', port: 993, security: 'tls', user: 'old' },
          smtp: { host: 'smtp', port: 465, security: 'tls', user: 'old' },
        },
      },
    },
    {
      id: 5,
      kind: 'relay',
      label: 'relay.brightwater.example',
      ...fine,
      lastEventAt: now - 9 * minute,
      lastOkAt: now - 10_000,
      seen: 40,
      taken: 38,
      skipped: 2,
      settings: {
        kind: 'relay',
        relay: {
          url: 'https://relay.brightwater.example',
          publicUrl: 'https://relay.brightwater.example',
          workspace: '0123456789abcdef',
          hooks: [{ kind: 'twilio', token: '9f2c5d1e7a4b8c30', twilioId: 2 }],
        },
        urls: ['https://relay.brightwater.example/h/0123456789abcdef/9f2c5d1e7a4b8c30'],
      },
    },
    {
      id: 6,
      kind: 'form',
      label: 'Spring campaign',
      ...fine,
      stateMessage: 'Waiting for posts',
      lastEventAt: null,
      lastOkAt: now - 2 * minute,
      seen: 0,
      taken: 0,
      skipped: 0,
      settings: {
        kind: 'form',
        form: { name: 'Spring campaign', source: 'Spring campaign', mapping: {} },
        url: 'http://127.0.0.1:4180/f/7d1c9e2b5a8f4036',
      },
    },
  ]
}
