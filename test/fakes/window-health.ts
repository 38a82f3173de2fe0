import type { ChannelHealth } from '../../src/channels/contract.ts'
import { day, hour, minute, second } from '../../src/lib/durations.ts'
import type { World } from './window-data.ts'

const nothing: Omit<ChannelHealth, 'accountId'> = {
  known: 0,
  rhythm: null,
  quiet: null,
  latency: null,
  leftOut: [],
  tryOuts: [],
  canTest: true,
  test: null,
}

/** A lively mailbox, Twilio with a failed test, a form that has gone quiet, a mailbox that is locked out, a new form. */
const healthOf = (now: number): ReadonlyMap<number, Partial<ChannelHealth>> =>
  new Map([
    [
      1,
      {
        known: 640,
        rhythm: { usualMs: 38 * minute, limitMs: 7 * hour, quietAt: now + 5 * hour },
        latency: { p50Ms: 1900, p95Ms: 6400, count: 97 },
        leftOut: [
          { reason: 'From somebody you wrote to before Deskbell was connected', count: 290, lastAt: now - hour },
          { reason: 'A mail from you to yourself', count: 24, lastAt: now - day },
          { reason: 'Tests that you started yourself', count: 1, lastAt: now - 2 * day },
        ],
        test: {
          startedAt: now - 2 * day,
          endedAt: now - 2 * day + 4 * second,
          outcome: 'ok',
          steps: [
            {
              name: 'Send a mail to yourself',
              state: 'ok',
              message: 'The mail server took it.',
              tookMs: 840,
              detail: null,
            },
            {
              name: 'Find it in your mailbox',
              state: 'ok',
              message: 'It came, and Deskbell put it aside. It is in no list.',
              tookMs: 3100,
              detail: null,
            },
          ],
        },
      },
    ],
    [
      2,
      {
        known: 78,
        rhythm: { usualMs: 5 * hour, limitMs: 30 * hour, quietAt: now + 20 * hour },
        latency: { p50Ms: 7200, p95Ms: 16_000, count: 21 },
        leftOut: [{ reason: 'Between your own numbers and addresses', count: 2, lastAt: now - day }],
        test: {
          startedAt: now - hour,
          endedAt: now - hour + 2 * minute,
          outcome: 'failed',
          steps: [
            {
              name: 'Text Dana Whitfield at +14155550142',
              state: 'ok',
              message: 'Twilio took it.',
              tookMs: 410,
              detail: null,
            },
            {
              name: 'Read it back from Twilio’s log',
              state: 'failed',
              message: 'The phone company blocked the text: the number is not registered for texting (A2P 10DLC).',
              tookMs: 42_000,
              detail: 'SM2f8d5c6a7b1e4f9d8c3b2a1f0e9d8c7b',
            },
            {
              name: 'Calls',
              state: 'note',
              message:
                'Only you can test calls: ring +14155550100 from a phone that is not in Settings, Team, let it ring, and hang up. The missed call is in your inbox within 15 seconds.',
              tookMs: null,
              detail: null,
            },
          ],
        },
      },
    ],
    [
      3,
      {
        tryOuts: [
          {
            id: 1,
            at: now - 3 * minute,
            fields: [
              { label: 'User Email', value: 'test@example.com' },
              { label: 'Full Name', value: 'FirstName LastName' },
            ],
          },
        ],
        known: 30,
        rhythm: { usualMs: 9 * hour, limitMs: 27 * hour, quietAt: now - 4 * day },
        quiet: { since: now - 6 * day, askAgainAt: null },
        leftOut: [{ reason: 'Refused: too many posts at once', count: 1, lastAt: now - 9 * day }],
      },
    ],
    [4, { known: 4, leftOut: [{ reason: 'Before Deskbell kept the reasons', count: 315, lastAt: now - 30 * day }] }],
    [
      5,
      {
        known: 0,
        leftOut: [
          { reason: 'not signed by Twilio with this account’s auth token', count: 1, lastAt: now - day },
          { reason: 'damaged on its way: it could not be opened', count: 1, lastAt: now - 3 * day },
        ],
      },
    ],
  ])

/** What the made-up engine says of its channels, and a test that takes a few seconds. */
export function healthAnswers(world: World, changed: () => void) {
  const made = new Map<number, Partial<ChannelHealth>>(healthOf(Date.now()))
  const patch = (id: number, change: Partial<ChannelHealth>) => {
    made.set(id, { ...made.get(id), ...change })
    changed()
  }
  return {
    'channels.health': () => ({
      channels: world.accounts.map(({ id }) => ({ ...nothing, accountId: id, ...made.get(id) })),
    }),
    'channels.acceptQuiet': ({ id }: { readonly id: number }) => {
      const quiet = made.get(id)?.quiet
      if (quiet) patch(id, { quiet: { ...quiet, askAgainAt: Date.now() + 7 * day } })
      return {}
    },
    'channels.removeTryOut': () => ({}),
    'channels.selfTest': ({ id }: { readonly id: number }) => {
      const startedAt = Date.now()
      const doing = { name: 'Post the form on this computer', message: 'Sending…', tookMs: null, detail: null }
      patch(id, { test: { startedAt, endedAt: null, outcome: null, steps: [{ ...doing, state: 'running' }] } })
      setTimeout(() => {
        const done = { ...doing, state: 'ok' as const, message: 'The address took the form.', tookMs: 31 }
        patch(id, { test: { startedAt, endedAt: Date.now(), outcome: 'ok', steps: [done] } })
      }, 1500)
      return {}
    },
  }
}
