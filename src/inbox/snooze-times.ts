import * as chrono from 'chrono-node/en'
import { DateTime } from 'luxon'
import type { BusinessTime } from '../lib/business-time.ts'
import { day, minute } from '../lib/durations.ts'

type Place = {
  /** ms UTC */
  readonly now: number
  /** IANA */
  readonly zone: string
}

export type SnoozeTime = { readonly key: string; readonly label: string; readonly until: number }

const laterHours = 3
const afternoon = 13
const evening = 19
const morning = 8
const weekendMorning = 10
const saturday = 6
// Nearer than this nobody snoozes to.
const soonest = 30 * minute

/**
 * The moments people snooze to, soonest first; those that are over or nearly over are left out, and of two at the same
 * moment the first. `reply` is the one to offer first: an answer brings every lead back, and without one it comes two days of business later.
 */
export function snoozeTimes({ now, zone }: Place, hours: Pick<BusinessTime, 'nextOpen'>): readonly SnoozeTime[] {
  const today = DateTime.fromMillis(now, { zone })
  const at = (date: DateTime, hour: number) => date.startOf('day').set({ hour })
  const inDays = (days: number) => at(today.plus({ days }), morning)
  const weekend = inDays((saturday - today.weekday + 7) % 7 || 7).set({ hour: weekendMorning })
  const all: readonly [string, string, DateTime][] = [
    ['later', 'Later today', today.plus({ hours: laterHours }).startOf('minute')],
    ['afternoon', 'This afternoon', at(today, afternoon)],
    ['evening', 'This evening', at(today, evening)],
    ['tomorrow', 'Tomorrow', inDays(1)],
    ['days', 'In 2 days', inDays(2)],
    ['weekend', 'Weekend', weekend],
    ['week', 'Next week', inDays(8 - today.weekday)],
    ['month', 'In a month', at(today.plus({ months: 1 }), morning)],
  ]
  const seen = new Set<number>()
  const times = all
    .map(([key, label, when]) => ({ key, label, until: when.toMillis() }))
    .filter(({ key, until }) => until - now >= soonest && (key !== 'later' || isToday(until, today)))
    .filter(({ until }) => !seen.has(until) && seen.add(until))
    .sort((a, b) => a.until - b.until)
  const reply = { key: 'reply', label: 'Until they reply', until: businessDays(today, hours) }
  return [reply, ...times]
}

const isToday = (until: number, today: DateTime) => until < today.endOf('day').toMillis()
const silentDays = 2
const furthest = 31

/** When the business opens on the second of its days from tomorrow. */
function businessDays(today: DateTime, hours: Pick<BusinessTime, 'nextOpen'>): number {
  let passed = 0
  for (let days = 1; days <= furthest; days++) {
    const start = today.plus({ days }).startOf('day')
    const opens = hours.nextOpen(start.toMillis())
    if (opens === null || opens >= start.plus({ days: 1 }).toMillis()) continue
    passed += 1
    // Around the clock means awake at eight all the same.
    if (passed === silentDays) return Math.max(opens, start.set({ hour: morning }).toMillis())
  }
  return today.plus({ days: silentDays }).startOf('day').set({ hour: morning }).toMillis()
}

const mostYears = 5

/**
 * A moment to come in words: "next tuesday at 3pm", "in 2 weeks", "friday". A day without an hour means the morning.
 * @returns ms UTC; null for what is no moment, is over, or is years away
 */
export function readMoment(text: string, { now, zone }: Place): number | null {
  const here = DateTime.fromMillis(now, { zone })
  const spoken = text.trim().replace(/^(?:in )?(\d+) weekdays?$/i, 'in $1 business days')
  const weekdays = /^in (0*[1-9]\d?) business days$/i.exec(spoken)
  if (weekdays) return afterWeekdays(here, Number(weekdays[1]))
  const reference = { instant: here.toJSDate(), timezone: here.offset }
  const [found] = chrono.parse(spoken, reference, { forwardDate: true })
  if (!found) return null
  const { start } = found
  // Read as wall-clock time: the offset may be another one on that day.
  const wall = DateTime.fromObject(
    {
      year: start.get('year') ?? here.year,
      month: start.get('month') ?? here.month,
      day: start.get('day') ?? here.day,
      hour: start.isCertain('hour') ? (start.get('hour') ?? morning) : partOfDay(start.get('hour'), spoken),
      minute: start.isCertain('minute') || start.isCertain('hour') ? (start.get('minute') ?? 0) : 0,
    },
    { zone },
  )
  if (!wall.isValid) return null
  const until = wall.toMillis()
  return until <= now || until > now + mostYears * 365 * day ? null : until
}

/** What chrono makes of "tomorrow evening" it implies; of a bare day it implies noon, where we mean the morning. */
function partOfDay(implied: number | null, text: string): number {
  if (/afternoon/i.test(text)) return afternoon
  if (/evening|tonight|night/i.test(text)) return evening
  return /noon|midday/i.test(text) ? (implied ?? morning) : morning
}

function afterWeekdays(from: DateTime, count: number): number {
  let date = from.startOf('day')
  for (let left = count; left > 0; ) {
    date = date.plus({ days: 1 })
    if (date.weekday < saturday) left -= 1
  }
  return date.set({ hour: morning }).toMillis()
}
