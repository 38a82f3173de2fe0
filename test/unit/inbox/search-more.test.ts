import { describe, expect, test } from 'vitest'
import type { ViewSort } from '../../../src/inbox/contract.ts'
import { day } from '../../../src/lib/durations.ts'
import { tuesdayMorning as now } from '../../fakes/fake-clock.ts'
import { type Inbox, openInbox } from './leads.ts'

const hits = async ({ inbox }: Inbox, text: string) => (await inbox['inbox.search']({ text, limit: 50 })).hits
const ids = async (it: Inbox, text: string) => (await hits(it, text)).map((hit) => hit.interactionId)
const names = async (it: Inbox, text: string) => (await hits(it, text)).map((hit) => hit.name).sort()

async function listed(it: Inbox, query: string, sort: ViewSort, limit = 50): Promise<string[]> {
  const { id } = await it.inbox['inbox.saveView']({ id: null, name: 'View', icon: 'list', query, sort })
  const found: string[] = []
  for (let after = null, pages = 0; pages < 20; pages++) {
    const { rows, next } = await it.inbox['inbox.list']({ view: `saved:${id}`, after, limit })
    found.push(...rows.map((row) => row.name))
    if (!next) break
    after = next as never
  }
  const { counts } = await it.inbox['inbox.viewCounts']({})
  expect(counts.find((view) => view.id === id)?.count).toBe(found.length)
  expect((await it.inbox['inbox.ids']({ view: `saved:${id}` })).leadIds).toHaveLength(found.length)
  return found
}

describe('words', () => {
  test('in the subject come before words in the text, and these before what was only quoted', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const quoted = await it.say(ana, { subject: 'Hello', text: 'thanks', quoted: 'the granite top', at: now - 2 })
    const text = await it.say(ana, { subject: 'Hello', text: 'the granite top', at: now - 3 })
    const subject = await it.say(ana, { subject: 'Granite top', text: 'see below', at: now - 4 })
    expect(await ids(it, 'granite')).toEqual([subject, text, quoted])
    expect(await ids(it, 'granite top')).toEqual([subject, text, quoted])
    expect(await ids(it, 'subject:granite')).toEqual([subject])
    expect(await ids(it, 'subject:"granite top" below')).toEqual([subject])
    expect(await ids(it, 'subject:gran')).toEqual([subject])
    expect(new Set(await ids(it, 'granite -subject:granite'))).toEqual(new Set([text, quoted]))
    expect(new Set(await ids(it, 'subject:granite OR thanks'))).toEqual(new Set([subject, quoted]))
    expect(await ids(it, 'subject:top has:email')).toEqual([])
    expect(await listed(it, 'subject:granite', 'due')).toEqual(['Ana'])
  })

  test('with a minus are whole words, wherever they stand, also where nobody wrote them', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const article = await it.say(ana, { text: 'kitchen article', at: now - 3 })
    const art = await it.say(ana, { text: 'kitchen art', at: now - 2 })
    expect(await ids(it, 'kitchen -art')).toEqual([article])
    expect(await ids(it, '-art kitchen')).toEqual([article])
    expect(await ids(it, 'kitchen -granite')).toEqual([art, article])
    expect(await ids(it, 'kitchen -granite -art')).toEqual([article])
    expect(await ids(it, 'kitchen -granite OR -art')).toEqual([art, article])
  })

  test('go on page after page through everything, also with filters, each message once', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const all = new Set<number>()
    for (let n = 0; n < 1200; n++) all.add(await it.say(ana, { text: `kitchen ${n % 3 ? '' : 'bath'} no ${n}` }))
    for (const [text, count] of [
      ['kitchen', 1200],
      ['kitchen from:ana', 1200],
      ['kitchen -bath', 800],
    ] as const) {
      const seen: (number | null)[] = []
      for (let after: string | null = null, pages = 0; pages < 100; pages++) {
        const page: { hits: { interactionId: number | null }[]; next: string | null } = await it.inbox['inbox.search']({
          ...{ text, limit: 37, after },
        })
        seen.push(...page.hits.map((hit) => hit.interactionId))
        after = page.next
        if (after === null) break
      }
      expect([text, seen.length, new Set(seen).size]).toEqual([text, count, count])
    }
  })
})

test('task: asks for what is to do, and for what has come due', async () => {
  const it = await openInbox()
  const due = await it.add('Due')
  const later = await it.add('Later')
  const done = await it.add('Done with it')
  await it.add('Nothing to do')
  await it.store.write(async ({ db }) => {
    for (const [who, dueAt, doneAt] of [
      [due, now - 1, null],
      [later, now + day, null],
      [done, now - 1, now],
    ] as const) {
      await db
        .insertInto('task')
        .values({
          ...{ person_id: who.personId, lead_id: who.leadId, kind: 'call', words: 'Call', due_at: dueAt },
          ...{ owner_id: null, origin: 'hand', why: null, created_at: now, author_id: null, called_at: null },
          ...{ done_at: doneAt, done_by: null, ended_by: doneAt === null ? null : 'hand', removed_at: null },
        })
        .execute()
    }
    await db.updateTable('task').set({ called_at: now }).where('due_at', '<=', now).execute()
  })
  expect(await names(it, 'task:due')).toEqual(['Due'])
  expect(await names(it, 'task:open')).toEqual(['Due', 'Later'])
  expect(await names(it, '-task:open')).toEqual(['Done with it', 'Nothing to do'])
})

