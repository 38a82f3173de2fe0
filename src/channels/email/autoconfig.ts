import { second } from '../../lib/durations.ts'
import type { EmailSettings } from '../contract.ts'
import { providerOfMailHost, type ServerPair } from '../suggest-email.ts'

export type AutoconfigParts = {
  readonly fetch: typeof fetch
  /** Names of the servers that take the mail of a domain; rejects when there are none. */
  readonly resolveMx: (domain: string) => Promise<readonly { readonly exchange: string }[]>
}

// The person has just typed an address and looks at the form.
const patience = 4 * second
const largest = 64 * 1024
// RFC 2606 and RFC 6762: nobody answers there.
const nowhere = /\.(test|example|invalid|localhost|local)$|^(.*\.)?example\.(com|net|org)$/

/**
 * Servers of a domain that is in no list of ours: what its owner publishes, then what Thunderbird's database knows, then
 * whose mail servers it uses (wiki.mozilla.org/Thunderbird:Autoconfiguration). Only the domain leaves this machine, and
 * the address only to the domain's own server, over TLS.
 *
 * @returns null when nobody knows; never rejects
 */
export async function lookUpServers(address: string, parts: AutoconfigParts): Promise<ServerPair | null> {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  if (nowhere.test(domain)) return null
  const given = new URLSearchParams({ emailaddress: address }).toString()
  // All at once, but the owner's word goes before everybody else's.
  const asked = [
    fetchConfig(`https://autoconfig.${domain}/mail/config-v1.1.xml?${given}`, address, parts.fetch),
    fetchConfig(`https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml?${given}`, address, parts.fetch),
    fetchConfig(`https://autoconfig.thunderbird.net/v1.1/${domain}`, address, parts.fetch),
    hostOf(domain, parts),
  ]
  for (const answer of asked) {
    const found = await answer
    if (found) return found
  }
  return null
}

async function fetchConfig(url: string, address: string, ask: typeof fetch): Promise<ServerPair | null> {
  try {
    const response = await ask(url, { signal: AbortSignal.timeout(patience), headers: { accept: 'application/xml' } })
    if (!response.ok || !response.url.startsWith('https:')) {
      await response.body?.cancel()
      return null
    }
    return readConfig((await response.text()).slice(0, largest), address)
  } catch {
    return null
  }
}

/** A domain of one's own is most often at a large provider, whose mail servers then take its mail. */
async function hostOf(domain: string, { resolveMx }: AutoconfigParts): Promise<ServerPair | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), patience)
  })
  try {
    const servers = await Promise.race([resolveMx(domain), late])
    for (const { exchange } of servers) {
      const known = providerOfMailHost(exchange)
      if (known) return known
    }
    return null
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}

type Server = EmailSettings['imap']

/** The first IMAP and the first SMTP server with encryption in a `clientConfig`. @returns null unless it names both */
export function readConfig(xml: string, address: string): ServerPair | null {
  const imap = firstServer(xml, 'incomingServer', 'imap', address)
  const smtp = firstServer(xml, 'outgoingServer', 'smtp', address)
  return imap && smtp ? { imap, smtp } : null
}

function firstServer(xml: string, element: string, type: string, address: string): Server | null {
  const blocks = xml.matchAll(
    new RegExp(`<${element}\\s[^>]*type\\s*=\\s*["']${type}["'][^>]*>([^]*?)</${element}>`, 'gi'),
  )
  for (const [, block = ''] of blocks) {
    const value = (name: string) =>
      plain(new RegExp(`<${name}\\s*>\\s*([^<]*?)\\s*</${name}>`, 'i').exec(block)?.[1] ?? '', address)
    const security = securities[value('socketType').toUpperCase()]
    const host = value('hostname').toLowerCase()
    const port = Number(value('port'))
    if (!security || !/^[a-z0-9.-]{1,253}$/.test(host) || !(Number.isInteger(port) && port > 0 && port < 65_536))
      continue
    return { host, port, security, user: value('username') || address }
  }
  return null
}

// "plain" sends the password in the open: not ours to suggest.
const securities: Readonly<Record<string, Server['security']>> = { SSL: 'tls', TLS: 'tls', STARTTLS: 'starttls' }

function plain(text: string, address: string): string {
  const [local = '', domain = ''] = address.split('@')
  return text
    .replaceAll('%EMAILADDRESS%', address)
    .replaceAll('%EMAILLOCALPART%', local)
    .replaceAll('%EMAILDOMAIN%', domain)
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}
