import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max'

export type PhoneLabel = 'mobile' | 'office' | 'direct' | 'home' | 'fax' | 'toll_free' | null
export type WrittenPhone = {
  /** E.164 */
  readonly number: string
  readonly label: PhoneLabel
  /** Where it starts in the text. */
  readonly index: number
  readonly length: number
}

const candidate = /(?<![\p{L}\d.,/:=#+_-])(?:\+|00|\(\+?)?\d[\d \u00a0().\-–/·]{5,22}\d(?![\d\p{L}%€$£_]|[.,-]\d)/gu

// A number with such a word before it is no telephone number.
const notPhone =
  /(?:\b(?:vat|ust|ust-?id(?:nr)?|tax|ein|abn|acn|nif|cif|dni|siret|siren|rcs|hrb|hra|iban|bic|acct|account|konto|blz|lic(?:ense|ence)?|cslb|roc|mls|nmls|dre|npi|bar|fein|reg|registration|no|nr|order|invoice|quote|estimate|ref(?:erence)?|case|ticket|policy|claim|po|job|permit|tracking|serial|model|part|sku|item|meeting|passcode|id|pin|code|isbn|zip|plz|postcode|lot|unit|apn|vin|dated?)\b\s*[.:#№]*\s*|[#№]\s*)$/iu

const labels: readonly (readonly [PhoneLabel, RegExp])[] = [
  ['fax', /(?:^|[\s,|(])(?:fax|facsimile|telefax|f|fx)\.?\)?\s*[.:]?\s*\(?$/iu],
  [
    'mobile',
    /(?:^|[\s,|(/])(?:mobile|mob|mobil(?:e|nummer)?|cell(?:ular|phone)?|cel|celular|móvil|movil|handy|port(?:able)?|whatsapp|text|m|c)\.?\)?\s*(?:phone|number|no|tel)?\.?\s*[.:]?\s*\(?$/iu,
  ],
  [
    'direct',
    /(?:^|[\s,|(])(?:direct(?: (?:line|dial))?|durchwahl|ddi|dir|d|ligne directe|directo)\.?\)?\s*[.:]?\s*\(?$/iu,
  ],
  ['home', /(?:^|[\s,|(])(?:home|privat|h)\.?\)?\s*[.:]?\s*\(?$/iu],
  ['toll_free', /(?:^|[\s,|(])(?:toll[ -]?free|tf|freephone)\.?\)?\s*[.:]?\s*\(?$/iu],
  [
    'office',
    /(?:^|[\s,|(])(?:office|off|work|main|tel(?:ephone|efon|éfono|efono|éphone)?|tél(?:éphone)?|phone|ph|p|t|o|w|b|fon|fijo|fixe|fest(?:netz)?|büro|oficina|bureau|switchboard|standard|centralita|zentrale)\.?\)?\s*(?:no|number|nr)?\.?\s*[.:]?\s*\(?$/iu,
  ],
]
const after: readonly (readonly [PhoneLabel, RegExp])[] = [
  ['fax', /^\s*[-–([]*\s*(?:fax|f)\s*(?:[)\],|]|$)/iu],
  ['mobile', /^\s*[-–([]*\s*(?:mobile|mob|cell|cel|c|m|móvil|handy|text)\s*(?:[)\],|]|\/|$)/iu],
  ['office', /^\s*[-–([]*\s*(?:office|o|work|w|main|tel|p)\s*(?:[)\],|]|$)/iu],
  ['direct', /^\s*[-–([]*\s*(?:direct|d)\s*(?:[)\],|]|$)/iu],
  ['home', /^\s*[-–([]*\s*(?:home|h)\s*(?:[)\],|]|$)/iu],
]

/**
 * The telephone numbers in a text, valid ones only, with what they are called there.
 * @param countries where a number without a prefix may belong, the likeliest first; ISO 3166
 */
export function findPhones(text: string, countries: readonly string[]): WrittenPhone[] {
  const found: WrittenPhone[] = []
  let last = 0
  for (const match of text.matchAll(candidate)) {
    const before = text.slice(Math.max(last, match.index - 28), match.index)
    last = match.index + match[0].length
    const isNamed = labels.some(([, pattern]) => pattern.test(before))
    if ((!isNamed && notPhone.test(before)) || isNoPhone(match[0])) continue
    const number = valid(match[0], countries)
    if (number === null) continue
    const label = labelOf(before, text.slice(last, last + 14))
    found.push({ number, label, index: match.index, length: match[0].length })
  }
  return found
}

function labelOf(before: string, behind: string): PhoneLabel {
  const told = after.find(([, pattern]) => pattern.test(behind))
  const said = labels.find(([, pattern]) => pattern.test(before))
  return said?.[0] ?? told?.[0] ?? null
}

/** Dates, times, sums, years and postcodes are made of digits, too. */
function isNoPhone(written: string): boolean {
  const digits = written.replace(/\D/g, '')
  if (digits.length < 7 || digits.length > 15) return true
  if (/^\d{4}[-./]\d{1,2}[-./]\d{1,2}|^\d{1,2}[-./]\d{1,2}[-./]\d{2,4}(?:\s|$)/.test(written)) return true
  if (/^\d{1,3}(?:[.,]\d{3})+$/.test(written) && !written.startsWith('0')) return true
  // "94110 - 415", "2019-2024", "9 - 17": spans of something.
  return /^\d{4}\s*[-–]\s*\d{4}$/.test(written) || /^\d{5}-\d{4}$/.test(written)
}

function valid(written: string, countries: readonly string[]): string | null {
  const cleaned = written.replace(/\(0\)/g, '').replace(/^\(\+/, '+').replace(/[·–]/g, '-')
  for (const country of countries) {
    if (!isSupportedCountry(country)) continue
    const parsed = parsePhoneNumberFromString(cleaned, country as CountryCode)
    if (!parsed?.isValid()) continue
    // Ten bare digits are an order, an account or a number: only punctuation tells.
    return parsed.number
  }
  return null
}

const byDomain: Readonly<Record<string, string>> = { uk: 'GB', com: '', org: '', net: '', io: '', co: '' }

/** Where numbers of this sender may belong: the country of their domain, then the business's. */
export function countriesOf(email: string | null, home: string): string[] {
  const end = email?.slice(email.lastIndexOf('.') + 1).toUpperCase() ?? ''
  const country = byDomain[end.toLowerCase()] ?? (isSupportedCountry(end) ? end : '')
  return country === '' || country === home ? [home] : [country, home]
}
