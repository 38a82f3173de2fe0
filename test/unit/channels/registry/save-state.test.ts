import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { insertAccount, readAccount, saveState } from '../../../../src/channels/accounts.ts'
import { openTestStore, type TestStore } from '../../../fakes/test-store.ts'

const at = 1_800_000_000_000
const settings = { accountSid: `AC${'0'.repeat(32)}`, number: '+14155550100', baseUrl: null }

let store: TestStore

beforeEach(() => {
  store = openTestStore()
})
afterEach(() => store.close())

describe('the state of an account', () => {
  it('is stored when the next try falls between two milliseconds, as every back-off with jitter does', async () => {
    const id = await store.write((tx) => insertAccount(tx, { kind: 'twilio', label: '+1', settings, at }))
    const report = { state: 'backing-off', message: 'Twilio does not answer.', nextRetryAt: at + 7512.4 } as const
    await store.write((tx) => saveState(tx, id, report, at))
    expect(await readAccount(store.read, id)).toMatchObject({
      state: 'backing-off',
      last_error: 'Twilio does not answer.',
      last_error_at: at,
      next_retry_at: at + 7512,
    })
  })
})
