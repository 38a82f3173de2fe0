import type { TaskKind } from '../contact/tasks/contract.ts'
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
  const answer = answerStep(last, reach, row.missedCall)?.words(null) ?? null
  // "Take it" alone would be a step too few: what is owed in the end is the answer.
  if (row.clock?.kind === 'owned' && row.owner === null) return answer ? `Take it, then ${lower(answer)}` : 'Take it'
  if (row.clock !== null || row.direction === 'in') return answer
  return row.direction === 'out' ? 'Wait for their answer' : answer
}

/** How a lead is best answered: by what, and in words, with a name or without. */
export type AnswerStep = { readonly kind: TaskKind; readonly words: (who: string | null) => string }

/** By the way they came last, else by the next best that reaches them. Null when nothing is left to say. */
export function answerStep(
  last: NextStepFacts['last'],
  reach: ReadonlySet<HandleKind>,
  missedCall: boolean,
): AnswerStep | null {
  const canCall = reach.has('phone')
  const canMail = reach.has('email')
  if (missedCall && canCall) return last?.result === 'voicemail' ? steps.voicemail : steps.callBack
  switch (last?.channel) {
    case 'email':
      return canMail ? steps.mail : canCall ? steps.call : null
    case 'sms':
    case 'whatsapp':
      return canCall ? steps.text : canMail ? steps.mail : null
    case 'chat':
      return reach.has('chat') ? steps.chat : canMail ? steps.mail : canCall ? steps.call : null
    case 'call':
      return canCall ? steps.callBack : canMail ? steps.mail : null
    // Whoever left a number in a form waits for a call more than for a mail.
    default:
      return canCall ? steps.call : canMail ? steps.firstMail : steps.find
  }
}

const steps = {
  voicemail: {
    kind: 'call',
    words: (who) => (who ? `Listen to the voicemail of ${who} and call back` : 'Listen to the voicemail and call back'),
  },
  callBack: { kind: 'call', words: (who) => (who ? `Call ${who} back` : 'Call back') },
  call: { kind: 'call', words: (who) => `Call ${who ?? 'them'}` },
  mail: { kind: 'email', words: (who) => (who ? `Reply to ${who} by e-mail` : 'Reply by e-mail') },
  firstMail: { kind: 'email', words: (who) => `Write ${who ?? 'them'} an e-mail` },
  text: { kind: 'text', words: (who) => (who ? `Reply to ${who} by text` : 'Reply by text') },
  chat: { kind: 'text', words: (who) => `Answer ${who ? `${who} ` : ''}in the chat` },
  find: {
    kind: 'todo',
    words: (who) => (who ? `Find an address or a number of ${who}` : 'Add an address or a number'),
  },
} as const satisfies Readonly<Record<string, AnswerStep>>

const lower = (sentence: string) => sentence.charAt(0).toLowerCase() + sentence.slice(1)
