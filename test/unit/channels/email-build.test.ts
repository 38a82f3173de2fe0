import { describe, expect, test } from 'vitest'
import { buildMessage, type OutgoingMail, textToHtml } from '../../../src/channels/email/build-message.ts'
import { parseMail } from '../../../src/channels/email/parse-message.ts'

const draft: OutgoingMail = {
  messageId: 'm1.deskbell@shop.test',
  from: { name: 'Ann, the shop', address: 'info@shop.test' },
  to: [{ name: 'Bob Müller', address: 'bob@customer.test' }],
  subject: 'Re: Küche',
  text: 'Hello Bob,\n\nsee https://shop.test/a?b=1&c=2.\n<b>not bold</b>',
  references: ['first-1@customer.test'],
  inReplyTo: 'first-1@customer.test',
  attachments: [{ filename: 'Küche.pdf', mimeType: 'application/pdf', content: new TextEncoder().encode('%PDF') }],
  at: Date.UTC(2026, 10, 20, 10, 0, 0),
  unsubscribe: null,
}

describe('buildMessage', () => {
  test('what we send is what a reader parses', async () => {
    const { raw, envelope } = await buildMessage(draft)
    const mail = await parseMail(raw, draft.at)
    expect(mail).toMatchObject({
      messageId: draft.messageId,
      inReplyTo: draft.inReplyTo,
      references: draft.references,
      from: draft.from,
      to: draft.to,
      subject: draft.subject,
      text: draft.text,
      date: draft.at,
      attachments: [{ filename: 'Küche.pdf', mimeType: 'application/pdf', size: 4 }],
    })
    expect(mail.html).toContain('<a href="https://shop.test/a?b=1&amp;c=2">')
    expect(mail.html).toContain('&lt;b&gt;not bold')
    expect(envelope).toEqual({ from: 'info@shop.test', to: ['bob@customer.test'] })
  })

  test('no header can be smuggled in', async () => {
    const { raw } = await buildMessage({
      ...draft,
      subject: 'Hi\r\nBcc: victim@x.test',
      to: [{ name: 'Bob\r\nBcc: victim@x.test', address: 'bob@customer.test' }],
    })
    expect(raw.toString()).not.toMatch(/^bcc:/im)
  })
})

test('textToHtml escapes everything and links only http', () => {
  expect(textToHtml('javascript:alert(1) "x" <y>')).not.toMatch(/href|<y>/)
})
