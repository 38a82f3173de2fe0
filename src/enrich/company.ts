import { parse } from 'tldts'
import freeMail from '../../resources/free-mail.json' with { type: 'json' }

const freeDomains = new Set(freeMail.domains)
// Providers with one address book in dozens of countries: yahoo.co.uk, hotmail.fr, gmx.at.
const freeBrands = new Set(freeMail.brands)

/**
 * The company somebody writes from, as far as the domain tells: info@lopez-builders.co.uk → "Lopez Builders".
 * @returns null for free mail providers and for what is no domain
 */
export function companyFromEmail(address: string): string | null {
  const host = address.slice(address.lastIndexOf('@') + 1)
  const { domain, domainWithoutSuffix, isIp } = parse(host)
  if (!domain || !domainWithoutSuffix || isIp) return null
  if (freeDomains.has(host) || freeDomains.has(domain) || freeBrands.has(domainWithoutSuffix)) return null
  return domainWithoutSuffix
    .split('-')
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')
}
