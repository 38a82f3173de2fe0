import { normalizeEmail, normalizePhone } from '../lib/handles.ts'
import { badInput } from '../rpc/errors.ts'
import type { EmailSettings, FormSettings, TwilioSettings } from './contract.ts'
import { providerInfo } from './forms/providers/catalog.ts'
import { type FormSecrets, noSecrets } from './forms/secrets.ts'

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
  if (settings.auth?.kind === 'oauth') refuseOpenUrl(settings.auth.baseUrl)
  return { ...settings, address }
}

/**
 * Twilio settings as they are stored: the numbers in E.164, each once.
 * @throws DeskbellError `BAD_INPUT`
 */
export function checkedTwilio(settings: TwilioSettings, country: string): TwilioSettings {
  refuseOpenUrl(settings.baseUrl)
  const [number = '', ...others] = new Set(
    [settings.number, ...(settings.others ?? [])].map((it) => whole(it, country)),
  )
  return { ...settings, number, others }
}

function whole(typed: string, country: string): string {
  const number = normalizePhone(typed, country)
  if (number?.startsWith('+')) return number
  throw badInput('That is not a whole phone number. Write it with its country, like +1 415 555 0142.')
}

/**
 * @param what it is the address of
 * @throws DeskbellError `BAD_INPUT` when what is sent there could be read on the way
 */
export function refuseOpenUrl(baseUrl: string | null, what = 'service'): void {
  const url = baseUrl === null ? null : URL.parse(baseUrl)
  if (url && url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.has(url.hostname))) {
    throw badInput(`The address of the ${what} must start with https://, or your key would travel in the open.`)
  }
}

export type CheckedForm = {
  readonly settings: FormSettings
  /** What to store; null when nothing changes. */
  readonly secrets: FormSecrets | null
}

/**
 * Form settings as they are stored, and the secrets that go with them.
 * @param given null keeps the stored one, empty removes it
 * @throws DeskbellError `BAD_INPUT` when the provider needs a secret that is not there
 */
export function checkedForm(
  settings: FormSettings,
  before: FormSettings | null,
  stored: FormSecrets,
  given: FormSecrets,
): CheckedForm {
  const provider = settings.provider ?? before?.provider ?? 'generic'
  const baseUrl = settings.baseUrl === undefined ? (before?.baseUrl ?? null) : settings.baseUrl
  refuseOpenUrl(baseUrl)
  const info = providerInfo(provider)
  const moved = before !== null && provider !== (before.provider ?? 'generic')
  // The secret of another provider checks nothing here.
  const kept = moved ? noSecrets : stored
  const pick = (name: keyof FormSecrets) => (given[name] === null ? kept[name] : given[name].trim() || null)
  const secrets: FormSecrets = {
    signing: info.signing === 'none' ? null : pick('signing'),
    accessToken: info.accessToken ? pick('accessToken') : null,
  }
  if (info.signing === 'required' && secrets.signing === null) {
    throw badInput(`${info.name} needs its secret, or anybody could send leads in its name: ${info.signingLabel}.`)
  }
  if (info.accessToken && secrets.accessToken === null) {
    throw badInput(`${info.name} sends only the number of a lead. Paste the access token that may read the rest.`)
  }
  // A form that was signed stays so when the keychain lost its secret: it must not fall open.
  const lost = !moved && before?.signed === true && stored.signing === null && given.signing === null
  const changed = secrets.signing !== stored.signing || secrets.accessToken !== stored.accessToken
  return {
    settings: { ...settings, provider, baseUrl, signed: secrets.signing !== null || lost },
    secrets: changed ? secrets : null,
  }
}
