import type { Spread, Tally } from '../../src/analyze/contract.ts'
import type { ChannelKind, ClockKind, Tier } from '../../src/inbox/contract.ts'
import { minute, second } from '../../src/lib/durations.ts'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { hasDayHalves } from '../ui/picker-format.ts'
import { tierNames } from '../ui/score-words.ts'
import { countdown, type Place } from '../ui/time-format.ts'

export type Report = MethodOutput<'analyze.compliance'>
export type GroupBy = 'people' | 'channels' | 'tiers'

/** What a healthy business answers in time, percent. */
export const band = { from: 80, to: 90 } as const

export const kindNames: Readonly<Record<ClockKind, string>> = {
  first_contact: 'First answer',
  owned: 'Taken by somebody',
  second_touch: 'Second try',
  next_reply: 'Next answer',
  speed_of_answer: 'Calls picked up',
}
export const channelNames: Readonly<Record<ChannelKind, string>> = {
  email: 'Mail',
  sms: 'Text',
  whatsapp: 'WhatsApp',
  chat: 'Chat',
  call: 'Phone',
  form: 'Web form',
  note: 'By hand',
}

/** Whole percent in time, null when nothing was due. 99.6% is not everything. */
export function percentOf({ met, missed }: Tally): number | null {
  if (met + missed === 0) return null
  const share = (100 * met) / (met + missed)
  return missed > 0 ? Math.min(99, Math.round(share)) : 100
}

export const percent = (tally: Tally): string => {
  const share = percentOf(tally)
  return share === null ? '–' : `${share}%`
}

/** "4:10 min", "50 s", "1 h 20", for a time that somebody waited. */
export function took(ms: number | null): string {
  if (ms === null) return '–'
  if (ms < minute) return `${Math.round(ms / second)} s`
  const text = countdown(ms)
  // Never broken over a line.
  return (text.includes(':') ? `${text} min` : text).replaceAll(' ', '\u00a0')
}

/** "90% within 1 h 20, 95% within 3 h 00". */
export const tail = ({ n, p90, p95 }: Spread): string =>
  n === 0 ? 'Nobody was answered' : `90% within ${took(p90)}, 95% within ${took(p95)}`

export type Row = {
  readonly key: string
  readonly name: string
  readonly slice: { readonly tier?: Tier; readonly channel?: ChannelKind | null; readonly ownerId?: number | null }
  readonly tally: Tally
  readonly took: Report['total']['took']
}

export function rowsOf(report: Report, by: GroupBy): readonly Row[] {
  if (by === 'people') {
    return report.people.map(({ ownerId, name, ...it }) => ({
      ...it,
      key: String(ownerId),
      name: ownerId === null ? 'Nobody' : (name ?? 'Somebody who left'),
      slice: { ownerId },
    }))
  }
  if (by === 'channels') {
    return report.channels.map(({ channel, ...it }) => ({
      ...it,
      key: String(channel),
      name: channel === null ? 'Not known' : channelNames[channel],
      slice: { channel },
    }))
  }
  return report.tiers.map(({ tier, ...it }) => ({ ...it, key: tier, name: tierNames[tier], slice: { tier } }))
}

/** "16 Nov", the Monday of a week. */
export const weekName = (from: number, place: Place): string =>
  new Intl.DateTimeFormat(place.locale, { day: 'numeric', month: 'short', timeZone: place.zone ?? 'UTC' }).format(from)

/** Hours of a sentence, "18:00", as the clocks around here show them. */
export function inLocalHours(sentence: string, locale?: string): string {
  if (!hasDayHalves(locale)) return sentence
  return sentence.replace(/\b(\d{1,2}):00\b/g, (_, hour: string) =>
    new Intl.DateTimeFormat(locale, { hour: 'numeric', timeZone: 'UTC' })
      .format(Number(hour) * 60 * minute)
      .replace(/\s/g, '\u00a0'),
  )
}

/** The table as other programs read it: RFC 4180, UTF-8 with a mark, times in minutes. */
export function csvOf(rows: readonly Row[], first: string): string {
  const minutes = (ms: number | null) => (ms === null ? '' : (ms / minute).toFixed(1))
  const lines = [
    [first, 'Counted', 'In time', 'Late', 'Excused', 'In time %', 'Median minutes', 'Median business minutes'],
    ...rows.map(({ name, tally, took: { wall, business } }) => [
      name,
      String(tally.met + tally.missed),
      ...[tally.met, tally.missed, tally.excused].map(String),
      tally.met + tally.missed === 0 ? '' : ((100 * tally.met) / (tally.met + tally.missed)).toFixed(1),
      minutes(wall.median),
      minutes(business.median),
    ]),
  ]
  return `\uFEFF${lines.map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`
}

/** Spreadsheets run what begins like a formula: a name that does is text. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
