import { expect, it } from 'vitest'
import { cutOff, lastSync } from '../../../renderer/shell/cut-off.ts'
import { minute } from '../../../src/lib/durations.ts'

const now = 1_000_000_000
const channel = (label: string, more: object = {}) =>
  ({ label, kind: 'email', state: 'ok', lastOkAt: now - minute, ...more }) as Parameters<typeof cutOff>[0][number]
const labels = (channels: readonly ReturnType<typeof channel>[], online: boolean) =>
  cutOff(channels, online, now).map((each) => each.label)

it('without internet it is every channel that looks by itself, except those that wait for something else', () => {
  const channels = [
    channel('office@x.example'),
    channel('Line', { kind: 'twilio' }),
    channel('Website', { kind: 'form' }),
    channel('old@x.example', { state: 'stopped' }),
    channel('wrong@x.example', { state: 'auth-failed' }),
  ]
  expect(labels(channels, false)).toEqual(['office@x.example', 'Line'])
  expect(labels(channels, true)).toEqual([])
})

it('with internet it is what failed for longer than a moment', () => {
  const failing = { state: 'backing-off' }
  const channels = [
    channel('just now', failing),
    channel('for a while', { ...failing, lastOkAt: now - 5 * minute }),
    channel('always', { ...failing, lastOkAt: null }),
  ]
  expect(labels(channels, true)).toEqual(['for a while', 'always'])
  expect(cutOff(channels, true, now).map((each) => lastSync(each, now))).toEqual([
    'for a while: 5 minutes ago',
    'always: never yet',
  ])
})
