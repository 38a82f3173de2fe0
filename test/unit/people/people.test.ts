import { describe, expect, test } from 'vitest'
import type { Channel, FileAsked } from '../../../src/channels/channel.ts'
import { hour, minute } from '../../../src/lib/durations.ts'
import { peopleContract } from '../../../src/people/contract.ts'
import { DeskbellError } from '../../../src/rpc/errors.ts'
import { packLedger } from '../../../src/store/queries/score-ledger.ts'
import { tuesdayMorning as now } from '../../fakes/fake-clock.ts'
import { openPeople, type People } from './people.ts'

const entry = { kind: 'rule', raw: 0, axis: null, at: null } as const

async function card({ people }: People, personId: number) {
  return peopleContract['people.card'].output.parse(await people['people.card']({ personId }))
}
const nextStepOf = async (it: People, personId: number) => (await card(it, personId)).lead?.nextStep

describe('the card', () => {
  test('has every way to reach them, the score with its reasons, owner, source and clocks', async () => {
    const it = await openPeople()
    const dana = await it.store.addMember('Dana')
    const ana = await it.add('Ana Lopez', {
      company: 'Lopez Homes',
      email: 'ana@lopez.example',
      phone: '+14155550187',
      tier: 'hot',
      score: 84,
      owner_id: dana,
      owner_reason: 'Dana: next in turn',
      source_detail: '{"utm_source":"google"}',
      clocks: true,
    })
    await it.store.write((tx) =>
      tx.db
        .insertInto('score_ledger')
        .values({
          lead_id: ana.leadId,
          entries: packLedger([
            { ...entry, rule: 'local', points: 20, reason: 'Postcode in your area' },
            { ...entry, rule: 'robot', points: -60, reason: 'Written by a machine' },
            { ...entry, rule: 'budget', points: 30, reason: 'Budget over 5,000' },
          ]),
        })
        .execute(),
    )
    const found = await card(it, ana.personId)
    expect(found).toMatchObject({
      name: 'Ana Lopez',
      company: 'Lopez Homes',
      createdAt: now,
      handles: [
        { kind: 'email', value: 'ana@lopez.example', display: 'ana@lopez.example', valid: true, optedOutAt: null },
        { kind: 'phone', value: '+14155550187', display: '(415) 555-0187' },
      ],
      lead: {
        tier: 'hot',
        ownerReason: 'Dana: next in turn',
        source: 'Website form',
        sourceDetail: { utm_source: 'google' },
        openedAt: now,
        row: { leadId: ana.leadId, score: 84, owner: { name: 'Dana' } },
        running: { kind: 'first_contact', dueAt: now + 5 * minute },
        clocks: [{ kind: 'first_contact', state: 'running', targetMs: 5 * minute, stoppedAt: null }],
      },
    })
    expect(found.lead?.ledger.map((entry) => entry.rule)).toEqual(['robot', 'budget', 'local'])
  })

  test('of somebody who never was a lead, and of nobody', async () => {
    const it = await openPeople()
    const ana = await it.add('Ana')
    await it.store.write((tx) => tx.db.deleteFrom('lead').execute())
    expect((await card(it, ana.personId)).lead).toBeNull()
    await expect(it.people['people.card']({ personId: 999 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('the next step', () => {
  const reach = { email: 'ana@x.example', phone: '+14155550187' }

  test('answers the last thing they did, in words that hold while the clock ticks', async () => {
    const it = await openPeople()
    const dana = await it.store.addMember('Dana')
    const ana = await it.add('Ana', { ...reach, tier: 'hot', owner_id: dana, clocks: true })
    await it.say(ana, { channel: 'form' })
    expect(await nextStepOf(it, ana.personId)).toBe('Call them')
    await it.say(ana, { channel: 'email', at: now + 1 })
    expect(await nextStepOf(it, ana.personId)).toBe('Reply by e-mail')
    await it.say(ana, { channel: 'sms', at: now + 2 })
    expect(await nextStepOf(it, ana.personId)).toBe('Reply by text')
    await it.say(ana, { at: now + 3, call: { result: 'missed' } })
    expect(await nextStepOf(it, ana.personId)).toBe('Call back')
    await it.clock.advance(hour)
    expect(await nextStepOf(it, ana.personId)).toBe('Call back')
    await it.say(ana, { at: now + 4, call: { result: 'voicemail' } })
    expect(await nextStepOf(it, ana.personId)).toBe('Listen to the voicemail and call back')
  })

  test('takes the way that is left', async () => {
    const it = await openPeople()
    const mailOnly = await it.add('Mail only', { email: 'a@x.example' })
    await it.say(mailOnly, { channel: 'form' })
    expect(await nextStepOf(it, mailOnly.personId)).toBe('Write them an e-mail')
    const nothing = await it.add('Nothing')
    await it.say(nothing, { channel: 'form' })
    expect(await nextStepOf(it, nothing.personId)).toBe('Add an address or a number')
  })

  test('says that somebody must take it first', async () => {
    const it = await openPeople()
    const ana = await it.add('Ana', { ...reach, tier: 'hot', clocks: true })
    await it.say(ana, { channel: 'email' })
    expect(await nextStepOf(it, ana.personId)).toBe('Take it, then reply by e-mail')
  })

  test('is waiting, trying again, or nothing', async () => {
    const it = await openPeople()
    const ana = await it.add('Ana', reach)
    const sent = await it.say(ana, { direction: 'out' })
    expect(await nextStepOf(it, ana.personId)).toBe('Wait for their answer')
    await it.job(ana.personId, sent, { state: 'failed' })
    await it.say(ana, { direction: 'out', at: now + 1 })
    expect(await nextStepOf(it, ana.personId)).toBe('A message was not sent. Try it again')
    await it.inbox['inbox.done']({ leadIds: [ana.leadId] })
    expect(await nextStepOf(it, ana.personId)).toBeNull()
  })
})

describe('changing a person', () => {
  test('name, company and title; the new name is found and is not replaced by a channel', async () => {
    const it = await openPeople()
    const { personId } = await it.add('ana.l', { company: 'Old' })
    it.store.forget()
    await it.people['people.update']({ personId, name: 'Ana Lopez', title: 'Owner' })
    await it.people['people.update']({ personId, company: '' })
    expect(await card(it, personId)).toMatchObject({ name: 'Ana Lopez', title: 'Owner', company: null })
    expect(it.store.announced('store.changed')[0]).toMatchObject({ tables: ['person'], personIds: [personId] })
    expect((await it.people['people.find']({ text: 'lopez', limit: 5 })).people).toHaveLength(1)
    expect((await it.people['people.find']({ text: 'old', limit: 5 })).people).toHaveLength(0)
    const row = await it.store.read.db.selectFrom('person').select('name_rank').executeTakeFirst()
    expect(row?.name_rank).toBe(2)
    const { entries } = await it.people['people.timeline']({ personId, before: null, limit: 10 })
    expect(entries.map((entry) => entry.text)).toEqual(['Name changed from ana.l to Ana Lopez'])
    await expect(it.people['people.update']({ personId, name: '' })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(it.people['people.update']({ personId: 99, name: 'X' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('an address or number more', async () => {
    const it = await openPeople()
    const { personId } = await it.add('Ana')
    const first = await it.people['people.addHandle']({ personId, kind: 'phone', value: '(415) 555-0187' })
    await it.people['people.addHandle']({ personId, kind: 'email', value: ' Ana@Lopez.Example ' })
    expect(await it.people['people.addHandle']({ personId, kind: 'phone', value: '+1 415 555 0187' })).toEqual(first)
    const found = await card(it, personId)
    expect(found.handles.map((handle) => handle.value).sort()).toEqual(['+14155550187', 'ana@lopez.example'])
    expect(found).toMatchObject({ region: 'California', zone: 'America/Los_Angeles' })
    expect((await it.people['people.find']({ text: '5550187', limit: 5 })).people[0]?.personId).toBe(personId)
  })

  test('what belongs to somebody else names them; what is none says how it should look', async () => {
    const it = await openPeople()
    await it.add('Gus Chen', { email: 'gus@chen.example', phone: '+14155550187' })
    const { personId } = await it.add('Ana')
    const add = (kind: 'email' | 'phone', value: string) => it.people['people.addHandle']({ personId, kind, value })
    await expect(add('phone', '415 555 0187')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'This number already belongs to Gus Chen.',
    })
    await expect(add('email', 'GUS@chen.example')).rejects.toMatchObject({
      message: 'This address already belongs to Gus Chen.',
    })
    await expect(add('email', 'not an address')).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(add('phone', 'call me')).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect((await card(it, personId)).handles).toEqual([])
  })
})

describe('somebody typed in', () => {
  const ana = { name: 'Ana Lopez', email: 'Ana@Lopez-Homes.example', phone: '415 555 0187', source: 'Referral' }

  test('is a person with an open lead of that source, owned by whoever typed it', async () => {
    const it = await openPeople()
    await it.store.set('me', await it.store.addMember('Dana'))
    const { personId } = await it.people['people.add'](ana)
    expect(await card(it, personId)).toMatchObject({
      name: 'Ana Lopez',
      company: 'Lopez Homes',
      region: 'California',
      lead: { source: 'Referral', ownerReason: 'Dana added them', row: { status: 'open', owner: { name: 'Dana' } } },
    })
    expect(await nextStepOf(it, personId)).toBe('Call them')
    expect((await it.inbox['inbox.counts']({})).inbox).toBe(1)
    expect((await it.inbox['inbox.search']({ text: 'lopez', limit: 5 })).hits).toHaveLength(1)
  })

  test('who is known already is found, learns the new number, and does not get a second lead', async () => {
    const it = await openPeople()
    const first = await it.people['people.add']({ ...ana, phone: null })
    const second = await it.people['people.add']({ ...ana, source: 'Walk-in' })
    expect(second).toEqual(first)
    const found = await card(it, first.personId)
    expect(found.handles).toHaveLength(2)
    expect(found.lead?.source).toBe('Referral')
    expect((await it.inbox['inbox.counts']({})).inbox).toBe(1)
  })

  test('who was done gets a new lead', async () => {
    const it = await openPeople()
    const { personId } = await it.people['people.add'](ana)
    const first = (await card(it, personId)).lead?.row.leadId ?? 0
    await it.inbox['inbox.done']({ leadIds: [first] })
    await it.people['people.add']({ ...ana, source: 'Walk-in' })
    expect((await card(it, personId)).lead).toMatchObject({ source: 'Walk-in', row: { status: 'open' } })
  })

  test('without a source, a way to reach them, or with those of two people is refused and leaves nothing', async () => {
    const it = await openPeople()
    await it.add('Gus', { phone: '+14155550187' })
    await it.add('Kim', { email: 'ana@lopez-homes.example' })
    const refused = (input: typeof ana | { name: string; email: null; phone: null; source: string }) =>
      expect(it.people['people.add'](input)).rejects
    await refused({ ...ana, source: '' }).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('where'),
    })
    await refused({ ...ana, email: null, phone: null }).toMatchObject({ code: 'BAD_INPUT' })
    await refused(ana).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('Kim and Gus') })
    expect((await it.people['people.find']({ text: '', limit: 50 })).people).toHaveLength(2)
  })
})

describe('the HTML of a mail', () => {
  const png = Buffer.from('89504e470d0a1a0a', 'hex')

  test('carries its pictures inside, and nothing else', async () => {
    const it = await openPeople()
    const id = await it.say(await it.add('Ana'))
    await it.mail(id, {
      html: `<img src="cid:logo@mail"><img src='cid:a%20b'><img src="cid:gone"><a href="cid:doc">x</a><img src="cid:svg">`,
    })
    await it.file(id, 'logo.png', png, { contentType: 'image/png', contentId: '<logo@mail>' })
    await it.file(id, 'b.jpg', png, { contentType: 'image/JPEG; name=b.jpg', contentId: 'a b' })
    await it.file(id, 'doc.html', png, { contentType: 'text/html', contentId: '<doc>' })
    await it.file(id, 'x.svg', png, { contentType: 'image/svg+xml', contentId: '<svg>' })
    const { html } = await it.people['people.mailHtml']({ interactionId: id })
    const data = png.toString('base64')
    expect(html).toBe(
      `<img src="data:image/png;base64,${data}"><img src='data:image/jpeg;base64,${data}'><img src="cid:gone"><a href="cid:doc">x</a><img src="cid:svg">`,
    )
  })

  test('leaves out what would choke the window', async () => {
    const it = await openPeople()
    const id = await it.say(await it.add('Ana'))
    await it.mail(id, {
      html: '<img src="cid:0"><img src="cid:1"><img src="cid:2"><img src="cid:3"><img src="cid:huge">',
    })
    const photo = Buffer.alloc(4_900_000, 1)
    for (let at = 0; at < 4; at++) {
      photo[0] = at
      await it.file(id, `${at}.png`, photo, { contentType: 'image/png', contentId: `<${at}>` })
    }
    // A size that lies does not help.
    await it.file(id, 'huge.png', Buffer.alloc(6_000_000), { contentType: 'image/png', contentId: 'huge', size: 1 })
    const { html } = await it.people['people.mailHtml']({ interactionId: id })
    expect(html.match(/data:/g)).toHaveLength(3)
    expect(html).toContain('cid:3')
    expect(html).toContain('cid:huge')
  })

  test('is not there for a mail without', async () => {
    const it = await openPeople()
    const id = await it.say(await it.add('Ana'))
    await it.mail(id, { html: null })
    await expect(it.people['people.mailHtml']({ interactionId: id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(it.people['people.mailHtml']({ interactionId: 99 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('a file', () => {
  test('comes byte for byte', async () => {
    const it = await openPeople()
    const id = await it.say(await it.add('Ana'))
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at)
    const attachmentId = await it.file(id, 'all bytes.bin', bytes)
    const file = await it.people['people.attachment']({ attachmentId })
    expect(file.name).toBe('all bytes.bin')
    expect(Buffer.from(file.bytes).equals(Buffer.from(bytes))).toBe(true)
  })

  test('that was too large says where it is; one that is not there says so', async () => {
    const it = await openPeople()
    const id = await it.say(await it.add('Ana'))
    const attachmentId = await it.file(id, 'film.mov', null)
    await expect(it.people['people.attachment']({ attachmentId })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Fetch it from the mailbox first'),
    })
    await expect(it.people['people.attachment']({ attachmentId: 999 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('that was too large is fetched from its mailbox once, however often it is asked for', async () => {
    const asked: FileAsked[] = []
    let answer: Promise<Uint8Array> = Promise.resolve(Uint8Array.of(1, 2, 3))
    const fetchFile = (file: FileAsked) => {
      asked.push(file)
      return answer
    }
    const channel = { fetchFile } as unknown as Channel
    let connected = true
    const it = await openPeople({ of: (accountId) => (connected && accountId === 7 ? channel : null) })
    const id = await it.say(await it.add('Ana'))
    await it.mail(id, { message_id: 'm1@home.example' })
    await it.store.write(async (tx) => {
      const account = { kind: 'email', label: 'x', settings: '{}', state: 'ok', state_message: '' } as const
      await tx.db
        .insertInto('account')
        .values({ id: 7, ...account, created_at: 1 })
        .execute()
      await tx.db
        .insertInto('inbound_item')
        .values({ account_id: 7, external_id: 'm1@home.example#p', revision: '1', interaction_id: id, received_at: 1 })
        .execute()
    })
    await it.file(id, 'small.pdf', Uint8Array.of(9))
    const attachmentId = await it.file(id, 'film.mov', null)
    const fetchIt = () => it.people['people.fetchFile']({ attachmentId })

    connected = false
    await expect(fetchIt()).rejects.toMatchObject({ message: expect.stringContaining('not connected any more') })
    connected = true
    answer = Promise.reject(new DeskbellError({ code: 'NOT_FOUND', message: 'gone', fault: 'user', retryable: false }))
    await expect(fetchIt()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    answer = Promise.resolve(Uint8Array.of(1, 2, 3))
    asked.length = 0
    await Promise.all([fetchIt(), fetchIt()])
    await fetchIt()
    expect(asked).toEqual([{ externalId: 'm1@home.example#p', messageId: 'm1@home.example', place: 1 }])
    expect([...(await it.people['people.attachment']({ attachmentId })).bytes]).toEqual([1, 2, 3])
  })
})

describe('finding people for the composer', () => {
  test('the newest without a word; by name, address or number with one; handles ready to read', async () => {
    const it = await openPeople()
    await it.add('Ana', { phone: '+14155550187', last_at: now - hour })
    await it.add('Anna', { email: 'anna@x.example' })
    const find = async (text: string) => (await it.people['people.find']({ text, limit: 10 })).people
    expect((await find('')).map((person) => person.name)).toEqual(['Anna', 'Ana'])
    expect((await find('an')).map((person) => person.name)).toEqual(['Anna', 'Ana'])
    expect(await find('415')).toMatchObject([{ name: 'Ana', handles: [{ display: '(415) 555-0187' }] }])
    expect(await find('***')).toEqual([])
  })
})
