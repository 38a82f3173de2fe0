import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EmailSettings } from '../../src/channels/contract.ts'
import { testEmailAccount } from '../../src/channels/email/test-account.ts'
import { type Dovecot, startDovecot } from '../fakes/dovecot.ts'
import { freePort } from '../fakes/faulty-link.ts'
import { type FakeSmtp, startSmtp } from '../fakes/smtp.ts'
import { openDesk, quick, settingsFor, withChannel } from './email-harness.ts'

let dovecot: Dovecot
let smtp: FakeSmtp

beforeAll(async () => {
  dovecot = await startDovecot()
  smtp = await startSmtp()
})
afterAll(async () => {
  await smtp.close()
  await dovecot.close()
})

const step = async (settings: EmailSettings, name: string, options: { password?: string; ca?: string } = {}) => {
  const report = await testEmailAccount(settings, options.password ?? 'pw', {
    timing: quick,
    ...(options.ca ? { ca: options.ca } : {}),
  })
  return report.steps.find((it) => it.name === name)
}
const starttls = { security: 'starttls' as const }

describe('the test in the settings', () => {
  test('every kind of security works when it is the right one', async () => {
    const tls = settingsFor(
      { host: 'localhost', port: dovecot.tlsPort },
      { host: 'localhost', port: smtp.tlsPort },
      { imap: { security: 'tls' }, smtp: { security: 'tls' } },
    )
    const upgraded = settingsFor(dovecot, smtp, { imap: starttls, smtp: starttls })
    for (const settings of [tls, upgraded]) {
      const [imap, out] = await Promise.all([
        step(settings, 'Receiving mail', { ca: dovecot.ca }),
        step(settings, 'Sending mail', { ca: smtp.ca }),
      ])
      expect(imap).toMatchObject({ ok: true, message: 'Connected. 0 mails in the inbox.' })
      expect(out).toMatchObject({ ok: true })
    }
    expect(await step(tls, 'Sent folder', { ca: dovecot.ca })).toMatchObject({
      ok: true,
      message: expect.stringContaining('Sent'),
    })
  })

  test('a wrong password', async () => {
    const settings = settingsFor(dovecot, smtp, { imap: starttls, smtp: starttls })
    for (const [name, ca] of [
      ['Receiving mail', dovecot.ca],
      ['Sending mail', smtp.ca],
    ] as const) {
      expect(await step(settings, name, { password: 'wrong', ca })).toMatchObject({
        ok: false,
        message: expect.stringMatching(/refused the user name or password.*app password/),
      })
    }
  })

  test('a certificate nobody vouches for: no password is sent', async () => {
    const settings = settingsFor(dovecot, smtp, { user: 'careful@shop.test', imap: starttls, smtp: starttls })
    for (const name of ['Receiving mail', 'Sending mail']) {
      expect(await step(settings, name)).toMatchObject({ ok: false, message: expect.stringContaining('certificate') })
    }
    expect(dovecot.log()).not.toContain('careful@shop.test')
    await step(settings, 'Receiving mail', { ca: dovecot.ca })
    expect(dovecot.log()).toContain('careful@shop.test')
  })

  test('TLS spoken to a port that does not speak it', async () => {
    const settings = settingsFor(dovecot, smtp, { imap: { security: 'tls' }, smtp: { security: 'tls' } })
    for (const name of ['Receiving mail', 'Sending mail']) {
      expect(await step(settings, name)).toMatchObject({
        ok: false,
        message: expect.stringMatching(/secure connection.*port/i),
      })
    }
  })

  test('a host that is not there, and a port where nobody listens', async () => {
    const port = await freePort()
    const settings = settingsFor({ host: '127.0.0.1', port }, { host: '127.0.0.1', port })
    for (const name of ['Receiving mail', 'Sending mail']) {
      expect(await step(settings, name)).toMatchObject({
        ok: false,
        message: expect.stringMatching(/cannot be reached.*127\.0\.0\.1/),
      })
    }
    const unknown = settingsFor({ host: 'mail.invalid', port: 993 }, smtp, { imap: { security: 'tls' } })
    expect(await step(unknown, 'Receiving mail')).toMatchObject({
      ok: false,
      message: expect.stringContaining('mail.invalid'),
    })
  })

  test('no encryption is only for this machine', async () => {
    const settings = settingsFor({ host: 'mail.shop.test', port: 143 }, { host: 'mail.shop.test', port: 25 })
    for (const name of ['Receiving mail', 'Sending mail']) {
      expect(await step(settings, name)).toMatchObject({
        ok: false,
        message: expect.stringMatching(/could be read.*Choose TLS/),
      })
    }
  })

  test('no password at all', async () => {
    expect(await testEmailAccount(settingsFor(dovecot, smtp), null)).toMatchObject({ ok: false })
  })
})

describe('the state of an account', () => {
  test('a refused password is tried once and not hammered; retry looks again', async () => {
    const desk = openDesk('wrong')
    await withChannel(settingsFor(dovecot, smtp), desk, async (channel) => {
      await desk.until((it) => it.states.at(-1)?.state === 'auth-failed', 'the refusal')
      expect(desk.states.at(-1)?.message).toContain('refused the user name or password')
      await channel.poll()
      const tried = dovecot.links[0]?.accepted() ?? 0
      expect(desk.states.filter((it) => it.state === 'ok')).toEqual([])
      await channel.poll()
      expect((dovecot.links[0]?.accepted() ?? 0) - tried).toBe(2)
    })
    expect(desk.states.at(-1)).toMatchObject({ state: 'stopped' })
  })

  test('a password that is gone from the keychain', async () => {
    const desk = openDesk(null)
    await withChannel(settingsFor(dovecot, smtp), desk, async () => {
      await desk.until((it) => it.states.at(-1)?.state === 'auth-failed', 'the state')
      expect(desk.states.at(-1)?.message).toContain('Enter it again')
    })
  })

  test('an unreachable host backs off with words and a time', async () => {
    const desk = openDesk()
    await withChannel(settingsFor({ host: '127.0.0.1', port: await freePort() }, smtp), desk, async () => {
      await desk.until((it) => it.states.at(-1)?.state === 'backing-off', 'the state')
      expect(desk.states.at(-1)).toMatchObject({
        message: expect.stringContaining('cannot be reached'),
        nextRetryAt: expect.any(Number),
      })
    })
  })

  test('a mailbox over TLS with a known authority reports that it is connected', async () => {
    const desk = openDesk()
    const settings = settingsFor({ host: 'localhost', port: dovecot.tlsPort }, smtp, { imap: { security: 'tls' } })
    await withChannel(settings, desk, () => desk.until((it) => it.states.at(-1)?.state === 'ok', 'connected'), {
      ca: dovecot.ca,
    })
    expect(desk.states.map((it) => it.state)).toEqual(expect.arrayContaining(['connecting', 'ok', 'stopped']))
  })
})
