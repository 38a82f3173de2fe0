import type { ChannelKind } from '../inbox/contract.ts'
import { minute } from '../lib/durations.ts'
import { findBudget, readBudget } from './read-budget.ts'
import { readTimeline } from './read-timeline.ts'
import type { Intent, Urgency } from './text/contract.ts'
import { ownSubject, wordsOf } from './words.ts'

/**
 * What is known of a lead when it is scored. Made of what is stored and of nothing else, so that it can be kept as JSON
 * and asked by any rules at any time. Texts are lower-case, times ms UTC.
 */
export type Facts = {
  /** What came from them, oldest first. */
  readonly arrivals: readonly ArrivalFacts[]
  /** The last time anything came, for what has no time of its own. */
  readonly lastAt: number
  /** By the names of score/contract's `factField`. */
  readonly fields: Readonly<Record<string, string>>
  /** Answers to the questions of their forms, by what is written beside them. */
  readonly answers: Readonly<Record<string, string>>
  readonly sources: readonly string[]
  /** utm_*, click ids and where they landed. */
  readonly tracking: Readonly<Record<string, string>>
  /** Whole currency units. */
  readonly budget: number | null
  /** Within how many days they wanted to start when they said so. */
  readonly timelineDays: number | null
  /** Some form came with every field filled in. */
  readonly formComplete: boolean
  readonly region: string | null
  /** ISO 3166, of their numbers. */
  readonly countries: readonly string[]
  readonly sender: 'company' | 'freeMail' | null
  readonly employees: number | null
  readonly lines: readonly string[]
  /** When they answered something one of us wrote, oldest first. */
  readonly replies: readonly number[]
}

export type ArrivalFacts = {
  readonly at: number
  readonly channel: ChannelKind
  /** Of what they wrote: those of words.ts, a blank between them. */
  readonly words: string
  /** The first of a burst on its channel: three texts in a row are one visit. */
  readonly visit: boolean
  /** A call of theirs that nobody took. */
  readonly missed: boolean
  readonly robot: boolean
  readonly intent: Intent | null
  readonly urgency: Urgency | null
}

/** One interaction with them, as far as scoring cares. */
export type Touch = {
  readonly at: number
  readonly direction: 'in' | 'out'
  /** Sent by a machine of ours. */
  readonly automatic: boolean
  readonly channel: ChannelKind
  readonly subject: string
  readonly text: string
  readonly robot: string | null
  /** Answers of a form as JSON, and what was recognised in them. */
  readonly fields: string | null
  readonly known: string | null
  /** How a call went. */
  readonly result: string | null
  readonly intent: Intent | null
  readonly urgency: Urgency | null
}

/** What is known beside what they sent. */
export type About = Pick<Facts, 'region' | 'countries' | 'lines' | 'sources' | 'tracking'> & {
  readonly company: string | null
  readonly hasEmail: boolean
  /** The best value of each field that anybody gave. Of budget and timeline only what was said for this lead. */
  readonly fields: Readonly<Record<string, string>>
  readonly budget: number | null
  readonly timelineDays: number | null
  readonly employees: number | null
}

const burst = 10 * minute
// A pasted contract says nothing that its first pages do not.
const longestText = 20_000
const mostWords = 4_000
// A form of one or two fields is always complete and tells nothing by it.
const fewestFields = 3
const longestAnswer = 500

/** @param touches oldest first */
export function collectFacts(touches: readonly Touch[], about: About, openedAt: number): Facts {
  const arrivals = touches.filter((it) => it.direction === 'in')
  const forms = arrivals.flatMap((it) => (it.known === null ? [] : [readForm(it)]))
  const said: Readonly<Record<string, string>> = Object.assign({}, ...forms.map((it) => it.known))
  const when = forms.findLast((it) => it.known.timeline)
  return {
    arrivals: arrivalFacts(arrivals),
    lastAt: arrivals.at(-1)?.at ?? openedAt,
    fields: lowered({ ...about.fields, ...said }),
    answers: lowered(Object.assign({}, ...forms.map((it) => it.answers))),
    sources: [...new Set(about.sources.map(lower))],
    tracking: lowered(about.tracking),
    budget: readSaidBudget(said.budget) ?? about.budget ?? findInTexts(arrivals),
    timelineDays: (when?.known.timeline ? readTimeline(when.known.timeline, when.at) : null) ?? about.timelineDays,
    formComplete: forms.some((it) => it.complete),
    region: about.region === null ? null : lower(about.region),
    countries: about.countries,
    sender: about.company || said.company ? 'company' : about.hasEmail ? 'freeMail' : null,
    employees: about.employees,
    lines: about.lines,
    replies: repliesAmong(touches),
  }
}

