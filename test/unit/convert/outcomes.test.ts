import { describe, expect, onTestFinished, test } from 'vitest'
import type { OutcomeRule } from '../../../src/convert/contract.ts'
import { makeConvertHandlers } from '../../../src/convert/handlers.ts'
import { makeOutcomeRules } from '../../../src/convert/outcome-rules.ts'
import { changeLeads, hasOtherOpenLead, noOutcome, thawClocks, undoChange } from '../../../src/inbox/change-leads.ts'
import { day, minute } from '../../../src/lib/durations.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { makeFittingRules } from '../../../src/score/fitting-rules.ts'
import { tuesdayMorning as now } from '../../fakes/fake-clock.ts'
import { openInbox } from '../inbox/leads.ts'

const inboxActions = { changeLeads, hasOtherOpenLead, noOutcome, thawClocks, undoChange }

async function openDesk() {
  const it = await openInbox()
  const { store, clock, clocks } = it
  const rules = makeOutcomeRules({
    store,
    clock,
    clocks,
    log: silentLog,
    inbox: inboxActions,
    fitting: makeFittingRules,
  })
  onTestFinished(() => rules.stop())
  store.onCommit(() => {})
  const convert = makeConvertHandlers({
    store,
    clock,
    clocks,
    inbox: inboxActions,
    rulesChanged: () => rules.nudge([]),
  })
  const lead = (leadId: number) =>
    store.read.db.selectFrom('lead').selectAll().where('id', '=', leadId).executeTakeFirstOrThrow()
  return { ...it, rules, convert, lead }
}

const won = { outcome: 'won', value: { minor: 1_234_500, currency: 'USD' }, note: '' } as const
const lost = {
  outcome: 'lost',
  reason: 'Too expensive',
  note: 'Twice what they had',
  competitor: 'Best Kitchens',
} as const

describe('somebody says how a lead ended', () => {
  test.each([
    ['won', won],
    ['lost', { ...lost, revisitAt: now + 90 * day }],
    ['disqualified', { outcome: 'disqualified', reason: 'Outside our area', note: '' }],
  ] as const)('%s closes it and its clocks; undo brings back exactly what was', async (outcome, verdict) => {
    const it = await openDesk()
    const leads = [
      await it.add('Ana', { tier: 'hot', clocks: true }),
      await it.add('Gus', { tier: 'warm', clocks: true }),
    ]
    const leadIds = leads.map(({ leadId }) => leadId)
    const before = await Promise.all(leadIds.map(it.raw))
    const { undoId } = await it.convert['convert.judge']({
      leadIds,
      verdict: { at: null, competitor: '', revisitAt: null, ...verdict } as never,
    })
    for (const leadId of leadIds) {
      expect(await it.lead(leadId)).toMatchObject({ outcome, status: 'done', outcome_at: now, due_at: null })
    }
    await it.inbox['inbox.undo']({ undoId })
    expect(await Promise.all(leadIds.map(it.raw))).toEqual(before)
  })

  test('what was said is kept and told', async () => {
    const it = await openDesk()
    const { leadId } = await it.add('Ana')
    await it.convert['convert.judge']({ leadIds: [leadId], verdict: { ...won, at: now - day } })
    expect(await it.convert['convert.lead']({ leadId })).toMatchObject({
      outcome: 'won',
      at: now - day,
      value: { minor: 1_234_500, currency: 'USD' },
    })
    await it.convert['convert.judge']({ leadIds: [leadId], verdict: { ...lost, revisitAt: now + day } })
    expect(await it.convert['convert.lead']({ leadId })).toMatchObject({
      outcome: 'lost',
      value: null,
      reason: 'Too expensive',
      competitor: 'Best Kitchens',
      revisitAt: now + day,
    })
    const told = await it.store.read.db
      .selectFrom('event')
      .select('text')
      .where('text', '!=', '')
      .orderBy('id')
      .execute()
    expect(told.map((event) => event.text)).toEqual(['Won · $12,345.00', 'Lost · Too expensive · to Best Kitchens'])
  })

  test('a win in the future is refused', async () => {
    const it = await openDesk()
    const { leadId } = await it.add('Ana')
    await expect(
      it.convert['convert.judge']({ leadIds: [leadId], verdict: { ...won, at: now + day } }),
    ).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(await it.lead(leadId)).toMatchObject({ outcome: null, status: 'open' })
  })

  test('opened again, it has no end; taken back, it has the end it had', async () => {
    const it = await openDesk()
    const { leadId } = await it.add('Ana', { tier: 'hot', clocks: true })
    const due = (await it.lead(leadId)).due_at
    await it.convert['convert.judge']({ leadIds: [leadId], verdict: { ...lost, revisitAt: null } })
    const before = await it.raw(leadId)
    const { undoId } = await it.inbox['inbox.reopen']({ leadIds: [leadId] })
    expect(await it.lead(leadId)).toMatchObject({ outcome: null, outcome_reason: null, status: 'open', due_at: due })
    await it.inbox['inbox.undo']({ undoId })
    expect(await it.raw(leadId)).toEqual(before)
  })

  test('fitting is a moment of its own; only after both sides spoke sales may have it', async () => {
    const it = await openDesk()
    const lead = await it.add('Ana')
    await it.say(lead)
    const judge = () => it.convert['convert.judge']({ leadIds: [lead.leadId], verdict: { outcome: 'qualified' } })
    await judge()
    expect(await it.lead(lead.leadId)).toMatchObject({ mql_at: now, qualified_at: now, sql_at: null, status: 'open' })
    await it.clock.advance(day)
    await it.say(lead, { direction: 'out', delivery: 'sent' })
    await judge()
    expect(await it.lead(lead.leadId)).toMatchObject({ mql_at: now, qualified_at: now, sql_at: now + day })
  })

  test('how far a lead is follows from what happened, and deadlines from that', async () => {
    const it = await openDesk()
    const when = { tiers: [], channels: [], stages: ['qualified' as const], outsideHours: false }
    await it.store.set('slaExceptions', [
      { id: 'fits', name: 'Fits', when, targets: { firstContactMs: minute }, calendar: 'always' },
    ])
    const lead = await it.add('Ana', { tier: 'hot', clocks: true })
    const { leadId } = lead
    const stage = async () =>
      (await it.store.read.db.selectFrom('lead').select('stage').where('id', '=', leadId).executeTakeFirst())?.stage
    const due = (await it.lead(leadId)).due_at
    expect(await stage()).toBe('new')
    const { undoId } = await it.convert['convert.judge']({ leadIds: [leadId], verdict: { outcome: 'qualified' } })
    expect([await stage(), (await it.lead(leadId)).due_at]).toEqual(['qualified', now + minute])
    await it.inbox['inbox.undo']({ undoId })
    expect([await stage(), (await it.lead(leadId)).due_at]).toEqual(['new', due])
    const answer = await it.say(lead, { direction: 'out', delivery: 'sent' })
    await it.store.write((tx) => it.clocks.answered(tx, leadId, { at: now, interactionId: answer, human: true }))
    expect(await stage()).toBe('contacted')
    await it.convert['convert.judge']({ leadIds: [leadId], verdict: { ...lost, revisitAt: null } })
    expect(await stage()).toBe('lost')
    await it.inbox['inbox.reopen']({ leadIds: [leadId] })
    expect(await stage()).toBe('contacted')
  })
})

