import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hour, minute } from '../../../src/lib/durations.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { tuesdayMorning as start } from '../../fakes/fake-clock.ts'
import { emailParty, inboundCall, inboundFile, inboundForm, inboundMail, inboundText } from '../../fakes/inbound.ts'
import { type CaptureWorld, openCaptureWorld } from './capture-world.ts'

let world: CaptureWorld
beforeEach(async () => {
  world = await openCaptureWorld()
})
afterEach(() => world.store.close())

const account = () => world.db.selectFrom('account').selectAll().where('id', '=', 1).executeTakeFirstOrThrow()
const cursors = () => world.db.selectFrom('cursor').selectAll().execute()

describe('delivered twice', () => {
  test('changes nothing and says nothing', async () => {
    await world.take(inboundMail())
    world.store.forget()
    await world.take(inboundMail())
    await world.take(inboundMail(), inboundMail())
    expect(await world.interactions()).toHaveLength(1)
    expect(await account()).toMatchObject({ seen: 1, taken: 1 })
    expect(world.store.announcements).toEqual([])
  })

  test('within one delivery', async () => {
    await world.take(inboundMail(), inboundMail())
    expect(await world.interactions()).toHaveLength(1)
  })

  test('the same id on two accounts is two things', async () => {
    await world.deliver(world.phoneAccount, [inboundText({}, { externalId: 'x' })])
    await world.deliver(world.formAccount, [inboundForm({ phone: '4155550187' }, { externalId: 'x' })])
    expect(await world.interactions()).toHaveLength(2)
  })

  test('one mail in two mailboxes of ours is one in the timeline', async () => {
    const sales = await world.store.addAccount('email', { address: 'sales@bright-kitchens.example' })
    await world.take(inboundMail())
    await world.deliver(sales, [inboundMail()])
    expect(await world.interactions()).toHaveLength(1)
    expect((await world.items()).map((it) => it.interaction_id)).toEqual([1, 1])
  })

  test('mails without a Message-ID are told apart by what the channel calls them', async () => {
    await world.take(
      inboundMail({ messageId: null }, { externalId: 'hash-1' }),
      inboundMail({ messageId: null }, { externalId: 'hash-2' }),
      inboundMail({ messageId: null }, { externalId: 'hash-1' }),
    )
    expect(await world.mails()).toMatchObject([
      { message_id: null, thread_id: 1 },
      { message_id: null, thread_id: 2 },
    ])
  })
})

describe('one transaction', () => {
  test('cursor and counts come with the items', async () => {
    await world.deliver(1, [inboundMail()], [{ scope: 'INBOX', value: '7:42' }], { skipped: 3, reason: 'Drafts' })
    expect(await cursors()).toMatchObject([{ account_id: 1, scope: 'INBOX', value: '7:42', updated_at: start }])
    expect(await account()).toMatchObject({ seen: 4, taken: 1, skipped: 3, last_event_at: start })
    await world.deliver(1, [], [{ scope: 'INBOX', value: '7:43' }])
    expect(await cursors()).toMatchObject([{ value: '7:43' }])
  })

  test('a full disk: nothing is kept, the cursor stays, the channel hears of it', async () => {
    await world.store.close()
    const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    let broken = true
    world = await openCaptureWorld({
      scoreLead: () =>
        broken
          ? Promise.reject(full)
          : Promise.resolve({ score: 0, tier: 'nurture', changed: false, tierChanged: false }),
    })
    const delivery = () => world.deliver(1, [inboundMail()], [{ scope: 'INBOX', value: '1' }])
    await expect(delivery()).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(await world.items()).toEqual([])
    expect(await cursors()).toEqual([])
    broken = false
    await delivery()
    expect(await world.leads()).toHaveLength(1)
  })

  test('one bad item does not stop the others, and is kept for later', async () => {
    const bad = inboundMail(
      { messageId: 'bad', references: null as never },
      { externalId: 'bad', raw: 'raw of the bad one' },
    )
    await world.deliver(
      1,
      [inboundMail({ messageId: 'a' }), bad, inboundMail({ messageId: 'b', subject: 'Other' })],
      [{ scope: 'INBOX', value: '3' }],
    )
    expect(await world.interactions()).toHaveLength(2)
    const items = await world.items()
    expect(items).toHaveLength(3)
    const kept = items.find((it) => it.external_id === 'bad')
    expect(kept?.interaction_id).toBeNull()
    expect(Buffer.from(kept?.payload ?? []).toString()).toBe('raw of the bad one')
    expect(await cursors()).toMatchObject([{ value: '3' }])
    expect(await account()).toMatchObject({ seen: 3, taken: 2, skipped: 1 })
  })

  test('a bug in a later stage costs the one lead, not the delivery', async () => {
    await world.store.close()
    world = await openCaptureWorld({
      scoreLead: async ({ db }, leadId) => {
        const { name } = await db
          .selectFrom('lead')
          .innerJoin('person', 'person.id', 'lead.person_id')
          .select('name')
          .where('lead.id', '=', leadId)
          .executeTakeFirstOrThrow()
        if (name === 'b@x.example') throw new Error('a bug')
        return { score: 0, tier: 'nurture', changed: false, tierChanged: false }
      },
    })
    const from = (name: string) =>
      inboundMail({ messageId: name, from: `${name}@x.example` }, { parties: [emailParty(`${name}@x.example`)] })
    await world.take(from('a'), from('b'), from('c'))
    expect((await world.people()).map((it) => it.name)).toEqual(['a@x.example', 'c@x.example'])
    expect((await world.items()).map((it) => [it.external_id, it.interaction_id])).toEqual([
      ['a', 1],
      ['b', null],
      ['c', 2],
    ])
  })

  test('a bad item is taken when the provider has a new version of it', async () => {
    const bad = inboundMail({ references: null as never })
    await world.take(bad)
    await world.take(inboundMail({}, { revision: '2' }))
    expect(await world.items()).toMatchObject([{ interaction_id: 1, revision: '2' }])
  })
})

