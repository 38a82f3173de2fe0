import { describe, expect, test } from 'vitest'
import { readMessage } from '../../../src/enrich/read-message.ts'
import { timelineDays } from '../../../src/enrich/timeline-days.ts'
import { readBudget } from '../../../src/score/read-budget.ts'
import { readFixtures, type Score, scoreFixtures } from './message-fixtures.ts'

const sum = (scores: readonly Score[], key: 'right' | 'wrong' | 'missed') =>
  scores.reduce((all, it) => all + it[key], 0)

function figures(file: string) {
  const { scores, mistakes } = scoreFixtures(readFixtures(file))
  const right = sum(scores, 'right')
  const precision = right / (right + sum(scores, 'wrong'))
  const recall = right / (right + sum(scores, 'missed'))
  const percent = (part: number, all: number) => (all === 0 ? '-' : `${((100 * part) / all).toFixed(0)} %`)
  const table = scores
    .map(
      (it) =>
        `${it.field}: precision ${percent(it.right, it.right + it.wrong)}, recall ${percent(it.right, it.right + it.missed)}, ${it.right + it.missed} values`,
    )
    .join('\n')
  process.stdout.write(`${file}: precision ${percent(precision, 1)}, recall ${percent(recall, 1)}\n${table}\n`)
  return { precision, recall, mistakes, scores }
}

describe('what mails say of their writers', () => {
  test('there are enough of them to mean something', () => {
    expect(readFixtures('learned').length + readFixtures('held-out').length).toBeGreaterThanOrEqual(120)
  })

  test('messages the readers were written with: nothing wrong', () => {
    const { precision, recall, mistakes } = figures('learned')
    expect(mistakes.filter((it) => it.includes(': wrong '))).toEqual([])
    expect(precision).toBe(1)
    expect(recall).toBeGreaterThan(0.95)
  })

  test('messages kept apart: at least 95 of 100 values are right, of names all', () => {
    const { precision, recall, scores } = figures('held-out')
    expect(precision).toBeGreaterThanOrEqual(0.95)
    expect(recall).toBeGreaterThanOrEqual(0.8)
    expect(scores.find((it) => it.field === 'name')?.wrong).toBe(0)
  })
})

test('times count from when they were written', () => {
  const at = Date.UTC(2026, 0, 20, 12)
  expect(timelineDays('ASAP', at)).toBe(0)
  expect(timelineDays('within the next 2-3 weeks', at)).toBe(21)
  expect(timelineDays('this month', at)).toBe(30)
  expect(timelineDays('by March', at)).toBe(70)
  expect(timelineDays('by March 3', at)).toBe(42)
  expect(timelineDays('bis Ende August', at)).toBe(223)
  expect(timelineDays('antes de junio', at)).toBe(131)
  expect(timelineDays('early January', at)).toBe(0)
})

test('nothing somebody pastes keeps anybody busy', () => {
  const mischief = [
    ' '.repeat(12_000),
    '1 '.repeat(6000),
    'a@'.repeat(6000),
    '$1,'.repeat(4000),
    '(1)-'.repeat(3000),
    'Ab '.repeat(4000),
    'www.'.repeat(3000),
    `On ${'x '.repeat(5000)}`,
    `Best,\n${`${'A b c-'.repeat(15)}\n`.repeat(24)}`,
    `Best,\n${`1 ${'Ab '.repeat(30)}\n`.repeat(24)}`,
    `call me at ${'415 '.repeat(3000)}`,
  ]
  for (const text of mischief) {
    const before = process.cpuUsage()
    readMessage(
      { kind: 'letter', text, sender: { name: 'A', email: 'a@b.example' }, at: 0, country: 'US', isOurs: () => false },
      readBudget,
    )
    expect(process.cpuUsage(before).user / 1000, text.slice(0, 20)).toBeLessThan(500)
  }
})
