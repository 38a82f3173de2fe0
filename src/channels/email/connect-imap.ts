import { ImapFlow, type ImapFlowOptions } from 'imapflow'
import { minute, second } from '../../lib/durations.ts'
import type { EmailSettings } from '../contract.ts'
import { SettingsError } from './mail-problem.ts'

export type ServerSettings = EmailSettings['imap']

/** Waiting times, in ms. Tests shorten them. */
export type MailTiming = {
  /** IDLE is broken and asked for again this often: home routers forget quiet connections after about five minutes. */
  readonly idle: number
  /** A connection that shows nothing for this long is asked for a sign of life. */
  readonly watchdog: number
  /** How long an answer to a simple command may take. */
  readonly reply: number
  readonly connect: number
  readonly backOffMin: number
  readonly backOffMax: number
  /** A refused password is tried again this seldom: providers lock accounts after a handful of wrong ones. */
  readonly refused: number
}

export const mailTiming: MailTiming = {
  idle: 4 * minute,
  watchdog: 2 * minute,
  reply: 30 * second,
  connect: 30 * second,
  backOffMin: 2 * second,
  backOffMax: 5 * minute,
  refused: 30 * minute,
}

export type ImapAccess = {
  readonly server: ServerSettings
  /** Or an access token, when `oauth` is true. */
  readonly password: string
  readonly oauth: boolean
  /** A certificate authority to trust besides the system's. */
  readonly ca?: string | undefined
  readonly timing: MailTiming
  /** Closes the connection at once, also while it is being made. */
  readonly signal?: AbortSignal
}

/**
 * Logs in. An instance of imapflow lives once: after any close, call this again.
 * @throws what imapflow throws; name it with `nameProblem`
 */
export async function connectImap(access: ImapAccess): Promise<ImapFlow> {
  const { server, password, oauth, ca, timing, signal } = access
  const client = new ImapFlow({
    ...transport(server),
    auth: { user: server.user, ...(oauth ? { accessToken: password } : { pass: password }) },
    ...(ca ? { tls: { ca } } : {}),
    clientInfo: { name: 'Deskbell' },
    logger: false,
    // We ask for IDLE ourselves, at once; imapflow would wait 15 s after every command.
    disableAutoIdle: true,
    maxIdleTime: timing.idle,
    connectionTimeout: timing.connect,
    greetingTimeout: timing.connect,
    // In IDLE the watchdog is sooner. In the middle of a fetch nothing else would notice a line that died in silence.
    socketTimeout: timing.watchdog + timing.reply,
  })
  // Without a listener a socket error between two commands ends the process.
  client.on('error', () => client.close())
  const close = () => client.close()
  signal?.addEventListener('abort', close)
  client.once('close', () => signal?.removeEventListener('abort', close))
  await client.connect()
  return client
}

function transport(server: ServerSettings): Pick<ImapFlowOptions, 'host' | 'port' | 'secure' | 'doSTARTTLS'> {
  const { host, port } = server
  requireSecurity(server)
  switch (server.security) {
    case 'tls':
      return { host, port, secure: true }
    case 'starttls':
      // Required, not tried: "opportunistic" lets anybody on the way strip it.
      return { host, port, secure: false, doSTARTTLS: true }
    case 'none':
      return { host, port, secure: false, doSTARTTLS: false }
  }
}

/** @throws SettingsError when the password would cross a network in the clear */
export function requireSecurity(server: ServerSettings): void {
  if (server.security === 'none' && !/^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/i.test(server.host)) {
    throw new SettingsError(
      `Without encryption your password could be read on the way to ${server.host}. Choose TLS or STARTTLS.`,
    )
  }
}

/**
 * Rejects with ETIMEDOUT when `work` takes longer: a dead connection answers nothing, forever.
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
