import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Inbound } from '../../src/channels/channel.ts'
import { type Dovecot, startDovecot } from '../fakes/dovecot.ts'
import { type Desk, mail, openDesk, quick, settingsFor, withChannel } from './email-harness.ts'

let dovecot: Dovecot
let users = 0
const nowhere = { host: '127.0.0.1', port: 1 }

beforeAll(async () => {
  dovecot = await startDovecot()
})
afterAll(() => dovecot.close())

/** A mailbox of its own for each test, on the one server. */
const mailbox = () => {
  const user = `user${++users}@shop.test`
  return { user, settings: settingsFor(dovecot, nowhere, { user }) }
}
const fixture = (name: string) => readFileSync(new URL(`../fixtures/mail/${name}.eml`, import.meta.url))
const content = (item: Inbound | undefined) => (item?.content.kind === 'email' ? item.content : undefined)
const subjects = (desk: Desk) => desk.items.map((it) => content(it)?.subject).sort()
const connected = (desk: Desk) => desk.states.at(-1)?.state === 'ok'

describe('receiving', () => {
  test('what was there is history, what comes is pushed at once, and both say who wrote what', async () => {
    const { user, settings } = mailbox()
    await dovecot.append(user, fixture('plain-question'), { at: new Date(Date.UTC(2026, 10, 20, 9, 15)) })
    const desk = openDesk()
    await withChannel(settings, desk, async () => {
      await desk.until(connected, 'connected')
      await dovecot.append(user, fixture('reply-gmail-quoted-below'))
      // No poll: the server announces it.
      await desk.until((it) => it.items.length === 2, 'the new mail')
    })
    const [old] = desk.bySubject('Quote for a new kitchen floor')
    expect(old).toMatchObject({
      direction: 'in',
      history: true,
      at: Date.UTC(2026, 10, 20, 9, 15, 2),
      parties: [
        { kind: 'email', value: 'bob@customer.test', name: 'Bob Müller' },
        { kind: 'email', value: 'partner@other.test', name: 'Partner' },
      ],
      content: { messageId: 'first-1@customer.test', from: 'bob@customer.test', robot: null, quoted: null },
    })
    const [reply] = desk.bySubject('Re: Quote for a new kitchen floor')
    expect(reply).toMatchObject({
      history: false,
      content: {
        text: 'Tuesday at ten suits me.',
        quoted: expect.stringContaining('When may we come and measure?'),
        references: ['first-1@customer.test', 'ours-1.deskbell@shop.test'],
      },
    })
  })

  test('what comes while the password is wrong is no history once it is right', async () => {
    const { user, settings } = mailbox()
    await dovecot.append(user, mail('long ago'), { at: new Date(Date.now() - 3_600_000) })
    const desk = openDesk('wrong')
    await withChannel(settings, desk, async (channel) => {
      await desk.until((it) => it.states.some(({ state }) => state === 'auth-failed'), 'the refusal')
      await desk.until((it) => it.cursors.has('imap:tried'), 'it is noted')
      await dovecot.append(user, mail('meanwhile'))
      // Again in vain: the first attempt is the one that counts.
      await channel.poll()
    })
    const tried = desk.cursors.get('imap:tried')
    await desk.context.keepSecret('pw')
    await withChannel(settings, desk, () => desk.until((it) => it.items.length === 2, 'both mails'))
    expect(desk.bySubject('long ago')[0]?.history).toBe(true)
    expect(desk.bySubject('meanwhile')[0]?.history).toBe(false)
    expect(desk.cursors.get('imap:tried')).toBe(tried)
  })

  test('the same goes for each folder that was chosen, and for one that is chosen later', async () => {
    const { user, settings } = mailbox()
    const choose = (...folders: string[]) => ({ ...settings, capture: { kind: 'folders' as const, folders } })
    const anHourAgo = new Date(Date.now() - 3_600_000)
    for (const folder of ['Leads', 'Shop', 'Later']) dovecot.deliverMany(user, [], folder)
    for (const folder of ['Leads', 'Shop'])
      await dovecot.append(user, mail(`old in ${folder}`), { folder, at: anHourAgo })
    const tried = (desk: Desk) => Object.keys(JSON.parse(desk.cursors.get('imap:tried') ?? '{}')).sort()
    const desk = openDesk('wrong')
    await withChannel(choose('Leads', 'Shop', 'INBOX'), desk, async () => {
      await desk.until((it) => tried(it).length === 3, 'all folders are noted')
      for (const folder of ['Leads', 'Shop']) await dovecot.append(user, mail(`meanwhile in ${folder}`), { folder })
    })
    await desk.context.keepSecret('pw')
    await withChannel(choose('Leads', 'Shop'), desk, () => desk.until((it) => it.items.length === 4, 'all mails'))
    for (const folder of ['Leads', 'Shop']) {
      expect(desk.bySubject(`old in ${folder}`)[0]?.history).toBe(true)
      expect(desk.bySubject(`meanwhile in ${folder}`)[0]?.history).toBe(false)
    }
    // The INBOX was given up: what it gets before it is chosen again is history, whatever was tried once.
    expect(tried(desk)).toEqual(['folder:Leads', 'folder:Shop'])
    await dovecot.append(user, mail('in the inbox'))
    await withChannel(choose('Leads', 'INBOX'), desk, () => desk.until((it) => it.items.length === 5, 'the INBOX'))
    expect(desk.bySubject('in the inbox')[0]?.history).toBe(true)
  })

  test('goes on where it stopped, and finds everything that came in the meantime', async () => {
    const { user, settings } = mailbox()
    const desk = openDesk()
    await withChannel(settings, desk, () => desk.until(connected, 'connected'))
    for (let i = 0; i < 5; i++) await dovecot.append(user, mail(`while away ${i}`))
    await withChannel(settings, desk, () => desk.until((it) => it.items.length === 5, 'all five'))
    expect(desk.items.every((it) => !it.history)).toBe(true)
    await withChannel(settings, desk, (channel) => channel.poll())
    expect(desk.deliveries.reduce((sum, count) => sum + count, 0)).toBe(5)
  })

  test('a mail without Message-ID, and two mails that share one, are three mails', async () => {
    const { user, settings } = mailbox()
    const names = ['no-message-id', 'shared-message-id-first', 'shared-message-id-second']
    for (const name of names) await dovecot.append(user, fixture(name))
    await dovecot.append(user, fixture('no-message-id'))
    const desk = openDesk()
    await withChannel(settings, desk, (channel) => channel.poll())
    expect(subjects(desk)).toEqual(['Contact form submission', 'Contact form submission', 'No id at all'])
    expect(desk.items.map((it) => it.parties[0]?.value).sort()).toEqual([
      'dana@visitor.test',
      'emil@visitor.test',
      'kiosk@old-program.test',
    ])
  })

  test('a rebuilt mailbox (new UIDVALIDITY) doubles nothing and loses nothing', async () => {
    const { user, settings } = mailbox()
    const desk = openDesk()
    for (const name of ['plain-question', 'no-message-id', 'shared-message-id-first', 'shared-message-id-second']) {
      await dovecot.append(user, fixture(name))
    }
    const validity = () => JSON.parse(desk.cursors.get('imap:inbox') ?? '{}').uidValidity
    await withChannel(settings, desk, (channel) => channel.poll())
    expect(desk.items).toHaveLength(4)
    const before = validity()
    // This one is there before the rebuild and was never seen.
    await dovecot.append(user, mail('came just before'))
    await dovecot.rebuildFolder(user, 'INBOX')
    await withChannel(settings, desk, (channel) => channel.poll())
    expect(validity()).not.toBe(before)
    expect(desk.items).toHaveLength(5)
    expect(desk.bySubject('came just before')[0]?.history).toBe(false)
    expect(desk.deliveries.reduce((sum, count) => sum + count, 0)).toBe(5)
  })

  test('broken MIME arrives with whatever can be read', async () => {
    const { user, settings } = mailbox()
    for (const name of ['broken-mime-no-closing-boundary', 'broken-mime-headers-only-garbage', 'broken-date']) {
      await dovecot.append(user, fixture(name))
    }
    const desk = openDesk()
    await withChannel(settings, desk, (channel) => channel.poll())
    expect(desk.items).toHaveLength(3)
    expect(desk.items.flatMap((it) => it.parties.map((party) => party.value)).sort()).toEqual([
      'fay@customer.test',
      'ida@customer.test',
    ])
  })

  test('of a 30 MB mail the text is taken at once and the large file is named, not loaded', async () => {
    const { user, settings } = mailbox()
    const megabyte = `${'QUJD'.repeat(19)}\r\n`.repeat(13_444)
    const part = (type: string, name: string, data: string) =>
      `--B\r\nContent-Type: ${type}; name=${name}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=${name}\r\n\r\n${data}`
    const body = `--B\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nK=FCche, see the film\r\n${part('video/mp4', 'film.mp4', megabyte.repeat(30))}${part('application/pdf', 'plan.pdf', 'JVBERi0xLjQK\r\n')}--B--`
    const headers = { 'Content-Type': 'multipart/mixed; boundary=B', 'MIME-Version': '1.0' }
    await dovecot.append(user, mail('Huge', headers, body))
    await dovecot.append(
      user,
      mail('Four megabytes', headers, `${part('image/jpeg', 'a.jpg', megabyte.repeat(4))}--B--`),
    )
    const desk = openDesk()
    await withChannel(settings, desk, async (channel) => {
      await channel.poll()
      // Later somebody wants the film after all; by then the mail lies elsewhere, and then nowhere.
      const { externalId = '' } = desk.bySubject('Huge')[0] ?? {}
      const asked = { externalId, messageId: content(desk.bySubject('Huge')[0])?.messageId ?? null, place: 0 }
      expect((await channel.fetchFile?.(asked))?.byteLength).toBe(30 * 13_444 * 57)
      await dovecot.append(user, mail('Huge', headers, 'not this one'), { folder: 'Sent' })
      await dovecot.moveMessages(user, 'INBOX', '1', 'Customers')
      const film = (await channel.fetchFile?.({ ...asked, messageId: null })) ?? new Uint8Array()
      expect(Buffer.from(film.subarray(0, 6)).toString()).toBe('ABCABC')
      expect((await channel.fetchFile?.({ ...asked, place: 1 }))?.byteLength).toBe(9)
      await dovecot.deleteMessages(user, 'Customers', '1:*')
      await expect(channel.fetchFile?.(asked)).rejects.toMatchObject({
        body: { code: 'NOT_FOUND', message: expect.stringContaining('not in the mailbox any more') },
      })
    })
    expect(content(desk.bySubject('Huge')[0])).toMatchObject({
      text: 'Küche, see the film',
      from: 'bob@customer.test',
      files: [
        { name: 'film.mp4', contentType: 'video/mp4', bytes: null },
        { name: 'plan.pdf', contentType: 'application/pdf', size: 9 },
      ],
    })
    const plan = content(desk.bySubject('Huge')[0])?.files[1]
    expect(Buffer.from(plan?.bytes ?? []).toString()).toBe('%PDF-1.4\n')
    const film = content(desk.bySubject('Huge')[0])?.files[0]
    expect(film?.size).toBeGreaterThan(22_000_000)
    expect(film?.size).toBeLessThan(23_500_000)
    expect(desk.bySubject('Huge')[0]?.raw.length).toBeLessThan(10_000)
    const [photo] = content(desk.bySubject('Four megabytes')[0])?.files ?? []
    expect(photo?.bytes?.byteLength).toBe(4 * 13_444 * 57)
  })

  test('an answer from another mail program, seen in Sent, is an outgoing mail', async () => {
    const { user, settings } = mailbox()
    const desk = openDesk()
    await withChannel(settings, desk, async () => {
      await desk.until(connected, 'connected')
      const headers = {
        From: 'Shop <info@shop.test>',
        To: 'Bob <bob@customer.test>',
        'In-Reply-To': '<first-1@customer.test>',
      }
      await dovecot.append(user, mail('Re: Quote', { ...headers, 'Message-ID': '<phone@shop.test>' }), {
        folder: 'Sent',
      })
      await desk.until((it) => it.items.length === 1, 'the answer')
    })
    expect(desk.items[0]).toMatchObject({
      direction: 'out',
      externalId: 'phone@shop.test',
      history: false,
      parties: [{ kind: 'email', value: 'bob@customer.test', name: 'Bob' }],
      content: { inReplyTo: 'first-1@customer.test' },
    })
  })

  test('who is on the other side of a form mail, and what is left out with a reason', async () => {
    const { user, settings } = mailbox()
    await dovecot.append(user, fixture('form-from-own-address'))
    await dovecot.append(user, fixture('html-only-table-form'))
    const noReplyTo = 'Name: Olga Test\nE-Mail: Olga@visitor.test\nPhone: 020 7946 0123\n\nsent by example@footer.test'
    await dovecot.append(user, mail('Form without Reply-To', { From: 'wordpress@shop.test' }, noReplyTo))
    await dovecot.append(user, mail('Note to self', { From: 'info@shop.test' }))
    const desk = openDesk()
    await withChannel(settings, desk, (channel) => channel.poll())
    expect(desk.bySubject('Website')[0]?.parties).toEqual([
      { kind: 'email', value: 'mia@visitor.test', name: 'Mia Straße' },
    ])
    expect(desk.bySubject('New enquiry')[0]?.parties).toEqual([
      { kind: 'email', value: 'gina@visitor.test', name: null },
    ])
    expect(desk.bySubject('Form without Reply-To')[0]?.parties).toEqual([
      { kind: 'email', value: 'olga@visitor.test', name: 'Olga Test' },
      { kind: 'phone', value: '020 7946 0123', name: 'Olga Test' },
    ])
    expect(desk.items.map((it) => content(it)?.robot)).toEqual([null, null, null])
    expect(desk.bySubject('Note to self')).toEqual([])
    expect(desk.skipped).toEqual([{ skipped: 1, reason: 'A mail from you to yourself' }])
  })

  test('old mail arrives in batches with its cursor, and new mail does not wait for it', async () => {
    const { user, settings } = mailbox()
    dovecot.deliverMany(
      user,
      Array.from({ length: 850 }, (_, i) => mail(`old ${i}`)),
    )
    const desk = openDesk()
    desk.beforeDelivery(async (items) => {
      if (items.length > 0) {
        desk.beforeDelivery(null)
        await dovecot.append(user, mail('urgent'))
      }
    })
    await withChannel(settings, desk, (channel) => channel.poll())
    expect(desk.items).toHaveLength(851)
    const place = desk.items.findIndex((it) => content(it)?.subject === 'urgent')
    // Three batches were on their way when it came: being stored, being read and being loaded.
    expect(place).toBeLessThanOrEqual(650)
    expect(desk.items.filter((it) => !it.history).map((it) => content(it)?.subject)).toEqual(['urgent'])
    expect(desk.deliveries.every((count) => count <= 200)).toBe(true)
    expect(JSON.parse(desk.cursors.get('imap:inbox') ?? '{}')).toMatchObject({
      historyLeft: 0,
      historyTotal: 850,
      historySeen: 850,
      head: 851,
    })
  })
})

