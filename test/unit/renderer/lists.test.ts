import { describe, expect, it } from 'vitest'
import { pickCall } from '../../../renderer/dialer/use-calls.ts'
import { patchPages } from '../../../renderer/inbox/optimistic.ts'
import { type LeadPages, uniqueRows } from '../../../renderer/inbox/use-leads.ts'
import { afterThese, nextRow } from '../../../renderer/shell/use-handlers.ts'
import { initials, tint } from '../../../renderer/ui/initials.ts'
import type { InboxRow } from '../../../src/inbox/contract.ts'

const row = (personId: number): InboxRow => ({
  leadId: personId + 100,
  personId,
  name: `Person ${personId}`,
  company: null,
  status: 'open',
  score: 1,
  tier: 'warm',
  grade: 'B2',
  qualification: null,
  source: '',
  owner: null,
  preview: '',
  channel: 'sms',
  direction: 'in',
  missedCall: false,
  lastAt: 0,
  clock: null,
  snoozedUntil: null,
  labels: [],
  taskDueAt: null,
  outbox: 'idle',
})
const pages = (...lists: number[][]): LeadPages => ({
  pages: lists.map((list) => ({ rows: list.map(row), next: null })),
  pageParams: lists.map(() => null),
})
const people = (data: LeadPages) => uniqueRows(data).map((it) => it.personId)

describe('the list', () => {
  it('shows a person once who moved between two pages', () => {
    expect(people(pages([1, 2], [2, 3]))).toEqual([1, 2, 3])
  })

  it('takes finished leads out of the views they leave, and keeps them in the others', () => {
    const effect = { patch: { status: 'done' as const }, keepIn: ['done' as const] }
    expect(people(patchPages(pages([1, 2], [3]), 'inbox', new Set([102, 103]), effect))).toEqual([1])
    const kept = patchPages(pages([1, 2]), 'done', new Set([102]), effect)
    expect(uniqueRows(kept).map((it) => it.status)).toEqual(['open', 'done'])
  })

  it('goes on with the lead below what was finished, else above, else stays', () => {
    const rows = [1, 2, 3, 4].map(row)
    expect(afterThese(rows, [row(2)], 2)).toBe(3)
    expect(afterThese(rows, [row(2), row(3)], 2)).toBe(4)
    expect(afterThese(rows, [row(3), row(4)], 4)).toBe(2)
    expect(afterThese(rows, [row(1)], 3)).toBeUndefined()
    expect(afterThese(rows, rows, 2)).toBeUndefined()
  })

  it('moves within its ends and begins at either of them', () => {
    const rows = [1, 2].map(row)
    expect(
      [nextRow(rows, 1, 1), nextRow(rows, 2, 1), nextRow(rows, null, 1), nextRow(rows, null, -1)].map(
        (it) => it?.personId,
      ),
    ).toEqual([2, undefined, 1, 2])
  })
})

it('shows the call that is on before one that rings before one that wants its outcome', () => {
  const call = (interactionId: number, result: 'ringing' | 'in_progress' | 'ended', startedAt: number) => ({
    interactionId,
    personId: 1,
    name: '',
    number: '',
    direction: 'out' as const,
    result,
    startedAt,
    answeredAt: null,
    endedAt: null,
    note: '',
    problem: null,
  })
  expect(pickCall([call(1, 'ended', 9), call(2, 'ringing', 5), call(3, 'in_progress', 1)])?.interactionId).toBe(3)
  expect(pickCall([call(1, 'ended', 1), call(2, 'ended', 9)])?.interactionId).toBe(2)
  expect(pickCall([])).toBeUndefined()
})

describe('initials', () => {
  it('takes whole characters of any script, and a sign where there is no name', () => {
    expect(['Ana Lopez', 'ana@lopez.example', '张伟', 'محمد علي', '+1 415', '', '😀 Smile'].map(initials)).toEqual([
      'AL',
      'AL',
      '张',
      'مع',
      '#',
      '?',
      'S',
    ])
  })

  it('gives a name the same colour every time', () => {
    expect(tint('Ana Lopez')).toBe(tint('Ana Lopez'))
  })
})