const readSaidBudget = (said: string | undefined) => (said ? readBudget(said) : null)
const findInTexts = (arrivals: readonly Touch[]) => findBudget(arrivals.map(textOf).join('\n').slice(0, longestText))

function arrivalFacts(arrivals: readonly Touch[]): ArrivalFacts[] {
  const lastOn = new Map<string, number>()
  let left = mostWords
  const visits = arrivals.map(({ at, channel }) => {
    const last = lastOn.get(channel)
    lastOn.set(channel, at)
    return last === undefined || at - last > burst
  })
  // The newest words first: of a very long story the end counts.
  return arrivals
    .map((it, index) => ({ it, visit: visits[index] ?? true }))
    .reverse()
    .map(({ it, visit }) => {
      const words = wordsOf(textOf(it)).slice(0, left)
      left -= words.length
      return {
        at: it.at,
        channel: it.channel,
        words: words.join(' '),
        visit,
        missed: it.result === 'missed' || it.result === 'voicemail',
        robot: it.robot !== null,
        intent: it.intent,
        urgency: it.urgency,
      }
    })
    .reverse()
}

const textOf = ({ subject, text }: Touch) => `${ownSubject(subject)}\n${text}`.slice(0, longestText)

function readForm({ at, known, fields }: Touch) {
  const all = JSON.parse(fields ?? '[]') as { readonly label?: string; readonly value: string }[]
  const complete = all.length >= fewestFields && all.every((field) => field.value.trim() !== '')
  const answers = Object.fromEntries(all.map(({ label, value }) => [lower(label ?? ''), value]))
  return { at, known: JSON.parse(known ?? '{}') as Readonly<Record<string, string>>, complete, answers }
}

/** They answered when the last thing before was written or said by one of us. */
function repliesAmong(touches: readonly Touch[]): number[] {
  const replies: number[] = []
  let ours = false
  for (const { at, direction, automatic } of touches) {
    if (direction === 'out') ours ||= !automatic
    else {
      if (ours) replies.push(at)
      ours = false
    }
  }
  return replies
}

export const lower = (it: string) => it.trim().toLowerCase()

function lowered(record: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(record).map(([key, it]) => [
    lower(key),
    lower(String(it ?? '')).slice(0, longestAnswer),
  ])
  return Object.fromEntries(entries.filter(([, it]) => it !== '')) as Record<string, string>
}

// Raise it with every change of what is collected: rows of before are collected again.
const version = 1

/** Short names, since there are a hundred thousand of these; nothing else reads them. */
type Packed = Omit<Facts, 'arrivals'> & {
  readonly version: typeof version
  readonly arrivals: readonly (readonly [number, ChannelKind, string, number, Intent | null, Urgency | null])[]
}

export function packFacts({ arrivals, ...rest }: Facts): string {
  const packed: Packed = {
    version,
    ...rest,
    arrivals: arrivals.map((it) => [
      it.at,
      it.channel,
      it.words,
      (it.visit ? 1 : 0) | (it.missed ? 2 : 0) | (it.robot ? 4 : 0),
      it.intent,
      it.urgency,
    ]),
  }
  return JSON.stringify(packed)
}

/** @returns null for facts that another version of the program collected */
export function unpackFacts(json: string): Facts | null {
  const { version: packedBy, arrivals, ...rest } = JSON.parse(json) as Packed
  if (packedBy !== version) return null
  return {
    ...rest,
    arrivals: arrivals.map(([at, channel, words, flags, intent, urgency]) => ({
      at,
      channel,
      words,
      visit: (flags & 1) !== 0,
      missed: (flags & 2) !== 0,
      robot: (flags & 4) !== 0,
      intent,
      urgency,
    })),
  }
}
