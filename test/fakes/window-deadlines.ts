import { defaultAlerts, defaultLadder } from '../../src/contact/ladder-settings.ts'
import type { MethodInput, MethodName, MethodOutput } from '../../src/rpc/contract.ts'
import { calendar } from '../../src/settings/contract.ts'
import type { World } from './window-data.ts'

const countries = [
  { code: 'DE', name: 'Germany' },
  { code: 'US', name: 'United States' },
]
const states = [
  { code: 'CA', name: 'California' },
  { code: 'NY', name: 'New York' },
]

type Mine = Extract<
  MethodName,
  | 'contact.seen'
  | 'contact.ladder'
  | 'contact.saveLadder'
  | 'contact.saveAlerts'
  | 'settings.saveCalendars'
  | 'calendar.places'
  | 'calendar.preview'
>
type Answers = { readonly [M in Mine]: (input: MethodInput<M>) => MethodOutput<M> }

/** Calendars and the ladder, as the engine answers them: two countries, two holidays. */
export function deadlineAnswers(world: World, changed: () => void): Answers {
  let ladder = { ladder: defaultLadder, alerts: defaultAlerts }
  return {
    'contact.seen': () => ({}),
    'contact.ladder': () => ladder,
    'contact.saveLadder': (input) => {
      ladder = { ...ladder, ladder: input.ladder }
      changed()
      return {}
    },
    'contact.saveAlerts': ({ volume = ladder.alerts.volume, mutedUntil = ladder.alerts.mutedUntil }) => {
      ladder = { ...ladder, alerts: { volume, mutedUntil } }
      changed()
      return {}
    },
    'settings.saveCalendars': ({ calendars }) => {
      world.settings = { ...world.settings, calendars: calendars.map((it) => calendar.parse(it)) }
      changed()
      return {}
    },
    'calendar.places': ({ country }) => ({ countries, states: country === 'US' ? states : [], regions: [] }),
    'calendar.preview': ({ days, year }) => {
      const holidays = days.holidays
        ? [
            { date: `${year}-07-04`, name: 'Independence Day', closed: true },
            { date: `${year}-12-25`, name: 'Christmas Day', closed: true },
          ]
        : []
      const dates = days.dates.map(({ date, name, hours }) => ({ date, name, closed: hours.length === 0 }))
      const problem = days.feed?.includes('broken')
        ? 'The calendar on the web did not answer. It is tried again tomorrow.'
        : null
      return { days: [...holidays, ...dates].toSorted((a, b) => a.date.localeCompare(b.date)), problem }
    },
  }
}
