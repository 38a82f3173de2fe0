import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type BulkAccess, openBulkConnection } from '../../src/channels/email/bulk-connection.ts'
import { connectImap } from '../../src/channels/email/connect-imap.ts'
import { resumeFrom } from '../../src/channels/email/folder-cursor.ts'
import { type LoadedMail, mailQuery } from '../../src/channels/email/load-mails.ts'
import { type MailReader, makeMailReader, plainReader } from '../../src/channels/email/mail-reader.ts'
import { takePlainMails } from '../../src/channels/email/quick-fetch.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { type Dovecot, mailPassword, startDovecot } from '../fakes/dovecot.ts'
import { eventually } from '../fakes/eventually.ts'
import { type Desk, mail, openDesk, quick, settingsFor, withChannel } from './email-harness.ts'

const script = new URL('../../src/channels/email/mail-thread.ts', import.meta.url)
const folder = new URL('../fixtures/mail/', import.meta.url)
const fixtures = readdirSync(folder)
  .filter((name) => name.endsWith('.eml'))
  .map((name) => readFileSync(new URL(name, folder)))
const user = 'many@shop.test'
// Above what is worth a second connection, and a mail that does not come whole.
const small = 1000
const large = mail('large', {}, `${'A plan of the kitchen. '.repeat(20)}\r\n`.repeat(700))
const total = small + fixtures.length + 1

let dovecot: Dovecot
let reader: MailReader

beforeAll(async () => {
  dovecot = await startDovecot()
  const plain = Array.from({ length: small }, (_, i) => mail(`mail ${i}`))
  dovecot.deliverMany(user, [...plain, ...fixtures, large])
})
afterAll(() => dovecot.close())
afterEach(() => reader.close())

const access = (): BulkAccess => ({
  ...{ server: settings().imap, oauth: false, ca: undefined, timing: quick, password: mailPassword },
  path: 'INBOX',
})
const settings = () => settingsFor(dovecot, { host: '127.0.0.1', port: 1 }, { user })

/** A reader whose second connections are waited for, with how many mails they loaded. */
function openReader() {
  const made = makeMailReader(script, { clock: systemClock, log: silentLog })
  reader = made
  let loaded = 0
  const counting: MailReader = {
    ...made,
    bulk: (of) => {
      const loader = made.bulk(of)
      if (!loader) return null
      const load: typeof loader.load = async (order) => {
        const mails = await loader.load(order)
        loaded += mails.length
        return mails
      }
      return { ...loader, load, isSettled: () => true }
    },
  }
  return { counting, loaded: () => loaded }
}

const everything = (desk: Desk) => desk.until(() => isRead(desk), 'everything is read')
const isRead = ({ cursors }: Desk) => JSON.parse(cursors.get('imap:inbox') ?? '{}').historyLeft === 0

/** Everything that a mail was made into, in an order of its own. */
const taken = (desk: Desk) =>
  desk.items
    .map((item) => ({ ...item, raw: Buffer.from(item.raw).toString('latin1') }))
    .sort((a, b) => (a.externalId < b.externalId ? -1 : 1))

test('a large mailbox is loaded by the thread that reads it, and each mail becomes what it would become otherwise', async () => {
  const { counting, loaded } = openReader()
  const desk = openDesk()
  await withChannel(settings(), desk, () => everything(desk), { reader: counting })
  expect(loaded()).toBeGreaterThan(total - 100)
  const plain = openDesk()
  await withChannel(settings(), plain, () => everything(plain), { reader: plainReader })
  expect(desk.items.length).toBeGreaterThan(small)
  expect(taken(desk)).toEqual(taken(plain))
  expect(desk.skipped).toEqual(plain.skipped)
})

test('when the connections are cut on the way, every mail still comes once', async () => {
  const { counting, loaded } = openReader()
  const desk = openDesk()
  const seen = new Map<string, number>()
  let batches = 0
  desk.beforeDelivery(async (items) => {
    for (const { externalId } of items) seen.set(externalId, (seen.get(externalId) ?? 0) + 1)
    if (++batches === 3 || batches === 5) dovecot.dropConnections()
  })
  await withChannel(settings(), desk, () => everything(desk), { reader: counting })
  expect(loaded()).toBeGreaterThan(0)
  expect(desk.states.some(({ state }) => state === 'backing-off')).toBe(true)
  expect([...seen.values()].filter((times) => times > 1)).toEqual([])
  const plain = openDesk()
  await withChannel(settings(), plain, () => everything(plain), { reader: plainReader })
  expect(desk.skipped.map(({ reason }) => reason)).not.toContain('Deleted while it was being read')
  const names = new Set(desk.items.map((it) => it.externalId))
  expect(plain.items.filter((it) => !names.has(it.externalId))).toEqual([])
})

