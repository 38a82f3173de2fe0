import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SendHooks } from '../../src/channels/channel.ts'
import { parseMail } from '../../src/channels/email/parse-message.ts'
import { type Dovecot, startDovecot } from '../fakes/dovecot.ts'
import { type FakeSmtp, startSmtp } from '../fakes/smtp.ts'
import { answer, type Desk, openDesk, settingsFor, withChannel } from './email-harness.ts'

let dovecot: Dovecot
let smtp: FakeSmtp
let user = ''
let users = 0
let desk: Desk

beforeAll(async () => {
  dovecot = await startDovecot()
})
afterAll(() => dovecot.close())
beforeEach(async () => {
  smtp = await startSmtp()
  user = `sender${++users}@shop.test`
  desk = openDesk()
})
afterEach(() => smtp.close())

const settings = () => settingsFor(dovecot, smtp, { user, smtp: { security: 'starttls' } })
const connected = (it: Desk) => it.states.at(-1)?.state === 'ok'
const commits = () => {
  let count = 0
  const hooks: SendHooks = {
    committing: async () => {
      count++
    },
  }
  return { hooks, count: () => count }
}
const isTaken = async () => false
const run = <T>(work: (channel: Parameters<Parameters<typeof withChannel>[2]>[0]) => Promise<T>) =>
  withChannel(
    settings(),
    desk,
    async (channel) => {
      await desk.until(connected, 'connected')
      return work(channel)
    },
    { ca: smtp.ca },
  )

describe('sending', () => {
  test('arrives as written, once, with its thread, and is filed in Sent', async () => {
    const { hooks, count } = commits()
    const file = {
      name: 'plan.pdf',
      contentType: 'application/pdf',
      size: 4,
      contentId: null,
      bytes: new TextEncoder().encode('%PDF'),
    }
    const outcome = await run((channel) => channel.send(answer('a1@shop.test', { files: [file] }), hooks))
    expect(outcome).toEqual({ kind: 'sent', externalId: 'a1@shop.test', revision: 'sent' })
    expect(count()).toBe(1)
    expect(smtp.accepted).toHaveLength(1)
    const [accepted] = smtp.accepted
    expect(accepted).toMatchObject({ from: 'info@shop.test', to: ['bob@customer.test'], messageId: 'a1@shop.test' })
    expect(await parseMail(Buffer.from(accepted?.raw ?? ''), 0)).toMatchObject({
      from: { name: 'The shop', address: 'info@shop.test' },
      to: [{ name: 'Bob', address: 'bob@customer.test' }],
      subject: 'Re: Quote',
      text: 'Gladly.',
      inReplyTo: 'first@customer.test',
      references: ['first@customer.test'],
      attachments: [{ filename: 'plan.pdf', size: 4 }],
    })
    expect(await dovecot.messageIds(user, 'Sent')).toEqual(['<a1@shop.test>'])
  })

  test('what we sent does not come back as news from the Sent folder', async () => {
    await run(async (channel) => {
      await channel.send(answer('a2@shop.test'), commits().hooks)
      await channel.poll()
    })
    expect(desk.items).toEqual([])
    // After a restart the store knows it by the Message-ID that `send` answered; the external id is the same one.
    const again = openDesk()
    await withChannel(settings(), again, (channel) => channel.poll())
    expect(again.items.map((it) => it.externalId)).toEqual(['a2@shop.test'])
  })

  test('a provider that files its own copy gets no second one', async () => {
    smtp.fileCopies((raw) => dovecot.append(user, raw, { folder: 'Sent' }))
    const outcome = await run((channel) => channel.send(answer('a3@shop.test'), commits().hooks))
    expect(outcome.kind).toBe('sent')
    expect(await dovecot.messageIds(user, 'Sent')).toEqual(['<a3@shop.test>'])
  })

  test('without IMAP the mail still goes out, and its copy is filed when the connection is back', async () => {
    await run(async (channel) => {
      await dovecot.stop()
      await desk.until((it) => !connected(it), 'the loss')
      expect((await channel.send(answer('a4@shop.test'), commits().hooks)).kind).toBe('sent')
      await dovecot.start()
      await desk.until(connected, 'connected again')
      await channel.poll()
    })
    expect(await dovecot.messageIds(user, 'Sent')).toEqual(['<a4@shop.test>'])
  })
})

