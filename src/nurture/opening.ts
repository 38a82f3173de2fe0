import { DateTime } from 'luxon'
import type { Clock } from '../lib/clock.ts'
import { day } from '../lib/durations.ts'
import type { ReadCalendars } from '../store/queries/calendars.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { ReadStore } from '../store/store.ts'

/** When the business opens next, in words for a customer: "tomorrow at 9:00 AM". Empty while it is open. */
export type Opening = (store: ReadStore) => Promise<string>

export function makeOpening({ clock, readCalendars }: { clock: Clock; readCalendars: ReadCalendars }): Opening {
  return async (store) => {
    const now = clock.now()
    const opensAt = (await readCalendars(store)).timeOf('business').nextOpen(now)
    const { business } = await readSettings(store)
    return opensAt === null || opensAt <= now ? '' : openingWords(opensAt, now, business)
  }
}

/** @param at and `now` ms UTC */
export function openingWords(
  at: number,
  now: number,
  place: { readonly zone: string; readonly country: string },
): string {
  // English is what the templates are in; the country says whether its clock has twelve hours.
  const locale = { zone: place.zone, locale: `en-${place.country}` }
  const opens = DateTime.fromMillis(at, locale)
  const today = DateTime.fromMillis(now, locale).startOf('day')
  const time = opens.toLocaleString(DateTime.TIME_SIMPLE).replace(/\u202f/g, ' ')
  const days = Math.round((opens.startOf('day').toMillis() - today.toMillis()) / day)
  if (days === 0) return `today at ${time}`
  if (days === 1) return `tomorrow at ${time}`
  if (days < 7) return `on ${opens.toFormat('cccc')} at ${time}`
  return `on ${opens.toLocaleString({ weekday: 'long', month: 'long', day: 'numeric' })} at ${time}`
}
