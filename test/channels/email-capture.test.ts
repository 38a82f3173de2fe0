import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MailContent } from '../../src/channels/channel.ts'
import type { EmailSettings } from '../../src/channels/contract.ts'
import { leftOutReasons } from '../../src/channels/email/capture-rule.ts'
import type { Idleness } from '../../src/channels/email/idleness.ts'
import { listFolders } from '../../src/channels/email/list-folders.ts'
import { day } from '../../src/lib/durations.ts'
import { type Dovecot, startDovecot } from '../fakes/dovecot.ts'
import { type Desk, mail, openDesk, ownAddress, quick, settingsFor, withChannel } from './email-harness.ts'

let dovecot: Dovecot
let users = 0
const nowhere = { host: '127.0.0.1', port: 1 }

beforeAll(async () => {
  dovecot = await startDovecot()
})
afterAll(() => dovecot.close())

const mailbox = (capture: EmailSettings['capture'] = { kind: 'everything' }) => {
  const user = `choice${++users}@shop.test`
  return { user, settings: { ...settingsFor(dovecot, nowhere, { user }), capture } }
}
const contents = (desk: Desk) => desk.items.map((it) => it.content as MailContent)
const subjects = (desk: Desk) => contents(desk).map((it) => it.subject)
const from = (address: string) => ({ From: address })
const wrote = (to: string) => ({ From: ownAddress, To: to })
const cursorOf = (desk: Desk, scope: string) => JSON.parse(desk.cursors.get(scope) ?? '{}')
const read = (desk: Desk) => desk.until((it) => cursorOf(it, 'imap:sent').historyLeft === 0, 'the Sent folder')

describe('only these folders', () => {
  test('takes what lies in them, pushed at once, and of the Sent folder only answers to people who are in there', async () => {
    const { user, settings } = mailbox({ kind: 'folders', folders: ['Leads', 'Shop.Web'] })
    for (const folder of ['Leads', 'Shop.Web', 'Friends']) dovecot.deliverMany(user, [mail(`old in ${folder}`)], folder)
    await dovecot.append(user, mail('private', from('mum@home.test')))
    await dovecot.append(user, mail('to mum', wrote('mum@home.test')), { folder: 'Sent' })
    await dovecot.append(user, mail('to Bob', wrote('bob@customer.test')), { folder: 'Sent' })
    const desk = openDesk()
    await withChannel(settings, desk, async () => {
      await desk.until((it) => it.items.length === 3, 'what was there')
      await read(desk)
      await dovecot.append(user, mail('new lead'), { folder: 'Shop.Web' })
      await desk.until((it) => it.items.length === 4, 'the new one')
    })
    expect(subjects(desk).sort()).toEqual(['new lead', 'old in Leads', 'old in Shop.Web', 'to Bob'])
    expect(desk.skipped).toEqual([{ skipped: 1, reason: leftOutReasons.sentElsewhere }])
    expect(cursorOf(desk, 'imap:sent').leftOut).toEqual({ [leftOutReasons.sentElsewhere]: 1 })
    expect(JSON.stringify([...desk.cursors])).not.toContain('mum@home.test')
  })
})

describe('only unknown senders', () => {
  test('strangers come in and go on; friends, excluded people and domains stay out, and nothing of them is stored', async () => {
    const { user, settings } = mailbox({ kind: 'unknown-senders', excluded: ['Boss@Bank.test', '@school.test'] })
    await dovecot.append(user, mail('dinner?', wrote('friend@home.test')), { folder: 'Sent' })
    await dovecot.append(user, mail('old stranger', from('lena@customer.test')))
    await dovecot.append(user, mail('old friend', from('Friend@home.test')))
    const desk = openDesk()
    await withChannel(settings, desk, async () => {
      await desk.until((it) => it.items.length === 1, 'the stranger')
      await read(desk)
      await dovecot.append(user, mail('friend again', from('friend@home.test')))
      await dovecot.append(user, mail('from the boss', from('boss@bank.test')))
      await dovecot.append(user, mail('from a class', from('class@a.school.test')))
      await dovecot.append(user, mail('answer', wrote('lena@customer.test')), { folder: 'Sent' })
      await dovecot.append(user, mail('lena again', from('lena@customer.test')))
      await desk.until((it) => it.items.length === 3, 'the conversation')
    })
    expect(subjects(desk).sort()).toEqual(['answer', 'lena again', 'old stranger'])
    expect(cursorOf(desk, 'imap:inbox').leftOut).toEqual({ [leftOutReasons.circle]: 2, [leftOutReasons.excluded]: 2 })
    expect(desk.skipped.reduce((sum, it) => sum + it.skipped, 0)).toBe(5)
    expect(JSON.stringify([...desk.cursors])).not.toMatch(/home\.test|bank\.test|school\.test/)
  })

  test('whom the mailbox writes to later is no friend for that: the circle is made once', async () => {
    const { user, settings } = mailbox({ kind: 'unknown-senders', excluded: [] })
    const desk = openDesk()
    await withChannel(settings, desk, (channel) => channel.poll())
    await dovecot.append(user, mail('offer', wrote('new@customer.test')), { folder: 'Sent' })
    await dovecot.append(user, mail('yes please', from('new@customer.test')))
    await withChannel(settings, desk, (channel) => channel.poll())
    expect(subjects(desk)).toContain('yes please')
  })
})