describe('what is certainly not sent', () => {
  test.each([
    ['refuse-auth', 'AUTH_FAILED', null],
    ['refuse-sender', 'REFUSED', null],
    ['refuse-recipient', 'REFUSED', null],
    ['busy', 'RATE_LIMITED', 60_000],
  ] as const)('%s → %s, before the point of no return', async (fault, code, retryAfterMs) => {
    smtp.setFault(fault)
    const { hooks, count } = commits()
    const outcome = await run((channel) => channel.send(answer('b1@shop.test'), hooks))
    expect(outcome).toMatchObject({ kind: 'failed', error: { code }, retryAfterMs })
    expect(count()).toBe(0)
    expect(smtp.arrived()).toBe(0)
  })

  test('a server that refuses the whole mail at the end said no, and that is certain', async () => {
    smtp.setFault('refuse-data')
    const outcome = await run((channel) => channel.send(answer('b2@shop.test'), commits().hooks))
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { code: 'REFUSED', message: expect.stringContaining('refused as spam') },
      retryAfterMs: null,
    })
  })

  test('an unreachable server is tried again', async () => {
    const { port } = smtp
    await smtp.close()
    const outcome = await run((channel) => channel.send(answer('b3@shop.test'), commits().hooks))
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { code: 'UNREACHABLE', retryable: true },
      retryAfterMs: 60_000,
    })
    expect(JSON.stringify(outcome)).toContain(String(port))
  })

  test('nothing leaves when the point of no return cannot be noted down', async () => {
    const committing = async () => {
      throw new Error('disk full')
    }
    const outcome = await run((channel) => channel.send(answer('b4@shop.test'), { committing }))
    expect(outcome.kind).toBe('failed')
    expect(smtp.arrived()).toBe(0)
  })

  test('the final dot waits for the note of no return', async () => {
    let release = () => {}
    const noted = new Promise<void>((done) => {
      release = done
    })
    let asked = () => {}
    const askedFor = new Promise<void>((done) => {
      asked = done
    })
    await run(async (channel) => {
      const sending = channel.send(answer('b5@shop.test'), {
        committing: () => {
          asked()
          return noted
        },
      })
      await askedFor
      // The server has had every chance to get the dot: another mail goes through it meanwhile.
      expect((await channel.send(answer('b6@shop.test'), commits().hooks)).kind).toBe('sent')
      expect(smtp.acceptedWith('b5@shop.test')).toEqual([])
      release()
      expect((await sending).kind).toBe('sent')
    })
    expect(smtp.acceptedWith('b5@shop.test')).toHaveLength(1)
  })
})

describe('what is unknown', () => {
  test('the answer is lost after the mail was kept: found where the provider files copies', async () => {
    smtp.fileCopies((raw) => dovecot.append(user, raw, { folder: 'Sent' }))
    smtp.setFault('cut-after-accept')
    await run(async (channel) => {
      expect(await channel.send(answer('c1@shop.test'), commits().hooks)).toMatchObject({ kind: 'unknown' })
      expect(await channel.find(answer('c1@shop.test'), 0, isTaken)).toEqual({
        kind: 'sent',
        externalId: 'c1@shop.test',
        revision: 'sent',
      })
    })
    expect(smtp.acceptedWith('c1@shop.test')).toHaveLength(1)
  })

  test('the connection is lost before the mail was kept: not found, so it may be sent again', async () => {
    smtp.fileCopies((raw) => dovecot.append(user, raw, { folder: 'Sent' }))
    await run(async (channel) => {
      await channel.send(answer('c0@shop.test'), commits().hooks)
      smtp.setFault('cut-before-accept')
      expect(await channel.send(answer('c2@shop.test'), commits().hooks)).toMatchObject({ kind: 'unknown' })
      expect(await channel.find(answer('c2@shop.test'), 0, isTaken)).toEqual({ kind: 'not-found' })
    })
  })

  test('where only we file copies, an empty search proves nothing', async () => {
    await run(async (channel) => {
      await channel.send(answer('c3@shop.test'), commits().hooks)
      smtp.setFault('cut-after-accept')
      expect(await channel.send(answer('c4@shop.test'), commits().hooks)).toMatchObject({ kind: 'unknown' })
      expect(await channel.find(answer('c4@shop.test'), 0, isTaken)).toMatchObject({ kind: 'cannot-tell' })
      expect(await channel.find(answer('c3@shop.test'), 0, isTaken)).toMatchObject({ kind: 'sent' })
    })
  })

  test('without a connection the question stays open', async () => {
    await run(async (channel) => {
      await dovecot.stop()
      await desk.until((it) => !connected(it), 'the loss')
      expect(await channel.find(answer('c5@shop.test'), 0, isTaken)).toMatchObject({ kind: 'unreachable' })
    })
    await dovecot.start()
  })
})
