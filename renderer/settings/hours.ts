import type { OpeningHours } from '../../src/settings/contract.ts'
import { hasDayHalves } from '../ui/picker-format.ts'

export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

/** Minutes since midnight of what people type: "9:30", "9", "9am", "5:30 p.m."; "24:00" is the end of the day. */
export function minutesOf(text: string): number | null {
  const match = /^(\d{1,2})(?:[:.](\d{2}))?\s*(?:([ap])\.?(?:m\.?)?)?$/i.exec(text.trim())
  if (!match) return null
  const [, typed = '', rest = '0', half] = match
  const hour = half === undefined ? Number(typed) : (Number(typed) % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  const isHour = half === undefined || (Number(typed) >= 1 && Number(typed) <= 12)
  const minutes = hour * 60 + Number(rest)
  return isHour && Number(rest) < 60 && minutes <= 24 * 60 ? minutes : null
}

const wholeDay = 24 * 60
/** As late as a shift may end: noon of the next day. */
const latest = 36 * 60

/**
 * A closing time: one that is not after the opening is on the next day. `null` when it cannot be read.
 * @param halves where the clock has AM and PM, "5" after nine in the morning is five in the afternoon
 */
export function closingOf(text: string, opens: number, halves = hasDayHalves()): number | null {
  const minutes = minutesOf(text)
  if (minutes === null || minutes > opens) return minutes
  const afternoon = minutes + 12 * 60
  if (halves && /^\s*[1-9]\d?(?:[:.]\d{2})?\s*$/.test(text) && minutes < 12 * 60 && afternoon > opens) return afternoon
  return minutes + wholeDay <= latest ? minutes + wholeDay : null
}

/** One more interval for a day: nine to five on a closed day, after the last one on an open day. */
export function addInterval(hours: OpeningHours, weekday: number): OpeningHours {
  const last = Math.max(0, ...hours.filter((it) => it.weekday === weekday).map((it) => it.to))
  const from = last === 0 ? 9 * 60 : Math.min(last + 60, 23 * 60)
  const to = last === 0 ? 17 * 60 : Math.min(from + 4 * 60, 24 * 60)
  return from < to ? [...hours, { weekday, from, to }] : hours
}

/** What is wrong with the hours, in a sentence; `null` when nothing is. */
export function hoursProblem(hours: OpeningHours): string | null {
  for (const [index, name] of weekdays.entries()) {
    const day = hours.filter((it) => it.weekday === index + 1).toSorted((a, b) => a.from - b.from)
    for (const [at, it] of day.entries()) {
      if (it.from >= it.to) return `${name}: closing time must be after opening time.`
      const next = day[at + 1]
      if (next && next.from < it.to) return `${name}: two opening times overlap.`
    }
    const following = weekdays[(index + 1) % 7] ?? ''
    const first = Math.min(...hours.filter((it) => it.weekday === ((index + 1) % 7) + 1).map((it) => it.from))
    if (day.some((it) => it.to - wholeDay > first)) {
      return `${name} goes on past midnight into the opening of ${following}.`
    }
  }
  return null
}
