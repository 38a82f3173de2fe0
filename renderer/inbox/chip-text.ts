import type { InboxRow } from '../../src/inbox/contract.ts'
import { countdown, inWords, type Place, shortMoment } from '../ui/time-format.ts'

/** What a chip is about; the shape, the colour and the words all follow from `state`. */
export type ChipText = {
  readonly state: 'ok' | 'risk' | 'late' | 'quiet'
  /** The part that ticks, in bold. */
  readonly time: string
  readonly words: string
  /** The whole in a sentence, for screen readers. */
  readonly label: string
  /** How much of the time is left, 1 to 0, for the ring. */
  readonly left: number
}

export type ChipRow = Pick<
  InboxRow,
  'name' | 'status' | 'clock' | 'snoozedUntil' | 'direction' | 'channel' | 'missedCall' | 'tier'
> &
  Partial<Pick<InboxRow, 'taskDueAt'>>

/** Says what is owed to a person and how long there is. */
export function chipText(row: ChipRow, now: number, place: Place): ChipText {
  const { clock } = row
  if (row.status === 'done') return quiet('done', `${row.name} is done`)
  if (row.status === 'not_lead') return quiet('not a lead', `${row.name} is not a lead`)
  if (row.snoozedUntil !== null && row.snoozedUntil > now) {
    const when = shortMoment(row.snoozedUntil, now, place)
    return { ...quiet('snoozed', `${row.name} is snoozed until ${when}`), time: when }
  }
  const taskDueAt = row.taskDueAt ?? null
  // A task that was promised for earlier than what is owed: the list stands by it, too.
  if (taskDueAt !== null && (clock === null || clock.kind === 'second_touch' || taskDueAt < clock.dueAt)) {
    const ago = taskDueAt - now
    const label = `A task for ${row.name} was due ${inWords(ago)} ago`
    return { state: 'late', time: countdown(ago), words: 'task', label, left: 0 }
  }
  if (!clock) {
    return row.direction === 'out'
      ? quiet('waiting', `Waiting for ${row.name}`)
      : quiet(row.tier === 'nurture' ? 'no hurry' : 'answered', `Nothing is owed to ${row.name}`)
  }
  const left = clock.dueAt - now
  // It is their turn. That we try again is said when it is time to.
  if (clock.kind === 'second_touch' && now < clock.riskAt) {
    return quiet('waiting', `Waiting for ${row.name}, try again in ${inWords(left)}`)
  }
  const deed = deedOf(row, clock.kind)
  // Stands behind everything that is owed, however old: red would contradict its place in the list.
  if (clock.kind === 'second_touch' && left <= 0) {
    const label = `${deed.sentence}, due ${inWords(left)} ago`
    return { state: 'risk', time: '', words: 'try again', label, left: 0 }
  }
  if (left <= 0) {
    return {
      state: 'late',
      time: countdown(left),
      words: 'late',
      label: `${deed.sentence}, ${inWords(left)} late`,
      left: 0,
    }
  }
  const total = Math.max(1, clock.dueAt - clock.startedAt)
  return {
    state: now >= clock.riskAt ? 'risk' : 'ok',
    time: countdown(left),
    words: deed.words,
    label: `${deed.sentence}, ${inWords(left)} left`,
    left: Math.min(1, left / total),
  }
}

function deedOf(row: ChipRow, kind: NonNullable<ChipRow['clock']>['kind']) {
  if (kind === 'owned') return { words: 'to take', sentence: `Take ${row.name}` }
  if (kind === 'second_touch') return { words: 'to try again', sentence: `Try again to reach ${row.name}` }
  // Only what is certain from the row: whether a form is called or written to depends on what they left (people/next-step).
  if (row.direction === 'in' && row.channel === 'call') return { words: 'to call', sentence: `Call back ${row.name}` }
  if (row.channel === 'form' && kind === 'first_contact') return { words: 'to answer', sentence: `Answer ${row.name}` }
  return { words: 'to reply', sentence: `Reply to ${row.name}` }
}

const quiet = (words: string, label: string): ChipText => ({ state: 'quiet', time: '', words, label, left: 1 })
