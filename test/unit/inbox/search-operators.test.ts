import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inboxContract } from '../../../src/inbox/contract.ts'
import { makeReadTimeSpan } from '../../../src/inbox/search-dates.ts'
import { operators, parseSearch } from '../../../src/inbox/search-query.ts'
import { tokensOf } from '../../../src/inbox/search-tokens.ts'
import { day, hour } from '../../../src/lib/durations.ts'
import { tuesdayMorning as now } from '../../fakes/fake-clock.ts'
import { type Inbox, openInbox } from './leads.ts'

async function ask({ inbox }: Inbox, text: string, after: string | null = null, limit = 50) {
  return inboxContract['inbox.search'].output.parse(await inbox['inbox.search']({ text, limit, after }))
}
const messages = async (it: Inbox, text: string) =>
  (await ask(it, text)).hits.flatMap((hit) => (hit.interactionId === null ? [] : [hit.interactionId]))
const names = async (it: Inbox, text: string) => (await ask(it, text)).hits.map((hit) => hit.name)

const readTime = makeReadTimeSpan({ now, zone: 'America/New_York' })
const parse = (text: string) => parseSearch(text, readTime)

describe('what is typed', () => {
  test('never throws, whatever it is, and keeps every problem in words', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('OR', '-', '"', ':', '..', '>', ' ', 'last week', '2026-13-99', '\u0000', '😀', '-"', '::'),
      fc.constantFrom(...operators).map((it) => `${it}:`),
      fc.string().map((it) => `score:${it}`),
      fc.string().map((it) => `on:${it}`),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const { clauses, problems } = parse(pieces.join(''))
        for (const clause of clauses) expect(clause.length).toBeGreaterThan(0)
        for (const problem of problems) expect(problem).toMatch(/[.?]$/)
      }),
      { numRuns: 2000 },
    )
  })

  test('tokens lie in the text where they say, in order', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        let end = 0
        for (const token of tokensOf(text)) {
          expect(token.start).toBeGreaterThanOrEqual(end)
          expect(token.end).toBeGreaterThan(token.start)
          end = token.end
        }
        expect(end).toBeLessThanOrEqual(text.length)
      }),
    )
  })

  test.each([
    ['kitchen sink', [['words', 'words']], 2],
    ['kitchen OR bath tile', [['words'], ['words']], 2],
    ['OR kitchen OR', [['words']], 1],
    ['from:ana -tier:hot', [['from'], ['tier']], 2],
    ['on:last week kitchen', [['time'], ['words']], 2],
    ['after:last 7 days', [['time']], 1],
    ['on:monday kitchen', [['time'], ['words']], 2],
    ['10:30 http://x.example/a:b', [['words'], ['words']], 2],
  ])('%s', (text, _, clauses) => {
    expect(parse(text).clauses).toHaveLength(clauses)
    expect(parse(text).problems).toEqual([])
  })

  test('what is no operator, or no value of one, is text, and says so', () => {
    for (const [text, problem] of [
      ['colour:red', '“colour:” is not a filter here'],
      ['channel:pigeon', '“channel:pigeon” is not known'],
      ['is:constructor', '“is:constructor” is not known'],
      ['score:many', '“score:many” is no score'],
      ['before:soon', '“soon” is no day'],
    ] as const) {
      const { clauses, problems } = parse(text)
      expect(problems[0]).toContain(problem)
      expect(clauses).toMatchObject([[{ atom: { kind: 'words', text: text.replace(':', ' ') } }]])
    }
    expect(parse('tier:').problems[0]).toContain('What should come after')
  })

  const at = (iso: string) => Date.parse(iso)
  // 2026-03-03 was a Tuesday; the clock of the tests stands in the morning of one.
  test('days in words, in the zone of the business', () => {
    const read = makeReadTimeSpan({ now: at('2026-03-10T15:00:00Z'), zone: 'America/New_York' })
    const midnight = (date: string, offset = '-04:00') => at(`${date}T00:00:00${offset}`)
    const spans: readonly [string, number, number][] = [
      ['2026-03-14', midnight('2026-03-14'), midnight('2026-03-15')],
      ['2026-02', midnight('2026-02-01', '-05:00'), midnight('2026-03-01', '-05:00')],
      ['2025', midnight('2025-01-01', '-05:00'), midnight('2026-01-01', '-05:00')],
      ['today', midnight('2026-03-10'), midnight('2026-03-11')],
      ['yesterday', midnight('2026-03-09'), midnight('2026-03-10')],
      // Over the night of the time change.
      ['last week', midnight('2026-03-02', '-05:00'), midnight('2026-03-09')],
      ['this month', midnight('2026-03-01', '-05:00'), midnight('2026-04-01')],
      ['last month', midnight('2026-02-01', '-05:00'), midnight('2026-03-01', '-05:00')],
      ['last 2 days', midnight('2026-03-09'), midnight('2026-03-11')],
      ['3 days ago', midnight('2026-03-07', '-05:00'), midnight('2026-03-08', '-05:00')],
      ['monday', midnight('2026-03-09'), midnight('2026-03-10')],
      ['tuesday', midnight('2026-03-03', '-05:00'), midnight('2026-03-04', '-05:00')],
      ['december', midnight('2025-12-01', '-05:00'), midnight('2026-01-01', '-05:00')],
      ['feb 2024', midnight('2024-02-01', '-05:00'), midnight('2024-03-01', '-05:00')],
      ['14 march', midnight('2026-03-14'), midnight('2026-03-15')],
    ]
    for (const [text, from, to] of spans) expect([text, read(text)]).toEqual([text, { from, to }])
    for (const text of ['2026-13', '2026-02-30', 'soonish', 'lastweek', '', 'march hare']) {
      expect([text, read(text)]).toEqual([text, null])
    }
  })
})