describe('the first reading', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => mail(`old ${i + 1}`))
  const longAgo = { at: new Date(Date.now() - 60 * day) }

  test('goes from the newest mail to the oldest and counts as it goes', async () => {
    const { user, settings } = mailbox()
    dovecot.deliverMany(user, many(300))
    const desk = openDesk()
    const seen: number[] = []
    desk.beforeDelivery(async () => {
      const { historySeen, historyTotal } = cursorOf(desk, 'imap:inbox')
      if (historyTotal) seen.push(historySeen / historyTotal)
    })
    await withChannel(settings, desk, (channel) => channel.poll())
    expect(desk.items).toHaveLength(300)
    const uidOrder = await dovecot.messageIds(user, 'INBOX')
    const place = (index: number) => uidOrder.indexOf(`<${contents(desk)[index]?.messageId}>`)
    // The newest fifty first, the oldest last.
    expect(place(0)).toBeGreaterThanOrEqual(250)
    expect(place(299)).toBeLessThan(50)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(cursorOf(desk, 'imap:inbox')).toMatchObject({ historySeen: 300, historyTotal: 300, historyLeft: 0 })
  })

  test('a pause holds old mail and nothing else, also over a restart', async () => {
    const { user, settings } = mailbox()
    dovecot.deliverMany(user, many(600))
    const desk = openDesk()
    await withChannel(settings, desk, async (channel) => {
      desk.beforeDelivery(async (items) => {
        if (items.length === 0) return
        desk.beforeDelivery(null)
        await channel.pause?.(true)
      })
      await channel.poll()
    })
    const held = desk.items.length
    // One batch was being stored, and the next one was read.
    expect(held).toBeLessThanOrEqual(250)
    await withChannel(settings, desk, async (channel) => {
      await dovecot.append(user, mail('today'))
      await desk.until((it) => it.items.length === held + 1, 'the new mail')
      await channel.poll()
      expect(desk.items).toHaveLength(held + 1)
      await channel.pause?.(false)
      await desk.until((it) => it.items.length === 601, 'all of it')
    })
  })

  test('mail older than a month waits until the engine is idle; new mail does not wait for it', async () => {
    const { user, settings } = mailbox()
    for (let i = 0; i < 60; i++) await dovecot.append(user, mail(`old ${i + 1}`), longAgo)
    const desk = openDesk()
    let rests = 0
    const idleness: Idleness = {
      wait: async (_took, pause) => {
        rests++
        void dovecot.append(user, mail('urgent'))
        expect(await pause(60_000)).toBe(false)
      },
    }
    await withChannel(settings, desk, (channel) => channel.poll(), { idleness })
    expect(rests).toBe(1)
    expect(subjects(desk).indexOf('urgent')).toBe(50)
    expect(desk.items).toHaveLength(61)
  })
})

test('the folders to choose from, with what is in them', async () => {
  const { user, settings } = mailbox()
  dovecot.deliverMany(user, [mail('one'), mail('two')], 'Leads')
  const folders = await listFolders(settings, 'pw', { timing: quick })
  expect(folders).toContainEqual({ path: 'INBOX', name: 'INBOX', role: 'inbox', messages: 0 })
  expect(folders).toContainEqual({ path: 'Leads', name: 'Leads', role: null, messages: 2 })
  expect(folders).toContainEqual(expect.objectContaining({ path: 'Sent', role: 'sent' }))
  await expect(listFolders(settings, 'wrong', { timing: quick })).rejects.toMatchObject({
    body: { code: 'AUTH_FAILED', message: expect.stringContaining('refused the user name or password') },
  })
})
