const euro = [
  'AT',
  'BE',
  'CY',
  'DE',
  'EE',
  'ES',
  'FI',
  'FR',
  'GR',
  'HR',
  'IE',
  'IT',
  'LT',
  'LU',
  'LV',
  'MT',
  'NL',
  'PT',
  'SI',
  'SK',
]
const others: Readonly<Record<string, string>> = {
  US: 'USD',
  GB: 'GBP',
  CA: 'CAD',
  AU: 'AUD',
  NZ: 'NZD',
  CH: 'CHF',
  SE: 'SEK',
  NO: 'NOK',
  DK: 'DKK',
  PL: 'PLN',
  CZ: 'CZK',
  JP: 'JPY',
  IN: 'INR',
}

/** The money of a country, as far as we know it: a proposal that the user can change. */
export const currencyOf = (country: string): string => (euro.includes(country) ? 'EUR' : (others[country] ?? 'USD'))

const signs: Readonly<Record<string, string>> = { '€': 'EUR', '£': 'GBP', '¥': 'JPY', '₹': 'INR' }
const dollars: ReadonlySet<string> = new Set(['USD', 'CAD', 'AUD', 'NZD'])

/**
 * The money that is written beside an amount ("€ 1,200", "1200 CHF", "Value in USD"); null where none is. A bare $ is the
 * dollar of those who have one, else that of the United States.
 * @param own ISO 4217, of the business
 */
export function currencyIn(text: string, own: string): string | null {
  const code = [...new Set(['EUR', ...Object.values(others)])].find((it) => new RegExp(`\\b${it}\\b`, 'i').test(text))
  if (code !== undefined) return code
  const sign = Object.keys(signs).find((it) => text.includes(it))
  if (sign !== undefined) return signs[sign] ?? null
  if (!text.includes('$')) return null
  return dollars.has(own) ? own : 'USD'
}

/** An amount in minor units of its currency: cents, or whole yen. */
export function minorOf(value: number, currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return Math.round(value * 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