describe('messages', () => {
  test('by who wrote them and to whom they went', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana Lopez', { email: 'ana@lopez.example' })
    const gus = await it.add('Gus Chen', { email: 'gus@chen.example' })
    const hers = await it.say(ana, { text: 'a kitchen please' })
    const ours = await it.say(ana, { text: 'your kitchen is ready', direction: 'out' })
    const his = await it.say(gus, { text: 'kitchen' })
    expect(await messages(it, 'from:ana')).toEqual([hers])
    expect(await messages(it, 'from:ana@lopez.example kitchen')).toEqual([hers])
    expect(await messages(it, 'from:@chen.example')).toEqual([his])
    expect(await messages(it, 'from:"ana lopez" ready')).toEqual([])
    expect(await messages(it, 'to:ana')).toEqual([ours])
    expect(await messages(it, 'from:me kitchen')).toEqual([ours])
    expect(await messages(it, '-from:ana from:gus')).toEqual([his])
    expect(await messages(it, 'from:ana OR from:gus')).toEqual([his, hers])
    expect(await messages(it, 'from:nobody-like-this')).toEqual([])
  })

  test('by channel, day, and what they hold', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana Lopez', { phone: '+14155550187' })
    const mail = await it.say(ana, { text: 'see the drawing', at: now - 40 * day })
    const text = await it.say(ana, { channel: 'sms', text: 'see you', at: now - day })
    const call = await it.say(ana, { text: 'see the wall', call: { result: 'voicemail' }, at: now - hour })
    await it.store.write((tx) =>
      tx.db
        .insertInto('attachment')
        .values([
          {
            interaction_id: mail,
            name: 'Estimate 12.pdf',
            content_type: 'application/pdf',
            size: 1,
            content_id: null,
            blob: null,
          },
        ])
        .execute(),
    )
    expect(await messages(it, 'channel:sms')).toEqual([text])
    expect(await messages(it, 'see -channel:sms')).toEqual([call, mail])
    expect(await messages(it, 'has:attachment')).toEqual([mail])
    expect(await messages(it, 'has:quote see')).toEqual([mail])
    expect(await messages(it, 'has:voicemail')).toEqual([call])
    expect(await messages(it, 'see has:recording')).toEqual([])
    expect(await messages(it, 'see has:phone -has:email')).toHaveLength(3)
    expect(await messages(it, 'after:yesterday')).toEqual([call, text])
    expect(await messages(it, 'before:yesterday')).toEqual([mail])
    expect(await messages(it, 'on:yesterday see')).toEqual([text])
    expect(await messages(it, 'on:last 60 days')).toEqual([call, text, mail])
    expect(await messages(it, 'on:2019')).toEqual([])
  })

  test('words with OR, minus and phrases', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const both = await it.say(ana, { text: 'kitchen and bath', at: now - 3 })
    const kitchen = await it.say(ana, { text: 'only the kitchen', at: now - 2 })
    const bath = await it.say(ana, { text: 'only the bath', at: now - 1 })
    expect(new Set(await messages(it, 'kitchen OR bath'))).toEqual(new Set([both, kitchen, bath]))
    expect(new Set(await messages(it, 'kitchen OR bath only'))).toEqual(new Set([kitchen, bath]))
    expect(await messages(it, 'kitchen -bath')).toEqual([kitchen])
    expect(await messages(it, '-"only the"')).toEqual([both])
    expect(new Set(await messages(it, 'bath OR channel:sms'))).toEqual(new Set([both, bath]))
    expect(await messages(it, '"only the bath" OR nothing')).toEqual([bath])
  })

  test('by their lead', async () => {
    const it = await openInbox()
    const sam = await it.store.addMember('Sam Park')
    const ana = await it.add('Ana', { tier: 'hot', score: 84, owner_id: sam, source: 'Google Ads', qualified_at: 1 })
    const gus = await it.add('Gus', { score: 20 })
    const hers = await it.say(ana, { text: 'a kitchen' })
    const his = await it.say(gus, { text: 'a kitchen' })
    for (const filter of [
      ...[
        'score:>60',
        'score:80..90',
        'tier:hot',
        'is:hot',
        'owner:sam',
        'source:google',
        'stage:qualified',
        '-score:<50',
      ],
      '-is:unassigned',
    ]) {
      expect([filter, await messages(it, `kitchen ${filter}`)]).toEqual([filter, [hers]])
    }
    for (const filter of ['score:<=20', 'tier:nurture', 'is:unassigned', 'owner:nobody', 'source:"website form"']) {
      expect([filter, await messages(it, `kitchen ${filter}`)]).toEqual([filter, [his]])
    }
    expect(await messages(it, 'kitchen is:mine')).toEqual([])
    await it.store.set('me', sam)
    expect(await messages(it, 'kitchen is:mine')).toEqual([hers])
    expect(await messages(it, 'kitchen owner:me')).toEqual([hers])
    // A value is never a pattern.
    expect(await messages(it, 'kitchen source:%')).toEqual([])
  })

  test('by what they want; a person’s word counts more than the model’s', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const quote = await it.say(ana, { text: 'how much is a kitchen' })
    const spam = await it.say(ana, { text: 'cheap kitchens!' })
    await it.store.write(async ({ db }) => {
      for (const id of [quote, spam]) {
        await db
          .insertInto('message_insight')
          .values({
            ...{ interaction_id: id, intent: 'quote_request', confidence: 80, urgency: 'none', urgency_reason: '' },
            ...{ job_size: null, vector: new Uint8Array(1), model_version: 'x', at: now },
          })
          .execute()
      }
      await db
        .insertInto('intent_example')
        .values({ interaction_id: spam, intent: 'spam', author_id: null, at: now })
        .execute()
    })
    expect(await messages(it, 'intent:quote')).toEqual([quote])
    expect(await messages(it, 'kitchen intent:spam')).toEqual([])
    expect(await messages(it, 'intent:spam')).toEqual([spam])
  })

  test('page after page shows every match once, also when messages come in between', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const ids: number[] = []
    for (let n = 0; n < 930; n++) ids.push(await it.say(ana, { text: `kitchen ${n}`, at: now - n * hour }))
    for (const text of ['kitchen', 'channel:email', 'kitchen channel:email', 'from:ana']) {
      const seen: number[] = []
      let after: string | null = null
      let pages = 0
      do {
        const page: Awaited<ReturnType<typeof ask>> = await ask(it, text, after, 100)
        seen.push(...page.hits.flatMap((hit) => (hit.interactionId === null ? [] : [hit.interactionId])))
        after = page.next
        pages += 1
        if (pages === 2) await it.say(ana, { text: 'a new kitchen', at: now + pages })
      } while (after !== null && pages < 40)
      expect([text, new Set(seen).size]).toEqual([text, seen.length])
      expect([text, ids.filter((id) => !seen.includes(id))]).toEqual([text, []])
    }
    expect((await ask(it, 'kitchen', 'nonsense')).hits.length).toBeGreaterThan(0)
  })
})

