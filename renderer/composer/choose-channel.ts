import type { Handle, TimelineEntry } from '../../src/people/contract.ts'
import type { ComposerMode } from '../shell/window-state.ts'

/** Handles a message can go to: right kind, working, not opted out. */
export function usableHandles(handles: readonly Handle[], mode: ComposerMode): readonly Handle[] {
  if (mode === 'note') return []
  const kind = mode === 'text' ? 'phone' : 'email'
  return handles.filter((it) => it.kind === kind && it.valid && it.optedOutAt === null)
}

/** The channel they came in on last; where that cannot be answered, one that can; else a note. */
export function defaultMode(handles: readonly Handle[], entries: readonly TimelineEntry[]): ComposerMode {
  const canText = usableHandles(handles, 'text').length > 0
  const canMail = usableHandles(handles, 'email').length > 0
  const last = entries.findLast((it) => it.direction === 'in' && it.kind !== 'event')
  if (last?.kind === 'email' && canMail) return 'email'
  if (last?.kind === 'text' && canText) return 'text'
  // A call or a form names no channel: a text is read sooner than a mail.
  if (canText) return 'text'
  return canMail ? 'email' : 'note'
}

/** The mail an answer belongs to: their newest, else our newest. */
export function mailToAnswer(entries: readonly TimelineEntry[]) {
  const mails = entries.filter((it) => it.kind === 'email').filter((it) => it.delivery !== 'cancelled')
  return mails.findLast((it) => it.direction === 'in' && it.robot === null) ?? mails.at(-1) ?? null
}

/** "Re: " once, however often they and we put one there. */
export function replySubject(subject: string): string {
  const bare = subject.replace(/^(?:\s*(?:re|aw|sv|antw|fwd?|wg)\s*(?:\[\d+\])?\s*:)+\s*/iu, '').trim()
  return bare === '' ? '' : `Re: ${bare}`
}

/** The first placeholder of a template that nothing could be put in, as a range of the text. */
export function firstGap(text: string): { readonly start: number; readonly end: number } | null {
  const match = /\{\{[^{}]*\}\}/.exec(text)
  return match ? { start: match.index, end: match.index + match[0].length } : null
}

/** "contact.first_name" → "first name of the lead" for people who write no programs. */
export function gapName(gap: string): string {
  const name = gap.replace(/[{}]/g, '').split('|')[0]?.trim() ?? ''
  const [owner, field] = name.split('.')
  const words = (field ?? owner ?? '').replaceAll('_', ' ')
  const whose = {
    contact: ' of the lead',
    agent: ' of yours',
    company: ' of the company',
    business: ' of your business',
    lead: '',
  }
  return `${words}${whose[owner as keyof typeof whose] ?? ''}`
}
