import { describe, expect, test } from 'vitest'
import { day, hour, minute } from '../../../../src/lib/durations.ts'
import { decisionOf } from '../../../../src/score/learn/known-then.ts'
import { isDue } from '../../../../src/score/learn/learner.ts'
import { eventually } from '../../../fakes/eventually.ts'
import { type Habits, openWorkshop, simulate, start, type Workshop } from './learn-world.ts'

const telling: Habits['chance'] = ({ source, budget }) =>
  source === 'Referral' ? 0.75 : source === 'Yelp' ? 0.05 : 0.2 + budget / 60_000

async function learn({ learner, predict }: Workshop) {
  learner.start()
  expect(await predict['predict.learn']({})).toEqual({ started: true })
  await eventually('the training', () => !learner.isLearning())
}

describe('600 leads whose end depends on what was known', () => {
  test('the model beats the rules, may decide, and one switch goes back', async () => {
    const it = openWorkshop()
    await simulate(it, { chance: telling, count: 600, seed: 7 })
    const open = await simulate(it, { chance: telling, count: 40, seed: 8, open: true })
    await learn(it)
    const review = await it.predict['predict.review']({})
    expect(review).toMatchObject({
      outcomes: 600,
      state: 'ready',
      reason: '',
      decides: false,
      learning: false,
      due: true,
    })
    const { report } = review
    expect(report?.isBetter).toBe(true)
    expect(report?.model.auc).toBeGreaterThan(0.68)
    // With what was said after the end it would have known everything.
    expect(report?.model.auc).toBeLessThan(0.9)
    expect(report?.model.deciles).toHaveLength(10)
    expect(report?.looksAt).toContain('Where they come from')

    const leads = () =>
      it.store.read.db.selectFrom('lead').select(['id', 'tier', 'chance', 'source']).where('id', 'in', open).execute()
    const before = await leads()
    const mean = (source: string) => {
      const chances = before.filter((lead) => lead.source === source).map((lead) => lead.chance ?? Number.NaN)
      return chances.reduce((sum, chance) => sum + chance, 0) / chances.length
    }
    expect(mean('Referral')).toBeGreaterThan(0.5)
    expect(mean('Yelp')).toBeLessThan(0.25)

    const referral = before.find((lead) => lead.source === 'Referral')?.id ?? 0
    const said = await it.predict['predict.lead']({ leadId: referral })
    expect(said).toMatchObject({ decides: false, chance: expect.any(Number) })
    expect(said.reasons[0]).toEqual({ text: 'comes from referral', direction: 'raises' })

    await it.predict['predict.decide']({ on: true })
    expect((await it.predict['predict.review']({})).decides).toBe(true)
    const cuts = report?.cuts ?? { hot: Number.NaN, warm: Number.NaN }
    for (const { tier, chance } of await leads()) {
      expect(tier).toBe((chance ?? 0) >= cuts.hot ? 'hot' : (chance ?? 0) >= cuts.warm ? 'warm' : 'nurture')
    }
    await it.predict['predict.decide']({ on: false })
    const rules = await leads()
    await it.predict['predict.decide']({ on: true })
    await it.predict['predict.decide']({ on: false })
    expect(await leads()).toEqual(rules)

    await it.predict['predict.reviewed']({})
    expect((await it.predict['predict.review']({})).due).toBe(false)
    await it.clock.advance(92 * day)
    expect((await it.predict['predict.review']({})).due).toBe(true)
  })
})

test('nothing tells how leads end: it refuses, says why, and may not be switched on', async () => {
  const it = openWorkshop()
  await simulate(it, { chance: () => 0.4, count: 520, seed: 3 })
  const open = await simulate(it, { chance: () => 0.4, count: 3, seed: 4, open: true })
  await learn(it)
  const review = await it.predict['predict.review']({})
  expect(review).toMatchObject({ state: 'refused', decides: false })
  expect(review.reason).not.toBe('')
  await expect(it.predict['predict.decide']({ on: true })).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await it.predict['predict.lead']({ leadId: open[0] ?? 0 })).toEqual({
    chance: null,
    at: null,
    decides: false,
    reasons: [],
  })
})

test('37 of 100: it says what is missing and does not learn', async () => {
  const it = openWorkshop()
  await simulate(it, { chance: telling, count: 37, seed: 1 })
  it.learner.start()
  expect(await it.predict['predict.learn']({})).toEqual({ started: false })
  expect(await it.predict['predict.review']({})).toMatchObject({
    outcomes: 37,
    state: 'off',
    reason: 'You need 63 more outcomes: mark leads as won, lost or disqualified.',
    report: null,
  })
})

test('100 to 499: beside the rules, and shown on no lead', async () => {
  const it = openWorkshop()
  await simulate(it, { chance: telling, count: 240, seed: 5 })
  const [leadId = 0] = await simulate(it, { chance: telling, count: 1, seed: 6, open: true })
  // By itself, a minute after the start.
  it.learner.start()
  await it.clock.advance(minute)
  await eventually('the training', () => it.trainings() === 1 && !it.learner.isLearning())
  expect(await it.predict['predict.review']({})).toMatchObject({ state: 'shadow', decides: false })
  expect((await it.predict['predict.review']({})).reason).toContain('260 more outcomes')
  await expect(it.predict['predict.decide']({ on: true })).rejects.toMatchObject({ code: 'CONFLICT' })
  const row = await it.store.read.db.selectFrom('lead').select('chance').where('id', '=', leadId).executeTakeFirst()
  expect(row?.chance).toEqual(expect.any(Number))
  expect((await it.predict['predict.lead']({ leadId })).chance).toBeNull()
})

test('cut off while it learns: nothing is half stored, and the next start learns', async () => {
  const it = openWorkshop()
  await simulate(it, { chance: telling, count: 300, seed: 9 })
  it.learner.start()
  expect(await it.learner.learnNow()).toBe(true)
  await eventually('the training', () => it.trainings() === 1)
  await it.learner.stop()
  expect(await it.store.read.db.selectFrom('score_model').selectAll().execute()).toEqual([])
  const next = it.open()
  next.start()
  await it.clock.advance(minute)
  await eventually('the training', () => it.trainings() === 2 && !next.isLearning())
  await next.stop()
  expect((await it.predict['predict.review']({})).state).toBe('shadow')
})

test('it learns again after ten days, or with a tenth more outcomes', () => {
  const training = { id: 1, trainedAt: start, state: 'shadow', reason: '', outcomes: 200, report: {} as never } as const
  expect(isDue(null, 99, start)).toBe(false)
  expect(isDue(null, 100, start)).toBe(true)
  expect(isDue(training, 219, start + 9 * day)).toBe(false)
  expect(isDue(training, 220, start + hour)).toBe(true)
  expect(isDue(training, 201, start + 10 * day)).toBe(true)
  expect(isDue(training, 200, start + 30 * day)).toBe(false)
})

test('a lead is judged by what was known before we spoke to them, and within a day', () => {
  const moments = { openedAt: start, firstHumanAt: null, outcomeAt: null }
  expect(decisionOf(moments)).toBe(start + day)
  expect(decisionOf({ ...moments, firstHumanAt: start + hour })).toBe(start + hour)
  expect(decisionOf({ ...moments, outcomeAt: start + minute })).toBe(start + minute)
  expect(decisionOf({ ...moments, outcomeAt: start - day })).toBe(start)
})
