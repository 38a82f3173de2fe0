import type { OutcomeChoices } from './contract.ts'

/** What a new workspace starts with. */
export const defaultChoices: Omit<OutcomeChoices, 'currency'> = {
  lostReasons: [
    'Too expensive',
    'Went with somebody else',
    'Bad timing',
    'No answer any more',
    'Not interested',
    'We could not do it',
    'Other',
  ],
  disqualifiedReasons: [
    'Outside our area',
    'Not a service we offer',
    'Budget too small',
    'Wrong number',
    'Do not call',
    'Other',
  ],
  rules: [],
}

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
