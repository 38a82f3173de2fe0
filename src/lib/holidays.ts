import { createRequire } from 'node:module'
import type Holidays from 'date-holidays'
import { day } from './durations.ts'

/** Whose public holidays: ISO 3166 country, and its state and region as the library names them (`US`, `ca`). */
export type HolidayPlace = { readonly country: string; readonly state: string | null; readonly region: string | null }

/** Names of the public holidays of a place by date, `2026-12-25` → "Christmas Day". */
export type HolidayNames = (place: HolidayPlace, year: number) => ReadonlyMap<string, string>

type Library = { readonly default: new () => Holidays } & (new () => Holidays)

// Reading the rules of the whole world takes a tenth of a second: only for those who use them, and without a promise,
// since deadlines are computed inside transactions.
// Not called `require`: the build puts one of its own beside it.
const load = createRequire(import.meta.url)

/** Public holidays by rule, for any year, offline. Remembers what it computed. Unknown places have none. */
export function makeHolidayNames(): HolidayNames {
  const kept = new Map<string, ReadonlyMap<string, string>>()
  return (place, year) => {
    const key = `${place.country}/${place.state}/${place.region}/${year}`
    const known = kept.get(key)
    if (known) return known
    const names = namesOf(place, year)
    kept.set(key, names)
    return names
  }
}

/** A choice in the settings: its code and its name. */
export type HolidayChoice = { readonly code: string; readonly name: string }

/** What can be chosen for a country: its states, and the regions of one of them. Empty where there are none. */
export function holidayChoices(
  country: string | null,
  state: string | null,
): { countries: HolidayChoice[]; states: HolidayChoice[]; regions: HolidayChoice[] } {
  const library = makeLibrary()
  const list = (names: Readonly<Record<string, string>> | undefined) =>
    Object.entries(names ?? {})
      .map(([code, name]) => ({ code, name }))
      .toSorted((a, b) => a.name.localeCompare(b.name))
  return {
    countries: list(library.getCountries('en')),
    states: country ? list(library.getStates(country, 'en')) : [],
    regions: country && state ? list(library.getRegions(country, state, 'en')) : [],
  }
}

function makeLibrary(): Holidays {
  const loaded = load('date-holidays') as Library
  return new (loaded.default ?? loaded)()
}

function namesOf({ country, state, region }: HolidayPlace, year: number): ReadonlyMap<string, string> {
  const library = makeLibrary()
  const where = { country, ...(state && { state }), ...(state && region && { region }) }
  library.init(where, { types: ['public'], languages: 'en' })
  const names = new Map<string, string>()
  for (const { date, start, end, name } of library.getHolidays(year) ?? []) {
    // The length tells how many days it has; the instants are those of the zone that the library assumes, not ours.
    const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / day))
    const first = Date.parse(`${date.slice(0, 10)}T00:00Z`)
    for (let index = 0; index < days; index += 1) {
      names.set(new Date(first + index * day).toISOString().slice(0, 10), name)
    }
  }
  return names
}
