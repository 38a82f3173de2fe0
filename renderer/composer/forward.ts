import type { TimelineEntry } from '../../src/people/contract.ts'
import { fullMoment, type Place } from '../ui/time-format.ts'
import { type Draft, emptyDraft } from './draft.ts'

export type MailEntry = Extract<TimelineEntry, { kind: 'email' }>

/** Below this line stands the mail that is passed on. Whoever takes it out sends only what is left. */
export const forwardLine = '---------- Forwarded message ----------'

/** The mail to pass on: the one that is pointed at, else the newest that came, else the newest. */
export function mailToForward(entries: readonly TimelineEntry[], wanted: number | null): MailEntry | null {
  const mails = entries.filter((it) => it.kind === 'email').filter((it) => it.delivery !== 'cancelled')
  return mails.find((it) => it.id === wanted) ?? mails.findLast((it) => it.direction === 'in') ?? mails.at(-1) ?? null
}

/** A draft that passes a mail on. What was being written to the person is kept beside it. */
export function forwardDraft(mail: MailEntry, before: Draft, place: Place): Draft {
  const kept = before.forward?.kept ?? { mode: before.mode, subject: before.subject, body: before.body }
  return {
    ...emptyDraft,
    mode: 'email',
    subject: forwardSubject(mail.subject),
    body: `\n\n${quotedMail(mail, place)}`,
    forward: {
      interactionId: mail.id,
      to: '',
      files: mail.attachments.map(({ id, name, size, stored }) => ({ id, name, size, stored })),
      kept,
    },
  }
}

/** What was being written to the person before a mail was passed on. */
export const draftBefore = ({ forward }: Draft): Draft => ({ ...emptyDraft, ...forward?.kept })

/** "Fwd: " once, in front of whatever it was. */
export function forwardSubject(subject: string): string {
  const bare = subject.replace(/^(?:\s*(?:fwd?|wg|tr|rv|i)\s*:)+\s*/iu, '').trim()
  return bare === '' ? 'Fwd: a mail' : `Fwd: ${bare}`
}

function quotedMail(mail: MailEntry, place: Place): string {
  const head = [
    forwardLine,
    `From: ${mail.from}`,
    `Date: ${fullMoment(mail.at, place)}`,
    `Subject: ${mail.subject}`,
    `To: ${mail.to.join(', ')}`,
  ]
  return [head.join('\n'), mail.text.trim(), mail.quoted?.trim() ?? ''].filter((it) => it !== '').join('\n\n')
}

/** What we say, and the mail below it. */
export function splitForward(text: string): { readonly body: string; readonly quoted: string } {
  const at = text.indexOf(forwardLine)
  return at < 0 ? { body: text.trim(), quoted: '' } : { body: text.slice(0, at).trim(), quoted: text.slice(at).trim() }
}

/** Whether it looks like an address; the engine has the last word. */
export const isAddress = (text: string): boolean => /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(text.trim())
