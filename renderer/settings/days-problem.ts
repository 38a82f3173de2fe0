import type { CalendarDays } from '../../src/settings/contract.ts'

/** What is wrong with the days, in a sentence; `null` when nothing is. */
export function daysProblem({ dates, feed }: CalendarDays): string | null {
  if (feed !== null && !isFeed(feed)) return 'The address of the calendar on the web is not one.'
  const twice = dates.find((it, at) => dates.findIndex((other) => other.date === it.date) !== at)
  if (twice) return `${twice.date} is there twice. Remove one of them.`
  const backwards = dates.find((it) => it.hours.some(({ from, to }) => from >= to))
  return backwards ? `${backwards.date}: closing time must be after opening time.` : null
}

/** An address that a calendar can be read from. */
export const isFeed = (text: string) => URL.canParse(text) && /^(https?|webcal):/.test(text)
