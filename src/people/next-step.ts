import type { InboxRow } from '../inbox/contract.ts'
import type { HandleKind } from './contract.ts'

export type NextStepFacts = {
  readonly row: Pick<InboxRow, 'status' | 'outbox' | 'missedCall' | 'clock' | 'owner' | 'direction' | 'snoozedUntil'>
  /** The last thing they did; null when they never did anything. */
  readonly last: { readonly channel: InboxRow['channel']; readonly result: string | null } | null
  /** Ways to reach them that work. */
  readonly reach: ReadonlySet<HandleKind>
  readonly now: number
}

/**
 * What to do next with a lead, in words that stay true while the clock ticks. Null when nothing is to be done.
 */
export function nextStep({ row, last, reach, now }: NextStepFacts): string | null {
  if (row.status !== 'open') return null
  if (row.outbox === 'failed') return 'A message was not sent. Try it again'
  if (row.snoozedUntil !== null && row.snoozedUntil > now) return 'Nothing until it is back from snooze'
  const answer = answerStep(last, reach, row.missedCall)
  // "Take it" alone would be a step too few: what is owed in the end is the answer.
  if (row.clock?.kind === 'owned' && row.owner === null) return answer ? `Take it, then ${lower(answer)}` : 'Take it'
  if (row.clock !== null || row.direction === 'in') return answer
  return row.direction === 'out' ? 'Wait for their answer' : answer
}

function answerStep(last: NextStepFacts['last'], reach: ReadonlySet<HandleKind>, missedCall: boolean): string | null {
  const canCall = reach.has('phone')
  const canMail = reach.has('email')
  if (missedCall && canCall) return last?.result === 'voicemail' ? 'Listen to the voicemail and call back' : 'Call back'
  switch (last?.channel) {
    case 'email':
      return canMail ? 'Reply by e-mail' : canCall ? 'Call them' : null
    case 'sms':
    case 'whatsapp':
      return canCall ? 'Reply by text' : canMail ? 'Reply by e-mail' : null
    case 'chat':
      return reach.has('chat') ? 'Answer in the chat' : canMail ? 'Reply by e-mail' : canCall ? 'Call them' : null
    case 'call':
      return canCall ? 'Call back' : canMail ? 'Reply by e-mail' : null
    // Whoever left a number in a form waits for a call more than for a mail.
    default:
      return canCall ? 'Call them' : canMail ? 'Write them an e-mail' : 'Add an address or a number'
  }
}

const lower = (sentence: string) => sentence.charAt(0).toLowerCase() + sentence.slice(1)
