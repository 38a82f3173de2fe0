import { badInput } from '../rpc/errors.ts'
import type { EmailSettings } from './contract.ts'

type Server = Pick<EmailSettings['imap'], 'host' | 'port' | 'security'>
type Provider = { readonly domains: readonly string[]; readonly imap: Server; readonly smtp: Server }

const tls = (host: string, port: number): Server => ({ host, port, security: 'tls' })
const starttls = (host: string, port: number): Server => ({ host, port, security: 'starttls' })

// From the providers' own help pages. Domains are whole or start with a dot-less name followed by any ending ("yahoo.").
const providers: readonly Provider[] = [
  { domains: ['gmail.com', 'googlemail.com'], imap: tls('imap.gmail.com', 993), smtp: tls('smtp.gmail.com', 465) },
  {
    domains: ['outlook.', 'hotmail.', 'live.', 'msn.com', 'office365.com'],
    imap: tls('outlook.office365.com', 993),
    smtp: starttls('smtp-mail.outlook.com', 587),
  },
  {
    domains: ['yahoo.', 'ymail.com', 'rocketmail.com'],
    imap: tls('imap.mail.yahoo.com', 993),
    smtp: tls('smtp.mail.yahoo.com', 465),
  },
  { domains: ['aol.com'], imap: tls('imap.aol.com', 993), smtp: tls('smtp.aol.com', 465) },
  {
    domains: ['icloud.com', 'me.com', 'mac.com'],
    imap: tls('imap.mail.me.com', 993),
    smtp: starttls('smtp.mail.me.com', 587),
  },
  {
    domains: ['fastmail.', 'fastmail.fm', 'sent.com', 'messagingengine.com'],
    imap: tls('imap.fastmail.com', 993),
    smtp: tls('smtp.fastmail.com', 465),
  },
  {
    domains: ['gmx.net', 'gmx.de', 'gmx.at', 'gmx.ch'],
    imap: tls('imap.gmx.net', 993),
    smtp: tls('mail.gmx.net', 465),
  },
  { domains: ['gmx.com', 'gmx.us', 'gmx.co.uk'], imap: tls('imap.gmx.com', 993), smtp: tls('mail.gmx.com', 465) },
  { domains: ['web.de'], imap: tls('imap.web.de', 993), smtp: starttls('smtp.web.de', 587) },
  { domains: ['zoho.eu'], imap: tls('imap.zoho.eu', 993), smtp: tls('smtp.zoho.eu', 465) },
  { domains: ['zoho.com', 'zohomail.com'], imap: tls('imap.zoho.com', 993), smtp: tls('smtp.zoho.com', 465) },
  { domains: ['ionos.de', 'online.de', '1und1.de'], imap: tls('imap.ionos.de', 993), smtp: tls('smtp.ionos.de', 465) },
  { domains: ['ionos.com', 'ionos.co.uk'], imap: tls('imap.ionos.com', 993), smtp: tls('smtp.ionos.com', 465) },
  {
    domains: ['t-online.de', 'magenta.de'],
    imap: tls('secureimap.t-online.de', 993),
    smtp: tls('securesmtp.t-online.de', 465),
  },
]

export type ServerPair = Pick<EmailSettings, 'imap' | 'smtp'>

/** Large providers by the servers that take in the mail of their customers' own domains. */
const mailHosts: readonly { readonly ending: string; readonly domain: string }[] = [
  { ending: 'google.com', domain: 'gmail.com' },
  { ending: 'googlemail.com', domain: 'gmail.com' },
  { ending: 'mail.protection.outlook.com', domain: 'office365.com' },
  { ending: 'mx.microsoft', domain: 'office365.com' },
  { ending: 'messagingengine.com', domain: 'messagingengine.com' },
  { ending: 'icloud.com', domain: 'icloud.com' },
  { ending: 'zoho.com', domain: 'zoho.com' },
  { ending: 'zoho.eu', domain: 'zoho.eu' },
  { ending: 'kundenserver.de', domain: 'ionos.de' },
  { ending: 'ionos.com', domain: 'ionos.com' },
]
// Their own domains have a server for sending of their own; their customers' use this one.
const forCompanies: Readonly<Record<string, Server>> = { 'office365.com': starttls('smtp.office365.com', 587) }

/** @returns the servers without a user, null for a mail server that is nobody's we know */
export function providerOfMailHost(exchange: string): ServerPair | null {
  const host = exchange.toLowerCase().replace(/\.$/, '')
  const domain = mailHosts.find(({ ending }) => host === ending || host.endsWith(`.${ending}`))?.domain
  const known = domain === undefined ? null : providerAt(domain)
  if (!known || domain === undefined) return null
  return { imap: { ...known.imap, user: '' }, smtp: { ...(forCompanies[domain] ?? known.smtp), user: '' } }
}

const providerAt = (domain: string): Provider | null =>
  providers.find(({ domains }) => domains.some((known) => isOf(domain, known))) ?? null

/**
 * The servers of an address: by our own list, by what can be looked up about its domain, or else under the names that
 * most hosts use.
 * @param lookUp never rejects; null when nobody knows
 * @throws DeskbellError `BAD_INPUT`
 */
export async function findEmail(
  address: string,
  lookUp: (address: string) => Promise<ServerPair | null>,
): Promise<EmailSettings> {
  const { user, domain } = readAddress(address)
  return suggestEmail(address, providerAt(domain) ? null : await lookUp(user))
}

/**
 * The servers of an address without looking at the network.
 * @param found what was looked up, for a domain that is not on our list
 * @throws DeskbellError `BAD_INPUT`
 */
export function suggestEmail(address: string, found: ServerPair | null = null): EmailSettings {
  const { user, domain } = readAddress(address)
  const guess = { imap: tls(`imap.${domain}`, 993), smtp: tls(`smtp.${domain}`, 465) }
  const { imap, smtp } = providerAt(domain) ?? found ?? guess
  const as = (server: Server & { readonly user?: string }) => ({ ...server, user: server.user || user })
  return { address: user.toLowerCase(), name: '', imap: as(imap), smtp: as(smtp) }
}

function readAddress(address: string): { readonly user: string; readonly domain: string } {
  const user = address.trim()
  if (!/^[^@\s]+@[^@\s]+\.[^@\s.]+$/.test(user)) {
    throw badInput('That is not a whole e-mail address. It looks like office@your-business.com.')
  }
  return { user, domain: user.split('@').at(-1)?.toLowerCase() ?? '' }
}

const isOf = (domain: string, known: string): boolean =>
  known.endsWith('.')
    ? domain.startsWith(known) && /^[a-z]{2,3}(\.[a-z]{2})?$/.test(domain.slice(known.length))
    : domain === known
