import { normalizeEmail, normalizePhone } from '../lib/handles.ts'
import { badInput } from '../rpc/errors.ts'
import type { EmailSettings, TwilioSettings } from './contract.ts'

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1', '[::1]'])

/**
 * E-mail settings as they are stored.
 * @throws DeskbellError `BAD_INPUT`
 */
export function checkedEmail(settings: EmailSettings): EmailSettings {
  const address = normalizeEmail(settings.address)
  if (address === null) throw badInput('That is not a whole e-mail address. It looks like office@your-business.com.')
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
  const number = normalizePhone(settings.number, country)
  if (!number?.startsWith('+')) {
    throw badInput('That is not a whole phone number. Write it with its country, like +1 415 555 0142.')
  }
  return { ...settings, number }
}
