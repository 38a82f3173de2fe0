import { once } from 'node:events'
import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import XOAuth2 from 'nodemailer/lib/xoauth2'
import { minute, second } from '../../lib/durations.ts'
import type { SendHooks } from '../channel.ts'
import type { BuiltMail } from './build-message.ts'
import { requireSecurity, type ServerSettings } from './connect-imap.ts'

export type SmtpAccess = {
  readonly server: ServerSettings
  /** Or an access token, when `oauth` is true. */
  readonly password: string
  readonly oauth: boolean
  readonly ca?: string | undefined
  /** ms for a connection to come about. */
  readonly connect: number
}

/**
 * How a sending ended. `refused` and `unsent` are certain; `unknown` is not: the connection broke after the point of no
 * return and before the server answered.
 */
export type Sending =
  | { readonly kind: 'accepted'; readonly response: string }
  | { readonly kind: 'unsent'; readonly error: unknown }
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'unknown'; readonly error: unknown }

/** Sends one mail over a connection of its own. Never rejects. */
export async function sendMail(access: SmtpAccess, mail: BuiltMail, hooks: SendHooks): Promise<Sending> {
  let committed = false
  let connection: SMTPConnection | undefined
  try {
    connection = await connectSmtp(access)
    const committing = async () => {
      await hooks.committing()
      committed = true
    }
    const response = await transmit(connection, mail, committing)
    connection.quit()
    return { kind: 'accepted', response }
  } catch (error) {
    if (!committed) return { kind: 'unsent', error }
    // An answer of the server, even a no, is an answer.
    return { kind: hasReply(error) ? 'refused' : 'unknown', error }
  } finally {
    connection?.close()
  }
}

/** Connects and logs in, for the test in the settings. */
export async function tryLogin(access: SmtpAccess): Promise<void> {
  const connection = await connectSmtp(access)
  connection.quit()
  connection.close()
}

async function connectSmtp({ server, password, oauth, ca, connect }: SmtpAccess): Promise<SMTPConnection> {
  requireSecurity(server)
  const connection = new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    requireTLS: server.security === 'starttls',
    ignoreTLS: server.security === 'none',
    ...(ca ? { tls: { ca } } : {}),
    // The name of this machine is nobody's business.
    name: '[127.0.0.1]',
    connectionTimeout: connect,
    greetingTimeout: connect,
    dnsTimeout: connect,
    // Servers scan a mail before they answer; RFC 5321 allows ten minutes. A shop owner looks after three.
    socketTimeout: 3 * minute,
    socketCloseTimeout: 2 * second,
  })
  try {
    const failed = once(connection, 'error').then(([error]) => Promise.reject(error))
    // The race below may be over when an error comes.
    failed.catch(() => {})
    await Promise.race([new Promise<void>((done) => connection.connect(() => done())), failed])
    await new Promise<void>((resolve, reject) => {
      const { user } = server
      const auth = oauth ? { user, oauth2: new XOAuth2({ user, accessToken: password }) } : { user, pass: password }
      connection.login(auth, (error) => (error ? reject(error) : resolve()))
    })
    return connection
  } catch (error) {
    connection.close()
    throw error
  } finally {
    connection.on('error', () => {})
  }
}

/** The mail, and then a pause until `committing` resolves: the final dot is written when this stream ends. */
function transmit(connection: SMTPConnection, mail: BuiltMail, committing: () => Promise<void>): Promise<string> {
  const body = async function* () {
    yield mail.raw
    await committing()
  }
  return new Promise((resolve, reject) => {
    const envelope = { from: mail.envelope.from, to: [...mail.envelope.to] }
    connection.send(envelope, Readable.from(body()), (error, info) =>
      error ? reject(error) : resolve(info.response ?? ''),
    )
  })
}

function hasReply(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'responseCode' in error && typeof error.responseCode === 'number'
  )
}
