import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classifyRobot } from '../../../src/channels/email/classify-robot.ts'
import { findVisitor } from '../../../src/channels/email/find-visitor.ts'
import { parseMail, readMessageIds } from '../../../src/channels/email/parse-message.ts'
import { splitQuote } from '../../../src/channels/email/split-quote.ts'
import { processorTime } from '../../fakes/processor-time.ts'
import { arrival, parseFixture, readFixture } from './email-fixtures.ts'

const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('utf8')

describe('parseMail', () => {
  test('reads every field of a sound mail', async () => {
    expect(await parseFixture('plain-question')).toMatchObject({
      messageId: 'first-1@customer.test',
      inReplyTo: null,
      references: [],
      from: { name: 'Bob Müller', address: 'bob@customer.test' },
      replyTo: [],
      to: [{ name: 'Shop', address: 'info@shop.test' }],
      cc: [
        { name: 'Partner', address: 'partner@other.test' },
        { name: null, address: 'info@shop.test' },
      ],
      subject: 'Quote for a new kitchen floor',
      date: Date.UTC(2026, 10, 20, 9, 14, 58),
      receivedAt: Date.UTC(2026, 10, 20, 9, 15, 2),
      text: 'Hello,\n\ncould you send me a quote for 40 m² of oak floor?\n\nBob',
      html: null,
      attachments: [],
      damage: null,
    })
  })

  test('keeps the chain of ids in order', async () => {
    const mail = await parseFixture('reply-gmail-quoted-below')
    expect(mail.inReplyTo).toBe('ours-1.deskbell@shop.test')
    expect(mail.references).toEqual(['first-1@customer.test', 'ours-1.deskbell@shop.test'])
    expect(mail.html).toContain('gmail_quote')
  })

  test('takes the arrival when the date is nonsense or in the future', async () => {
    expect((await parseFixture('broken-date')).date).toBe(arrival)
    expect((await parseFixture('date-in-the-future')).date).toBe(arrival)
  })

  test('turns an HTML form notification into lines and keeps the HTML', async () => {
    const mail = await parseFixture('html-only-table-form')
    expect(mail.text.split('\n').filter((line) => line.trim())).toEqual([
      'Name Gina',
      'Phone 020 7946 0955',
      'I need a fence, see the plan [https://visitor.test/plan].',
    ])
    expect(mail.html).toContain('<table>')
    expect(mail.replyTo).toEqual([{ name: null, address: 'gina@visitor.test' }])
  })

  test('decodes names of files and tells a picture in the text from a file', async () => {
    const mail = await parseFixture('inline-picture-and-file')
    expect(mail.subject).toBe('Pläne für Küche')
    expect(mail.attachments).toMatchObject([
      { filename: 'pic.png', mimeType: 'image/png', contentId: 'pic@x.test', inline: true, size: 8 },
      { filename: 'Küche Plan.pdf', mimeType: 'application/pdf', contentId: null, inline: false, size: 9 },
    ])
    expect(text(mail.attachments[1]?.content)).toBe('%PDF-1.4\n')
  })

  test('still reads the lead in broken MIME', async () => {
    const mail = await parseFixture('broken-mime-no-closing-boundary')
    expect(mail.from).toEqual({ name: 'Ida the builder', address: 'ida@customer.test' })
    expect(mail.messageId).toBe('broken@x.test')
    expect(mail.to).toEqual([])
    expect(mail.text + mail.attachments.map((it) => text(it.content)).join('')).toContain('quote')
  })

  test('hands over bytes that are no mail at all as text', async () => {
    const mail = await parseFixture('broken-mime-headers-only-garbage')
    expect(mail.from).toBeNull()
    expect(mail.text).toContain('please phone me')
    expect(JSON.stringify(mail)).not.toContain('\\u0000')
  })

  test('reads undeclared Windows-1252', async () => {
    const mail = await parseFixture('windows-1252-undeclared')
    expect(mail.text).toBe('Combien coûte une fenêtre ? 300 € peut-être ?')
  })

  test('reads a mail whose lines end as on an old Mac', async () => {
    const raw = readFixture('plain-question').toString().replaceAll('\r\n', '\r')
    expect(await parseMail(Buffer.from(raw), arrival)).toMatchObject({
      messageId: 'first-1@customer.test',
      from: { address: 'bob@customer.test' },
    })
  })

  test('survives what exceeds every limit of the parser', async () => {
    const deep = Array.from(
      { length: 400 },
      (_, i) => `--b${i}\r\nContent-Type: multipart/mixed; boundary=b${i + 1}\r\n\r\n`,
    )
    const raw = `From: a@b.test\r\nSubject: =?utf-8?Q?na=C3=AFve?=\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n${deep.join('')}call me`
    const mail = await parseMail(Buffer.from(raw), arrival)
    expect(mail).toMatchObject({ from: { address: 'a@b.test' }, subject: 'naïve', date: arrival })
    expect(mail.text).toContain('call me')
    expect(mail.damage).toMatch(/nest/i)
  })

  test('a 30 MB mail is read without several copies of it', async () => {
    const line = `${'QUJD'.repeat(19)}\r\n`
    const lines = Math.ceil((30 * 1024 * 1024) / line.length)
    const head = readFixture('plain-question').toString().split('Content-Type')[0]
    const raw = Buffer.from(
      `${head}Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nsee the film\r\n--B\r\nContent-Type: video/mp4; name=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n${line.repeat(lines)}--B--\r\n`,
    )
    const mail = await parseMail(raw, arrival)
    expect(mail.text).toBe('see the film')
    expect(mail.attachments).toMatchObject([{ filename: 'film.mp4', mimeType: 'video/mp4', size: lines * 57 }])
  })

  test.each([
    ['a From without end', `From: ${'a'.repeat(500_000)}`],
    ['brackets without end', `From: a@b.test\r\nContent-Type: text/html\r\n\r\n${'<'.repeat(500_000)}`],
    ['tags in tags', `From: a@b.test\r\nContent-Type: text/html\r\n\r\n${'<div>'.repeat(100_000)}call me`],
    ['list items never closed', `From: a@b.test\r\nContent-Type: text/html\r\n\r\n<ul>${'<li><b>x'.repeat(30_000)}`],
    ['empty lines', `From: no-reply@b.test\r\n\r\n${'\r\n'.repeat(200_000)}`],
    ['a subject without end', `Subject: ${'mail delivery '.repeat(50_000)}\r\n\r\n`],
    ['addresses without end', `To: ${'a@b.test, '.repeat(50_000)}\r\n\r\n`],
  ])('is not held up by %s', async (_name, raw) => {
    const spent = await processorTime(async () => {
      const mail = await parseMail(Buffer.from(raw), arrival)
      classifyRobot(mail, [])
      findVisitor(mail.text, [])
      splitQuote(mail.text)
    })
    // Minutes when it goes wrong.
    expect(spent).toBeLessThan(20_000)
  })

  test('never throws, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const mail = await parseMail(bytes, arrival)
        expect(Number.isSafeInteger(mail.date)).toBe(true)
        expect(mail.text.isWellFormed()).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})

describe('readMessageIds', () => {
  test.each([
    ['<a@b> <c@d>', ['a@b', 'c@d']],
    ['<a@b><c@d>', ['a@b', 'c@d']],
    ['"Bob\'s message of Friday" <a@b>', ['a@b']],
    ['a@b', ['a@b']],
    ['Your letter of 12 March', []],
    ['', []],
  ])('%s', (header, ids) => {
    expect(readMessageIds(header)).toEqual(ids)
  })
})