test('a server that lets nobody in twice is read over the first connection', async () => {
  const { counting } = openReader()
  let refused = 0
  const refuse = async () => {
    refused += 1
    throw new Error('too many connections')
  }
  const desk = openDesk()
  const alone: MailReader = { ...counting, bulk: () => ({ isSettled: () => true, load: refuse, close: () => {} }) }
  await withChannel(settings(), desk, () => everything(desk), { reader: alone })
  expect(desk.items.length).toBeGreaterThan(small)
  // Asked once and not for each lot.
  expect(refused).toBe(1)
  expect(desk.states.some(({ state }) => state === 'backing-off')).toBe(false)
})

test('while the second connection is being made, the first one loads', async () => {
  const { counting, loaded } = openReader()
  let connections = 0
  const slow: MailReader = {
    ...counting,
    bulk: (of) => {
      connections += 1
      const loader = counting.bulk(of)
      return loader && { ...loader, isSettled: () => false }
    },
  }
  const desk = openDesk()
  await withChannel(settings(), desk, () => everything(desk), { reader: slow })
  expect(desk.items.length).toBeGreaterThan(small)
  expect(connections).toBeGreaterThan(0)
  expect(loaded()).toBe(0)
})

test('for an inbox that was never read it is made in advance, and ended when there is little in it', async () => {
  const { counting, loaded } = openReader()
  const few = 'few@shop.test'
  dovecot.deliverMany(few, [mail('one'), mail('two')])
  let made = 0
  let ended = 0
  const told: MailReader = {
    ...counting,
    bulk: (of) => {
      const loader = counting.bulk(of)
      made += 1
      return (
        loader && {
          ...loader,
          close: () => {
            ended += 1
            loader.close()
          },
        }
      )
    },
  }
  const desk = openDesk()
  const smtp = { host: '127.0.0.1', port: 1 }
  await withChannel(settingsFor(dovecot, smtp, { user: few }), desk, () => everything(desk), { reader: told })
  expect(desk.items).toHaveLength(2)
  expect([made, ended, loaded()]).toEqual([1, 1, 0])
  dovecot.deliverMany(few, [mail('three')])
  const more = () => desk.until(() => desk.items.length === 3, 'the third mail')
  await withChannel(settingsFor(dovecot, smtp, { user: few }), desk, more, { reader: told })
  expect(made).toBe(1)
})

test('a connection says when it is made, also when it could not be', async () => {
  openReader()
  const good = reader.bulk(access())
  const bad = reader.bulk({ ...access(), password: 'wrong' })
  await eventually('both are settled', async () => good?.isSettled() && bad?.isSettled())
  const cursor = resumeFrom(null, { path: 'INBOX', uidValidity: '7', uidNext: 10 }, Date.now(), null)
  const reading = { accountId: 1, own: [], role: 'inbox', cursor, now: Date.now() } as const
  await expect(bad?.load({ range: '1:5', reading })).rejects.toThrow()
  good?.close()
})

test('the short way past imapflow is in use, and what it takes is what imapflow would have made of it', async () => {
  openReader()
  const client = await connectImap(access())
  try {
    await client.mailboxOpen('INBOX', { readOnly: true })
    const usual: readonly LoadedMail[] = await client.fetchAll('1:*', mailQuery(client), { uid: true })
    const taken = takePlainMails(client)
    expect(await client.fetchAll('1:*', mailQuery(client), { uid: true })).toEqual([])
    const bare = ({ uid, size, internalDate, source }: LoadedMail) => ({ uid, size, internalDate, source })
    expect(taken().map(bare)).toEqual(usual.map(bare))
    expect(usual).toHaveLength(total)
    expect(taken()).toEqual([])
  } finally {
    client.close()
  }
})

test('a folder that was numbered anew meanwhile is not read by its old numbers', async () => {
  openReader()
  const connection = openBulkConnection(access())
  const cursor = resumeFrom(null, { path: 'INBOX', uidValidity: '7', uidNext: 10 }, Date.now(), null)
  const reading = { accountId: 1, own: [], role: 'inbox', cursor, now: Date.now() } as const
  await expect(connection.load({ range: '1:5', reading })).rejects.toThrow('numbered anew')
  connection.close()
})
