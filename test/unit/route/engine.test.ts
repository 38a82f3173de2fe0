import { expect, onTestFinished, test } from 'vitest'
import { day, minute } from '../../../src/lib/durations.ts'
import type { MethodInput } from '../../../src/rpc/contract.ts'
import { makeFakeClock } from '../../fakes/fake-clock.ts'
import { openWholeEngine } from '../../fakes/whole-engine.ts'
import { rule } from './rules.ts'

test('in the whole engine: rules by area code, a vacation that begins, somebody who comes back', async () => {
  const clock = makeFakeClock()
  const { call, stop } = await openWholeEngine({ clock, random: () => 0.5 })
  onTestFinished(stop)
  const member = async (name: string, more: Partial<MethodInput<'team.save'>> = {}) =>
    (await call('team.save', { id: null, name, email: null, mobile: null, onDuty: true, ...more })).id
  const comes = async (name: string, phone: string) => {
    const touch = { kind: 'walk_in', source: 'Walk-in', personId: null, email: '', referrerId: null } as const
    const input = { ...touch, name, phone, text: 'A new roof, please', attachments: [], answered: false }
    return (await call('capture.logTouch', input)).personId
  }
  const ownerOf = async (personId: number) => {
    const { lead } = await call('people.card', { personId })
    return [lead?.row.owner?.name ?? null, lead?.ownerReason ?? null]
  }

  const dana = await member('Dana')
  const sam = await member('Sam', { skills: ['Roofing'] })
  await call('route.save', {
    routing: {
      rules: [
        rule('Bay Area', { areaCodes: ['415'] }, { how: 'member', memberId: dana }),
        rule('Roofs', { words: ['roof'] }, { how: 'skill', skill: 'roofing', by: 'load' }),
        rule('Rest'),
      ],
      keepOwner: true,
      keepOwnerMinutes: 15,
    },
  })
  const ana = await comes('Ana Lopez', '+14155550123')
  const ben = await comes('Ben Wu', '+12125550123')
  expect(await ownerOf(ana)).toEqual(['Dana', 'Dana: rule “Bay Area” → always theirs'])
  expect((await ownerOf(ben))[0]).toBe('Sam')
  const texts = (await call('people.timeline', { personId: ana, before: null, limit: 50 })).entries
  expect(JSON.stringify(texts)).toContain('Dana owns it: rule “Bay Area”')

  // A vacation that begins now: what is unanswered goes to the next rule that fits, in the same moment.
  const now = clock.now()
  const absences = [{ startsAt: now, endsAt: now + day, reason: 'Vacation' }]
  const it = { id: dana, name: 'Dana', email: null, mobile: null, onDuty: true }
  const { left } = await call('team.save', { ...it, absences })
  expect(left).toMatchObject({ moved: 1, stayed: 0 })
  const bySkill = 'Sam: rule “Roofs” → knows roofing, fewest open leads (1); Dana is on vacation'
  expect(await ownerOf(ana)).toEqual(['Sam', bySkill])

  // Taken back it is as it was, and nothing else is told of it.
  await clock.advance(1000)
  await call('inbox.undo', { undoId: left?.undoId ?? 0 })
  expect(await ownerOf(ana)).toEqual(['Dana', 'Dana: rule “Bay Area” → always theirs'])
  await clock.advance(minute)
  expect((await ownerOf(ana))[0]).toBe('Dana')
  const told = (await call('people.timeline', { personId: ana, before: null, limit: 50 })).entries
  expect(JSON.stringify(told)).not.toContain('Dana is on vacation')

  // By the switch, likewise; nobody left for the rest.
  await call('team.save', { ...it, absences: [] })
  const off = await call('team.save', { ...it, onDuty: false })
  expect(off.left?.moved).toBe(1)
  expect((await ownerOf(ana))[1]).toBe('Sam: rule “Roofs” → knows roofing, fewest open leads (1); Dana is off duty')
  const sams = await call('team.save', { id: sam, name: 'Sam', email: null, mobile: null, onDuty: false })
  expect(sams.left).toEqual({ moved: 0, stayed: 2, undoId: null })
  await call('team.save', { id: sam, name: 'Sam', email: null, mobile: null, onDuty: true })

  const preview = await call('route.preview', { routing: (await call('settings.get', {})).routing })
  expect(preview.leads.map((it) => it.now)).toEqual(['Sam', 'Sam'])
  expect(preview.rules.map((it) => it.next)).toEqual([null, 'Sam', 'Sam'])
  await expect(call('route.save', { routing: { rules: [], keepOwner: true, keepOwnerMinutes: 0 } })).rejects.toThrow(
    'The last rule must take every lead',
  )
})
