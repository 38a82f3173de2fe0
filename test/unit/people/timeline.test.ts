import { describe, expect, test } from 'vitest'
import { hour, minute } from '../../../src/lib/durations.ts'
import type { TimelineEntry } from '../../../src/people/contract.ts'
import { peopleContract } from '../../../src/people/contract.ts'
import { timelinePage } from '../../../src/people/timeline.ts'
import { recordEvent } from '../../../src/store/queries/events.ts'
import { tuesdayMorning as now } from '../../fakes/fake-clock.ts'
import { openPeople, type People } from './people.ts'

async function timeline({ people }: People, personId: number, limit = 200) {
  const page = await people['people.timeline']({ personId, before: null, limit })
  return peopleContract['people.timeline'].output.parse(page).entries
}

const eventAt = ({ store }: People, personId: number, at: number, text: string) =>
  store.write((tx) => recordEvent(tx, { at, type: 'lead.scored', personId, text }))

describe('entries', () => {
  test('a mail, with files, quote and how far it got', async () => {
    const it = await openPeople()
    const dana = await it.store.addMember('Dana')
    const ana = await it.add('Ana')
    const got = await it.say(ana, { subject: 'Kitchen', text: 'A quote please', quoted: '> you wrote' })
    const sent = await it.say(ana, {
      direction: 'out',
      subject: 'Re: Kitchen',
      text: 'Here it is',
      at: now + 1,
      author_id: dana,
      delivery: 'queued',
    })
    await it.mail(got, { from_address: 'ana@x.example', to_addresses: '["office@y.example"]', html: '<b>A quote</b>' })
    await it.mail(sent, { from_address: 'office@y.example', to_addresses: '["ana@x.example"]' })
    const blob = await it.file(got, 'plan.pdf', Buffer.from('pdf'))
    const large = await it.file(got, 'film.mov', null)
    const jobId = await it.job(ana.personId, sent, { state: 'queued', not_before: now + 10_000 })
    expect(await timeline(it, ana.personId)).toEqual([
      {
        kind: 'email',
        id: got,
        at: now,
        channel: 'email',
        direction: 'in',
        author: null,
        automatic: false,
        text: 'A quote please',
        subject: 'Kitchen',
        from: 'ana@x.example',
        to: ['office@y.example'],
        quoted: '> you wrote',
        hasHtml: true,
        robot: null,
        attachments: [
          { id: blob, name: 'plan.pdf', contentType: 'application/pdf', size: 3, stored: true },
          { id: large, name: 'film.mov', contentType: 'application/pdf', size: 0, stored: false },
        ],
        delivery: 'received',
        problem: null,
        jobId: null,
        undoUntil: null,
      },
      expect.objectContaining({
        kind: 'email',
        id: sent,
        direction: 'out',
        author: 'Dana',
        hasHtml: false,
        delivery: 'queued',
        jobId,
        undoUntil: now + 10_000,
        attachments: [],
      }),
    ])
  })

  test('texts, calls, forms, notes and events, each of its kind', async () => {
    const it = await openPeople()
    const ana = await it.add('Ana')
    const text = await it.say(ana, { channel: 'sms', at: now })
    await it.store.write((tx) =>
      tx.db
        .insertInto('text_message')
        .values({ interaction_id: text, from_number: '+14155550187', to_number: '+493012345678' })
        .execute(),
    )
    const call = await it.say(ana, {
      at: now + 1,
      text: '',
      call: { result: 'voicemail', note: 'angry', duration_ms: 9000 },
    })
    const recording = await it.file(call, 'voicemail.mp3', Buffer.from('sound'))
    await it.store.write((tx) =>
      tx.db.updateTable('call').set({ recording_id: recording }).where('interaction_id', '=', call).execute(),
    )
    const form = await it.say(ana, { channel: 'form', at: now + 2 })
    await it.store.write((tx) =>
      tx.db
        .insertInto('form_submission')
        .values({
          interaction_id: form,
          form_name: 'Website',
          fields: JSON.stringify([{ label: 'Your name', value: 'Ana' }]),
          known: '{}',
        })
        .execute(),
    )
    await it.say(ana, { channel: 'note', direction: 'internal', text: 'likes oak', at: now + 3 })
    await eventAt(it, ana.personId, now + 4, 'Scored 84 · hot')
    expect(await timeline(it, ana.personId)).toMatchObject([
      { kind: 'text', from: '(415) 555-0187', to: '+49 30 12345678' },
      {
        kind: 'call',
        result: 'voicemail',
        note: 'angry',
        durationMs: 9000,
        outcome: null,
        manual: false,
        recording: { id: recording, name: 'voicemail.mp3', stored: true },
      },
      { kind: 'form', formName: 'Website', fields: [{ label: 'Your name', value: 'Ana' }] },
      { kind: 'note', text: 'likes oak', direction: 'internal' },
      { kind: 'event', event: 'lead.scored', text: 'Scored 84 · hot', automatic: true },
    ])
  })

  test('leave out events without a sentence, what was undone, and what never left', async () => {
    const it = await openPeople()
    const ana = await it.add('Ana')
    await eventAt(it, ana.personId, now, '')
    await it.say(ana, { direction: 'out', delivery: 'cancelled', text: 'oops' })
    const { undoId } = await it.inbox['inbox.done']({ leadIds: [ana.leadId] })
    expect(await timeline(it, ana.personId)).toHaveLength(1)
    await it.inbox['inbox.undo']({ undoId })
    expect(await timeline(it, ana.personId)).toEqual([])
    expect(await timeline(it, 999)).toEqual([])
  })

  test('of a failed message say why and can be tried again', async () => {
    const it = await openPeople()
    const ana = await it.add('Ana')
    const sent = await it.say(ana, { direction: 'out', delivery: 'failed', problem: 'The address does not exist.' })
    await it.mail(sent, {})
    const jobId = await it.job(ana.personId, sent, { state: 'failed' })
    expect(await timeline(it, ana.personId)).toMatchObject([
      { delivery: 'failed', problem: 'The address does not exist.', jobId, undoUntil: null },
    ])
  })
})

