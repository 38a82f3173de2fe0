import { describe, expect, test } from 'vitest'
import {
  csvOf,
  inLocalHours,
  percent,
  percentOf,
  type Row,
  tail,
  took,
} from '../../../renderer/reports/report-words.ts'
import { hour, minute, second } from '../../../src/lib/durations.ts'

describe('the share in time', () => {
  test.each([
    [{ met: 0, missed: 0, excused: 3 }, null, '–'],
    [{ met: 22, missed: 14, excused: 0 }, 61, '61%'],
    [{ met: 0, missed: 4, excused: 0 }, 0, '0%'],
    [{ met: 5, missed: 0, excused: 9 }, 100, '100%'],
  ])('%j', (tally, share, words) => {
    expect(percentOf(tally)).toBe(share)
    expect(percent(tally)).toBe(words)
  })

  test('one late of a thousand is not everything', () => {
    expect(percentOf({ met: 999, missed: 1, excused: 0 })).toBe(99)
  })
})

test.each([
  [null, '–'],
  [8 * second, '8 s'],
  [4 * minute + 10 * second, '4:10\u00a0min'],
  [hour + 20 * minute, '1\u00a0h\u00a020'],
])('a time of %s ms', (ms, words) => {
  expect(took(ms)).toBe(words)
})

test('nobody answered has no tail', () => {
  expect(tail({ n: 0, median: null, p90: null, p95: null })).toBe('Nobody was answered')
  expect(tail({ n: 3, median: minute, p90: hour, p95: 2 * hour })).toBe(
    '90% within 1\u00a0h\u00a000, 95% within 2\u00a0h\u00a000',
  )
})

describe('the table as CSV', () => {
  const spread = { n: 1, median: 90 * second, p90: null, p95: null }
  const row = (name: string): Row => ({
    key: name,
    name,
    slice: {},
    tally: { met: 2, missed: 1, excused: 4 },
    took: { wall: spread, business: { ...spread, median: null } },
  })

  test('says for each row what was counted', () => {
    expect(csvOf([row('Dana')], 'Person')).toBe(
      '\uFEFFPerson,Counted,In time,Late,Excused,In time %,Median minutes,Median business minutes\r\nDana,3,2,1,4,66.7,1.5,\r\n',
    )
  })

  test.each([
    ['=cmd|calc', "'=cmd|calc"],
    ['@sum', "'@sum"],
    ['Lopez, "Ana"', '"Lopez, ""Ana"""'],
    ['=1,2', '"\'=1,2"'],
    ['two\nlines', '"two\nlines"'],
  ])('%j is text and nothing more', (name, cell) => {
    expect(csvOf([row(name)], 'Person')).toContain(`\r\n${cell},3,2`)
  })
})

test('hours of a sentence are said as the clocks around there show them', () => {
  expect(inLocalHours('most after 18:00.', 'en-US')).toBe('most after 6\u00a0PM.')
  expect(inLocalHours('most after 18:00.', 'en-GB')).toBe('most after 18:00.')
})
