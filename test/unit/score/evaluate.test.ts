import { describe, expect, test } from 'vitest'
import { day, hour, minute } from '../../../src/lib/durations.ts'
import { type Condition, type ScoreRule, type Scoring, scoring } from '../../../src/score/contract.ts'
import { prepareRules, tierOf } from '../../../src/score/evaluate.ts'
import { packFacts, type Touch, unpackFacts } from '../../../src/score/facts.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { processorTime } from '../../fakes/processor-time.ts'
import { call, factsOf, form, judge, mail, options, start } from './facts.ts'

const hits = (...touches: Touch[]) =>
  judge(factsOf(touches))
    .ledger.filter((it) => it.kind === 'rule')
    .map((it) => it.rule)

const fullForm = form({
  name: 'Ana',
  email: 'ana@x.example',
  budget: '18,000 – 25,000',
  postcode: '94110',
  timeline: 'this month',
})

describe('the rules of a new workspace', () => {
  test('the guides’ hot lead: a complete form with budget, postcode and date', () => {
    const verdict = judge(factsOf([fullForm]))
    expect(verdict).toMatchObject({ score: 85, tier: 'hot', fit: 65, engagement: 20, grade: 'A2' })
    expect(verdict.ledger.map(({ points, reason }) => `${points} ${reason}`)).toEqual([
      '20 Filled in a form',
      '30 Budget of 5,000 or more',
      '20 Postcode in your area',
      '20 Form filled in completely',
      '15 Wants to start within 30 days',
      '-20 Capped at 65 (The job)',
    ])
  })
  test('a bare question by mail is not warm, one that asks for a price is, an urgent one with both is hot', () => {
    expect(judge(factsOf([mail('Hello, do you work in Oakland?')]))).toMatchObject({ score: 20, tier: 'nurture' })
    expect(judge(factsOf([mail('How much is a new roof?')]))).toMatchObject({ score: 35, tier: 'warm' })
    const again = [mail('How much is a new roof?'), mail('It is urgent', { at: start + hour })]
    expect(judge(factsOf(again), undefined, start + hour)).toMatchObject({ score: 60, tier: 'hot', grade: 'C1' })
  })
  test('calling, texting, chatting, writing and a form again and again is one eager person, not a hundred points', () => {
    const all = [
      call(),
      mail('hello', { channel: 'sms' }),
      mail('hello', { channel: 'chat' }),
      mail('hello'),
      form({ email: 'a@x.example', message: 'hello' }),
    ]
    const often = Array.from({ length: 6 }, (_, week) => all.map((it) => ({ ...it, at: start + week * day }))).flat()
    const verdict = judge(factsOf(often), undefined, start + 5 * day)
    expect(verdict.score).toBe(45)
    expect(verdict.ledger.at(-1)).toMatchObject({ kind: 'limit', reason: 'Capped at 45 (How they came)' })
  })
  test('what machines write is worth nothing, whatever words are in it', () => {
    const news = judge(factsOf([mail('Urgent: book your free quote today, prices available', { robot: 'newsletter' })]))
    expect(news).toMatchObject({ score: 0, tier: 'nurture', grade: 'C3' })
    const rich = judge(factsOf([{ ...fullForm, robot: 'newsletter', text: 'urgent quote' }]))
    expect(rich).toMatchObject({ score: 10, tier: 'nurture', grade: 'C3' })
    expect(rich.ledger).toContainEqual(expect.objectContaining({ reason: 'Never above 10: Written by a machine' }))
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
  test('coming back counts up to three times, a burst of texts does not', () => {
    const text = (at: number) => mail('hm', { channel: 'sms', at })
    expect(hits(text(start), text(start + minute), text(start + 5 * minute))).not.toContain('again')
    expect(hits(text(start), text(start + hour))).toContain('again')
    expect(hits(text(start), mail('', { channel: 'call', at: start + minute }))).toContain('again')
    const often = [0, 1, 2, 3, 4, 5].map((n) => text(start + n * hour))
    const again = judge(factsOf(often), undefined, start + 5 * hour).ledger.find((it) => it.rule === 'again')
    expect(again).toMatchObject({ raw: 15, reason: 'Came back (3 times)' })
  })
  test('tiers begin at their cut-offs', () => {
    const tiers = [60, 59, 30, 29].map((it) => tierOf(it, { hotFrom: 60, warmFrom: 30 }))
    expect(tiers).toEqual(['hot', 'warm', 'warm', 'nurture'])
  })
})

describe('time', () => {
  const ana = factsOf([call(), fullForm])
  test('what they did halves in a fortnight, what they are stays; the ledger says both', () => {
    const later = judge(ana, undefined, start + 14 * day)
    expect(judge(ana)).toMatchObject({ fit: 65, engagement: 45, grade: 'A1' })
    // The call and the form of that minute are two channels: they came back once, too.
    expect(later).toMatchObject({ fit: 65, engagement: 33, grade: 'A2' })
    expect(later.ledger.find((it) => it.rule === 'called')).toMatchObject({ points: 20, raw: 40, at: start })
    expect(later.ledger.find((it) => it.rule === 'budget')).toMatchObject({ points: 30, raw: 30, at: null })
  })
  test('a rule that looks back some days forgets', () => {
    const rule = { ...one({ kind: 'missedCall', atLeast: 1 }, { withinDays: 7 }) }
    expect(judge(ana, points([rule]), start + 7 * day).score).toBe(10)
    expect(judge(ana, points([rule]), start + 7 * day + 1).score).toBe(0)
  })
  test('each time grows old from its own day', () => {
    const rule = one({ kind: 'channel', channels: ['call'] }, { times: 3, halfLifeDays: 10, points: 20 })
    const twice = factsOf([call(), call({ at: start + 10 * day })])
    expect(judge(twice, points([rule]), start + 10 * day).score).toBe(30)
  })
})

describe('the three ways to judge', () => {
  const buckets: Scoring = { ...defaultSettings.scoring, mode: 'buckets' }
  const questions: Scoring = { ...defaultSettings.scoring, mode: 'qualify' }
  test('buckets: the first rule that fits', () => {
    const tierFor = (...touches: Touch[]) => judge(factsOf(touches), buckets).tier
    expect(tierFor(call())).toBe('hot')
    expect(tierFor(form({ timeline: '2 weeks' }))).toBe('hot')
    expect(tierFor(form({ timeline: 'in 60 days' }))).toBe('warm')
    expect(tierFor(form({ timeline: 'no rush, just looking', message: 'just looking' }))).toBe('nurture')
    expect(tierFor(mail('book a quote', { robot: 'newsletter' }))).toBe('nurture')
    const verdict = judge(factsOf([mail('what is the price?')]), buckets)
    expect(verdict).toMatchObject({ score: 30, tier: 'warm', grade: null, qualification: null })
    expect(verdict.ledger.map((it) => it.reason)).toEqual(['Asks for a price or a date, or sent a text or a form'])
  })
  test('questions: all yes, one no, or something left to ask', () => {
    const says = (...touches: Touch[]) => judge(factsOf(touches), questions).qualification
    expect(says(fullForm)).toBe('qualified')
    expect(says(form({ budget: '$900', postcode: '94110', timeline: 'now' }))).toBe('disqualified')
    expect(says(form({ postcode: '10001' }))).toBe('disqualified')
    expect(says(form({ timeline: 'just researching' }))).toBe('disqualified')
    expect(says(call())).toBe('open')
    const verdict = judge(factsOf([call()]), questions)
    expect(verdict).toMatchObject({ tier: 'warm', grade: null })
    expect(verdict.ledger.map((it) => it.reason)).toContain('Not said yet: Budget of 5,000 or more')
  })
})

function one(when: Condition, more: Partial<ScoreRule> = {}): ScoreRule {
  return {
    id: 'one',
    label: 'One',
    group: 'g',
    points: 10,
    when: { all: [when], any: [], not: [] },
    times: 1,
    halfLifeDays: null,
    withinDays: null,
    ceiling: null,
    ...more,
  }
}

const points = (rules: readonly ScoreRule[]): Scoring =>
  scoring.parse({ mode: 'points', groups: [{ id: 'g', label: 'G', axis: 'engagement', cap: 100 }], rules })

describe('conditions', () => {
  const lead = factsOf(
    [
      form({ message: 'Re-roof our barn before May', timeline: '3 weeks' }, { at: start }),
      mail('Our quote', { direction: 'out', at: start + hour }),
      mail('Thanks, sounds good', { at: start + 2 * hour, intent: 'booking', urgency: 'soon' }),
      call({ at: start + 10 * hour }),
    ],
    {
      region: 'Ohio',
      countries: ['US'],
      lines: ['mobile'],
      sources: ['Google Ads'],
      tracking: { utm_campaign: 'Spring Roofs', gclid: 'x1' },
      company: 'Barn & Co',
      employees: 40,
      fields: { title: 'Operations Manager' },
    },
  )
  // Ten hours after a morning it is evening of New York.
  const cases: readonly (readonly [Condition, boolean])[] = [
    [{ kind: 'channel', channels: ['call', 'sms'] }, true],
    [{ kind: 'channel', channels: ['whatsapp'] }, false],
    [{ kind: 'textAll', allOf: ['barn', 'sounds good'] }, true],
    [{ kind: 'textAll', allOf: ['barn', 'kitchen'] }, false],
    [{ kind: 'text', anyOf: ['$$ (barn|x)*', 'c++'] }, false],
    [{ kind: 'field', field: 'title', how: 'contains', values: ['MANAGER'] }, true],
    [{ kind: 'field', field: 'title', how: 'is', values: ['manager'] }, false],
    [{ kind: 'field', field: 'phone', how: 'missing', values: [] }, true],
    [{ kind: 'formField', label: 'TIMELINE ', how: 'is', values: ['3 weeks'] }, true],
    [{ kind: 'formField', label: 'roof type', how: 'present', values: [] }, false],
    [{ kind: 'source', how: 'contains', values: ['google'] }, true],
    [{ kind: 'tracking', key: 'utm_campaign', how: 'is', values: ['spring roofs'] }, true],
    [{ kind: 'tracking', key: 'fbclid', how: 'present', values: [] }, false],
    [{ kind: 'timelineDays', atMost: 21 }, true],
    [{ kind: 'timelineDays', atMost: 20 }, false],
    [{ kind: 'region', regions: ['ohio'] }, true],
    [{ kind: 'country', countries: ['DE'] }, false],
    [{ kind: 'sender', is: 'company' }, true],
    [{ kind: 'sender', is: 'freeMail' }, false],
    [{ kind: 'employees', atLeast: 40 }, true],
    [{ kind: 'line', types: ['landline'] }, false],
    [{ kind: 'touches', atLeast: 3, withinDays: 1 }, true],
    [{ kind: 'touches', atLeast: 4, withinDays: null }, false],
    [{ kind: 'replied' }, true],
    [{ kind: 'missedCall', atLeast: 1 }, true],
    [{ kind: 'missedCall', atLeast: 2 }, false],
    [{ kind: 'intent', intents: ['booking'] }, true],
    [{ kind: 'urgency', levels: ['now'] }, false],
    [{ kind: 'robot' }, false],
  ]
  test.each(cases)('%j', (condition, holds) => {
    const at = start + 10 * hour
    expect(judge(lead, points([one(condition)]), at).score).toBe(holds ? 10 : 0)
    // Facts that were kept say the same.
    const kept = unpackFacts(packFacts(lead))
    expect(kept && judge(kept, points([one(condition)]), at).score).toBe(holds ? 10 : 0)
  })
  test('hours of the day are those of the business, over midnight too', () => {
    const hours = (from: number, to: number, weekdays: number[] = []) =>
      judge(lead, points([one({ kind: 'hours', from: from * 60, to: to * 60, weekdays })]), start + day).score > 0
    const local = new Date(start + 10 * hour).toLocaleString('en-US', {
      timeZone: options.zone,
      hour: 'numeric',
      hour12: false,
    })
    const evening = Number(local)
    expect(hours(evening, evening + 1)).toBe(true)
    expect(hours(evening, 4)).toBe(true)
    expect(hours(evening, 4, [2])).toBe(true)
    expect(hours(evening, 4, [6])).toBe(false)
    expect(hours(1, 2)).toBe(false)
  })
  test('all, any and not', () => {
    const barn: Condition = { kind: 'text', anyOf: ['barn'] }
    const ship: Condition = { kind: 'text', anyOf: ['ship'] }
    const holds = (when: Partial<ScoreRule['when']>) =>
      judge(lead, points([{ ...one(barn), when: { all: [], any: [], not: [], ...when } }])).score > 0
    expect(holds({ all: [barn, ship] })).toBe(false)
    expect(holds({ any: [barn, ship] })).toBe(true)
    expect(holds({ all: [barn], not: [ship] })).toBe(true)
    expect(holds({ all: [barn], not: [barn] })).toBe(false)
    expect(holds({ not: [ship] })).toBe(true)
  })
  test('a field full of mischief takes no time', async () => {
    const long = factsOf([mail(`${' '.repeat(50_000)}${'as soon as '.repeat(30_000)}`)])
    const rules = prepareRules(defaultSettings.scoring, defaultSettings.tiers, options)
    const spent = await processorTime(() => {
      for (let n = 0; n < 20; n += 1) rules.judge(long, start)
    })
    expect(spent).toBeLessThan(5000)
    expect(long.arrivals[0]?.words.split(' ').length).toBeLessThanOrEqual(4000)
  })
})
