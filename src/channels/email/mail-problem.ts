import type { ErrorBody } from '../../rpc/errors.ts'

/** What went wrong between us and a mail server, told apart by what somebody has to do about it. */
export type ProblemKind =
  | 'auth'
  | 'certificate'
  | 'tls'
  /** It ended while it was being secured: the line broke, or port and security do not fit together. */
  | 'handshake'
  | 'unreachable'
  | 'busy'
  | 'refused'
  | 'lost'
  | 'settings'

export type MailProblem = {
  readonly kind: ProblemKind
  /** Two short sentences: what happened, what to do. */
  readonly message: string
  /** The technical text, without secrets. */
  readonly detail: string
}

/** `in` for IMAP, `out` for SMTP: the words differ, the causes do not. */
export type Server = { readonly way: 'in' | 'out'; readonly host: string; readonly port: number }

/** Where imapflow, nodemailer and Node put what they know; every field may be missing. */
type Symptoms = {
  readonly code: string
  readonly text: string
  readonly response: string
  readonly imapCode: string
  readonly smtpCode: number
  readonly refusedLogin: boolean
}

const certificateCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_UNTRUSTED',
  'CERT_REVOKED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])
const unreachableCodes = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EDNS',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ETIMEDOUT',
  'CONNECT_TIMEOUT',
  'GREETING_TIMEOUT',
])
// A login refused with one of these is refused for now: the password may well be right.
const passingRefusals = new Set(['UNAVAILABLE', 'LIMIT', 'INUSE', 'SERVERBUG'])

const pairs = '993 or 465 with TLS, 143 or 587 with STARTTLS'
const notConnected = /authenticated but not connected/i

/** Names the cause of an error of imapflow or nodemailer. Everything unknown is a lost connection: try again. */
export function nameProblem(error: unknown, server: Server): MailProblem {
  const symptoms = read(error)
  const kind = judge(symptoms)
  const detail = [`${server.host}:${server.port}`, symptoms.code, symptoms.response || symptoms.text]
    .filter(Boolean)
    .join(' · ')
  return { kind, message: words(kind, server, symptoms), detail }
}

function read(error: unknown): Symptoms {
  const fields = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>
  const cause = fields.cause !== undefined && fields.cause !== error ? read(fields.cause) : undefined
  const string = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '')
  const text = error instanceof Error ? error.message : String(error)
  const own = string('code')
  // nodemailer wraps socket errors as ESOCKET and keeps the real code in `cause` or in the text only.
  const known = [...certificateCodes, ...unreachableCodes].find((code) => text.includes(code))
  return {
    code: own && own !== 'ESOCKET' && own !== 'ECONNECTION' ? own : cause?.code || known || own,
    text,
    response: string('responseText') || string('response'),
    imapCode: string('serverResponseCode'),
    smtpCode: typeof fields.responseCode === 'number' ? fields.responseCode : 0,
    refusedLogin: fields.authenticationFailed === true || own === 'EAUTH',
  }
}

function judge(it: Symptoms): ProblemKind {
  if (it.code === 'SETTINGS') return 'settings'
  if (certificateCodes.has(it.code) || /self[- ]signed certificate|certificate has expired|altnames/i.test(it.text)) {
    return 'certificate'
  }
  // Microsoft: IMAP is switched off for the mailbox, or it is asked too often. Both pass without us.
  if (notConnected.test(it.response || it.text)) return 'busy'
  if (it.code === 'ETHROTTLE' || passingRefusals.has(it.imapCode)) return 'busy'
  if (it.smtpCode === 535 || it.smtpCode === 534 || it.smtpCode === 530) return 'auth'
  if (it.smtpCode >= 400 && it.smtpCode < 500) return 'busy'
  if (it.refusedLogin) return 'auth'
  if (it.smtpCode >= 500) return 'refused'
  if (unreachableCodes.has(it.code)) return 'unreachable'
  if (/^(UPGRADE_TIMEOUT|ClosedAfterConnectTLS)/.test(it.code) || /before secure TLS connection/i.test(it.text)) {
    return 'handshake'
  }
  if (/^(ERR_SSL|ERR_TLS|EPROTO|ETLS|STARTTLS_INJECTION)/.test(it.code)) return 'tls'
  if (/STARTTLS|wrong version number/i.test(it.text)) return 'tls'
  return 'lost'
}

function words(kind: ProblemKind, server: Server, it: Symptoms): string {
  const where = `${server.host}, port ${server.port}`
  const what = server.way === 'in' ? 'The mail server' : 'The server for sending mail'
  switch (kind) {
    case 'auth':
      if (/5\.7\.(30|139)|basic authentication/i.test(it.response))
        return `${what} no longer takes passwords from mail programs. Choose to sign in with Microsoft instead of a password.`
      return /application-specific|app[- ]password|web ?login/i.test(it.response)
        ? `${what} wants an app password instead of the usual one. Make one in the settings of your mail account and enter it here.`
        : `${what} refused the user name or password. Check both; Gmail, iCloud and Yahoo need an app password.`
    case 'certificate':
      return `${what} (${server.host}) shows a certificate that does not prove who it is, so no password was sent. Check the server name, or ask whoever runs the server.`
    case 'tls':
      return `No secure connection to ${where}. Usually the port and the kind of security do not fit together: ${pairs}.`
    case 'handshake':
      return `The connection to ${where}, broke while it was being secured. We try again by ourselves; if it stays so, check the port and the kind of security: ${pairs}.`
    case 'unreachable':
      return `${what} cannot be reached (${where}). Check the internet connection and the server name.`
    case 'busy':
      if (notConnected.test(it.response || it.text))
        return `${what} is closed to this mailbox for now. If it stays so, IMAP has to be switched on for it by whoever runs your mail.`
      return `${what} asks us to wait. Nothing is lost; we try again by ourselves.`
    case 'refused':
      return `${what} refused the mail: ${it.response || it.text}`
    case 'settings':
      return it.text
    case 'lost':
      return `The connection to ${server.host} broke. Nothing is lost; we connect again by ourselves.`
  }
}

/** The problem as the error of a call. */
export function problemToError(problem: MailProblem): ErrorBody {
  const base = { message: problem.message, detail: problem.detail }
  switch (problem.kind) {
    case 'auth':
      return { ...base, code: 'AUTH_FAILED', fault: 'user', retryable: false }
    case 'settings':
      return { ...base, code: 'BAD_INPUT', fault: 'user', retryable: false }
    case 'certificate':
    case 'tls':
      // The sign-in page of a hotel's network answers like this, too: what waits to be sent must outlast it.
      return { ...base, code: 'REFUSED', fault: 'user', retryable: true }
    case 'refused':
      return { ...base, code: 'REFUSED', fault: 'remote', retryable: false }
    case 'busy':
      return { ...base, code: 'RATE_LIMITED', fault: 'remote', retryable: true }
    case 'unreachable':
    case 'handshake':
    case 'lost':
      return { ...base, code: 'UNREACHABLE', fault: 'remote', retryable: true }
  }
}

/** Settings that would send a password in the clear over a network. Thrown before anything is connected. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly code = 'SETTINGS'
}