const rule = (outcome: OutcomeRule['outcome'], words: string[]): OutcomeRule => ({
  id: words[0] ?? '',
  label: `Says ${words[0]}`,
  outcome,
  when: { all: [{ kind: 'text', anyOf: words }], any: [], not: [] },
})

describe('rules of the workspace', () => {
  test('mark what fits, once; what somebody took back does not come again', async () => {
    const it = await openDesk()
    const choices = await it.convert['convert.choices']({})
    await it.convert['convert.saveChoices']({
      ...choices,
      rules: [rule('qualified', ['kitchen']), rule('disqualified', ['vacancy'])],
    })
    const buyer = await it.add('Ana')
    const applicant = await it.add('Gus')
    const other = await it.add('Kim')
    await it.say(buyer, { text: 'We want a new kitchen' })
    await it.say(applicant, { text: 'A vacancy in your kitchen team?' })
    await it.say(other, { text: 'Hello' })
    it.rules.start()
    await it.clock.advance(2000)
    await it.rules.stop()
    expect(await it.lead(buyer.leadId)).toMatchObject({
      qualified_at: expect.any(Number),
      sql_at: null,
      status: 'open',
    })
    expect(await it.lead(applicant.leadId)).toMatchObject({ outcome: 'disqualified', outcome_reason: 'Says vacancy' })
    expect(await it.lead(other.leadId)).toMatchObject({ outcome: null, qualified_at: null })

    await it.inbox['inbox.reopen']({ leadIds: [applicant.leadId] })
    it.rules.start()
    await it.clock.advance(2000)
    await it.rules.stop()
    expect(await it.lead(applicant.leadId)).toMatchObject({ outcome: null, status: 'open' })
  })

  test('a wrong number ends only who cannot be reached otherwise; "do not call" always', async () => {
    const it = await openDesk()
    const one = await it.add('Ana')
    const two = await it.add('Gus', { email: 'gus@example.com' })
    const three = await it.add('Kim', { email: 'kim@example.com' })
    await it.say(one, { call: { outcome: 8 } })
    await it.say(two, { call: { outcome: 8 } })
    await it.say(three, { call: { outcome: 9 } })
    it.rules.start()
    await it.clock.advance(2000)
    await it.rules.stop()
    expect(await it.lead(one.leadId)).toMatchObject({ outcome: 'disqualified', outcome_reason: 'Wrong number' })
    expect(await it.lead(two.leadId)).toMatchObject({ outcome: null, status: 'open' })
    expect(await it.lead(three.leadId)).toMatchObject({ outcome: 'disqualified', outcome_reason: 'Do not call' })
  })

  test('the wrong digit was pressed: with the right one the lead is as it was', async () => {
    const it = await openDesk()
    const one = await it.add('Ana', { tier: 'hot', clocks: true })
    const callId = await it.say(one, { call: { outcome: 9 } })
    const before = await it.raw(one.leadId)
    it.rules.start()
    await it.clock.advance(2000)
    expect(await it.lead(one.leadId)).toMatchObject({ outcome: 'disqualified', status: 'done' })
    await it.store.write(({ db }) =>
      db.updateTable('call').set({ outcome: 3 }).where('interaction_id', '=', callId).execute(),
    )
    it.rules.nudge([one.personId])
    await it.clock.advance(2000)
    await it.rules.stop()
    expect(await it.raw(one.leadId)).toEqual(before)
  })
})
