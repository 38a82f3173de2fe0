import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseMail } from '../../src/channels/email/parse-message.ts'
import { type Dovecot, mailPassword, startDovecot } from '../fakes/dovecot.ts'
import { type EngineProcess, engineProcess } from '../fakes/engine-process.ts'
import { eventually } from '../fakes/eventually.ts'
import { seeded } from '../fakes/faults/seeded.ts'
import { type FakeSmtp, startSmtp } from '../fakes/smtp.ts'
import { startTwilioDouble, type TwilioDouble } from '../fakes/twilio/start-twilio-double.ts'

const owner = 'office@brightwater.example'
const minute = 60_000

/** The whole engine as a process, a real IMAP and SMTP server, Twilio's double. */
describe('first answers by themselves', () => {
  let dovecot: Dovecot
  let smtp: FakeSmtp
  let twilio: TwilioDouble
  let engine: EngineProcess
  const dataDir = mkdtempSync(join(tmpdir(), 'deskbell-first-'))
  const seed = Number(process.env.DESKBELL_SEED ?? Date.now() % 1_000_000)
  const random = seeded(seed)

  beforeAll(async () => {
    dovecot = await startDovecot()
    smtp = await startSmtp()
    smtp.fileCopies((raw) => dovecot.append(owner, raw, { folder: 'Sent', flags: ['\\Seen'] }))
    twilio = await startTwilioDouble()
    engine = engineProcess(dataDir, { tuning: { reconcileAfterMs: 1000 }, trust: [smtp.ca] })
    await engine.start()
    const { call } = engine.client()
    await call('team.save', { id: null, name: 'Dana', email: null, mobile: null, onDuty: true })
    await call('channels.saveEmail', {
      id: null,
      settings: {
        address: owner,
        name: 'Brightwater Kitchens',
        imap: { host: dovecot.host, port: dovecot.port, security: 'none', user: owner },
        smtp: { host: smtp.host, port: smtp.port, security: 'starttls', user: owner },
      },
      password: mailPassword,
    })
    await call('channels.saveTwilio', {
      id: null,
      settings: { accountSid: twilio.accountSid, number: twilio.number, baseUrl: twilio.url },
      authToken: twilio.authToken,
    })
    const { settings } = await call('firstAnswer.get', {})
    const { slots } = settings
    const on = { email: { ...slots.email, on: true }, sms: { ...slots.sms, on: true } }
    await call('firstAnswer.save', { settings: { ...settings, delaySeconds: 0, slots: { ...slots, ...on } } })
    await eventually('the mailbox is connected', async () =>
      (await call('channels.list', {})).accounts.every((it) => it.state === 'ok'),
    )
  })
  afterAll(async () => {
    await engine?.stop()
    await Promise.all([dovecot?.close(), smtp?.close(), twilio?.stop()])
    rmSync(dataDir, { recursive: true, force: true })
  })

  const mail = (from: string, more: readonly string[] = [], id = `first-${from}`) =>
    dovecot.append(
      owner,
      [
        `From: ${from} <${from}@customer.example>`,
        `To: ${owner}`,
        'Subject: Kitchen',
        `Message-ID: <${id}@customer.example>`,
        `Date: ${new Date().toUTCString()}`,
        ...more,
        '',
        'Could you quote?',
      ].join('\r\n'),
    )
  const read = <T>(query: (database: BetterSqlite3.Database) => T): T => {
    const database = new BetterSqlite3(join(dataDir, 'deskbell.db'), { readonly: true })
    try {
      return query(database)
    } finally {
      database.close()
    }
  }
  const count = (sql: string) => read((it) => Number(it.prepare(sql).pluck().get()))
  const stored = (id: string) => count(`SELECT count(*) FROM mail WHERE message_id = '${id}@customer.example'`) === 1
  const openJobs = () => count("SELECT count(*) FROM job WHERE state IN ('queued', 'sending', 'committing')")
  const to = (who: string) => smtp.accepted.filter((it) => it.to.includes(`${who}@customer.example`))

  test('a mail gets one, in its thread, that every robot knows for what it is', async () => {
    await mail('ana')
    await eventually('it arrived', () => to('ana').length === 1)
    const raw = to('ana')[0]?.raw ?? ''
    expect(raw).toMatch(/^Auto-Submitted: auto-replied\r$/m)
    expect(raw).toMatch(/^X-Auto-Response-Suppress: All\r$/m)
    expect(raw).toMatch(/^Precedence: auto_reply\r$/m)
    expect(await parseMail(Buffer.from(raw), 0)).toMatchObject({
      subject: 'Re: Kitchen',
      inReplyTo: 'first-ana@customer.example',
    })
    const { call } = engine.client()
    await eventually('it is known to have left', async () => (await call('firstAnswer.get', {})).sent === 1)
    const lead = read((it) => it.prepare('SELECT first_auto_at, first_human_at FROM lead').get())
    expect(lead).toMatchObject({ first_auto_at: expect.any(Number), first_human_at: null })
    expect((await call('tasks.ofPerson', { personId: 1 })).tasks).toMatchObject([{ kind: 'email', doneAt: null }])
  })

  test('another robot that answers it ends there, whether it says that it is one or not', async () => {
    const ours = to('ana')[0]?.messageId
    await mail('ana', ['Auto-Submitted: auto-replied', `In-Reply-To: <${ours}>`], 'robot')
    await mail('ana', [`In-Reply-To: <${ours}>`], 'shameless')
    await mail('newsletter', ['List-Id: <news.customer.example>'], 'news')
    await mail('no-reply', [], 'unread')
    await eventually('all are stored', () => ['robot', 'shameless', 'news', 'unread'].every(stored))
    // A mail that is answered, after all of those: what was to go out for them would be out before it.
    await mail('bob')
    await eventually('the next one is answered', () => to('bob').length === 1)
    expect(smtp.accepted.map((it) => it.to[0])).toEqual(['ana@customer.example', 'bob@customer.example'])
  })

  test('a text gets one', async () => {
    twilio.texts.receive({ from: '+14155560001', body: 'Do you do bathrooms?' })
    const out = () => twilio.texts.all().filter((it) => it.direction !== 'inbound')
    await eventually('it arrived', () => out().length === 1)
    expect(out()[0]).toMatchObject({ to: '+14155560001', body: expect.stringContaining('we have your text') })
  })

  test(
    `through kills in between, everybody gets exactly one (seed ${seed})`,
    async () => {
      const people = Array.from({ length: 8 }, (_, n) => `kill${n}`)
      for (const [n, who] of people.entries()) {
        await mail(who)
        // Now and then the line breaks at the worst moment, too.
        smtp.setFault(n % 4 === 3 ? 'cut-after-accept' : 'none')
        await new Promise((resolve) => setTimeout(resolve, random() * 250))
        await engine.kill()
        await engine.start()
      }
      smtp.setFault('none')
      await eventually('all are stored', () => people.every((who) => stored(`first-${who}`)), 3 * minute)
      await eventually('nothing waits', () => openJobs() === 0, 3 * minute)
      expect(people.map((who) => [who, to(who).length])).toEqual(people.map((who) => [who, 1]))
      expect(count('SELECT count(*) FROM job WHERE answers_id IS NOT NULL')).toBe(people.length + 3)
    },
    8 * minute,
  )
})
