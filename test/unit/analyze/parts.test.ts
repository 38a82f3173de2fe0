import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { spreadOf } from '../../../src/analyze/spread.ts'
import { lastWeeks } from '../../../src/analyze/weeks.ts'
import { type DayTime, type Started, StartedGroups, worstOf as worstAt } from '../../../src/analyze/worst.ts'

describe('percentiles', () => {
  test('nothing has none', () => {
    expect(spreadOf([])).toEqual({ n: 0, median: null, p90: null, p95: null })
  })

  test('are values that occurred, and so many are not above them', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e9), { minLength: 1 }), (values) => {
        const { median, p90, p95 } = spreadOf(values)
        for (const [value, part] of [
          [median, 0.5],
          [p90, 0.9],
          [p95, 0.95],
        ] as const) {
          if (value === null) return expect.unreachable()
          expect(values).toContain(value)
          expect(values.filter((it) => it <= value).length).toBeGreaterThanOrEqual(part * values.length)
          expect(values.filter((it) => it < value).length).toBeLessThan(part * values.length)
        }
      }),
    )
  })
})

describe('the worst', () => {
  // Kept aside, as a time of day costs to find out.
  const days: DayTime[] = []
  const worstOf = (kind: Parameters<typeof worstAt>[0], verdicts: readonly Started[]) => {
    const groups = new StartedGroups()
    for (const it of verdicts) groups.add(it)
    return worstAt(kind, groups.values(), (at) => days[at] ?? expect.unreachable())
  }
  const some = (count: number, { hour = 10, open = true, ...more }: Partial<Started & DayTime>): Started[] =>
    Array.from({ length: count }, () => ({
      late: false,
      tier: 'warm' as const,
      channel: 'email' as const,
      ...more,
      startedAt: days.push({ hour, open }) - 1,
    }))

  test('is named with its share, its numbers and when it comes', async () => {
    const verdicts = [
      ...some(22, {}),
      ...some(3, { late: true }),
      ...some(11, { late: true, hour: 16 }),
      ...some(9, { tier: 'hot', channel: 'call' }),
      ...some(1, { tier: 'hot', channel: 'call', late: true }),
    ]
    expect(await worstOf('first_contact', verdicts)).toEqual({
      sentence: 'Warm leads by mail wait longest for a first answer: 61% in time; 14 of 36 late, most after 16:00.',
      tier: 'warm',
      channel: 'email',
    })
  })

  test.each([
    [[...some(6, {}), ...some(3, { late: true, open: false, hour: 22 })], 'most came while you were closed'],
    [[...some(6, { hour: 11 }), ...some(3, { late: true, hour: 8 })], 'most before 9:00'],
    [[...some(6, {}), ...some(3, { late: true })], '3 of 9 late.'],
  ])('says when only where that sets them apart (%#)', async (verdicts, words) => {
    expect((await worstOf('next_reply', verdicts))?.sentence).toContain(words)
  })

  test('is nobody where all are healthy, or too few to tell', async () => {
    expect(await worstOf('owned', [...some(4, {}), ...some(1, { late: true })])).toBeNull()
    expect(await worstOf('owned', some(4, { late: true }))).toBeNull()
  })
})

test('last week ends where this one begins, on Monday by the wall clock', () => {
  const now = Date.UTC(2026, 10, 22, 4)
  const zone = 'America/Los_Angeles'
  const [last] = lastWeeks(now, zone, 1, 1)
  const [current] = lastWeeks(now, zone, 1)
  expect(last?.to).toBe(current?.from)
  expect(last?.from).toBe(Date.UTC(2026, 10, 9, 8))
})