describe('how it ended', () => {
  async function ended() {
    const it = await openInbox()
    const lead = (name: string, more: object) => it.add(name, { last_at: now, ...more })
    const done = { status: 'done', done_at: now - day } as const
    await lead('Won now', { ...done, outcome: 'won', outcome_at: now - day, value_minor: 5 })
    await lead('Lost long ago', {
      ...{ ...done, outcome: 'lost', outcome_at: now - 240 * day, done_at: now - 240 * day },
      outcome_reason: 'Too expensive',
    })
    await lead('Lost now', { ...done, outcome: 'lost', outcome_at: now - day, outcome_reason: 'Bad timing' })
    await lead('Ask again', { ...done, outcome: 'lost', outcome_at: now - 60 * day, revisit_at: now - 1 })
    await lead('Ask later', { ...done, outcome: 'lost', outcome_at: now - 60 * day, revisit_at: now + day })
    await lead('Never', {
      ...{ ...done, outcome: 'disqualified', outcome_at: now - 200 * day, outcome_reason: 'Do not call' },
    })
    await lead('Fits', { qualified_at: now - day })
    await lead('Put aside', done)
    await lead('Open', {})
    return it
  }

  test('is asked by outcome:, closed:, reason: and is:revisit', async () => {
    const it = await ended()
    expect(await names(it, 'outcome:won')).toEqual(['Won now'])
    expect(await names(it, 'outcome:lost')).toEqual(['Ask again', 'Ask later', 'Lost long ago', 'Lost now'])
    expect(await names(it, 'outcome:disqualified')).toEqual(['Never'])
    expect(await names(it, 'outcome:qualified')).toEqual(['Fits'])
    expect(await names(it, 'outcome:lost closed:6-12 months ago')).toEqual(['Lost long ago'])
    expect(await names(it, 'outcome:lost closed:"6 to 12 months ago"')).toEqual(['Lost long ago'])
    expect(await names(it, 'closed:yesterday')).toEqual(['Lost now', 'Put aside', 'Won now'])
    expect(await names(it, 'outcome:lost reason:expensive')).toEqual(['Lost long ago'])
    expect(await names(it, 'closed:last 300 days -reason:"do not call" -outcome:won -outcome:lost')).toEqual([
      'Put aside',
    ])
    expect(await names(it, 'is:revisit')).toEqual(['Ask again'])
    expect(await names(it, 'outcome:won OR is:revisit')).toEqual(['Ask again', 'Won now'])
    expect((await it.inbox['inbox.search']({ text: 'outcome:sideways', limit: 5 })).problems[0]).toContain('won, lost')
    expect((await it.inbox['inbox.search']({ text: 'closed:soonish', limit: 5 })).problems[0]).toContain('no day')
  })

  test('a person who came back since is not among them', async () => {
    const it = await openInbox()
    const old = await it.add('Back again', {
      ...{ status: 'done', done_at: now - day, outcome: 'lost', outcome_at: now - day },
    })
    expect(await names(it, 'outcome:lost')).toEqual(['Back again'])
    await it.add('Back again', { personId: old.personId })
    expect(await names(it, 'outcome:lost')).toEqual([])
  })

  test('makes lists in any order, page after page', async () => {
    const it = await ended()
    const newest = await listed(it, 'outcome:lost', 'newest', 2)
    expect(newest.at(-1)).toBe('Lost long ago')
    expect([...newest].sort()).toEqual(await names(it, 'outcome:lost'))
    for (const sort of ['due', 'score', 'fit', 'engagement'] as const) {
      expect((await listed(it, 'outcome:lost', sort, 3)).sort()).toEqual(newest.sort())
    }
  })
})

describe('a view', () => {
  test('in the order of fit or engagement lists the best first and whoever has none last', async () => {
    const it = await openInbox()
    const marks = [
      ['A', 90, 10],
      ['B', 40, 80],
      ['C', 90, 20],
      ['None', null, null],
      ['Zero', 0, 0],
    ] as const
    for (const [name, fit, engagement] of marks) await it.add(name, { fit, engagement })
    for (const limit of [1, 2, 50]) {
      expect(await listed(it, 'is:open', 'fit', limit)).toEqual(['C', 'A', 'B', 'Zero', 'None'])
      expect(await listed(it, 'is:open', 'engagement', limit)).toEqual(['B', 'C', 'A', 'Zero', 'None'])
    }
  })

  test('finds the same whether few or many have what it asks for', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana', { tier: 'hot' })
    await it.add('Ben', { tier: 'warm' })
    await it.say(ana, { text: 'kitchen' })
    for (const query of ['tier:hot', 'is:hot', 'kitchen', 'from:ana', 'channel:email kitchen', '-tier:warm']) {
      for (const sort of ['due', 'newest', 'score', 'fit'] as const) {
        expect([query, sort, await listed(it, query, sort)]).toEqual([query, sort, ['Ana']])
      }
    }
  })
})
