import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { useNow } from './now.tsx'
import type { Place } from './time-format.ts'
import { cityOf } from './zone-names.ts'
import { offsetAt } from './zoned-days.ts'

const computerZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

const PlaceContext = createContext<Place>({})

/** Every time in the window is on the clock of the business: opening hours and "tomorrow at 9" are meant on it. */
export function PlaceProvider({ zone, children }: { readonly zone: string; readonly children: ReactNode }) {
  const place = useMemo(() => ({ zone }), [zone])
  return <PlaceContext value={place}>{children}</PlaceContext>
}

/** Where the clock hangs that times are read from; give it to every formatter. */
export const usePlace = (): Place => useContext(PlaceContext)

/** The zone of that clock, IANA. */
export const useZone = (): string => usePlace().zone ?? computerZone()

/** "Times are in Los Angeles (PST)", where the clock of this computer shows other ones; null where it does not. */
export function useZoneNote(): string | null {
  const zone = useZone()
  const now = useNow('minute')
  return zoneNote(zone, computerZone(), now)
}

export function zoneNote(zone: string, own: string, now: number, locale?: string): string | null {
  if (offsetAt(now, zone) === offsetAt(now, own)) return null
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' }).formatToParts(now)
  const short = parts.find((it) => it.type === 'timeZoneName')?.value
  const city = cityOf(zone)
  return `Times are in ${city}${short && short !== city ? ` (${short})` : ''}`
}
