import { day } from '../lib/durations.ts'

/**
 * Reads out of a "when do you want to start?" field within how many days that is, at the latest: "2 weeks" → 14,
 * "1-3 months" → 90, "ASAP" → 0. Written in one place so that the rule reads "within 30 days".
 *
 * @param at when it was written, ms UTC, to read dates
 * @returns days, or null when it tells nothing ("flexible", "just researching")
 */
export function readTimeline(text: string, at: number): number | null {
  const words = text.slice(0, longestAnswer).toLowerCase().replace(/[–—]/g, '-')
  for (const { pattern, days } of phrases) if (pattern.test(words)) return days
  return readSpan(words) ?? readDate(words, at)
}

// Nobody says in more than a few lines when they want to start. The patterns go over the text again and again: on ten
// thousand blanks, which a field of a form may hold, they would be busy for minutes.
const longestAnswer = 300

const phrases = [
  { pattern: /\b(no rush|not urgent|research|just looking|not sure|someday|flexible)/, days: null },
  {
    pattern: /\b(asap|as soon as possible|immediate|urgent|emergency|right away|right now|today|now)\b|\bimmediately\b/,
    days: 0,
  },
  { pattern: /\b(tomorrow|24 ?h(ours)?)\b/, days: 1 },
  { pattern: /\b(this|within a|within the|in a|one) week\b/, days: 7 },
  { pattern: /\bnext week\b/, days: 14 },
  { pattern: /\b(a )?couple (of )?weeks\b/, days: 14 },
  { pattern: /\b(a )?few weeks\b/, days: 21 },
  { pattern: /\b(this|within a|within the|in a|one) month\b/, days: 30 },
  { pattern: /\bnext month\b/, days: 60 },
  { pattern: /\b(a )?couple (of )?months\b/, days: 60 },
  { pattern: /\b(a )?few months\b/, days: 90 },
  { pattern: /\b(this|next|within a|in a) year\b/, days: 365 },
] as const

const numberWords = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
]
const unitDays: Readonly<Record<string, number>> = { d: 1, w: 7, m: 30, y: 365 }

/** "30-90 d", "in 2 weeks", "three months", "6+ months": the longest that was said. */
function readSpan(words: string): number | null {
  const counted = words.replace(/[a-z]+/g, (word) => {
    const index = numberWords.indexOf(word)
    return index < 0 ? word : String(index)
  })
  const match = /(\d+)\s*(?:(?:-|to|or)\s*(\d+))?\s*\+?\s*(d|w|m|y)(?:ays?|eeks?|ks?|onths?|os?|ears?|rs?)?\b/.exec(
    counted,
  )
  if (!match) return null
  const most = Math.max(Number(match[1]), Number(match[2] ?? 0))
  return most * (unitDays[match[3] ?? 'd'] ?? 1)
}

function readDate(words: string, at: number): number | null {
  const iso = /\b(\d{4})-(\d{2})-(\d{2})\b/.exec(words)
  if (!iso) return null
  const days = Math.ceil((Date.parse(iso[0]) - at) / day)
  return Number.isNaN(days) ? null : Math.max(0, days)
}
