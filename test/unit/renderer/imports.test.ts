import { describe, expect, it } from 'vitest'
import {
  columnsProblem,
  columnsWarnings,
  percent,
  shownColumns,
  withColumn,
} from '../../../renderer/imports/columns.ts'
import { fromCard, newFrom, sourceAfter } from '../../../renderer/imports/touch-values.ts'
import { canDrop, canUndo, outcome } from '../../../renderer/imports/words.ts'
import type { ImportRun } from '../../../src/capture/contract.ts'
import { guessShape } from '../../../src/capture/import/guess-shape.ts'

const run = (change: Partial<ImportRun>): ImportRun => ({
  importId: 1,
  fileName: 'list.csv',
  format: 'csv',
  state: 'done',
  problem: null,
  plan: null,
  total: 0,
  done: 0,
  counts: { create: 0, update: 0, duplicate: 0, reject: 0 },
  kept: 0,
  createdAt: 0,
  ...change,
})

describe('the columns of a list', () => {
  it('need a way to reach people', () => {
    expect(columnsProblem(['name', null, 'company'])).toMatch(/e-mail address or the phone number/)
    expect(columnsProblem([])).not.toBeNull()
    expect(columnsProblem(['name', 'phone'])).toBeNull()
    expect(columnsProblem(['email'])).toBeNull()
  })

  it('warn of what has no effect, and only of that', () => {
    expect(columnsWarnings(['email', 'email', 'phone', 'phone', 'note', 'note', 'tracking', 'tracking'])).toEqual([])
    expect(columnsWarnings(['company', 'email', 'company'])).toEqual([expect.stringContaining('“Company”')])
    expect(columnsWarnings(['name', 'lastName', 'email'])).toEqual([expect.stringContaining('first and last name')])
    expect(columnsWarnings(['firstName', 'lastName', 'email'])).toEqual([])
  })

  it('as suggested are fit to be read in without a warning', () => {
    const file = new TextEncoder().encode('Full name;E-Mail;Telefon\nAna Lopez;ana@example.com;(415) 555-0102\n')
    const { columns } = guessShape(file).shape
    expect(columns).toEqual(['name', 'email', 'phone'])
    expect([columnsProblem(columns), ...columnsWarnings(columns)]).toEqual([null])
  })

  it('change one at a time', () => {
    const before = ['name', null, 'email'] as const
    expect(withColumn([...before], 1, 'phone')).toEqual(['name', 'phone', 'email'])
    expect(withColumn([...before], 0, null)).toEqual([null, null, 'email'])
  })

  it('are shown all or only where they are used, in the order of the file', () => {
    expect(shownColumns(['name', null, 'email'], false)).toEqual([0, 1, 2])
    expect(shownColumns(['name', null, 'email'], true)).toEqual([0, 2])
  })
})

describe('how far a list is', () => {
  it('is unknown without a total and never more than everything', () => {
    expect(percent({ done: 40, total: 0 })).toBeNull()
    expect(percent({ done: 199, total: 200 })).toBe(99)
    expect(percent({ done: 300, total: 200 })).toBe(100)
    expect(outcome(run({ state: 'checking', done: 300, total: 200 }))).toBe('200 of 200 rows')
    expect(outcome(run({ state: 'checking', done: 1, total: 0 }))).toBe('1 row')
  })
})

describe('what came of a list', () => {
  it('names what was left out only where something was', () => {
    const counts = { create: 1200, update: 3, duplicate: 0, reject: 0 }
    expect(outcome(run({ counts }))).toBe('1,200 new · 3 added to')
    expect(outcome(run({ counts: { ...counts, duplicate: 2, reject: 1 } }))).toBe(
      '1,200 new · 3 added to · 2 nothing new · 1 left out',
    )
  })

  it('says after an undo who stayed', () => {
    expect(outcome(run({ state: 'undone', kept: 1 }))).toMatch(/^1 person stayed/)
    expect(outcome(run({ state: 'undone' }))).toBe('Everything is as it was before.')
  })

  it('says how much of a list that was stopped is in, not what was planned', () => {
    const counts = { create: 1000, update: 0, duplicate: 0, reject: 0 }
    expect(outcome(run({ state: 'stopped', done: 400, total: 1000, counts }))).toBe('400 of 1,000 rows are in.')
  })

  it('says why it failed', () => {
    expect(outcome(run({ state: 'failed', problem: 'The disk is full.' }))).toBe('The disk is full.')
  })

  it('can be taken back only where something may have come in', () => {
    expect((['opened', 'checked', 'undone', 'running', 'undoing'] as const).filter(canUndo)).toEqual([])
    expect((['done', 'stopped', 'failed'] as const).filter(canUndo)).toHaveLength(3)
  })

  it('can be forgotten only where nothing of it is in', () => {
    expect((['opened', 'checked'] as const).every(canDrop)).toBe(true)
    expect((['done', 'stopped', 'failed', 'undone', 'running', 'checking', 'undoing'] as const).some(canDrop)).toBe(
      false,
    )
  })
})

describe('a touch logged by hand', () => {
  it('has its kind as source until somebody types another', () => {
    expect(sourceAfter('referral', { kind: 'walk_in', source: 'Walk-in' })).toBe('Referral')
    expect(sourceAfter('referral', { kind: 'walk_in', source: 'Shop on Main St' })).toBe('Shop on Main St')
    expect(sourceAfter('other', { kind: 'walk_in', source: 'Walk-in' })).toBe('')
    expect(sourceAfter('walk_in', { kind: 'other', source: ' ' })).toBe('Walk-in')
  })

  it('puts what was looked for where it belongs', () => {
    expect(newFrom(' ana@example.com ')).toEqual({ name: '', email: 'ana@example.com', phone: '' })
    expect(newFrom('(415) 555-0102')).toEqual({ name: '', email: '', phone: '(415) 555-0102' })
    expect(newFrom('Nora Quist')).toEqual({ name: 'Nora Quist', email: '', phone: '' })
  })
})

it('of a business card everything is kept: the mobile number first, the others to be ticked off', () => {
  const made = fromCard({
    name: 'Ana Lopez',
    company: 'Lopez Builders',
    title: null,
    phones: [
      { display: '(415) 555-0100', label: 'office' },
      { display: '(415) 555-0187', label: 'mobile' },
    ],
    emails: ['ana@lopez.example', 'office@lopez.example'],
  })
  expect(made).toMatchObject({ name: 'Ana Lopez', email: 'ana@lopez.example', phone: '(415) 555-0187' })
  expect(made.card?.more).toEqual([
    { kind: 'phone', value: '(415) 555-0100', label: 'office', isKept: true },
    { kind: 'email', value: 'office@lopez.example', label: null, isKept: true },
  ])
})
