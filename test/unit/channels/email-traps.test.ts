import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ParsedMail } from '../../../src/channels/email/parse-message.ts'
import { parseFixture } from './email-fixtures.ts'

type Trap = {
  readonly from?: readonly [string | null, string]
  readonly subject?: string
  readonly text: string
  /** ms UTC */
  readonly date?: number
  readonly messageId?: string | null
  readonly inReplyTo?: string | null
  readonly references?: readonly string[]
  readonly to?: readonly string[]
  readonly cc?: readonly (readonly [string | null, string])[]
  /** Name, type, content (null where only its size counts). */
  readonly files?: readonly (readonly [string | null, string, string | null])[]
}

const pdf = ['application/pdf', '%PDF-1.4\n'] as const
const plan = 'See the plan.'
const ten = Date.UTC(2026, 10, 20, 10)

/** One mail for each trap, by the name of its file; what is not said is as in the mail of Nora Field. */
const traps: Readonly<Record<string, Trap>> = {
  'charset-iso-2022-jp': {
    from: ['山田', 'yamada@customer.test'],
    subject: '見積もりのお願い',
    text: 'キッチンの見積もりをお願いします。',
  },
  'charset-koi8-r': { from: ['Ivan', 'ivan@customer.test'], subject: 'Ремонт кухни', text: 'Сколько стоит ремонт?' },
  'charset-gb2312-that-is-gb18030': { from: ['Li', 'li@customer.test'], subject: '厨房', text: '你好，镕先生' },
  'charset-unknown-name': { subject: 'Unknown charset', text: 'Plain words survive.' },
  'encoded-word-split-inside-a-character': { subject: 'Küche für 12.000 €', text: 'Hello.' },
  'encoded-word-inside-quotes': { from: ['Müller, Jens', 'jens@customer.test'], subject: 'Hi', text: 'Hello.' },
  'encoded-word-with-raw-spaces': { subject: 'Bad und Küche', text: 'Hello.' },
  'raw-utf-8-headers': { from: ['Jürgen Groß', 'juergen@customer.test'], subject: 'Küche und Bad', text: 'Grüße' },
  'filename-rfc2231-in-pieces': { subject: 'File', text: plan, files: [['Pläne Küche.pdf', ...pdf]] },
  'filename-encoded-word': { subject: 'File', text: plan, files: [['Pläne.pdf', ...pdf]] },
  'filename-with-path-and-direction-mark': { subject: 'File', text: plan, files: [['photogpj.exe', ...pdf]] },
  'base64-with-garbage-between': { subject: 'Garbage', text: 'Could you call me tomorrow at ten?!' },
  'quoted-printable-broken': {
    subject: 'Broken',
    text: 'A long line that goes on, 100% sure, ü fine, =ZZ not, and 2=3',
  },
  'boundary-is-prefix-of-another': {
    subject: 'Prefix',
    text: 'The inner text.',
    files: [['list.csv', 'text/csv', 'a,b\n']],
  },
  'boundary-quoted-with-specials': { subject: 'Specials', text: plan, files: [['a.pdf', ...pdf]] },
  'preamble-and-epilogue': { subject: 'Edges', text: plan, files: [['a.pdf', ...pdf]] },
  'forwarded-as-attachment': {
    subject: 'Fwd: Roof',
    text: 'Please answer her.',
    files: [[null, 'message/rfc822', null]],
  },
  'format-flowed-with-delsp': { subject: 'Flowed', text: 'One sentence that was broken in a word.\n\nAnother.' },
  'text-picture-text': {
    subject: 'Photos',
    text: 'Before the picture.\n\nAfter the picture.',
    files: [['roof.jpg', 'image/jpeg', 'JPEG']],
  },
  'from-is-missing': { from: [null, 'kiosk@shop-window.test'], subject: 'Nobody', messageId: null, text: 'Who am I?' },
  'from-two-people': { from: ['Ann', 'ann@customer.test'], subject: 'Both', text: 'We both want it.' },
  'from-quote-never-closed': { from: ['Olaf', 'olaf@customer.test'], subject: 'Quote', text: 'Hello.' },
  'from-name-is-an-address': { from: ['ceo@bank.test', 'thief@else.test'], subject: 'Names', text: 'Please pay.' },
  'to-undisclosed-recipients': {
    subject: 'Groups',
    text: 'Hello all.',
    messageId: null,
    to: [],
    cc: [
      [null, 'a@shop.test'],
      ['B, C', 'bc@shop.test'],
    ],
  },
  'headers-twice': {
    from: ['First', 'first@customer.test'],
    subject: 'The first',
    messageId: 'one@customer.test',
    text: 'Hello.',
  },
  'message-id-without-brackets': {
    subject: 'Re: Ids',
    messageId: 'bare@customer.test',
    inReplyTo: 'ours@shop.test',
    references: ['a@x.test', 'b@x.test', 'c@x.test'],
    text: 'Hello.',
  },
  'date-two-digit-year': { subject: 'Date', date: Date.UTC(2026, 10, 20, 15), text: 'Hello.' },
  'date-with-comment': { subject: 'Date', text: 'Hello.' },
  'nul-bytes': { subject: 'Nul', text: 'Before and after.' },
  'html-with-style-script-and-hidden': {
    subject: 'Shop page',
    text: 'Price & date,\u00a0please <soon>\n\n * one\n * two',
  },
  'html-charset-only-in-meta': { subject: 'Meta', text: 'Küche' },
  'content-type-malformed': { subject: 'Type', text: 'Still a text.' },
  'multipart-without-boundary': { subject: 'No boundary', text: 'Can anybody read me?' },
  'calendar-invite': {
    subject: 'Invitation',
    text: 'Meet on Monday?',
    files: [['invite.ics', 'text/calendar', null]],
  },
  'winmail-dat': { subject: 'Outlook', text: plan, files: [['winmail.dat', 'application/ms-tnef', null]] },
  'mbox-from-line': { subject: 'Mbox', text: '>From the start it leaked.' },
  'line-ends-cr-only': { subject: 'Old Mac', text: 'First line.\nSecond line.' },
  'line-ends-mixed': { subject: 'Mixed', text: 'First line.\nSecond line.\nThird.' },
  'no-empty-line-before-body': { subject: 'Glued', text: 'This is already the text: of it.\nMore of it.' },
  'header-of-100-kilobytes': { subject: 'Long', text: 'Short text.' },
  'nested-sixty-deep': { subject: 'Deep', text: 'At the bottom.' },
}

