import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js'
import { badInput } from '../rpc/errors.ts'
import type { EmailSettings, TwilioSettings } from './contract.ts'

/**
 * A number as the database keeps it.
 * @param country ISO 3166, for numbers written without a prefix
 * @throws DeskbellError `BAD_INPUT`
 */
export function toE164(number: string, country: string): string {
  const home: CountryCode = isSupportedCountry(country) ? country : 'US'
  const parsed = parsePhoneNumberFromString(number, home)
  // Possible, not valid: number ranges open faster than libraries are updated, and Twilio's test numbers are in none.
  if (!parsed?.isPossible())
    throw badInput('That is not a whole phone number. Write it with its country, like +1 415 555 0142.')
  return parsed.number
}

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1', '[::1]'])

/**
 * E-mail settings as they are stored.
 * @throws DeskbellError `BAD_INPUT`
 */
export function checkedEmail(settings: EmailSettings): EmailSettings {
  const address = settings.address.toLowerCase()
  if (!/^[^@\s]+@[^@\s]+$/.test(address))
    throw badInput('That is not a whole e-mail address. It looks like office@your-business.com.')
  for (const [what, server] of [
    ['incoming', settings.imap],
    ['outgoing', settings.smtp],
  ] as const) {
    if (server.security === 'none' && !loopback.has(server.host.toLowerCase())) {
      throw badInput(`The ${what} server would get your password in the open. Choose TLS or STARTTLS.`)
    }
  }
  return { ...settings, address }
}

/**
 * Twilio settings as they are stored: the number in E.164.
 * @throws DeskbellError `BAD_INPUT`
 */
export function checkedTwilio(settings: TwilioSettings, country: string): TwilioSettings {
  const url = settings.baseUrl === null ? null : URL.parse(settings.baseUrl)
  if (url && url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.has(url.hostname))) {
    throw badInput('The address of the service must start with https://, or your token would travel in the open.')
  }
  return { ...settings, number: toE164(settings.number, country) }
}
