import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { MailContent } from '../../src/channels/channel.ts'
import type { EmailSettings } from '../../src/channels/contract.ts'
import { identifyMail, receivedId } from '../../src/channels/email/mail-identity.ts'
import { type GmailDouble, startGmailDouble } from '../fakes/gmail-double.ts'
import { type Desk, mail, openDesk, ownAddress, settingsFor, withChannel } from './email-harness.ts'

let gmail: GmailDouble
beforeEach(async () => {
  gmail = await startGmailDouble()
})
afterEach(() => gmail.close())

const nowhere = { host: '127.0.0.1', port: 1 }
const settings = () => settingsFor(gmail, nowhere)
const contents = (desk: Desk) => desk.items.map((it) => it.content as MailContent)
const subjects = (desk: Desk) => contents(desk).map((it) => it.subject)
const ids = (desk: Desk) => desk.items.map((it) => it.externalId)

describe('a mailbox at Gmail', () => {
  test('is read through All Mail: received, archived and sent once each, drafts left out', async () => {
    gmail.deliver(mail('in two labels'), ['\\Inbox', 'Leads', '\\Important'])
    gmail.deliver(mail('filtered away from the inbox'), ['Leads'])
    gmail.deliver(mail('answered', { From: ownAddress, To: 'bob@customer.test', 'Message-ID': '<out@shop.test>' }), [
      '\\Sent',
    ])
    gmail.deliver(mail('not finished', { From: ownAddress, To: 'bob@customer.test' }), ['\\Draft'])
    const desk = openDesk()
    await withChannel(settings(), desk, async () => {
      await desk.until((it) => it.items.length === 3, 'what was there')
      gmail.deliver(mail('new'), ['\\Inbox'])
      await desk.until((it) => it.items.length === 4, 'the new mail')
    })
    expect(subjects(desk).sort()).toEqual(['answered', 'filtered away from the inbox', 'in two labels', 'new'])
    expect(desk.items.find((it) => it.externalId === 'out@shop.test')).toMatchObject({
      direction: 'out',
      history: true,
    })
    expect(ids(desk).filter((id) => /^gm:\d{19}$/.test(id))).toHaveLength(3)
    expect(desk.skipped).toEqual([{ skipped: 1, reason: 'A draft' }])
    expect(gmail.commands.filter((it) => /^(SELECT|EXAMINE)/.test(it)).sort()).toEqual([
      'SELECT "[Gmail]/All Mail"',
      'SELECT "[Gmail]/Sent Mail"',
    ])
    // The Sent folder is open to look up what we sent, and is not read a second time.
    expect([...desk.cursors.keys()]).toEqual(['imap:all'])
  })

  test('one mail in two chosen labels is one mail, by its X-GM-MSGID', async () => {
    gmail.deliver(mail('in both'), ['Leads', 'Web'])
    gmail.deliver(mail('in one'), ['Web'])
    gmail.deliver(mail('private'), ['\\Inbox'])
    const desk = openDesk()
    const chosen: EmailSettings = { ...settings(), capture: { kind: 'folders', folders: ['Leads', 'Web'] } }
    await withChannel(chosen, desk, (channel) => channel.poll())
    expect(subjects(desk).sort()).toEqual(['in both', 'in one'])
    expect(ids(desk).every((id) => id.startsWith('gm:'))).toBe(true)
  })

  test('what was taken before Gmail was known by its own ids is not taken again', async () => {
    const raw = mail('seen', { 'Message-ID': '<seen@customer.test>' })
    gmail.deliver(raw, ['\\Inbox'])
    const desk = openDesk()
    await withChannel(settings(), desk, (channel) => channel.poll())
    const [item] = desk.items
    const old = openDesk()
    if (item) await old.context.deliver([{ ...item, externalId: receivedId(identifyMail(Buffer.from(raw))) }], [])
    await withChannel(settings(), old, (channel) => channel.poll())
    expect(old.items).toHaveLength(1)
  })

  test('an answer that cites nothing finds its thread by X-GM-THRID', async () => {
    gmail.deliver(mail('Quote', { 'Message-ID': '<first@customer.test>' }), ['\\Inbox'], '77')
    gmail.deliver(mail('Re: Quote', { From: ownAddress, 'Message-ID': '<second@shop.test>' }), ['\\Sent'], '77')
    gmail.deliver(mail('Re: Quote', { 'Message-ID': '<third@customer.test>' }), ['\\Inbox'], '77')
    gmail.deliver(mail('Re: other', { 'Message-ID': '<stranger@customer.test>' }), ['\\Inbox'], '78')
    const desk = openDesk()
    await withChannel(settings(), desk, (channel) => channel.poll())
    const references = (id: string) => contents(desk).find((it) => it.messageId === id)?.references
    expect(references('third@customer.test')).toEqual(['first@customer.test', 'second@shop.test'])
    expect(references('first@customer.test')).toEqual([])
    expect(references('stranger@customer.test')).toEqual([])
  })
})
