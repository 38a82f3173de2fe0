import type { OpeningHours } from '../../src/settings/contract.ts'
import { clockText } from '../ui/clock-text.ts'

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

/** "Mon–Fri 9:00 AM–12:00 PM, 1:00 PM–5:00 PM; Sat 10:00 AM–2:00 PM": neighbouring days with the same hours are named together. */
export function hoursInWords(hours: OpeningHours, locale?: string): string {
  const spans = days.map((_, index) =>
    hours
      .filter((it) => it.weekday === index + 1)
      .toSorted((a, b) => a.from - b.from)
      .map((it) => `${clockText(it.from, locale)}–${clockText(it.to, locale)}`)
      .join(', '),
  )
  const groups: { first: number; last: number; text: string }[] = []
  for (const [index, text] of spans.entries()) {
    const before = groups.at(-1)
    if (before && before.text === text) before.last = index
    else groups.push({ first: index, last: index, text })
  }
  const open = groups.filter((it) => it.text !== '')
  if (open.length === 0) return 'never'
  return open
    .map(({ first, last, text }) => `${first === last ? days[first] : `${days[first]}–${days[last]}`} ${text}`)
    .join('; ')
}
