import type { Clock } from '../../src/people/contract.ts'
import { countdown, type Place, shortMoment, target } from '../ui/time-format.ts'

type Zones = {
  /** The business's. */
  readonly here: string | undefined
  /** The customer's; null when nobody knows it. */
  readonly there: string | null
  readonly name: string
}

/** Until when, on our clock and on theirs where that shows another time: "by 14:05 here, 17:05 for Ana". */
export function dueText(dueAt: number, now: number, { here, there, name }: Zones, locale?: string): string {
  const moment = (zone: string | undefined) => {
    const place: Place = { ...(locale === undefined ? {} : { locale }), ...(zone === undefined ? {} : { zone }) }
    return shortMoment(dueAt, now, place)
  }
  const ours = moment(here)
  const theirs = there === null ? ours : moment(there)
  return theirs === ours ? `by ${ours}` : `by ${ours} here, ${theirs} for ${name.split(' ')[0] || name}`
}

/** How a deadline was missed: by how much, or, for a call that rang, that nobody took it. */
export function missedWords({ kind, startedAt, stoppedAt, targetMs, dueAt }: Clock): string {
  if (kind === 'speed_of_answer') return `not within ${target(targetMs)}`
  const late = stoppedAt === null ? 0 : stoppedAt - Math.max(dueAt, startedAt)
  return late > 0 ? `${countdown(late)} late` : `not within ${target(targetMs)}`
}
