import { describe, expect, it } from 'vitest'
import {
  latencyWords,
  needsLook,
  quietSentence,
  reasonLines,
  rhythmWords,
  roughly,
  took,
} from '../../../renderer/health/health-words.ts'
import { touches } from '../../../renderer/rpc/touches.ts'
import { day, hour, minute, second } from '../../../src/lib/durations.ts'

const now = 1_800_000_000_000
const rhythm = { usualMs: 9 * hour, limitMs: 27 * hour, quietAt: now }

it('habits are rounded, measures are not', () => {
  expect([10 * second, 38 * minute, 100 * minute, 30 * hour, 50 * hour, 6.4 * day].map(roughly)).toEqual([
    '1 minute',
    '38 minutes',
    '2 hours',
    '30 hours',
    '2 days',
    '6 days',
  ])
  expect([-5, 31, 1900, 2000, 42_300, 3 * minute].map(took)).toEqual(['0 s', '0 s', '1.9 s', '2 s', '42 s', '3 min'])
})

describe('a quiet channel', () => {
  const quiet = { since: now - 6 * day, askAgainAt: null }

  it('says how long nothing came, and what is usual', () => {
    expect(quietSentence({ kind: 'form' }, { quiet, rhythm }, now)).toBe(
      'No web form in 6 days, usually every 9 hours.',
    )
    expect(quietSentence({ kind: 'email' }, { quiet, rhythm: null }, now)).toBe('No mail in 6 days.')
    expect(quietSentence({ kind: 'form' }, { quiet: null, rhythm }, now)).toBeNull()
  })

  it('needs a look until somebody says that it is fine', () => {
    expect(needsLook({ quiet })).toBe(true)
    expect(needsLook({ quiet: { ...quiet, askAgainAt: now + day } })).toBe(false)
    expect(needsLook({ quiet: null })).toBe(false)
  })
})

it('a rhythm that is not known yet says what it takes', () => {
  expect(rhythmWords({ rhythm, known: 30 }).text).toBe('every 9 hours')
  expect(rhythmWords({ rhythm: null, known: 4 })).toEqual({ text: 'not known yet', title: 'Known when 7 more came.' })
})

it('how fast things are here is told from a week, or not at all', () => {
  expect(latencyWords({ latency: null })).toBeNull()
  expect(latencyWords({ latency: { p50Ms: 40, p95Ms: 90, count: 2 } })?.text).toBe('under 1 s')
  expect(latencyWords({ latency: { p50Ms: 1900, p95Ms: 16_000, count: 1 } })).toEqual({
    text: '1.9 s',
    title: 'Of 1 message in the last week, 95 in 100 were here within 16 s.',
  })
})

it('reasons are told with how many', () => {
  const leftOut = [
    { reason: 'From a friend', count: 1290, lastAt: now },
    { reason: 'Never', count: 0, lastAt: now },
  ]
  expect(reasonLines({ leftOut })).toEqual(['1,290 × From a friend'])
})

it('whatever changes an account is seen on the health page', () => {
  expect(touches({ tables: ['account'], personIds: [] }, ['channels.health', {}])).toBe(true)
})