describe('what arrived is kept as it arrived', () => {
  test('small in the database, large in the blob folder', async () => {
    const large = new Uint8Array(300 * 1024).fill(65)
    await world.take(inboundMail({}, { raw: 'From: Ana' }), inboundMail({ messageId: 'b' }, { raw: large }))
    const [small, big] = await world.items()
    expect(Buffer.from(small?.payload ?? []).toString()).toBe('From: Ana')
    expect(big?.payload).toBeNull()
    expect((await world.store.blobs.get(big?.payload_blob ?? '')).byteLength).toBe(large.byteLength)
  })

  test('files by content, and those that were too large to fetch by name', async () => {
    const bytes = new TextEncoder().encode('plan')
    const files = [
      inboundFile('plan.pdf', bytes),
      inboundFile('plan (1).pdf', bytes),
      inboundFile('film.mov', null, { size: 9e7 }),
    ]
    await world.take(inboundMail({ files }))
    const stored = await world.db.selectFrom('attachment').select(['name', 'size', 'blob']).orderBy('id').execute()
    expect(stored.map((it) => it.name)).toEqual(['plan.pdf', 'plan (1).pdf', 'film.mov'])
    expect(stored[0]?.blob).toBe(stored[1]?.blob)
    expect(stored[2]).toMatchObject({ size: 9e7, blob: null })
  })

  test('a form: the message first, every other answer findable', async () => {
    await world.take(inboundForm({ email: 'a@b.example', message: 'New bath', postcode: '94110' }))
    expect((await world.interactions())[0]?.text).toBe('New bath\npostcode: 94110')
    const [form] = await world.db.selectFrom('form_submission').selectAll().execute()
    expect(JSON.parse(form?.known ?? '')).toEqual({ email: 'a@b.example', message: 'New bath', postcode: '94110' })
  })
})

