import { describe, expect, it } from 'vitest'
import { pastError, since, stateSentence, summary } from '../../../renderer/health/account-words.ts'
import type { Account } from '../../../src/channels/contract.ts'
import { minute, second } from '../../../src/lib/durations.ts'

const now = 1_800_000_000_000
const account: Account = {
  id: 1,
  kind: 'sample',
  label: 'office@b.example',
  state: 'ok',
  stateMessage: 'Connected',
  stateDetail: null,
  lastEventAt: null,
  lastOkAt: null,
  lastErrorAt: null,
  lastError: null,
  nextRetryAt: null,
  seen: 0,
  taken: 0,
  skipped: 0,
  settings: { kind: 'sample' },
}

describe('since', () => {
  it('counts seconds in the first minute, also when the clocks differ by a moment', () => {
    expect(since(now - 12 * second, now)).toBe('12 s ago')
    expect(since(now + second, now)).toBe('0 s ago')
    expect(since(now - minute, now)).toBe('1 minute ago')
  })
})

describe('what a channel says of itself', () => {
  it('does not repeat the word of the state', () => {
    expect(stateSentence({ state: 'connecting', stateMessage: 'Connecting…' })).toBeNull()
    expect(stateSentence({ state: 'ok', stateMessage: 'Connected' })).toBe('Connected')
  })

  it('names an old error only when the state does not say it already', () => {
    const lastError = 'The password was refused.'
    expect(pastError({ ...account, state: 'auth-failed', stateMessage: lastError, lastError })).toBeNull()
    expect(pastError({ ...account, lastError })).toBe(lastError)
    expect(pastError(account)).toBeNull()
  })
})

describe('summary', () => {
  const refused: Account = { ...account, state: 'auth-failed' }
  const away: Account = { ...account, label: '+14155550142', state: 'backing-off', nextRetryAt: now + 90 * second }

  it('puts what needs the user first', () => {
    expect(summary([account, away, refused], now)).toBe('office@b.example needs you: new leads may be missing.')
    expect(summary([refused, { ...refused, id: 2 }], now)).toBe('2 channels need you: new leads may be missing.')
  })

  it('says when the next try is, and that nothing has to be done', () => {
    expect(summary([account, away], now)).toContain('cannot reach +14155550142 and tries again in 1 minute.')
    expect(summary([away], now + 2 * minute)).toContain('tries again now.')
  })

  it('says that all is well only when it is', () => {
    expect(summary([account], now)).toBe('Every channel works.')
    expect(summary([account, { ...account, state: 'connecting' }], now)).toBe('Connecting…')
    expect(summary([account, { ...account, state: 'stopped' }], now)).toBe('One channel is stopped.')
  })
})
