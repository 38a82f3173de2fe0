import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeClocks } from '../../../src/contact/clocks.ts'
import { hour, minute } from '../../../src/lib/durations.ts'
import { prepareRules, tierOf } from '../../../src/score/evaluate.ts'
import { type Arrival, collectFacts } from '../../../src/score/facts.ts'
import { rescoreAll } from '../../../src/score/rescore-all.ts'
import { makeScoreLead } from '../../../src/score/score-lead.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { readSettings } from '../../../src/store/queries/settings.ts'
import { makeFakeClock, tuesdayMorning as start } from '../../fakes/fake-clock.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'

const rules = prepareRules(defaultSettings.scoreRules, defaultSettings.tiers, ['941', 'EC1A'])
const mail = (text: string, more: Partial<Arrival> = {}): Arrival => ({
  at: start,
  channel: 'email',
  subject: '',
  text,
  robot: null,
  fields: null,
  known: null,
  ...more,
})
const form = (known: Record<string, string>, more: Partial<Arrival> = {}): Arrival => ({
  ...mail(known.message ?? ''),
  channel: 'form',
  known: JSON.stringify(known),
  fields: JSON.stringify(Object.entries(known).map(([label, value]) => ({ label, value }))),
  ...more,
})
const judge = (...arrivals: Arrival[]) => rules(collectFacts(arrivals))
const hits = (...arrivals: Arrival[]) => judge(...arrivals).ledger.map((it) => it.rule)

describe('rules', () => {
  test('the guides’ hot lead: a complete form with budget, postcode and date', () => {
    const verdict = judge(
      form({
        name: 'Ana',
        email: 'ana@x.example',
        budget: '18,000 – 25,000',
        postcode: '94110',
        timeline: 'this month',
      }),
    )
    expect(verdict.tier).toBe('hot')
    expect(verdict.score).toBe(100)
    expect(verdict.ledger).toEqual([
      { rule: 'form', points: 20, reason: 'Filled in a form' },
      { rule: 'budget', points: 30, reason: 'Budget over 5,000' },
      { rule: 'local', points: 20, reason: 'Postcode in your area' },
      { rule: 'complete', points: 20, reason: 'Form filled in completely' },
      { rule: 'soon', points: 15, reason: 'Wants to start within 30 days' },
    ])
  })
  test('a bare question by mail is not warm', () => {
    expect(judge(mail('Hello, do you work in Oakland?'))).toMatchObject({ score: 20, tier: 'nurture' })
  })
  test('a mail that asks for a price is warm', () => {
    expect(judge(mail('How much is a new roof?'))).toMatchObject({ score: 35, tier: 'warm' })
  })
  test('never above 100, never below 0; the ledger keeps the full points', () => {
    const robot = judge(mail('x', { robot: 'newsletter' }))
    expect(robot.score).toBe(0)
    expect(robot.ledger.find((it) => it.rule === 'robot')?.points).toBe(-60)
  })
  test('words count whole, with their endings, in any case', () => {
    expect(hits(mail('QUOTES please'))).toContain('buying-words')
    expect(hits(mail('when can I be booked in'))).toContain('buying-words')
    expect(hits(mail('We met at Costco, notebook in hand'))).not.toContain('buying-words')
    expect(hits(mail('as soon  as\npossible'))).toContain('urgent-words')
  })
  test('a subject of theirs counts, our own subject in their answer does not', () => {
    expect(hits(mail('Hi', { subject: 'Quote for a kitchen' }))).toContain('buying-words')
    expect(hits(mail('Hi', { subject: 'Re: Your quote' }))).not.toContain('buying-words')
  })
  test('an empty field, a short form and a foreign postcode earn nothing', () => {
    expect(hits(form({ email: 'a@x.example', phone: ' ', message: '' }))).toEqual(['form'])
    expect(hits(form({ email: 'a@x.example', message: 'hello' }))).toEqual(['form'])
    expect(hits(form({ email: 'a@x.example', postcode: '10001' }))).toEqual(['form'])
    expect(hits(form({ email: 'a@x.example', postcode: 'ec1a 1bb' }))).toEqual(['form', 'local'])
  })
  test('coming back counts, a burst of texts does not', () => {
    const text = (at: number) => mail('hm', { channel: 'sms', at })
    expect(hits(text(start), text(start + minute), text(start + 5 * minute))).not.toContain('again')
    expect(hits(text(start), text(start + hour))).toContain('again')
    expect(hits(text(start), mail('', { channel: 'call', at: start + minute }))).toContain('again')
  })
  test('tiers begin at their cut-offs', () => {
    expect([60, 59, 30, 29].map((it) => tierOf(it, { hotFrom: 60, warmFrom: 30 }))).toEqual([
      'hot',
      'warm',
      'warm',
      'nurture',
    ])
  })
})