describe('pages towards the past', () => {
  async function collect(it: People, personId: number, limit: number): Promise<TimelineEntry[]> {
    const all: TimelineEntry[] = []
    let before: { at: number; id: number } | null = null
    for (;;) {
      const page: { entries: TimelineEntry[]; more: boolean } = await it.people['people.timeline']({
        personId,
        before,
        limit,
      })
      all.unshift(...page.entries)
      const oldest = page.entries[0]
      if (!page.more || !oldest) return all
      expect(page.entries).toHaveLength(limit)
      before = { at: oldest.at, id: oldest.id }
    }
  }

  test('hold everything once, in order, also when many things share one millisecond', async () => {
    const it = await openPeople()
    const ana = await it.add('Ana')
    const other = await it.add('Other')
    for (let at = 0; at < 40; at++) {
      const when = now + Math.floor(at / 8) * minute
      await it.say(ana, { channel: 'note', direction: 'internal', text: `note ${at}`, at: when })
      await eventAt(it, ana.personId, when, `event ${at}`)
      await it.say(other, { channel: 'note', text: 'not hers', at: when })
    }
    const all = await timeline(it, ana.personId)
    expect(all).toHaveLength(80)
    expect(new Set(all.map((entry) => entry.id)).size).toBe(80)
    for (const [at, entry] of all.entries()) expect(entry.at).toBeGreaterThanOrEqual(all[at - 1]?.at ?? 0)
    // What follows from a message comes after the messages of its millisecond.
    expect(all.slice(0, 16).map((entry) => entry.kind)).toEqual([
      ...new Array(8).fill('note'),
      ...new Array(8).fill('event'),
    ])
    for (const limit of [1, 7, 8, 80, 200]) expect(await collect(it, ana.personId, limit)).toEqual(all)
  })

  test('the last page says that there is no more, also when it is exactly full', async () => {
    const it = await openPeople()
    const ana = await it.add('Ana')
    for (let at = 0; at < 4; at++) await it.say(ana, { channel: 'note', at: now + at })
    const page = (limit: number) => it.people['people.timeline']({ personId: ana.personId, before: null, limit })
    expect((await page(4)).more).toBe(false)
    expect((await page(3)).more).toBe(true)
  })

  test('a thread of 400 mails costs four statements a page', async () => {
    const it = await openPeople()
    const ana = await it.add('Ana')
    for (let at = 0; at < 400; at++) {
      const id = await it.say(ana, { text: `mail ${at}`, at: now - at * hour })
      await it.mail(id, {})
      await it.file(id, `file ${at}.pdf`, null)
    }
    let statements = 0
    const executor = it.store.read.db.getExecutor()
    const executeQuery = executor.executeQuery.bind(executor)
    executor.executeQuery = (query) => {
      statements += 1
      return executeQuery(query)
    }
    const page = await timelinePage(it.store.read, ana.personId, { before: null, limit: 100, country: 'US' })
    expect(page.entries).toHaveLength(100)
    expect(page.entries.every((entry) => entry.kind === 'email' && entry.attachments.length === 1)).toBe(true)
    expect(statements).toBe(4)
  })
})
