import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inboxContract } from '../../../src/inbox/contract.ts'
import { day } from '../../../src/lib/durations.ts'
import { indexPerson } from '../../../src/store/queries/search.ts'
import { tuesdayMorning as now } from '../../fakes/fake-clock.ts'
import { type Inbox, openInbox } from './leads.ts'

async function search({ inbox }: Inbox, text: string, limit = 20) {
  const { hits } = inboxContract['inbox.search'].output.parse(await inbox['inbox.search']({ text, limit }))
  return hits
}
const people = async (it: Inbox, text: string) =>
  (await search(it, text)).filter((hit) => hit.interactionId === null).map((hit) => hit.name)
const messages = async (it: Inbox, text: string) =>
  (await search(it, text)).filter((hit) => hit.interactionId !== null).map((hit) => hit.interactionId)

describe('what was said', () => {
  test('is found by word, by the beginning of the last word, without accents and capitals', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const id = await it.say(ana, { subject: 'Küche', text: 'We want a new KITCHEN with a café corner' })
    for (const text of ['kitchen', 'kit', 'kuche', 'KÜCHE', 'cafe corner', 'corner kitch', 'new we']) {
      expect([text, await messages(it, text)]).toEqual([text, [id]])
    }
    for (const text of ['itchen', 'kitchens', 'kit corner', 'kitchen bathroom']) {
      expect([text, await messages(it, text)]).toEqual([text, []])
    }
  })

  test('a hit names the person and the message to jump to, with the match marked', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana', { company: 'Lopez Homes' })
    const id = await it.say(ana, {
      channel: 'sms',
      text: `${'word '.repeat(100)}the tap is\nleaking ${'more '.repeat(100)}`,
    })
    const [hit] = await search(it, 'leaking')
    expect(hit).toMatchObject({
      personId: ana.personId,
      name: 'Ana',
      company: 'Lopez Homes',
      interactionId: id,
      channel: 'sms',
      at: now,
    })
    expect(hit?.snippet).toContain('tap is \uE000leaking\uE001 more')
    expect(hit?.snippet.length).toBeLessThan(200)
  })

  test('a phrase in quotes is exact', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const exact = await it.say(ana, { text: 'Please call me back today' })
    await it.say(ana, { text: 'Back then you said: call me' })
    await it.say(ana, { text: 'call me backwards' })
    expect(await messages(it, '"call me back"')).toEqual([exact])
    expect(await messages(it, '"call me back" today')).toEqual([exact])
    expect(await messages(it, '"call me back')).toEqual([exact])
  })

  test('the newer and the better match come first', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const old = await it.say(ana, { text: 'About the kitchen in our house', at: now - 400 * day })
    const recent = await it.say(ana, { text: 'About the kitchen in our house', at: now - day })
    const subject = await it.say(ana, { subject: 'Kitchen', text: 'Hello', at: now - 2 * day })
    const quotedOnly = await it.say(ana, { text: 'Yes, fine', quoted: 'About the kitchen in our house', at: now })
    const found = await messages(it, 'kitchen')
    expect(found[0]).toBe(subject)
    expect(found.indexOf(recent)).toBeLessThan(found.indexOf(old))
    expect(found.indexOf(recent)).toBeLessThan(found.indexOf(quotedOnly))
  })

  test('changes when the text changes, and what was taken back before it left is not there', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const id = await it.say(ana, { text: 'transcribing…', channel: 'call', call: { result: 'voicemail' } })
    await it.store.write((tx) =>
      tx.db.updateTable('interaction').set({ text: 'the boiler is broken' }).where('id', '=', id).execute(),
    )
    await it.say(ana, { text: 'boiler offer, unsent', direction: 'out', delivery: 'cancelled' })
    expect(await messages(it, 'boiler')).toEqual([id])
    expect(await messages(it, 'transcribing')).toEqual([])
  })

  test('who and what together', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana Lopez')
    const gus = await it.add('Gus Chen')
    const hers = await it.say(ana, { text: 'the kitchen is too dark' })
    await it.say(gus, { text: 'our kitchen, please' })
    expect(await messages(it, 'ana kitchen')).toEqual([hers])
    expect(await messages(it, 'kitchen lopez')).toEqual([hers])
    expect(await messages(it, 'ana lopez kitch')).toEqual([hers])
    expect(await messages(it, 'ana lopez "too dark" kitchen')).toEqual([hers])
    expect(await messages(it, 'ana lopez bathroom')).toEqual([])
  })
})

