import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../fakes/eventually.ts'
import { openWholeEngine } from '../../fakes/whole-engine.ts'

test('in the whole engine: an outcome by hand, by rule and by a call, told, taken back, counted', async () => {
  const { call, stop } = await openWholeEngine()
  onTestFinished(stop)
  const comes = async (name: string, phone: string, text: string) => {
    const touch = { kind: 'walk_in', source: 'Walk-in', personId: null, email: '', referrerId: null } as const
    const { personId } = await call('capture.logTouch', {
      ...touch,
      name,
      phone,
      text,
      attachments: [],
      answered: false,
    })
    const row = await call('inbox.row', { personId })
    return { personId, leadId: row?.leadId ?? 0 }
  }
  const outcomeOf = async (leadId: number) => (await call('convert.lead', { leadId })).outcome

  const ana = await comes('Ana Lopez', '+14155550123', 'Wants a new kitchen')
  const { undoId } = await call('convert.judge', {
    leadIds: [ana.leadId],
    verdict: { outcome: 'won', value: { minor: 890_000, currency: 'USD' } },
  })
  expect(await call('convert.lead', { leadId: ana.leadId })).toMatchObject({
    outcome: 'won',
    value: { minor: 890_000, currency: 'USD' },
  })
  expect(await call('predict.review', {})).toMatchObject({ outcomes: 1, won: 1, state: 'off', report: null })
  expect(await call('inbox.undo', { undoId })).toEqual({ undone: true })
  expect(await outcomeOf(ana.leadId)).toBeNull()
  expect(await call('predict.lead', { leadId: ana.leadId })).toMatchObject({ chance: null, reasons: [] })

  await call('contact.logCall', { personId: ana.personId, direction: 'out', outcome: 9, note: '' })
  await eventually('the call ending it', async () => (await outcomeOf(ana.leadId)) === 'disqualified')

  const choices = await call('convert.choices', {})
  expect(choices.lostReasons.length).toBeGreaterThan(2)
  const when = { all: [{ kind: 'text' as const, anyOf: ['vacancy'] }], any: [], not: [] }
  await call('convert.saveChoices', {
    ...choices,
    rules: [{ id: 'jobs', label: 'Looks for a job', outcome: 'disqualified', when }],
  })
  const gus = await comes('Gus Chen', '+14155550124', 'Is there a vacancy?')
  await eventually('the rule', async () => (await outcomeOf(gus.leadId)) === 'disqualified')
  expect(await call('convert.lead', { leadId: gus.leadId })).toMatchObject({ reason: 'Looks for a job' })
  await expect(call('predict.decide', { on: true })).rejects.toMatchObject({ code: 'CONFLICT' })
})
