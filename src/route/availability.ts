import type { BusinessTime } from '../lib/business-time.ts'

/** Not there from `from` until before `to`, ms UTC. */
export type Absence = { readonly from: number; readonly to: number; readonly reason: string }

/** One of the team, as far as giving out leads cares. */
export type Teammate = {
  readonly id: number
  readonly name: string
  /** The switch that they or somebody else sets by hand. */
  readonly onDuty: boolean
  /** Null: the switch alone decides. */
  readonly hours: BusinessTime | null
  readonly absences: readonly Absence[]
  readonly skills: readonly string[]
  /** Most open leads at a time; null: no limit. */
  readonly capacity: number | null
}

/** What somebody has in hand: open leads, and their weight (hot 3, warm 2, nurture 1, one more for each that is late). */
export type Load = { readonly open: number; readonly weight: number }

export const noLoad: Load = { open: 0, weight: 0 }

/** Why somebody gets nothing now: "is off duty", "has 20 of 20 leads". */
export type Away = string

/**
 * Why somebody is not there at an instant, whatever they have in hand; null when they are.
 * @param at ms UTC
 */
export function absentAt({ onDuty, hours, absences }: Teammate, at: number): Away | null {
  if (!onDuty) return 'is off duty'
  const absence = absences.find((it) => it.from <= at && at < it.to)
  if (absence) return awayWords(absence.reason)
  if (hours && hours.nextOpen(at) !== at) return 'is not working now'
  return null
}

/** Why somebody gets no further lead at an instant; null when they may. */
export function awayAt(member: Teammate, at: number, load: Load): Away | null {
  const absent = absentAt(member, at)
  if (absent !== null) return absent
  const { capacity } = member
  return capacity !== null && load.open >= capacity ? `has ${load.open} of ${capacity} leads` : null
}

function awayWords(reason: string): Away {
  if (/^(vacation|holidays?|leave)$/i.test(reason)) return 'is on vacation'
  return reason === '' ? 'is away' : `is away (${reason})`
}

// Two calendars that never meet would otherwise be walked for ever.
const mostSteps = 1000

/**
 * The first instant at or after `at` when somebody is there by hours and absences, ms UTC.
 * @returns null when no such time is known: the switch is off, or they never work
 */
export function backAt({ onDuty, hours, absences }: Teammate, at: number): number | null {
  if (!onDuty) return null
  let back = at
  for (let step = 0; step < mostSteps; step++) {
    const absence = absences.find((it) => it.from <= back && back < it.to)
    const opens = hours ? hours.nextOpen(absence?.to ?? back) : (absence?.to ?? back)
    if (opens === null) return null
    if (opens === back) return back
    back = opens
  }
  return null
}

/**
 * When somebody comes, or an absence of somebody begins, for the first time after `at`; null when nobody does. Who is
 * there now comes again after they left: ask again then.
 */
export function nextChange(team: readonly Teammate[], at: number): number | null {
  const times = team.flatMap((member) => {
    if (!member.onDuty) return []
    const begins = member.absences.map((it) => it.from).filter((from) => from > at)
    const back = absentAt(member, at) === null ? null : backAt(member, at)
    return back === null ? begins : [...begins, back]
  })
  return times.length === 0 ? null : Math.min(...times)
}

type Named = { readonly name: string; readonly away: Away }

/** "Sam and Kim are off duty, Lee is on vacation"; empty for nobody or for too many to be read. */
export function awaySentence(people: readonly Named[]): string {
  if (people.length > 4) return ''
  const groups = Map.groupBy(people, (it) => it.away)
  return [...groups]
    .map(([away, group]) => `${listed(group.map((it) => it.name))} ${many(away, group.length)}`)
    .join(', ')
}

const listed = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

const many = (away: Away, count: number) =>
  count === 1 ? away : away.replace(/^is /, 'are ').replace(/^has /, 'have ').replace(/^had /, 'had ')
