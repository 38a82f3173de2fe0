import { IANAZone } from 'luxon'
import { day, minute } from './durations.ts'

export type LocalMinutes = {
  /** 1 = Monday */
  readonly weekday: number
  /** Since midnight. */
  readonly minutes: number
}

// Zones change their offset at most every quarter of an hour.
const quarter = 15 * minute

/** The clock on the wall of a zone. Keep the answer: it remembers the offsets it looked up. */
export function localMinutes(zone: string): (at: number) => LocalMinutes {
  const known = new Map<number, number>()
  const iana = IANAZone.create(zone)
  return (at) => {
    const slot = Math.floor(at / quarter)
    const offset = known.get(slot) ?? iana.offset(slot * quarter)
    known.set(slot, offset)
    const local = at + offset * minute
    const days = Math.floor(local / day)
    // The epoch began on a Thursday.
    return { weekday: ((((days + 3) % 7) + 7) % 7) + 1, minutes: Math.floor((local - days * day) / minute) }
  }
}
