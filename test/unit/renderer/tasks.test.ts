import { expect, test } from 'vitest'
import { chipText } from '../../../renderer/inbox/chip-text.ts'
import { dueWords } from '../../../renderer/tasks/task-words.ts'

const minute = 60_000
const now = Date.UTC(2026, 2, 3, 15, 0)
const row = {
  name: 'Ana',
  status: 'open',
  clock: null,
  snoozedUntil: null,
  direction: 'out',
  channel: 'email',
  missedCall: false,
  tier: 'warm',
  taskDueAt: now - 5 * minute,
} as const
const clock = (dueAt: number) => ({ kind: 'next_reply', startedAt: now - 60 * minute, riskAt: dueAt, dueAt }) as const

test('a row stands for its task when that came due before what is owed', () => {
  expect(chipText(row, now, {})).toMatchObject({
    state: 'late',
    words: 'task',
    label: expect.stringContaining('5 minutes'),
  })
  expect(chipText({ ...row, clock: clock(now + minute) }, now, {}).words).toBe('task')
  expect(chipText({ ...row, clock: clock(now - 9 * minute) }, now, {}).words).toBe('late')
  expect(chipText({ ...row, taskDueAt: null }, now, {}).words).toBe('waiting')
  expect(chipText({ ...row, status: 'done' }, now, {}).words).toBe('done')
})

test('a task says when it is due; a first one leaves that to its clock', () => {
  const task = { dueAt: null, origin: 'rule', doneAt: null } as const
  expect(dueWords(task, now, {})).toBeNull()
  expect(dueWords({ ...task, origin: 'hand' }, now, {})).toEqual({ words: 'no time set', isLate: false })
  expect(dueWords({ ...task, origin: 'hand', dueAt: now - minute }, now, {})?.isLate).toBe(true)
  expect(dueWords({ ...task, origin: 'hand', dueAt: now + minute }, now, {})?.isLate).toBe(false)
  expect(dueWords({ ...task, doneAt: now - minute }, now, {})?.words).toMatch(/^done /)
})
