import type { CardHandle, Handle, TimelineEntry } from '../../src/people/contract.ts'
import type { ComposerMode } from '../shell/window-state.ts'

/** An address or number, with what kind of line it is where that was asked for. */
export type Reachable = Handle & Partial<Pick<CardHandle, 'line'>>

/** Handles a message can go to: right kind, working, not opted out. */
export function usableHandles(handles: readonly Reachable[], mode: ComposerMode): readonly Reachable[] {
  if (mode === 'note') return []
  const kind = mode === 'text' ? 'phone' : mode
  return handles.filter((it) => it.kind === kind && it.valid && it.optedOutAt === null)
}

/** The channel they came in on last; where that cannot be answered, one that can; else a note. */
export function defaultMode(handles: readonly Reachable[], entries: readonly TimelineEntry[]): ComposerMode {
  const phones = usableHandles(handles, 'text').filter((it) => lineDoubt(it) !== 'told')
  const canText = phones.some((it) => lineDoubt(it) === null)
  const canMail = usableHandles(handles, 'email').length > 0
  const last = entries.findLast((it) => it.direction === 'in' && it.kind !== 'event')
  if (last?.kind === 'email' && canMail) return 'email'
  if (last?.channel === 'chat' && usableHandles(handles, 'chat').length > 0) return 'chat'
  if (last?.kind === 'text' && phones.length > 0) return 'text'
  // A call or a form names no channel: a text is read sooner than a mail.
  if (canText) return 'text'
  if (canMail) return 'email'
  return phones.length > 0 ? 'text' : 'note'
}

/**
 * Whether a text would not arrive at a number: `told` by somebody who knows lines, which refuses it; `guessed` from the
 * numbering plan, which only warns; null when nothing speaks against it.
 */
export function lineDoubt({ line }: Reachable): 'told' | 'guessed' | null {
  if (line?.kind !== 'landline' && line?.kind !== 'toll_free') return null
  return line.told && line.kind === 'landline' ? 'told' : 'guessed'
}

/** Why texts are a bad idea for somebody, whichever number is taken; null when one of them can get one. */
export function noTextsWhy(handles: readonly Reachable[]): string | null {
  const phones = usableHandles(handles, 'text')
  if (phones.length === 0 || phones.some((it) => lineDoubt(it) === null)) return null
  return phones.every((it) => lineDoubt(it) === 'told') ? landline : maybeLandline
}

export const landline = 'A landline: a text would not arrive there'
export const maybeLandline = 'Looks like a landline: a text may not arrive there'

/** How a message to a phone goes. */
export type TextService = 'sms' | 'whatsapp'

// As in src/contact/whatsapp-window.ts: later WhatsApp takes no free words from a business.
const whatsAppWindow = 24 * 60 * 60_000

/** How a number can be written to now; the way they last wrote from it first. */
export function servicesOf(
  handle: Pick<Handle, 'display'>,
  entries: readonly TimelineEntry[],
  now: number,
): readonly [TextService, ...TextService[]] {
  const theirs = entries.filter((it) => it.kind === 'text' && it.direction === 'in' && it.from === handle.display)
  const open = theirs.some((it) => it.channel === 'whatsapp' && it.at > now - whatsAppWindow)
  if (!open) return ['sms']
  return theirs.at(-1)?.channel === 'whatsapp' ? ['whatsapp', 'sms'] : ['sms', 'whatsapp']
}

/**
 * Whether WhatsApp takes only a template for a number: `late` where they wrote too long ago for an answer in words of
 * one's own, `first` where they never wrote there and may have it. Null where words go, or nothing does.
 * @param isSetUp whether we have a WhatsApp sender
 */
export function whatsAppTemplate(
  handle: Reachable,
  entries: readonly TimelineEntry[],
  { now, isSetUp }: { readonly now: number; readonly isSetUp: boolean },
): 'late' | 'first' | null {
  const wrote = entries.some((it) => it.kind === 'text' && it.channel === 'whatsapp' && it.from === handle.display)
  if (wrote) return servicesOf(handle, entries, now).includes('whatsapp') ? null : 'late'
  const kind = handle.line?.kind ?? 'mobile'
  return isSetUp && (kind === 'mobile' || kind === 'mobile_or_landline') ? 'first' : null
}

/** A phone number and the ways it can be written to; one line of the picker. */
export type Way = { readonly handle: Reachable; readonly service: TextService | null }

export function waysTo(
  handles: readonly Reachable[],
  mode: ComposerMode,
  entries: readonly TimelineEntry[],
  now: number,
): readonly Way[] {
  return usableHandles(handles, mode).flatMap((handle): Way[] =>
    mode === 'text'
      ? servicesOf(handle, entries, now)
          .filter((service) => service === 'whatsapp' || lineDoubt(handle) !== 'told')
          .map((service) => ({ handle, service }))
      : [{ handle, service: null }],
  )
}

/** The way that was chosen while there is one, else the first to that number, else the first of all. */
export function chosenWay(
  ways: readonly Way[],
  { handleId, service }: { readonly handleId: number | null; readonly service: TextService | null },
): Way | null {
  const to = ways.filter((it) => it.handle.id === handleId)
  return to.find((it) => it.service === service) ?? to[0] ?? ways[0] ?? null
}

/** The mail an answer belongs to: their newest, else our newest. */
export function mailToAnswer(entries: readonly TimelineEntry[]) {
  const mails = entries
    .filter((it) => it.kind === 'email')
    .filter((it) => it.delivery !== 'cancelled' && it.direction !== 'internal')
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
