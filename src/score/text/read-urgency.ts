import { readTimeline } from '../read-timeline.ts'
import { type Intent, notLeads, type Urgency } from './contract.ts'

export type UrgencyFound = {
  readonly urgency: Urgency
  /** Their own words; empty for none. */
  readonly reason: string
}

// Somebody's house, car or body comes to harm while nobody answers.
const now = [
  /\b(burst|broken|exploded)( water)? (pipe|main|boiler)|\bpipe (burst|broke)/i,
  /\b(flood(ing|ed)?|water (everywhere|all over|coming (through|in))|sewage|overflowing|backed up)\b/i,
  /\b(no|without) (heat(ing)?|hot water|water|power|electricity|brakes)\b|\b(power|heat|heating) (is )?out\b/i,
  /\bgas (smell|leak)|smell(s|ing)? (of )?gas\b|\bcarbon monoxide\b/i,
  /\b(sparks?|sparking|smoke|burning smell|on fire|panel is buzzing)\b/i,
  /\blocked (out|in)\b|\bstuck (outside|in the elevator)\b/i,
  /\b(emergency|urgent(ly)?|asap|a\.s\.a\.p\.|as soon as possible|immediately|right (now|away)|at once)\b/i,
  /\b(bleeding|severe pain|in (a lot of )?pain|knocked out|can'?t (breathe|sleep from))\b/i,
  /\b(come|send (someone|somebody)|need (someone|somebody|help)|be (seen|here)|get here)\b[^.?!]{0,40}\b(today|now|tonight|tonite|this (morning|afternoon|evening))\b/i,
  /\b(notfall|dringend|sofort|rohrbruch|wasserschaden|kein strom|keine heizung)\b/i,
  /\b(urgente|emergencia|ahora mismo|de inmediato|fuga de (agua|gas)|sin (luz|agua))\b/i,
  /\b(urgence|urgent|tout de suite|fuite d.eau|immédiatement)\b/i,
] as const

const soon = [
  /\b(today|tonight|tonite|tomorrow|tmrw|this (morning|afternoon|evening|week|weekend))\b/i,
  /\b(soonest|earliest|first available|next available|any openings|short notice|quickly|leak(s|ing|y)?|deadline)\b/i,
  /\b(by|before|until) (monday|tuesday|wednesday|thursday|friday|saturday|sunday|the weekend)\b/i,
  /\b(heute|morgen|diese woche|hoy|mañana|esta semana|aujourd.hui|demain|cette semaine)\b/i,
] as const

const calm =
  /\b(no (rush|hurry)|not urgent|nothing urgent|isn'?t urgent|not an emergency|whenever (you|it)|someday|just (researching|looking)|keine eile|sin prisa|pas pressé)\b/i

// Patterns look ahead a few words only, but there are many of them.
const longestText = 4000

/**
 * How long this may wait, by the words alone; the intent only says whether anybody waits at all. A complaint is never
 * less than `soon`.
 * @param timeline what they answered to "when do you want to start?", if they were asked
 * @param at when it was written, ms UTC, to read dates
 */
export function readUrgency(
  text: string,
  { intent, timeline, at }: { readonly intent: Intent; readonly timeline: string | null; readonly at: number },
): UrgencyFound {
  // Who sells, applies, advertises or dialled wrong does not wait for us, whatever words they use.
  if (notLeads.has(intent)) return none
  const words = text.slice(0, longestText).replace(/’/g, "'")
  if (calm.test(words)) return none
  const urgent = firstOf(now, words)
  if (urgent) return { urgency: 'now', reason: urgent }
  const days = timeline === null ? null : readTimeline(timeline, at)
  if (days !== null && days <= 1) return { urgency: days === 0 ? 'now' : 'soon', reason: timeline?.trim() ?? '' }
  const close = firstOf(soon, words)
  if (close && (intent === 'booking' || intent === 'quote_request' || intent === 'complaint')) {
    return { urgency: 'soon', reason: close }
  }
  if (days !== null && days <= 7) return { urgency: 'soon', reason: timeline?.trim() ?? '' }
  return intent === 'complaint' ? { urgency: 'soon', reason: 'complaint' } : none
}

const none: UrgencyFound = { urgency: 'none', reason: '' }

function firstOf(patterns: readonly RegExp[], words: string): string | null {
  for (const pattern of patterns) {
    const found = pattern.exec(words)?.[0]
    if (found) return found.trim().toLowerCase().slice(0, longestReason)
  }
  return null
}

const longestReason = 60
