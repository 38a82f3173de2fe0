/** Days as the clock on the wall of a zone has them: vacations begin and end at its midnights. */

/** The midnight at which a day begins. @param date as `2026-03-01` @returns ms UTC */
export const dayStart = (date: string, zone: string): number => momentOf(date, zone)

/** The day of a moment, as `2026-03-01`. */
export const dayOf = (at: number, zone: string): string => new Date(at + offsetAt(at, zone)).toISOString().slice(0, 10)

/** The day after, as `2026-03-02`. */
export const nextDay = (date: string): string => {
  const at = new Date(`${date}T00:00Z`)
  at.setUTCDate(at.getUTCDate() + 1)
  return at.toISOString().slice(0, 10)
}

/** What the wall clock is ahead of UTC, ms. */
export function offsetAt(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  } as Intl.DateTimeFormatOptions).formatToParts(at)
  const of = (type: string) => Number(parts.find((it) => it.type === type)?.value)
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
  return wall - Math.floor(at / 1000) * 1000
}

/** A moment as the pickers have it, on the clock of the zone: `2026-03-01 09:30:00`. */
export const wallOf = (at: number, zone: string): string =>
  new Date(at + offsetAt(at, zone)).toISOString().slice(0, 19).replace('T', ' ')

/** What was picked on the clock of the zone, ms UTC. @param wall `2026-03-01` or `2026-03-01 09:30:00` */
export function momentOf(wall: string, zone: string): number {
  const [date = '', time = ''] = wall.split(' ')
  const midnight = Date.UTC(...partsOf(date))
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const wanted = midnight + (hours * 60 + minutes) * 60_000
  // Twice, since the first guess may lie on the other side of a change of the clocks.
  return wanted - offsetAt(wanted - offsetAt(wanted, zone), zone)
}

function partsOf(date: string): [number, number, number] {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  return [year, month - 1, day]
}