describe('in the store', () => {
  let store: TestStore
  const clock = makeFakeClock()
  const scoreLead = makeScoreLead()
  beforeEach(() => {
    store = openTestStore()
  })
  afterEach(() => store.close())

  const wrote = (leadId: number, personId: number, text: string, at = start) =>
    store.write(({ db }) =>
      db
        .insertInto('interaction')
        .values({
          person_id: personId,
          lead_id: leadId,
          account_id: null,
          channel: 'email',
          direction: 'in',
          at,
          author_id: null,
          automatic: 0,
          subject: '',
          text,
          quoted: null,
          delivery: 'received',
          problem: null,
          created_at: at,
        })
        .execute(),
    )
  const score = (leadId: number) => store.write(async (tx) => scoreLead(tx, leadId, await readSettings(tx), start))
  const ledger = (leadId: number) =>
    store.read.db.selectFrom('score_entry').select(['rule', 'points']).where('lead_id', '=', leadId).execute()
  const events = () => store.read.db.selectFrom('event').select('text').orderBy('id').execute()

  test('keeps the ledger and says it in the timeline, once', async () => {
    const { leadId, personId } = await store.addLead({ score: 0, tier: 'nurture' })
    await wrote(leadId, personId, 'How much is a new roof?')
    expect(await score(leadId)).toEqual({ score: 35, tier: 'warm', changed: true, tierChanged: true })
    expect(await score(leadId)).toEqual({ score: 35, tier: 'warm', changed: false, tierChanged: false })
    expect(await ledger(leadId)).toEqual([
      { rule: 'buying-words', points: 15 },
      { rule: 'wrote', points: 20 },
    ])
    expect(await events()).toEqual([{ text: 'Scored 35 · warm' }])
  })

  test('more that comes in replaces the ledger', async () => {
    const { leadId, personId } = await store.addLead({ score: 0, tier: 'nurture' })
    await wrote(leadId, personId, 'How much is a new roof?')
    await score(leadId)
    await wrote(leadId, personId, 'It is urgent', start + hour)
    expect(await score(leadId)).toMatchObject({ score: 65, tier: 'hot', tierChanged: true })
    expect(await ledger(leadId)).toHaveLength(4)
    expect(await events()).toEqual([{ text: 'Scored 35 · warm' }, { text: 'Scored 65 · hot' }])
  })

  test('new rules: every open lead is scored again, in chunks, and deadlines follow', async () => {
    const clocks = makeClocks({ clock })
    for (let n = 0; n < 230; n++) {
      const { leadId, personId } = await store.addLead({ name: `Person ${n}`, score: 0, tier: 'nurture' })
      await wrote(leadId, personId, 'Do you do tiles?')
    }
    await store.addLead({ name: 'Done long ago', status: 'done', score: 0, tier: 'nurture' })
    const rescore = () => rescoreAll({ store, clock, scoreLead, clocks })
    expect(await rescore()).toBe(230)
    await store.set('scoreRules', [
      { id: 'tiles', label: 'Asks for tiles', points: 80, when: { kind: 'text', anyOf: ['tile'] } },
    ])
    expect(await rescore()).toBe(230)
    const hot = await store.read.db
      .selectFrom('lead')
      .select(['due_at', 'clock_kind'])
      .where('tier', '=', 'hot')
      .execute()
    expect(hot).toHaveLength(230)
    expect(hot.every((it) => it.clock_kind === 'owned')).toBe(true)
  })
})
