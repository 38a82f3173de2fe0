import type { Interval } from '../lib/business-time.ts'
import type { Clock } from '../lib/clock.ts'
import { type HolidayNames, holidayChoices } from '../lib/holidays.ts'
import { type ClosedDay, readIcalDays } from '../lib/ical-days.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import { readSettings, saveSetting } from '../store/queries/settings.ts'
import type { Store, WriteStore } from '../store/store.ts'
import { download, problemOf } from './calendar-feeds.ts'
import { checkedCalendars } from './check-settings.ts'
import type { CalendarDays, settingsContract } from './contract.ts'

export type CalendarDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly fetch: typeof fetch
  /** Computes deadlines anew, those of the past included. */
  readonly recalculate: (tx: WriteStore) => Promise<void>
  readonly feeds: { readonly nudge: () => void }
  /** Those that deadlines go by: names of a year are computed once. */
  readonly holidays: HolidayNames
}

type Mine = 'settings.saveCalendars' | 'calendar.places' | 'calendar.preview'

export function makeCalendarHandlers(deps: CalendarDeps): Pick<HandlersOf<typeof settingsContract>, Mine> {
  const { store, fetch, recalculate, feeds, holidays } = deps
  return {
    'settings.saveCalendars': async ({ calendars }) => {
      const checked = checkedCalendars(calendars)
      await store.write(async (tx) => {
        const { slaExceptions } = await readSettings(tx)
        await saveSetting(tx, 'calendars', checked)
        const exists = (id: string) => id === 'business' || id === 'always' || checked.some((it) => it.id === id)
        const exceptions = slaExceptions.map((it) => (exists(it.calendar) ? it : { ...it, calendar: 'business' }))
        await saveSetting(tx, 'slaExceptions', exceptions)
        await moveMembers(tx, exists)
        await recalculate(tx)
      })
      feeds.nudge()
      return {}
    },

    'calendar.places': ({ country, state }) => Promise.resolve(holidayChoices(country, state)),

    'calendar.preview': async ({ days, zone, year }) => {
      const feed = await previewFeed(days.feed, zone, year, fetch)
      const names = days.holidays ? holidays(days.holidays, year) : new Map<string, string>()
      return { days: merged(days, feed.closed, names, year), problem: feed.problem }
    },
  }
}

/** Whoever worked by a calendar that is gone works by that of the business. */
async function moveMembers(tx: WriteStore, exists: (calendar: string) => boolean): Promise<void> {
  const members = await tx.db
    .selectFrom('member')
    .select(['id', 'calendar'])
    .where('calendar', 'is not', null)
    .execute()
  const moved = members.filter((it) => it.calendar !== null && !exists(it.calendar)).map((it) => it.id)
  if (moved.length === 0) return
  await tx.db.updateTable('member').set({ calendar: 'business' }).where('id', 'in', moved).execute()
  tx.changed('member')
}

async function previewFeed(url: string | null, zone: string, year: number, fetchUrl: typeof fetch) {
  if (url === null) return { closed: [], problem: null }
  try {
    const text = await download(fetchUrl, url, new AbortController().signal)
    const window = { from: Date.UTC(year, 0, 1), to: Date.UTC(year + 1, 0, 1) }
    return { closed: readIcalDays(text, zone, window), problem: null }
  } catch (error) {
    return { closed: [], problem: problemOf(error) }
  }
}

/** In the order of their precedence, one entry a date. */
function merged(
  { dates }: CalendarDays,
  closed: readonly ClosedDay[],
  holidays: ReadonlyMap<string, string>,
  year: number,
) {
  const days = new Map<string, { readonly date: string; readonly name: string; readonly closed: boolean }>()
  const add = (date: string, name: string, isClosed: boolean) => {
    if (date.startsWith(`${year}-`) && !days.has(date)) days.set(date, { date, name, closed: isClosed })
  }
  const partly = (hours: readonly Interval[]) => hours.length > 0
  for (const { date, name, hours } of dates) add(date, name, !partly(hours))
  for (const it of closed) if (it.closed === null) add(it.date, it.name, true)
  for (const [date, name] of holidays) add(date, name, true)
  for (const it of closed) if (it.closed !== null) add(it.date, it.name, false)
  return [...days.values()].toSorted((a, b) => (a.date < b.date ? -1 : 1))
}
