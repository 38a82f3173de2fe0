const sentences = [
  'We would like to have the kitchen redone before the summer.',
  'The old cabinets can go, the floor should stay.',
  'Could you send me a quote for the work described below?',
  'A neighbour recommended you; she was very happy with her bathroom.',
  'Our budget is about $12,000, a little more if it must be.',
  'We are at home most mornings, and on Fridays all day.',
  'There is a leak under the sink that should be looked at soon.',
  'Please call me on the number below before ten.',
  'Attached is the plan of the room; the window is on the left.',
  'Thank you for the quick answer, that helps a lot.',
]

/**
 * Mails as a small business gets them: two fifths plain text, two fifths with HTML, one fifth with a small attachment;
 * every third answers an earlier one; a person writes four of them.
 * @param first number of the first, for more that are not the same
 */
export function* manyMails(count: number, to: string, first = 0): Generator<string> {
  const now = Date.now()
  for (let n = first; n < first + count; n++) {
    const person = Math.floor(n / 4)
    const body = sentences.map((_, i) => sentences[(n * 7 + i * 3) % sentences.length]).join('\r\n')
    const text = `Hello,\r\n\r\n${body}\r\n\r\nBest regards\r\nCustomer ${person}\r\n(415) 555-${String(person % 10_000).padStart(4, '0')}\r\n`
    const answers =
      n % 3 === 2 ? [`In-Reply-To: <m${n - 1}@bench.example>`, `References: <m${n - 1}@bench.example>`] : []
    const head = [
      `From: Customer ${person} <customer${person}@home${person % 500}.example>`,
      `To: ${to}`,
      `Subject: ${n % 3 === 2 ? 'Re: ' : ''}Kitchen request ${person}`,
      `Message-ID: <m${n}@bench.example>`,
      `Date: ${new Date(now - (first + count - n) * 1000).toUTCString()}`,
      ...answers,
      'MIME-Version: 1.0',
    ]
    const plain = ['Content-Type: text/plain; charset=utf-8', '', text]
    const both = ['', '--b', ...plain, '--b', 'Content-Type: text/html; charset=utf-8', '', htmlOf(text)]
    const kind = n % 5
    if (kind < 2) yield [...head, ...plain].join('\r\n')
    else if (kind < 4)
      yield [...head, 'Content-Type: multipart/alternative; boundary=b', ...both, '--b--', ''].join('\r\n')
    else yield [...head, 'Content-Type: multipart/mixed; boundary=b', ...both, ...fileOf(n), '--b--', ''].join('\r\n')
  }
}

const htmlOf = (text: string) =>
  `<html><body style="font-family:sans-serif">${text
    .split('\r\n')
    .map((line) => `<p>${line}</p>`)
    .join('\r\n')}</body></html>`

const fileOf = (n: number) => [
  '--b',
  `Content-Type: application/pdf; name="plan-${n}.pdf"`,
  `Content-Disposition: attachment; filename="plan-${n}.pdf"`,
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.from(`%PDF-1.4 plan ${n} ${'x'.repeat(1500)}`)
    .toString('base64')
    .replace(/(.{76})/g, '$1\r\n'),
]