describe('when the store fails', () => {
  test('a full disk stops the reading, says so, and nothing is skipped when there is room again', async () => {
    const { user, settings } = mailbox()
    await dovecot.append(user, mail('first'))
    const desk = openDesk()
    desk.failWith((items) => (items.length > 0 ? Object.assign(new Error('full'), { code: 'SQLITE_FULL' }) : null))
    await withChannel(settings, desk, async () => {
      await desk.until((it) => it.states.some((state) => /disk is full/.test(state.message)), 'the warning')
      expect(desk.states.at(-1)?.state).toBe('backing-off')
      desk.failWith(null)
      await desk.until((it) => it.items.length === 1 && connected(it), 'the mail')
    })
    expect(desk.skipped).toEqual([])
  })

  test('one mail that cannot be stored does not hold up the others', async () => {
    const { user, settings } = mailbox()
    for (const subject of ['one', 'poison', 'three']) await dovecot.append(user, mail(subject))
    const desk = openDesk()
    const isPoison = (it: Inbound) => content(it)?.subject === 'poison'
    desk.failWith((items) => (items.some(isPoison) ? new Error('a bug of ours') : null))
    await withChannel(settings, desk, (channel) => channel.poll())
    expect(subjects(desk)).toEqual(['one', 'three'])
    expect(desk.skipped).toEqual([{ skipped: 1, reason: 'Deskbell could not store a mail' }])
  })
})

