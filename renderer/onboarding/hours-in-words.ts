import type { OpeningHours } from '../../src/settings/contract.ts'

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

/** "Mon–Fri 9:00–12:00, 13:00–17:00; Sat 10:00–14:00": neighbouring days with the same hours are named together. */
export function hoursInWords(hours: OpeningHours): string {
  const spans = days.map((_, index) =>
    hours
      .filter((it) => it.weekday === index + 1)
      .toSorted((a, b) => a.from - b.from)
      .map((it) => `${timeOf(it.from)}–${timeOf(it.to)}`)
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

const timeOf = (minutes: number) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