/** Those that other tests read field by field. */
const elsewhere =
  /^(plain-question|reply-|out-of-office|no-message-id|newsletter-|form-|broken-|shared-|forward-only|person-writes|bounce-|windows-1252|html-only|inline-picture|date-in-the-future)/

const text = (bytes: Uint8Array | null) => Buffer.from(bytes ?? []).toString()
const pair = (it: { name: string | null; address: string }) => [it.name, it.address]
const filesOf = (mail: ParsedMail, expected: Trap) =>
  mail.attachments.map((it, index) => {
    const wanted = expected.files?.[index]?.[2] ?? null
    return [it.filename, it.mimeType, wanted === null ? null : text(it.content).replaceAll('\r\n', '\n')]
  })

describe('every trap', () => {
  test.each(Object.entries(traps))('%s', async (name, expected) => {
    const mail = await parseFixture(name)
    expect({
      from: mail.from && pair(mail.from),
      subject: mail.subject,
      text: mail.text,
      date: mail.date,
      messageId: mail.messageId,
      inReplyTo: mail.inReplyTo,
      references: mail.references,
      to: mail.to.map((it) => it.address),
      cc: mail.cc.map(pair),
      files: filesOf(mail, expected),
      damage: mail.damage,
    }).toEqual({
      from: expected.from ?? ['Nora Field', 'nora@customer.test'],
      subject: expected.subject,
      text: expected.text,
      date: expected.date ?? ten,
      messageId: expected.messageId === undefined ? 'trap@customer.test' : expected.messageId,
      inReplyTo: expected.inReplyTo ?? null,
      references: expected.references ?? [],
      to: expected.to ?? ['info@shop.test'],
      cc: expected.cc ?? [],
      files: expected.files ?? [],
      damage: null,
    })
  })

  test('has its mail, and every mail its trap', () => {
    const names = readdirSync(new URL('../../fixtures/mail', import.meta.url)).map((it) => it.replace(/\.eml$/, ''))
    expect(names.filter((it) => !(it in traps) && !elsewhere.test(it))).toEqual([])
    expect(Object.keys(traps).filter((it) => !names.includes(it))).toEqual([])
    expect(names.length).toBeGreaterThan(55)
  })
})
