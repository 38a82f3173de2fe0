import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeskbellError } from '../../src/rpc/errors.ts'
import { type Dovecot, mailPassword, startDovecot } from '../fakes/dovecot.ts'
import { type EngineProcess, engineProcess } from '../fakes/engine-process.ts'
import { eventually } from '../fakes/eventually.ts'
import { seeded } from '../fakes/faults/seeded.ts'
import { type FakeSmtp, startSmtp } from '../fakes/smtp.ts'
import { startTwilioDouble, type TwilioDouble } from '../fakes/twilio/start-twilio-double.ts'

const counts = { mails: 500, texts: 100, forms: 100, replies: 50, kills: 50 }
const owner = 'office@brightwater.example'
const minute = 60_000

/**
 * The promise of the product: nothing is lost and nothing is sent twice, whenever the process dies. The engine is killed
 * at random points while things arrive and replies go out; then every one must be there exactly once.
 */
describe('an engine that is killed again and again', () => {
  let dovecot: Dovecot
  let smtp: FakeSmtp
  let twilio: TwilioDouble
  let engine: EngineProcess
  const dataDir = mkdtempSync(join(tmpdir(), 'deskbell-kill-'))
  const seed = Number(process.env.DESKBELL_SEED ?? Date.now() % 1_000_000)
  const random = seeded(seed)

  beforeAll(async () => {
    dovecot = await startDovecot()
    smtp = await startSmtp()
    // As large providers do: what is accepted is in the Sent folder before the client hears of it.
    smtp.fileCopies((raw) => dovecot.append(owner, raw, { folder: 'Sent', flags: ['\\Seen'] }))
    twilio = await startTwilioDouble()
    engine = engineProcess(dataDir, { tuning: { reconcileAfterMs: 1500 }, trust: [smtp.ca] })
    await engine.start()
  })
  afterAll(async () => {
    await engine?.stop()
    await Promise.all([dovecot?.close(), smtp?.close(), twilio?.stop()])
    rmSync(dataDir, { recursive: true, force: true })
  })

  it(
    `keeps ${counts.mails} mails, ${counts.texts} texts, ${counts.forms} forms and sends ${counts.replies} replies once, through ${counts.kills} kills (seed ${seed})`,
    async () => {
      const formUrl = await connectEverything()
      let arriving = true
      const work = Promise.all([mailsArrive(), textsArrive(), formsArrive(formUrl), repliesGoOut()]).finally(() => {
        arriving = false
      })
      // A failed check must end the run at once and not after all the kills.
      const failed = work.then(
        () => null,
        (error: unknown) => error,
      )
      let kills = 0
      while (kills < counts.kills) {
        await pause(random() * 600)
        await engine.kill()
        kills += 1
        await engine.start()
      }
      const error = await failed
      if (error) throw error
      expect(arriving).toBe(false)

      await eventually('everything is stored', () => missing().length === 0, 10 * minute)
      await eventually('no job is open', () => openJobs() === 0, 10 * minute)
      await engine.stop()

      expect(failedJobs()).toEqual([])
      expect(missing()).toEqual([])
      expect(twice()).toEqual([])
      expect(repliesAtTheServers()).toEqual(range(counts.replies).map((n) => [reply(n), 1]))
      const sentFolder = await dovecot.messageIds(owner, 'Sent')
      expect(sentFolder.length).toBe(new Set(sentFolder).size)
    },
    20 * minute,
  )

  /** Answers the address that the form posts to. */
  async function connectEverything(): Promise<string> {
    const { call } = engine.client()
    await call('settings.savePreferences', { undoSeconds: 5 })
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
    const { url } = await call('channels.saveForm', {
      id: null,
      settings: { name: 'Website', source: 'Website', mapping: {} },
    })
    return url
  }

  async function mailsArrive() {
    for (const n of range(counts.mails)) {
      await dovecot.append(
        owner,
        [
          `From: Customer ${n} <customer${n}@mail-${n % 40}.example>`,
          `To: ${owner}`,
          `Subject: ${mail(n)}`,
          `Message-ID: <mail-${n}@kill.example>`,
          `Date: ${new Date().toUTCString()}`,
          '',
          `Could you quote for job ${n}?`,
        ].join('\r\n'),
      )
    }
  }

  async function textsArrive() {
    for (const n of range(counts.texts)) {
      twilio.texts.receive({ from: phone(n), body: text(n) })
      await pause(random() * 300)
    }
  }

  /** A well-behaved sender: asks again with the same key until it is told that the post was kept. */
  async function formsArrive(url: string) {
    for (const n of range(counts.forms)) {
      await eventually(
        `form ${n} is accepted`,
        async () => {
          const answer = await fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'idempotency-key': `form-${n}`, accept: 'application/json' },
            body: JSON.stringify({ name: `Form ${n}`, email: `form${n}@form.example`, message: form(n) }),
            signal: AbortSignal.timeout(15_000),
          })
          // The listener limits posts a minute; a sender is told when to come back.
          if (answer.status === 429) await pause(Number(answer.headers.get('retry-after') ?? 1) * 1000)
          return answer.ok
        },
        10 * minute,
      )
    }
  }

  async function repliesGoOut() {
    for (const n of range(counts.replies)) {
      const byMail = n % 2 === 0
      const personId = await eventually(
        `whom to answer with reply ${n}`,
        () => personWho(byMail ? `customer${n}@mail-${n % 40}.example` : phone(n)),
        10 * minute,
      )
      await eventually(
        `reply ${n} is queued`,
        async () => {
          // A person looks whether it is there before writing again; so the answer may be lost, the job not twice.
          if (stored(reply(n)) > 0) return true
          try {
            const { call } = engine.client()
            if (byMail) {
              await call('contact.sendMail', {
                personId,
                replyTo: null,
                subject: 'Your request',
                body: reply(n),
                attachments: [],
                templateId: null,
              })
            } else {
              await call('contact.sendText', { personId, body: reply(n), templateId: null })
            }
            return true
          } catch (error) {
            if (error instanceof DeskbellError && error.code === 'ENGINE_GONE') return false
            throw error
          }
        },
        10 * minute,
      )
    }
  }

  // What the disk says, whatever the engine of the moment knows.
  const read = <T>(query: (database: BetterSqlite3.Database) => T): T => {
    const database = new BetterSqlite3(join(dataDir, 'deskbell.db'), { readonly: true })
    try {
      return query(database)
    } finally {
      database.close()
    }
  }
  const personWho = (handle: string): number | null =>
    read(
      (it) =>
        (it.prepare('SELECT person_id FROM handle WHERE value = ?').pluck().get(handle) as number | undefined) ?? null,
    )
  const stored = (body: string): number =>
    read((it) => Number(it.prepare('SELECT count(*) FROM interaction WHERE text = ?').pluck().get(body)))
  const openJobs = () =>
    read((it) =>
      Number(it.prepare("SELECT count(*) FROM job WHERE state IN ('queued', 'sending', 'committing')").pluck().get()),
    )
  const failedJobs = () => read((it) => it.prepare("SELECT kind, last_error FROM job WHERE state != 'sent'").all())
  const stories = () =>
    read((it) => it.prepare('SELECT subject, text FROM interaction').all()) as { subject: string; text: string }[]
  const expected = [
    ...range(counts.mails).map(mail),
    ...range(counts.texts).map(text),
    ...range(counts.forms).map(form),
    ...range(counts.replies).map(reply),
  ]
  const tally = () => {
    const found = new Map<string, number>()
    for (const story of stories()) {
      const marks = `${story.subject}\n${story.text}`.match(/\[(mail|text|form|reply) \d+\]/g) ?? []
      for (const mark of new Set(marks)) found.set(mark, (found.get(mark) ?? 0) + 1)
    }
    return found
  }
  const missing = () => {
    const found = tally()
    return expected.filter((mark) => !found.has(mark))
  }
  const twice = () => [...tally()].filter(([, times]) => times > 1)
  const sentBodies = () => [
    ...smtp.accepted.map((it) => it.raw),
    ...twilio.texts
      .all()
      .filter((it) => it.direction !== 'inbound')
      .map((it) => it.body),
  ]
  const repliesAtTheServers = () =>
    range(counts.replies).map((n) => [reply(n), sentBodies().filter((body) => body.includes(reply(n))).length])

  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
})

const mail = (n: number) => `[mail ${n}]`
const text = (n: number) => `[text ${n}]`
const form = (n: number) => `[form ${n}]`
const reply = (n: number) => `[reply ${n}]`
const phone = (n: number) => `+1415556${String(1000 + n)}`
const range = (length: number) => Array.from({ length }, (_, n) => n)
