import type { ClockKind } from '../src/inbox/contract.ts'
import type { EventMessage } from '../src/rpc/connect.ts'
import type { EventPayload } from '../src/rpc/contract.ts'

const minute = 60_000
const hour = 60 * minute

/** "3 minutes left", "1 hour 20 minutes left", "5 minutes late". */
export function timeLeft(dueAt: number, now: number): string {
  const late = now > dueAt
  const distance = Math.abs(dueAt - now)
  if (distance < minute) return late ? 'late' : 'less than a minute left'
  const hours = Math.floor(distance / hour)
  const minutes = Math.floor((distance % hour) / minute)
  const parts = [count(hours, 'hour'), hours < 24 ? count(minutes, 'minute') : '']
  return `${parts.filter(Boolean).join(' ')} ${late ? 'late' : 'left'}`
}

/** What a person has to do to stop a clock: "Answer Ana Lopez". */
export function duty(clock: ClockKind, name: string): string {
  const verb = {
    owned: 'Take',
    first_contact: 'Answer',
    second_touch: 'Try again to reach',
    next_reply: 'Reply to',
    speed_of_answer: 'Pick up for',
  }[clock]
  return `${verb} ${name}`
}

export type Notice = {
  readonly title: string
  readonly body: string
  /** Null when it is about a channel: then it opens the health page. */
  readonly personId: number | null
  readonly urgent: boolean
}

/** The desktop notification an engine event deserves; null for events that are none of the user's business now. */
export function noticeOf(event: EventMessage, now: number): Notice | null {
  switch (event.name) {
    case 'sla.warning': {
      const it = event.payload as EventPayload<'sla.warning'>
      const title = `${duty(it.clock, it.name)}: ${timeLeft(it.dueAt, now)}`
      return { title, body: `${it.percent} % of the time is gone.`, personId: it.personId, urgent: it.percent === 80 }
    }
    case 'sla.breached': {
      const it = event.payload as EventPayload<'sla.breached'>
      return {
        title: `${duty(it.clock, it.name)} now`,
        body: 'The time you promised is over.',
        personId: it.personId,
        urgent: true,
      }
    }
    case 'lead.opened': {
      const it = event.payload as EventPayload<'lead.opened'>
      if (it.tier !== 'hot') return null
      return { title: `Hot lead: ${it.name} (${it.score})`, body: it.preview, personId: it.personId, urgent: false }
    }
    case 'outbox.failed': {
      const it = event.payload as EventPayload<'outbox.failed'>
      return { title: `Not sent: your message to ${it.name}`, body: it.message, personId: it.personId, urgent: true }
    }
    case 'channel.quiet': {
      const it = event.payload as EventPayload<'channel.quiet'>
      return {
        title: `Nothing from ${it.label} in ${roughly(now - it.since)}`,
        body: `Usually something comes every ${roughly(it.usualMs)}. Click to test it on the Health page.`,
        personId: null,
        urgent: false,
      }
    }
    default:
      return null
  }
}

/** "20 minutes", "9 hours", "6 days". */
function roughly(ms: number): string {
  if (ms < 90 * minute) return count(Math.max(1, Math.round(ms / minute)), 'minute')
  return ms < 48 * hour ? count(Math.round(ms / hour), 'hour') : count(Math.round(ms / (24 * hour)), 'day')
}

function count(amount: number, unit: string): string {
  if (amount === 0) return ''
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`
}