describe('leads', () => {
  test('a search without words finds people, open ones unless it says otherwise', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana', { tier: 'hot', phone: '+14155550187', score: 84 })
    await it.add('Gus', { status: 'done', done_at: now, score: 90, tier: 'hot' })
    await it.add('Kim', { snoozed_until: now + day, score: 70 })
    const due = { clock_kind: 'first_contact', clock_started_at: now - 2, risk_at: now - 1, due_at: now - 1 } as const
    await it.add('Lea', due)
    expect((await ask(it, 'tier:hot')).about).toBe('leads')
    expect(await names(it, 'tier:hot')).toEqual(['Ana'])
    expect(await names(it, 'score:>60')).toEqual(['Ana'])
    expect(new Set(await names(it, 'score:>60 is:any'))).toEqual(new Set(['Ana', 'Gus', 'Kim']))
    expect(await names(it, 'is:done')).toEqual(['Gus'])
    expect(await names(it, 'is:snoozed')).toEqual(['Kim'])
    expect(await names(it, 'is:overdue')).toEqual(['Lea'])
    expect(await names(it, 'has:phone')).toEqual(['Ana'])
    expect(await names(it, '-tier:hot')).toEqual(['Lea'])
    await it.inbox['inbox.waiting']({ leadIds: [ana.leadId], waiting: true })
    expect(await names(it, 'is:waiting')).toEqual(['Ana'])
  })
})