describe('threads', () => {
  const reply = (messageId: string, more: Parameters<typeof inboundMail>[0]) => inboundMail({ messageId, ...more })
  const threads = async () => (await world.mails()).map((it) => it.thread_id)

  test('by In-Reply-To, then by any of the references, nearest first', async () => {
    await world.take(
      reply('a', {}),
      reply('b', { inReplyTo: 'a' }),
      reply('c', { inReplyTo: 'lost', references: ['a', 'b', 'lost'] }),
    )
    await world.take(reply('d', { references: ['x', 'c', 'y'] }))
    expect(await threads()).toEqual([1, 1, 1, 1])
    expect((await world.mails()).map((it) => JSON.parse(it.cited))).toEqual([
      [],
      ['a'],
      ['a', 'b', 'lost'],
      ['x', 'c', 'y'],
    ])
  })

  test('strangers who answer the same newsletter are not one conversation', async () => {
    const from = (name: string, id: string) =>
      inboundMail(
        { messageId: id, from: `${name}@x.example`, inReplyTo: 'news' },
        { parties: [emailParty(`${name}@x.example`)] },
      )
    await world.take(
      inboundMail({ messageId: 'news', from: world.ownAddress, to: ['list@x.example'] }, { direction: 'out' }),
    )
    await world.take(from('bob', 'b'), from('carla', 'c'))
    expect(await threads()).toEqual([1, 2, 3])
    expect(await world.leads()).toHaveLength(2)
  })

  test('an answer from another address of theirs, in the same conversation, is theirs', async () => {
    await world.take(inboundMail())
    await world.take(
      inboundMail(
        {
          messageId: 'b',
          from: 'bob@work.example',
          to: [world.ownAddress, 'ana@lopez-home.example'],
          inReplyTo: 'first@ana.example',
        },
        { parties: [emailParty('bob@work.example', 'Bob'), emailParty('ana@lopez-home.example', 'Ana')] },
      ),
    )
    expect(await threads()).toEqual([1, 1])
    expect(await world.people()).toMatchObject([{ name: 'Ana Lopez' }])
    expect(await world.handles()).toEqual([
      [1, 'ana@lopez-home.example'],
      [1, 'bob@work.example'],
    ])
  })

  test('no cited mail is known: a conversation of its own', async () => {
    await world.take(reply('a', { inReplyTo: 'never seen', references: ['nor this'] }))
    expect(await threads()).toEqual([1])
  })
})

describe('the provider learns more', () => {
  test('a ringing call was missed', async () => {
    await world.take(inboundCall({ result: 'ringing', endedAt: null }, { revision: 'open:ringing' }))
    expect((await world.leads())[0]).toMatchObject({ missed_call: 0, preview: 'Is calling' })
    await world.take(inboundCall({ result: 'missed' }, { revision: 'done:missed' }))
    expect((await world.leads())[0]).toMatchObject({ missed_call: 1, preview: 'Missed call' })
    expect(await world.calls()).toMatchObject([{ result: 'missed' }])
    expect(await world.items()).toMatchObject([{ revision: 'done:missed' }])
    expect(await world.interactions()).toHaveLength(1)
  })

  test('a ringing call was taken: that is the answer', async () => {
    await world.take(inboundCall({ result: 'ringing', endedAt: null }, { revision: '1' }))
    await world.clock.advance(minute)
    await world.take(
      inboundCall({ result: 'answered', answeredAt: start + 9000, durationMs: 40_000 }, { revision: '2' }),
    )
    expect((await world.leads())[0]?.first_human_at).toBe(start + 9000)
  })

  describe('how long a call of theirs rang', () => {
    const rings = () =>
      world.db
        .selectFrom('clock')
        .select(['state', 'stopped_at', 'stopped_by', 'channel'])
        .where('kind', '=', 'speed_of_answer')
        .execute()
    const ringing = inboundCall({ result: 'ringing', endedAt: null }, { revision: '1' })

    test.each([
      [9_000, 'met'],
      [21_000, 'missed'],
    ] as const)('taken after %s ms: %s', async (after, state) => {
      await world.take(ringing)
      expect(await rings()).toEqual([])
      await world.clock.advance(minute)
      const taken = { result: 'answered', answeredAt: start + after, durationMs: 40_000 } as const
      await world.take(inboundCall(taken, { revision: '2' }))
      await world.take(inboundCall(taken, { revision: '3' }))
      expect(await rings()).toEqual([{ state, stopped_at: start + after, stopped_by: 1, channel: 'call' }])
    })

    test.each(['missed', 'voicemail', 'busy', 'cancelled'] as const)('%s is missed', async (result) => {
      await world.take(inboundCall({ result }))
      expect(await rings()).toMatchObject([{ state: 'missed' }])
    })

    test('missed at first, then another phone had taken it', async () => {
      await world.take(inboundCall({}, { revision: '1' }))
      await world.take(inboundCall({ result: 'answered', answeredAt: start + 5000 }, { revision: '2' }))
      expect(await rings()).toMatchObject([{ state: 'met', stopped_at: start + 5000 }])
    })

    test('each call of a person counts, calls of ours, old ones and those at night do not', async () => {
      await world.take(inboundCall({}))
      await world.take(inboundCall({}, { externalId: 'CA2', at: start + minute }))
      await world.take(inboundCall({}, { externalId: 'CA3', at: start + 2 * minute, direction: 'out' }))
      await world.take(inboundCall({}, { externalId: 'CA4', at: start - minute, history: true }))
      await world.store.set('business', { ...defaultSettings.business })
      await world.take(inboundCall({}, { externalId: 'CA5', at: start - 10 * 60 * minute }))
      expect(await rings()).toHaveLength(2)
    })
  })

  test('the voicemail is there later', async () => {
    await world.take(inboundCall({}, { revision: '1' }))
    const recording = inboundFile('voicemail.mp3', null)
    await world.take(inboundCall({ result: 'voicemail', recording }, { revision: '2' }))
    await world.take(
      inboundCall(
        { result: 'voicemail', recording: inboundFile('voicemail.mp3', new Uint8Array([7])) },
        { revision: '3' },
      ),
    )
    const files = await world.db.selectFrom('attachment').selectAll().execute()
    expect(files).toHaveLength(1)
    expect(files[0]?.blob).not.toBeNull()
    expect((await world.calls())[0]?.recording_id).toBe(files[0]?.id)
  })

  test('a picture that could not be fetched at first is there later', async () => {
    const photo = (bytes: Uint8Array | null) => inboundFile('image-1.jpg', bytes, { contentType: 'image/jpeg' })
    await world.take(inboundText({ files: [photo(null)] }, { revision: 'open:received' }))
    const files = [photo(new Uint8Array([7, 8])), inboundFile('image-2.jpg', new Uint8Array([9]))]
    await world.take(inboundText({ files }, { revision: 'done:received' }))
    const stored = await world.db.selectFrom('attachment').selectAll().orderBy('id').execute()
    expect(stored).toMatchObject([
      { name: 'image-1.jpg', size: 2 },
      { name: 'image-2.jpg', size: 1 },
    ])
    expect(await world.store.blobs.get(stored[0]?.blob ?? '')).toEqual(Buffer.from([7, 8]))
  })

  test('a human’s outcome stays the last word', async () => {
    await world.take(inboundText())
    await world.take(inboundCall({ result: 'ringing' }, { externalId: 'CA2', direction: 'out', revision: '1' }))
    await world.store.write(({ db }) => db.updateTable('call').set({ outcome: 2 }).execute())
    await world.take(
      inboundCall({ result: 'answered', answeredAt: start }, { externalId: 'CA2', direction: 'out', revision: '2' }),
    )
    expect((await world.leads())[0]?.first_human_at).toBeNull()
    expect((await world.calls())[0]).toMatchObject({ result: 'answered', outcome: 2 })
  })

  test('a text was delivered', async () => {
    await world.take(inboundText({}, { direction: 'out', revision: 'open:sent' }))
    await world.take(inboundText({ delivery: 'delivered' }, { direction: 'out', revision: 'done:delivered' }))
    expect((await world.interactions()).map((it) => it.delivery)).toEqual(['delivered'])
  })
})

