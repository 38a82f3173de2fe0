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

/** An amount in minor units of its currency: cents, or whole yen. */
export function minorOf(value: number, currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return Math.round(value * 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
