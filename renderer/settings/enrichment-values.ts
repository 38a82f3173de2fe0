import type { ProviderField, ProviderSettings } from '../../src/enrich/contract.ts'

export type ProviderValues = {
  readonly name: string
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly body: string
  readonly answer: readonly { readonly path: string; readonly field: ProviderField }[]
  readonly currency: string
  readonly cost: number | string
  readonly chargesForNothing: boolean
  readonly perDay: number | string
  readonly costPerDay: number | string
  readonly key: string
}

/** The fields of a provider as people call them. */
export const fieldWords: Readonly<Record<ProviderField, string>> = {
  name: 'Name',
  company: 'Company',
  title: 'Title',
  website: 'Website',
  address: 'Address',
  postcode: 'Postcode',
  location: 'Place',
  industry: 'Industry',
  employees: 'Employees',
  profile: 'Profile',
  phone: 'Number (offered)',
  email: 'E-mail (offered)',
  line: 'Kind of line',
}

/** Sums are kept in thousandths of a currency unit and typed in units. */
export const toValues = (name: string, settings: ProviderSettings): ProviderValues => ({
  ...settings,
  name,
  cost: settings.cost / 1000,
  costPerDay: settings.costPerDay / 1000,
  key: '',
})

export function toSettings(values: ProviderValues): ProviderSettings {
  return {
    method: values.method,
    url: values.url.trim(),
    headers: values.headers.filter((it) => it.name.trim() !== '').map((it) => ({ ...it })),
    body: values.body,
    answer: values.answer.filter((it) => it.path.trim() !== '').map((it) => ({ ...it })),
    currency: values.currency.trim().toUpperCase(),
    cost: Math.round(Number(values.cost) * 1000),
    chargesForNothing: values.chargesForNothing,
    perDay: Number(values.perDay),
    costPerDay: Math.round(Number(values.costPerDay) * 1000),
  }
}

/** @param mils thousandths of the currency unit */
export function money(mils: number, currency: string): string {
  const digits = mils % 10 === 0 ? 2 : 3
  try {
    return new Intl.NumberFormat(undefined, {
      style: 'currency',
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(mils / 1000)
  } catch {
    return `${(mils / 1000).toFixed(digits)} ${currency}`
  }
}
