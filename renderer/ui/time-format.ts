import { day, hour, minute, second } from '../../src/lib/durations.ts'

/** "1:12", "18:40", "1 h 20", "3 d 4 h": the room it needs stays small, however long it is. */
export function countdown(ms: number): string {
  const total = Math.floor(Math.abs(ms) / second)
  if (total < 3600) return `${Math.floor(total / 60)}:${pad(total % 60)}`
  const minutes = Math.floor(total / 60)
  if (total < 86_400) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)}`
  const hours = Math.floor(minutes / 60)
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** The same in words: "1 minute", "2 hours", "40 seconds". Rounded down, as a promise should be. */
export function inWords(ms: number): string {
  const left = Math.abs(ms)
  if (left < minute) return plural(Math.floor(left / second), 'second')
  if (left < hour) return plural(Math.floor(left / minute), 'minute')
  if (left < day) return plural(Math.floor(left / hour), 'hour')
  return plural(Math.floor(left / day), 'day')
}

/** "0:41", "12:05", "1:02:33" for a recording or a call. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.round(ms / second))
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(total % 60)}` : `${minutes}:${pad(total % 60)}`
}

/** A target as people say it: "5 min", "1 h", "2 d". */
export function target(ms: number): string {
  if (ms % day === 0) return `${ms / day} d`
  if (ms % hour === 0) return `${ms / hour} h`
  if (ms < minute) return `${Math.round(ms / second)} s`
  if (ms < hour) return `${Math.round(ms / minute)} min`
  return countdown(ms)
}

export type Place = { readonly locale?: string; readonly zone?: string }

// Making a formatter takes some 0.1 ms, using one a hundredth of that: a timeline of 400 messages needs three for each.
const formatters = new Map<string, Intl.DateTimeFormat>()

function format(at: number, options: Intl.DateTimeFormatOptions, { locale, zone }: Place): string {
  // Without a zone it is the computer's, and that travels: its offset tells one from another.
  const key = `${locale} ${zone ?? new Date(at).getTimezoneOffset()} ${JSON.stringify(options)}`
  const known = formatters.get(key)
  if (known) return known.format(at)
  const made = new Intl.DateTimeFormat(locale, { ...options, ...(zone ? { timeZone: zone } : {}) })
  formatters.set(key, made)
  return made.format(at)
}

export function clockTime(at: number, place: Place): string {
  return format(at, { hour: 'numeric', minute: '2-digit' }, place)
}

/** "Today", "Yesterday", "Mon 16 Nov", "16 Nov 2024": the heading above a day of the timeline. */
export function dayName(at: number, now: number, place: Place): string {
  const key = dayKey(at, place)
  if (key === dayKey(now, place)) return 'Today'
  if (key === dayKey(now - day, place)) return 'Yesterday'
  if (key === dayKey(now + day, place)) return 'Tomorrow'
  const sameYear = key.slice(0, 4) === dayKey(now, place).slice(0, 4)
  return format(
    at,
    sameYear
      ? { weekday: 'short', day: 'numeric', month: 'short' }
      : { day: 'numeric', month: 'short', year: 'numeric' },
    place,
  )
}

/** Calendar day as YYYY-MM-DD, to group by. */
export function dayKey(at: number, { zone }: Place): string {
  return format(
    at,
    { year: 'numeric', month: '2-digit', day: '2-digit' },
    { locale: 'en-CA', ...(zone ? { zone } : {}) },
  )
}

/** The shortest way to name a moment near now: "9:00", "Tue 9:00", "3 Dec". */
export function shortMoment(at: number, now: number, place: Place): string {
  if (dayKey(at, place) === dayKey(now, place)) return clockTime(at, place)
  if (Math.abs(at - now) < 6 * day) return format(at, { weekday: 'short', hour: 'numeric', minute: '2-digit' }, place)
  const sameYear = dayKey(at, place).slice(0, 4) === dayKey(now, place).slice(0, 4)
  return format(at, { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) }, place)
}

/** "Nov 22, 2026". */
export function calendarDay(at: number, place: Place): string {
  return format(at, { day: 'numeric', month: 'short', year: 'numeric' }, place)
}

export function fullMoment(at: number, place: Place): string {
  return format(at, { dateStyle: 'full', timeStyle: 'short' }, place)
}

/** "just now", "4 minutes ago", "2 days ago". */
export function ago(at: number, now: number): string {
  const past = now - at
  return past < minute ? 'just now' : `${inWords(past)} ago`
}

export function bytes(size: number): string {
  if (size < 1000) return `${size} B`
  if (size < 1_000_000) return `${Math.round(size / 1000)} kB`
  return `${(size / 1_000_000).toFixed(size < 10_000_000 ? 1 : 0)} MB`
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

const pad = (value: number) => String(value).padStart(2, '0')
