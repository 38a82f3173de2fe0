import { badInput } from '../rpc/errors.ts'
import { companyFromEmail } from './company.ts'
import type { ProviderField, ProviderSettings } from './contract.ts'

/** What is known of a person that a provider may be asked with. */
export type Subject = {
  readonly name: string | null
  readonly email: string | null
  readonly domain: string | null
  readonly phone: string | null
}

export type ProviderRequest = {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

const placeholder = /\{(email|domain|phone|name|key|basic)\}/g

/** Stands for the key wherever people look. */
export const blottedKey = '•••'

/** The domain somebody works under: free mail providers are nobody's company. */
export function workDomain(email: string | null): string | null {
  if (email === null || companyFromEmail(email) === null) return null
  return email.slice(email.lastIndexOf('@') + 1)
}

/**
 * What a provider is asked about this person, as one line: two people of one company are one question to a company
 * look-up.
 * @returns null when something it needs is not known
 */
export function subjectOf(
  settings: Pick<ProviderSettings, 'url' | 'body' | 'headers'>,
  subject: Subject,
): string | null {
  const templates = [settings.url, settings.body, ...settings.headers.map((it) => it.value)].join('\n')
  const names = new Set([...templates.matchAll(placeholder)].map((it) => it[1] as keyof Subject | 'key' | 'basic'))
  names.delete('key')
  names.delete('basic')
  const parts: string[] = []
  for (const name of names) {
    if (name === 'key' || name === 'basic') continue
    const value = subject[name]
    // Only a name may be missing: it makes a match surer and is never the whole question.
    if (value === null && name !== 'name') return null
    if (name !== 'name') parts.push(`${name}:${value}`)
  }
  return parts.length === 0 ? null : parts.sort().join(' ')
}

/** Fills in the template. @param key the secret, or what stands for it where people look */
export function buildRequest(settings: ProviderSettings, subject: Subject, key: string): ProviderRequest {
  const values: Readonly<Record<string, string>> = {
    name: subject.name ?? '',
    email: subject.email ?? '',
    domain: subject.domain ?? '',
    phone: subject.phone ?? '',
    key,
    basic: key === blottedKey ? key : Buffer.from(key).toString('base64'),
  }
  const fill = (template: string, write: (value: string) => string) =>
    template.replace(placeholder, (_, name: string) => write(values[name] ?? ''))
  const headers: Record<string, string> = { accept: 'application/json' }
  for (const { name, value } of settings.headers)
    headers[name.toLowerCase()] = fill(value, (it) => it.replace(/[\r\n]/g, ''))
  const body = settings.method === 'POST' && settings.body.trim() !== '' ? settings.body : null
  if (body !== null) headers['content-type'] ??= 'application/json'
  return {
    method: settings.method,
    url: fill(settings.url, encodeURIComponent),
    headers,
    body: body === null ? null : fill(body, (it) => JSON.stringify(it).slice(1, -1)),
  }
}

/**
 * Refuses what must not be asked: everything but https, and http to this computer alone (a service of one's own).
 * @throws DeskbellError `BAD_INPUT`
 */
export function checkProvider(settings: ProviderSettings): void {
  if (!/^https?:\/\/[^/{}]+(?:[/?]|$)/i.test(settings.url)) {
    throw badInput(
      'The address must start with https:// and the name of the service, for example https://api.example.com/find?email={email}.',
    )
  }
  const probe = URL.parse(settings.url.replace(placeholder, 'x'))
  if (!probe) throw badInput('This is no web address. Copy it from the documentation of the service.')
  if (probe.username !== '' || probe.password !== '') {
    throw badInput('Leave the password out of the address. Put {key} into a header and type the key below.')
  }
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(probe.hostname)
  if (probe.protocol !== 'https:' && !isHere) {
    throw badInput(
      'Only https:// addresses are asked, so that nobody on the way can read about your customers. http:// works for a service on this computer.',
    )
  }
  if (!isHere && isPrivate(probe.hostname)) {
    throw badInput(
      'This address is inside a private network. Use the public address of the service, or one on this computer.',
    )
  }
  if (subjectOf(settings, { name: 'x', email: 'x', domain: 'x', phone: 'x' }) === null) {
    throw badInput('Say in the address or the body whom to ask about: {email}, {domain} or {phone}.')
  }
  if (settings.body.trim() !== '' && !isJson(settings.body.replace(placeholder, 'x'))) {
    throw badInput('The body is not JSON. Put {email} and the like between quotes: {"email": "{email}"}.')
  }
  if (settings.cost > settings.costPerDay) {
    throw badInput('One record costs more than a whole day may. Raise the limit of the day.')
  }
}

const isPrivate = (host: string) =>
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|0\.|127\.|\[(?:f[cd]|fe80|::))/i.test(
    host,
  ) || /\.(?:local|internal|lan|home\.arpa)$/i.test(host)

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const longestValue = 200

/** Our fields out of an answer. Empty, absent and nested ones are left out; the first path of a field that holds wins. */
export function readAnswer(settings: ProviderSettings, answer: unknown): { field: ProviderField; value: string }[] {
  const found = new Map<ProviderField, string>()
  for (const { path, field } of settings.answer) {
    const value = valueAt(answer, path)
    const isPlain = typeof value === 'string' || typeof value === 'number'
    const written = isPlain ? String(value).replace(/\s+/g, ' ').trim().slice(0, longestValue) : ''
    if (written !== '' && !found.has(field)) found.set(field, written)
  }
  return [...found].map(([field, value]) => ({ field, value }))
}

function valueAt(answer: unknown, path: string): unknown {
  const steps = path
    .replace(/^\$\.?/, '')
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((it) => it !== '')
  let at: unknown = answer
  for (const step of steps) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Readonly<Record<string, unknown>>)[step]
  }
  return at
}
