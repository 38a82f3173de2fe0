import { expect, test } from 'vitest'
import { type Alert, isStillOwed, withAlerts } from '../../../renderer/shell/alert-queue.ts'
import { minute } from '../../../src/lib/durations.ts'

const now = 1e12
const alert = (personId: number, more: Partial<Alert> = {}): Alert => ({
  ...{ leadId: personId, personId, name: `P${personId}`, clock: 'first_contact', percent: 80, dueAt: now + minute },
  ...{ ownerId: 1, tier: 'warm', preview: '', again: false, sound: true, notify: true },
  ...more,
})
const row = {
  status: 'open',
  owner: { id: 1, name: 'Dana' },
  snoozedUntil: null,
  clock: { kind: 'first_contact', startedAt: now - minute, riskAt: now, dueAt: now + minute },
} as const

test('hot ones first, then the earliest; what is said again takes the place of what was said before', () => {
  const late = alert(1, { dueAt: now - minute })
  const hot = alert(2, { tier: 'hot' })
  const waiting = withAlerts([late], [hot, alert(3, { notify: false })])
  expect(waiting).toEqual([hot, late])
  const again = { ...late, percent: 100 as const }
  expect(withAlerts(waiting, [again])).toEqual([hot, again])
})

test('an alert is over when somebody answered, closed or snoozed it, or when it is somebody else’s', () => {
  const owed = (change: object, me: number | null = 1) => isStillOwed(alert(1), { ...row, ...change }, me, now)
  expect(owed({})).toBe(true)
  expect(owed({ clock: null })).toBe(false)
  expect(owed({ clock: { ...row.clock, kind: 'second_touch', dueAt: now + 60 * minute } })).toBe(false)
  expect(owed({ status: 'done' })).toBe(false)
  expect(owed({ snoozedUntil: now + 1 })).toBe(false)
  expect(owed({ snoozedUntil: now - 1 })).toBe(true)
  expect(owed({ owner: { id: 2, name: 'Sam' } })).toBe(false)
  expect(owed({ owner: { id: 2, name: 'Sam' } }, null)).toBe(true)
  expect(owed({ owner: null })).toBe(true)
})
