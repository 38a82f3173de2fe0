import { badInput } from '../rpc/errors.ts'
import type { EmailSettings } from './contract.ts'

type Server = { readonly host: string; readonly port: number; readonly security: 'tls' | 'starttls' }
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

/**
 * The servers of an address by its domain alone; nothing is looked up on the network. A domain of one's own gets the
 * names that most hosts use.
 * @throws DeskbellError `BAD_INPUT`
 */
export function suggestEmail(address: string): EmailSettings {
  const user = address.trim()
  const domain = user.split('@').at(-1)?.toLowerCase() ?? ''
  if (!/^[^@\s]+@[^@\s]+\.[^@\s.]+$/.test(user)) {
    throw badInput('That is not a whole e-mail address. It looks like office@your-business.com.')
  }
  const provider = providers.find(({ domains }) => domains.some((known) => isOf(domain, known)))
  const { imap, smtp } = provider ?? { imap: tls(`imap.${domain}`, 993), smtp: tls(`smtp.${domain}`, 465) }
  return { address: user.toLowerCase(), name: '', imap: { ...imap, user }, smtp: { ...smtp, user } }
}

const isOf = (domain: string, known: string): boolean =>
  known.endsWith('.')
    ? domain.startsWith(known) && /^[a-z]{2,3}(\.[a-z]{2})?$/.test(domain.slice(known.length))
    : domain === known
