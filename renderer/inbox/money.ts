/** "$18,500", "€12,345.67": without decimals that say nothing. */
export function money(amount: number, currency: string, locale?: string): string {
  const options = { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' } as const
  return new Intl.NumberFormat(locale, options).format(amount)
}

/** Digits after the point of a currency; null for what is none. */
export function fractionDigits(currency: string): number | null {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  } catch {
    return null
  }
}

/** An amount as the engine keeps it: in minor units of its currency. */
export const inMoney = ({ minor, currency }: { readonly minor: number; readonly currency: string }) =>
  money(minor / 10 ** (fractionDigits(currency) ?? 2), currency)
