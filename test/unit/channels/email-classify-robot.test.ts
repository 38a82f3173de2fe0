import { describe, expect, test } from 'vitest'
import { classifyRobot, type RobotCheck } from '../../../src/channels/email/classify-robot.ts'
import { parseFixture } from './email-fixtures.ts'

const own = ['info@shop.test']
const mail = (fields: Partial<RobotCheck>, headers: Record<string, string> = {}): RobotCheck => ({
  from: { name: null, address: 'someone@x.test' },
  replyTo: [],
  subject: 'Hello',
  text: '',
  headers: Object.entries(headers).map(([key, value]) => ({ key, value })),
  ...fields,
})

describe('classifyRobot', () => {
  test.each([
    ['plain-question', null],
    ['reply-gmail-quoted-below', null],
    ['no-message-id', null],
    ['html-only-table-form', null],
    ['shared-message-id-first', null],
    ['form-from-own-address', null],
    ['person-writes-about-a-bounce', null],
    ['bounce-multipart-report', 'bounce'],
    ['bounce-plain-text-old-server', 'bounce'],
    ['out-of-office-german', 'auto-reply'],
    ['newsletter-with-reply-to', 'mailing-list'],
  ])('%s → %s', async (name, reason) => {
    expect(classifyRobot(await parseFixture(name), own)).toBe(reason)
  })

  test.each([
    [{ 'auto-submitted': 'auto-generated' }, 'auto-reply'],
    [{ 'auto-submitted': 'no' }, null],
    [{ 'x-auto-response-suppress': 'DR, OOF' }, 'machine-sender'],
    [{ precedence: 'bulk' }, 'bulk'],
    [{ precedence: 'auto_reply' }, 'auto-reply'],
    [{ precedence: 'first-class' }, null],
    [{ 'feedback-id': '1:2:3' }, 'bulk'],
    [{ 'x-autoreply': 'yes' }, 'auto-reply'],
    [{ 'return-path': '<>' }, 'bounce'],
    [{ 'return-path': '<someone@x.test>' }, null],
    [{ 'content-type': 'multipart/report; report-type=feedback-report; boundary=x' }, 'report'],
  ])('%o → %s', (headers, reason) => {
    expect(classifyRobot(mail({}, headers as unknown as Record<string, string>), own)).toBe(reason)
  })

  test.each([
    ['no-reply@x.test', 'machine-sender'],
    ['noreply@x.test', 'machine-sender'],
    ['postmaster@x.test', 'bounce'],
    ['list-request@x.test', 'machine-sender'],
    ['info@shop.test', 'own-address'],
    ['noreen@x.test', null],
    ['rooter@plumbing.test', null],
  ])('from %s → %s', (address, reason) => {
    expect(classifyRobot(mail({ from: { name: null, address } }), own)).toBe(reason)
  })
})
