import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { makeCertificate } from './certificate.ts'

/** A message that the server answered, or would have answered, with 250: it is on its way to the recipients. */
export type AcceptedMail = {
  /** Without angle brackets. */
  readonly messageId: string
  readonly from: string
  readonly to: readonly string[]
  readonly raw: string
}

/**
 * What goes wrong, until changed. `cut-before-accept` loses the connection when the message arrived but was not kept;
 * `cut-after-accept` loses it when the message was kept but the 250 never reached the client.
 */
export type SmtpFault =
  | 'none'
  | 'refuse-auth'
  | 'refuse-sender'
  | 'refuse-recipient'
  | 'busy'
  | 'refuse-data'
  | 'cut-before-accept'
  | 'cut-after-accept'

export type FakeSmtp = {
  readonly host: '127.0.0.1'
  /** STARTTLS offered and, for a login, needed. */
  readonly port: number
  readonly tlsPort: number
  readonly ca: string
  readonly accepted: readonly AcceptedMail[]
  readonly acceptedWith: (messageId: string) => readonly AcceptedMail[]
  readonly setFault: (fault: SmtpFault) => void
  /** Holds the answer to every message until the returned function is called. */
  readonly hold: () => () => void
  /** How many messages have arrived whole, answered or not. */
  readonly arrived: () => number
  /** Resolves when that many messages have arrived whole. */
  readonly untilArrived: (count: number) => Promise<void>
  /** Before 250 is answered, as Gmail files its own copy in the Sent folder. */
  readonly fileCopies: (file: (raw: string, mail: AcceptedMail) => Promise<unknown>) => void
  readonly close: () => Promise<void>
}

export const smtpPassword = 'pw'

/**
 * An SMTP server that takes the password `pw` of any user and keeps what it accepts.
 * @param isToken whether an access token is good; none is when left out
 */
export async function startSmtp(isToken: (accessToken: string) => boolean = () => false): Promise<FakeSmtp> {
  const directory = mkdtempSync(join(tmpdir(), 'deskbell-smtp-'))
  const certificate = makeCertificate(directory)
  rmSync(directory, { recursive: true, force: true })

  const accepted: AcceptedMail[] = []
  const waiting: { count: number; done: () => void }[] = []
  let fault: SmtpFault = 'none'
  let held: Promise<void> = Promise.resolve()
  let arrived = 0
  let file: ((raw: string, mail: AcceptedMail) => Promise<unknown>) | undefined

  const finish = async (raw: string, session: SMTPServerSession): Promise<'accepted' | 'cut'> => {
    arrived++
    for (const waiter of waiting) if (arrived >= waiter.count) waiter.done()
    await held
    if (fault === 'refuse-data') throw smtpError(554, '5.7.1 Message refused as spam')
    if (fault === 'cut-before-accept') return 'cut'
    const mail: AcceptedMail = {
      messageId: /^message-id:\s*<([^>]*)>/im.exec(raw)?.[1] ?? '',
      from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
      to: session.envelope.rcptTo.map((recipient) => recipient.address),
      raw,
    }
    accepted.push(mail)
    await file?.(raw, mail)
    return fault === 'cut-after-accept' ? 'cut' : 'accepted'
  }

  const make = (secure: boolean) => {
    const server: SMTPServer = new SMTPServer({
      secure,
      cert: certificate.cert,
      key: certificate.key,
      disableReverseLookup: true,
      closeTimeout: 0,
      authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2'],
      onAuth: (auth, _session, done) => {
        const isRight = auth.method === 'XOAUTH2' ? isToken(auth.accessToken ?? '') : auth.password === smtpPassword
        if (fault === 'refuse-auth' || !isRight) {
          done(smtpError(535, '5.7.8 Authentication credentials invalid'))
        } else done(null, { user: auth.username })
      },
      onMailFrom: (_address, _session, done) => {
        if (fault === 'refuse-sender')
          done(smtpError(550, '5.7.60 Client does not have permissions to send as this sender'))
        else if (fault === 'busy') done(smtpError(451, '4.7.1 Too many messages, try again later'))
        else done()
      },
      onRcptTo: (_address, _session, done) => {
        if (fault === 'refuse-recipient') done(smtpError(550, '5.1.1 No such user here'))
        else done()
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          finish(Buffer.concat(chunks).toString('utf8'), session).then(
            (outcome) => {
              if (outcome === 'accepted') done(null, 'OK: queued')
              else cut(server, session.id)
            },
            (error: Error) => done(error),
          )
        })
      },
    })
    server.on('error', () => {})
    return server
  }
  const plain = make(false)
  const tls = make(true)
  const [port, tlsPort] = await Promise.all([listen(plain), listen(tls)])

  return {
    host: '127.0.0.1',
    port,
    tlsPort,
    ca: certificate.cert,
    accepted,
    acceptedWith: (messageId) => accepted.filter((mail) => mail.messageId === messageId),
    setFault: (next) => {
      fault = next
    },
    hold: () => {
      let release = () => {}
      held = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
    arrived: () => arrived,
    untilArrived: (count) =>
      arrived >= count ? Promise.resolve() : new Promise((done) => waiting.push({ count, done })),
    fileCopies: (filer) => {
      file = filer
    },
    close: async () => {
      await Promise.all([plain, tls].map((server) => new Promise<void>((done) => server.close(done))))
    },
  }
}

function smtpError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}

function cut(server: SMTPServer, sessionId: string) {
  const connections = server.connections as Set<{ id: string; _socket: { destroy: () => void } }>
  for (const connection of connections) if (connection.id === sessionId) connection._socket.destroy()
}

function listen(server: SMTPServer): Promise<number> {
  return new Promise((resolve, reject) => {
    const listener = server.listen(0, '127.0.0.1', () => resolve((listener.address() as AddressInfo).port))
    listener.once('error', reject)
  })
}
