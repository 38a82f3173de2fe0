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
  /** The lead that can be answered, called or snoozed from the notification. */
  readonly leadId?: number
  /** The note it is about: a click opens it. */
  readonly interactionId?: number
  /** The window rings for it. */
  readonly rings?: true
  readonly urgent: boolean
}

/** The desktop notification an engine event deserves; null for events that are none of the user's business now. */
export function noticeOf(event: EventMessage, now: number): Notice | null {
  switch (event.name) {
    case 'lead.alert': {
      const it = event.payload as EventPayload<'lead.alert'>
      if (!it.notify) return null
      const todo = duty(it.clock, it.name)
      const late = it.percent === 100
      return {
        title: late ? `${todo} now` : `${todo}: ${timeLeft(it.dueAt, now)}`,
        body: [late ? 'The time you promised is over.' : `${it.percent} % of the time is gone.`, it.preview]
          .filter(Boolean)
          .join(' '),
        personId: it.personId,
        leadId: it.leadId,
        urgent: it.percent > 50,
      }
    }
    case 'lead.digest': {
      const it = event.payload as EventPayload<'lead.digest'>
      if (!it.notify) return null
      return {
        title: `${it.count} leads wait${sinceWords(it.since, now)}`,
        body: `${it.late} ${it.late === 1 ? 'is' : 'are'} late. Hottest: ${it.hottest.name}`,
        personId: it.hottest.personId,
        urgent: true,
      }
    }
    case 'lead.opened': {
      const it = event.payload as EventPayload<'lead.opened'>
      if (it.tier !== 'hot') return null
      return { title: `Hot lead: ${it.name} (${it.score})`, body: it.preview, personId: it.personId, urgent: false }
    }
    case 'task.due': {
      const it = event.payload as EventPayload<'task.due'>
      const one = it.count === 1
      return {
        title: one ? `It is time: ${it.name}` : `${it.count} tasks are due`,
        body: one ? it.words : `First: ${it.words} (${it.name})`,
        personId: it.personId,
        urgent: false,
        rings: true,
      }
    }
    case 'mention.made': {
      const it = event.payload as EventPayload<'mention.made'>
      const author = it.author ?? 'Somebody'
      return {
        title: it.count === 1 ? `${author} calls you in a note about ${it.name}` : `${it.count} notes call you`,
        body: it.count === 1 ? it.text : `${author} about ${it.name}: ${it.text}`,
        personId: it.personId,
        interactionId: it.interactionId,
        urgent: false,
      }
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

/** What came up hours ago came up while nobody was there. */
function sinceWords(since: number, now: number): string {
  if (now - since < 4 * hour) return ''
  return now - since < 20 * hour ? ' since last night' : `, some for ${roughly(now - since)}`
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