describe('people', () => {
  test('by name, company, address or number in any form', async () => {
    const it = await openInbox()
    await it.add('Ana López', { company: 'Lopez Homes', email: 'ana.l@lopez-homes.example', phone: '+14155550187' })
    await it.add('Gus Chen', { email: 'gus@chen.example', phone: '+493012345678' })
    for (const text of [
      ...[
        'ana',
        'lopez',
        'López',
        'lopez ana',
        'homes',
        'ana.l@lopez-homes.example',
        'ana.l@lop',
        'ANA.L@LOPEZ-homes.EXAMPLE',
      ],
      ...[
        '4155550187',
        '(415) 555-0187',
        '+1 415 555 0187',
        '415.555.0187',
        '5550187',
        '555-0187',
        '+14155',
        '14155550187',
      ],
    ]) {
      expect([text, await people(it, text)]).toEqual([text, ['Ana López']])
    }
    for (const text of ['030 12345678', '+49 30 12345678', '03012345678', '301234']) {
      expect([text, await people(it, text)]).toEqual([text, ['Gus Chen']])
    }
  })

  test('an address and a number find exactly theirs', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana', { email: 'ana@lopez.example', phone: '+14155550187' })
    await it.add('Mariana', { email: 'mariana@lopez.example' })
    await it.add('Ana Two', { email: 'ana@lopez.example.com', phone: '+141555501871' })
    expect(await people(it, 'ana@lopez.example')).toEqual(['Ana'])
    expect(await people(it, '4155550187')).toEqual(['Ana'])
    const named = await it.say(ana, { text: 'My new address is ana@lopez.example.' })
    await it.say(ana, { text: 'Not ana@lopez.example.com and not mariana@lopez.example' })
    expect(await messages(it, 'ana@lopez.example')).toEqual([named])
  })

  test('a number is found in a text in the groups people write it in', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const one = await it.say(ana, { text: 'Call me on 415-555-0123 please' })
    const two = await it.say(ana, { text: 'my cell: +14155550123' })
    const dated = await it.say(ana, { text: 'order 4155550999 of 2026-03-03' })
    expect(await messages(it, '2026-03-03')).toEqual([dated])
    expect(await messages(it, '4155550999')).toEqual([dated])
    expect((await messages(it, '(415) 555 0123')).sort()).toEqual([one, two])
    expect((await messages(it, '4155550123')).sort()).toEqual([one, two])
  })

  test('the address that matched is the one that is shown', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana', { email: 'ana@first.example', phone: '+14155550187' })
    await it.store.write(async (tx) => {
      await tx.db
        .insertInto('handle')
        .values({ person_id: ana.personId, kind: 'email', value: 'ana@second.example', last_used_at: 1, created_at: 1 })
        .execute()
      await indexPerson(tx, ana.personId)
    })
    const [hit] = await search(it, 'second')
    expect(hit?.snippet).toContain('\uE000second\uE001')
    const [byNumber] = await search(it, '555-0187')
    expect(byNumber?.snippet).toContain('\uE000+14155550187\uE001')
  })

  test('follow a change of name or company', async () => {
    const it = await openInbox()
    const { personId } = await it.add('Ana', { company: 'Old Ltd' })
    await it.store.write(async (tx) => {
      await tx.db.updateTable('person').set({ name: 'Anna', company: 'New Ltd' }).where('id', '=', personId).execute()
      await indexPerson(tx, personId)
    })
    expect(await people(it, 'new')).toEqual(['Anna'])
    expect(await people(it, 'old')).toEqual([])
  })

  test('come before messages, who was active last first, and leave room for messages', async () => {
    const it = await openInbox()
    const talker = await it.add('Kim', { last_at: now - day })
    for (let at = 0; at < 30; at++) await it.add(`Ana ${at}`, { last_at: now - at })
    for (let at = 0; at < 30; at++) await it.say(talker, { text: `ana said ${at}` })
    const hits = await search(it, 'ana', 10)
    expect(hits).toHaveLength(10)
    expect(hits.slice(0, 5).map((hit) => hit.name)).toEqual(['Ana 0', 'Ana 1', 'Ana 2', 'Ana 3', 'Ana 4'])
    expect(hits.slice(5).every((hit) => hit.interactionId !== null)).toBe(true)
  })
})

describe('whatever is typed', () => {
  test.each([
    ...[
      '"',
      '""',
      '"""',
      '*',
      'a*',
      '^a',
      'a AND',
      'OR',
      'NOT',
      'a NOT b',
      'NEAR(a b)',
      '(',
      ')',
      '{a b}',
      'subject:a',
    ],
    ...[
      'text : a',
      '-a',
      '+',
      '++',
      '\\',
      "'; drop table lead; --",
      '%',
      '_',
      'a\u0000b',
      '\uE000',
      '😀',
      '👍 ok',
      '...',
      '@',
    ],
    ...['a@', '@b.c', 'a@b', '+1', '١٢٣٤٥٦', '漢字', 'ﬁ', 'a"b"c', '"a" "b', 'x'.repeat(200), 'a '.repeat(100)],
  ])('%j is text, never syntax', async (text) => {
    const it = await openInbox()
    await it.say(await it.add('Ana'), { text: 'a b c' })
    await expect(search(it, text)).resolves.toBeInstanceOf(Array)
  })

  test('operators of the index are words', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    const both = await it.say(ana, { text: 'this and that' })
    await it.say(ana, { text: 'this' })
    await it.say(ana, { text: 'that' })
    expect(await messages(it, 'this AND that')).toEqual([both])
    expect(await messages(it, 'subject:this')).toEqual([])
  })

  test('any text at all', async () => {
    const it = await openInbox()
    await it.say(await it.add('Ana', { phone: '+14155550187', email: 'a@b.example' }), {
      text: 'kitchen "quote" (now)',
    })
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
        await search(it, text)
      }),
      { numRuns: 300 },
    )
  })

  test('a word of the text is always found', async () => {
    const it = await openInbox()
    const ana = await it.add('Ana')
    let expected = 0
    await fc.assert(
      fc.asyncProperty(
        fc.stringMatching(/^[a-z]{3,12}$/),
        fc.stringMatching(/^[a-z]{3,12}$/),
        async (first, second) => {
          const id = await it.say(ana, { text: `${first}, ${second}!` })
          expected += 1
          expect(await messages(it, `${second} ${first}`)).toContain(id)
          expect(await messages(it, `"${first} ${second}"`)).toContain(id)
        },
      ),
      { numRuns: 50 },
    )
    expect(expected).toBeGreaterThanOrEqual(50)
  })
})
