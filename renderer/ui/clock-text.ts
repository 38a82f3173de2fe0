import { hasDayHalves } from './picker-format.ts'

/**
 * A time of the day as the clocks around here show it: "9:00 AM", or "09:00".
 * @param minutes since midnight; 24:00 and later are of the next day, and the end of the day is "24:00" where there is no AM
 */
export function clockText(minutes: number, locale?: string): string {
  const hour = Math.floor(minutes / 60)
  const rest = String(minutes % 60).padStart(2, '0')
  if (hasDayHalves(locale)) return `${hour % 12 || 12}:${rest} ${hour % 24 < 12 ? 'AM' : 'PM'}`
  return `${String(minutes === 24 * 60 ? 24 : hour % 24).padStart(2, '0')}:${rest}`
}