describe('when the connection fails', () => {
  test('the server drops IDLE: a new connection, and nothing missed', async () => {
    const { user, settings } = mailbox()
    const desk = openDesk()
    await withChannel(settings, desk, async () => {
      await desk.until(connected, 'connected')
      const before = dovecot.links[0]?.accepted() ?? 0
      dovecot.dropConnections()
      await desk.until((it) => it.states.at(-1)?.state === 'backing-off', 'the loss is noticed')
      expect(desk.states.at(-1)).toMatchObject({
        message: expect.stringContaining('Nothing is lost'),
        nextRetryAt: expect.any(Number),
      })
      await dovecot.append(user, mail('during the outage'))
      await desk.until((it) => it.items.length === 1 && connected(it), 'the mail')
      expect((dovecot.links[0]?.accepted() ?? 0) - before).toBe(2)
      expect(dovecot.links[0]?.openConnections()).toBe(2)
    })
    await expect.poll(() => dovecot.links[0]?.openConnections()).toBe(0)
  })

  test('a connection that dies without a word is found by the watchdog', async () => {
    const { user, settings } = mailbox()
    const desk = openDesk()
    const timing = { ...quick, watchdog: 300, reply: 1500 }
    await withChannel(
      settings,
      desk,
      async () => {
        await desk.until(connected, 'connected')
        dovecot.freeze()
        await desk.until((it) => it.states.at(-1)?.state === 'backing-off', 'the silence is noticed')
        dovecot.thaw()
        await dovecot.append(user, mail('after the silence'))
        await desk.until((it) => it.items.length === 1 && connected(it), 'the mail')
      },
      { timing },
    )
    dovecot.dropConnections()
  })

  test('the server is away for a while: tried again until it is back', async () => {
    const { user, settings } = mailbox()
    const desk = openDesk()
    await withChannel(settings, desk, async () => {
      await desk.until(connected, 'connected')
      await dovecot.stop()
      await desk.until(
        (it) => it.states.filter((state) => state.state === 'backing-off').length > 2,
        'several attempts',
      )
      await dovecot.start()
      await dovecot.append(user, mail('back again'))
      await desk.until((it) => it.items.length === 1 && connected(it), 'the mail')
    })
  })
})
