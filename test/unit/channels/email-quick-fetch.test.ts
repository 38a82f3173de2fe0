import { expect, test } from 'vitest'
import { readPlainMail } from '../../../src/channels/email/quick-fetch.ts'

const source = Buffer.from('Subject: x\r\n\r\ny')
const read = (line: string, literals: readonly Buffer[] = [source]) =>
  readPlainMail({ payload: Buffer.from(line), literals })

test('a mail in numbers, date and text is taken, in whatever order they come', () => {
  const mail = { uid: 7, size: 15, internalDate: new Date(Date.UTC(2026, 10, 20, 9, 15)), source }
  const date = 'INTERNALDATE "20-Nov-2026 10:15:00 +0100"'
  expect(read(`* 3 FETCH (UID 7 ${date} RFC822.SIZE 15 BODY[]<0> {15}\r\n)`)).toEqual(mail)
  expect(read(`* 3 FETCH (BODY[] {15}\r\n RFC822.SIZE 15 MODSEQ (12) ${date} UID 7)`)).toEqual(mail)
})

test('everything else is left to imapflow', () => {
  const plain = 'UID 7 RFC822.SIZE 15 BODY[]<0> {15}\r\n'
  expect(read(`* 3 FETCH (${plain})`)).not.toBeNull()
  for (const line of [
    `* 3 FETCH (${plain} FLAGS (\\Seen))`,
    `* 3 FETCH (X-GM-LABELS ("\\\\Inbox") ${plain})`,
    `* 3 FETCH (RFC822.SIZE 15 BODY[]<0> {15}\r\n)`,
    '* 3 FETCH (UID 7 BODY[] NIL)',
    '* 3 FETCH (UID 7 INTERNALDATE "someday" BODY[] {15}\r\n)',
    '* 3 EXISTS',
    '* OK still here',
    'A1 OK done',
    '+ go on',
  ])
    expect(read(line)).toBeNull()
  expect(read(`* 3 FETCH (${plain})`, [])).toBeNull()
  expect(read(`* 3 FETCH (${plain})`, [source, source])).toBeNull()
})
