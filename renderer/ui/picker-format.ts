const tokens: Readonly<Partial<Record<Intl.DateTimeFormatPartTypes, string>>> = {
  weekday: 'ddd',
  day: 'D',
  month: 'MMM',
  year: 'YYYY',
}

/** How a place writes dates, in the letters that the pickers understand: "MMM D, YYYY" or "D MMM YYYY". */
export function pickerFormat({ time = false } = {}, locale?: string): string {
  const date = new Intl.DateTimeFormat(locale, {
    ...{ day: 'numeric', month: 'short', year: 'numeric' },
    ...(time ? { weekday: 'short' } : {}),
  } as Intl.DateTimeFormatOptions)
  const written = date
    .formatToParts(0)
    .map(({ type, value }) => tokens[type] ?? (/\p{L}/u.test(value) ? `[${value}]` : value))
    .join('')
  return time ? `${written} ${hasDayHalves(locale) ? 'h:mm A' : 'HH:mm'}` : written
}

/** Whether the clock has AM and PM. */
export const hasDayHalves = (locale?: string): boolean =>
  new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hour12 ?? false
