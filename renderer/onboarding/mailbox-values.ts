import type { Account, EmailSettings } from '../../src/channels/contract.ts'
import { type CaptureDraft, captureOf, captureProblem, draftOf } from './capture-values.ts'
import { authBefore, authOf, type LoginDraft, loginOf } from './sign-in-values.ts'

export type MailboxValues = Omit<EmailSettings, 'capture' | 'auth'> & {
  readonly password: string
  readonly capture: CaptureDraft
  readonly login: LoginDraft
}
export type ServerKey = 'imap' | 'smtp'
type Security = EmailSettings['imap']['security']

const noServer = { host: '', port: 993, security: 'tls', user: '' } as const

export function startValues(account: Account | null, name: string): MailboxValues {
  const settings = account?.settings
  const drafts = { password: '', capture: draftOf(undefined), login: loginOf(authBefore(account)) }
  if (settings?.kind === 'email') {
    const { capture, auth: _, ...rest } = settings.email
    return { ...rest, ...drafts, capture: draftOf(capture) }
  }
  return { address: '', name, imap: noServer, smtp: { ...noServer, port: 465 }, ...drafts }
}

/**
 * What is needed to reach the mailbox. Without the password, which travels beside it; blanks around a pasted host or
 * user would only fail.
 */
export function connectionOf(values: MailboxValues, account: Account | null): EmailSettings {
  const { address, name, imap, smtp, login } = values
  const clean = (it: EmailSettings['imap']) => ({ ...it, host: it.host.trim(), user: it.user.trim() })
  return {
    address: address.trim(),
    name: name.trim(),
    imap: clean(imap),
    smtp: clean(smtp),
    auth: authOf(login, imap.host, authBefore(account)),
  }
}

export const settingsOf = (values: MailboxValues, account: Account | null): EmailSettings => ({
  ...connectionOf(values, account),
  capture: captureOf(values.capture),
})

/** Google shows its app passwords in four groups; the blanks are not part of them. */
export function cleanPassword(password: string): string | null {
  const groups = /^\s*([a-z]{4}) ([a-z]{4}) ([a-z]{4}) ([a-z]{4})\s*$/.exec(password)
  if (groups) return groups.slice(1).join('')
  return password === '' ? null : password
}

const usualPorts: Readonly<Record<ServerKey, Readonly<Record<Security, number>>>> = {
  imap: { tls: 993, starttls: 143, none: 143 },
  smtp: { tls: 465, starttls: 587, none: 25 },
}

/** The port after a change of the security: the usual one, unless somebody chose a port of their own. */
export function portAfter(key: ServerKey, port: number, before: Security, after: Security): number {
  return port === usualPorts[key][before] ? usualPorts[key][after] : port
}

const serverRules = {
  host: (value: string) => (value.trim() === '' ? 'The name of the server is missing.' : null),
  user: (value: string) => (value.trim() === '' ? 'The user name is missing.' : null),
  port: (value: number) => (Number.isInteger(value) && value >= 1 && value <= 65_535 ? null : '1 to 65535'),
}

export const mailboxRules = {
  name: (value: string) => (value.trim() === '' ? 'Who do your mails come from? Your name or your business.' : null),
  imap: serverRules,
  smtp: serverRules,
  capture: captureProblem,
}

/** "imap.gmail.com:993, TLS" */
export function serverLine({ host, port, security }: EmailSettings['imap']): string {
  return `${host}:${port}${security === 'none' ? '' : `, ${security.toUpperCase()}`}`
}
