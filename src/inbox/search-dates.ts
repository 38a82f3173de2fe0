import { parseDate } from 'chrono-node/en'
import { DateTime, type DateTimeUnit } from 'luxon'
import type { ReadTimeSpan, TimeSpan } from './search-query.ts'

type Place = {
  /** ms UTC */
  readonly now: number
  /** IANA */
  readonly zone: string
}

const units: Readonly<Record<string, 'day' | 'week' | 'month' | 'year'>> = {
  ...{ day: 'day', days: 'day', week: 'week', weeks: 'week', month: 'month', months: 'month' },
  ...{ year: 'year', years: 'year' },
}
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/**
 * Reads the times people type into a search: `2026-03-14`, `2026-03`, `2026`, `yesterday`, `last week`, `last 7 days`,
 * `3 days ago`, `6 to 12 months ago`, `march`, `march 2026`, `monday` (the last one), and whole dates in words. In the zone of the business.
 */
export function makeReadTimeSpan({ now, zone }: Place): ReadTimeSpan {
  const today = DateTime.fromMillis(now, { zone }).startOf('day')
  return (text) => {
    const words = text.trim().toLowerCase().replaceAll('_', ' ')
    return byNumbers(words, zone) ?? relative(words, today) ?? byName(words, today) ?? inWords(words, today)
  }
}

function byNumbers(text: string, zone: string): TimeSpan | null {
  const found = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?$/.exec(text)
  if (!found) return null
  const [, year, month, day] = found
  const start = DateTime.fromObject({ year: Number(year), month: Number(month ?? 1), day: Number(day ?? 1) }, { zone })
  return spanOf(start, day ? 'day' : month ? 'month' : 'year')
}

function relative(text: string, today: DateTime): TimeSpan | null {
  if (text === 'today') return spanOf(today, 'day')
  if (text === 'yesterday') return spanOf(today.minus({ days: 1 }), 'day')
  const whole = /^(last|this) (week|month|year)$/.exec(text)
  if (whole) {
    const unit = units[whole[2] ?? ''] ?? 'week'
    const start = today.startOf(unit)
    return spanOf(whole[1] === 'last' ? start.minus({ [unit]: 1 }) : start, unit)
  }
  const past = /^(?:last|past) (\d{1,3}) ([a-z]+)$/.exec(text)
  const pastUnit = units[past?.[2] ?? '']
  if (past && pastUnit) {
    const from = today.plus({ days: 1 }).minus({ [pastUnit]: Number(past[1]) })
    return { from: from.toMillis(), to: today.plus({ days: 1 }).toMillis() }
  }
  const between = /^(\d{1,3})(?: to |-)(\d{1,3}) ([a-z]+) ago$/.exec(text)
  const betweenUnit = units[between?.[3] ?? '']
  if (between && betweenUnit) {
    const [near, far] = [Number(between[1]), Number(between[2])].sort((a, b) => a - b) as [number, number]
    const to = today.minus({ [betweenUnit]: near }).plus({ days: 1 })
    return { from: today.minus({ [betweenUnit]: far }).toMillis(), to: to.toMillis() }
  }
  const ago = /^(\d{1,3}) ([a-z]+) ago$/.exec(text)
  const agoUnit = units[ago?.[2] ?? '']
  if (!ago || !agoUnit) return null
  return spanOf(today.minus({ [agoUnit]: Number(ago[1]) }), 'day')
}

/** A month or a weekday by its name: the last one that has begun. */
function byName(text: string, today: DateTime): TimeSpan | null {
  const found = /^(?:last )?([a-z]{3,9})(?: (\d{4}))?$/.exec(text)
  const name = found?.[1]
  if (!found || !name) return null
  const month = months.findIndex((it) => name.startsWith(it) && monthName(it).startsWith(name)) + 1
  if (month > 0) {
    const year = found[2] ? Number(found[2]) : today.month >= month ? today.year : today.year - 1
    return spanOf(DateTime.fromObject({ year, month, day: 1 }, { zone: today.zoneName ?? 'utc' }), 'month')
  }
  const weekday = weekdays.findIndex((it) => name.startsWith(it) && name.length <= 9) + 1
  if (
    weekday === 0 ||
    found[2] ||
    !/^(mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(day|sday|nesday|rsday|urday)?$/.test(name)
  ) {
    return null
  }
  return spanOf(today.minus({ days: (today.weekday - weekday + 7) % 7 || 7 }), 'day')
}

const monthName = (short: string) =>
  DateTime.fromObject({ month: months.indexOf(short) + 1 }, { locale: 'en' })
    .toFormat('MMMM')
    .toLowerCase()

/** "14 march", "March 14, 2026": a day. */
function inWords(text: string, today: DateTime): TimeSpan | null {
  if (!/\d/.test(text)) return null
  const noon = today.set({ hour: 12 })
  const found = parseDate(text, { instant: noon.toJSDate(), timezone: noon.offset })
  if (!found) return null
  return spanOf(DateTime.fromJSDate(found, { zone: today.zoneName ?? 'utc' }), 'day')
}

function spanOf(start: DateTime, unit: DateTimeUnit): TimeSpan | null {
  if (!start.isValid) return null
  const from = start.startOf(unit)
  return { from: from.toMillis(), to: from.plus({ [unit]: 1 }).toMillis() }
}