describe('what our outbox sent', () => {
  const queued = async (
    kind: 'email' | 'sms' | 'call',
    state: 'sending' | 'committing' | 'queued' | 'sent',
    payload: object,
  ) => {
    const channel = kind
    const accountId = kind === 'email' ? world.mailAccount : world.phoneAccount
    return world.store.write(async ({ db }) => {
      const { id } = await db
        .insertInto('interaction')
        .values({
          person_id: 1,
          lead_id: 1,
          account_id: accountId,
          channel,
          direction: 'out',
          at: start,
          author_id: world.dana,
          automatic: 0,
          subject: '',
          text: 'Sure!',
          quoted: null,
          delivery: state === 'sent' ? 'sent' : 'sending',
          problem: null,
          created_at: start,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      if (kind === 'email') {
        await db
          .insertInto('mail')
          .values({
            interaction_id: id,
            message_id: 'ours@office',
            thread_id: id,
            from_address: world.ownAddress,
            to_addresses: '["ana@lopez-home.example"]',
            cited: '[]',
            html: null,
            robot: null,
          })
          .execute()
      }
      if (kind === 'call') {
        await db
          .insertInto('call')
          .values({
            interaction_id: id,
            from_number: '+14155550100',
            to_number: '+14155550187',
            result: 'ringing',
            outcome: null,
            note: null,
            answered_at: null,
            ended_at: null,
            duration_ms: null,
            manual: 0,
            recording_id: null,
          })
          .execute()
      }
      await db
        .insertInto('job')
        .values({
          kind,
          account_id: accountId,
          person_id: 1,
          interaction_id: id,
          payload: JSON.stringify(payload),
          template_id: null,
          state,
          not_before: start,
          attempts: 1,
          claimed_at: start,
          last_error: null,
          created_at: start,
          updated_at: start,
        })
        .execute()
      return id
    })
  }
  const jobs = () => world.db.selectFrom('job').select(['state']).execute()
  const ours = inboundMail(
    { messageId: 'ours@office', from: 'office@bright-kitchens.example', to: ['ana@lopez-home.example'] },
    { direction: 'out', externalId: 'sent:ours', at: start + minute },
  )

  test.each(['sending', 'committing', 'queued'] as const)('a mail in Sent proves that it left (%s)', async (state) => {
    await world.take(inboundMail({ text: 'A quote please, it is urgent' }))
    const id = await queued('email', state, { kind: 'email' })
    await world.clock.advance(2 * minute)
    await world.take(ours)
    expect(await world.interactions()).toHaveLength(2)
    expect(await jobs()).toEqual([{ state: 'sent' }])
    expect((await world.items())[1]).toMatchObject({ interaction_id: id, payload: null })
    expect((await world.leads())[0]?.first_human_at).not.toBeNull()
    expect((await world.interactions())[1]?.delivery).toBe('sent')
  })

  test('a mail that is known to be sent is only linked', async () => {
    await world.take(inboundMail())
    const id = await queued('email', 'sent', { kind: 'email' })
    await world.take(ours, ours)
    expect((await world.items())[1]).toMatchObject({ interaction_id: id })
    expect(await world.interactions()).toHaveLength(2)
  })

  test('a text under way to the same number with the same words', async () => {
    await world.take(inboundText())
    const id = await queued('sms', 'committing', { kind: 'sms', to: '+14155550187', body: 'On my way' })
    await world.take(
      inboundText({ body: 'Other words' }, { externalId: 'SM2', direction: 'out', at: start + 1000 }),
      inboundText(
        { body: 'Sent from your Twilio trial account - On my way', delivery: 'delivered' },
        { externalId: 'SM3', direction: 'out', at: start + 2000 },
      ),
    )
    expect(await jobs()).toEqual([{ state: 'sent' }])
    expect((await world.items()).map((it) => it.interaction_id)).toEqual([1, 3, id])
    expect((await world.interactions()).find((it) => it.id === id)?.delivery).toBe('delivered')
  })

  test('an equal text of before the send is another one', async () => {
    await world.take(inboundText())
    const id = await queued('sms', 'committing', { kind: 'sms', to: '+14155550187', body: 'On my way' })
    await world.take(inboundText({ body: 'On my way' }, { externalId: 'SM2', direction: 'out', at: start - hour }))
    expect(await jobs()).toEqual([{ state: 'committing' }])
    expect((await world.items())[1]?.interaction_id).not.toBe(id)
  })

  test('a call under way to the same number, and how it went', async () => {
    await world.take(inboundText())
    const id = await queued('call', 'committing', { kind: 'call', to: '+14155550187', ownPhone: '+14155550199' })
    await world.clock.advance(5 * minute)
    await world.take(
      inboundCall(
        { result: 'answered', answeredAt: start + minute, durationMs: 60_000 },
        { externalId: 'CA9', direction: 'out', at: start + 30_000 },
      ),
    )
    expect(await world.calls()).toMatchObject([{ interaction_id: id, result: 'answered' }])
    expect(await jobs()).toEqual([{ state: 'sent' }])
    expect((await world.leads())[0]?.first_human_at).toBe(start + minute)
  })

  test('a text that the network could not deliver fails, aloud, and can be sent again', async () => {
    await world.take(inboundText())
    await queued('sms', 'committing', { kind: 'sms', to: '+14155550187', body: 'On my way' })
    const text = { body: 'On my way' }
    await world.take(inboundText({ ...text, delivery: 'sent' }, { externalId: 'SM3', direction: 'out', revision: '1' }))
    await world.take(
      inboundText(
        { ...text, delivery: 'failed', problem: 'The phone is switched off.' },
        { externalId: 'SM3', direction: 'out', revision: '2' },
      ),
    )
    expect(await jobs()).toEqual([{ state: 'failed' }])
    expect((await world.leads())[0]?.outbox).toBe('failed')
    expect(world.store.announced('outbox.failed')).toMatchObject([
      { personId: 1, message: 'The phone is switched off.' },
    ])
  })
})
