import type { FormField } from '../channels/channel.ts'
import { minute } from '../lib/durations.ts'
import type { ReadStore } from '../store/store.ts'
import { findBudget, readBudget } from './read-budget.ts'
import { readTimeline } from './read-timeline.ts'

/** What is known of a lead when it is scored, taken from what came in and from nothing else. */
export type Facts = {
  readonly channels: ReadonlySet<string>
  /** Everything they wrote, subjects of their own included, quotes of us excluded. */
  readonly text: string
  readonly fields: Readonly<Partial<Record<FormField, string>>>
  /** Whole currency units. */
  readonly budget: number | null
  /** Within how many days they want to start. */
  readonly timelineDays: number | null
  /** Some form came with every field filled in. */
  readonly formComplete: boolean
  /** How often they came, a burst on one channel counted once. */
  readonly touches: number
  /** All of it was written by machines. */
  readonly robot: boolean
}

/** One inbound interaction of a lead, as far as scoring cares. */
export type Arrival = {
  readonly at: number
  readonly channel: string
  readonly subject: string
  readonly text: string
  readonly robot: string | null
  readonly fields: string | null
  readonly known: string | null
}

// Three texts in a row are one visit.
const burst = 10 * minute
// A pasted contract says nothing that its first pages do not.
const longestText = 20_000
const latest = 100
// A form of one or two fields is always complete and tells nothing by it.
const fewestFields = 3

/** Reads what came in for a lead, oldest first. */
export async function readArrivals(store: ReadStore, leadId: number): Promise<Arrival[]> {
  const rows = await store.db
    .selectFrom('interaction')
    .leftJoin('mail', 'mail.interaction_id', 'interaction.id')
    .leftJoin('form_submission', 'form_submission.interaction_id', 'interaction.id')
    .select(['at', 'channel', 'subject', 'text', 'mail.robot', 'form_submission.fields', 'form_submission.known'])
    .where('lead_id', '=', leadId)
    .where('direction', '=', 'in')
    .orderBy('at', 'desc')
    .limit(latest)
    .execute()
  return rows.reverse()
}

/** @param arrivals oldest first */
export function collectFacts(arrivals: readonly Arrival[]): Facts {
  const forms = arrivals.flatMap((it) => (it.known === null ? [] : [readForm(it)]))
  const fields = Object.assign({}, ...forms.map((it) => it.known)) as Facts['fields']
  const text = arrivals.map(wordsOf).join('\n')
  const when = forms.findLast((it) => it.known.timeline)
  return {
    channels: new Set(arrivals.map((it) => it.channel)),
    text,
    fields,
    budget: (fields.budget ? readBudget(fields.budget) : null) ?? findBudget(text),
    timelineDays: when?.known.timeline ? readTimeline(when.known.timeline, when.at) : null,
    formComplete: forms.some((it) => it.complete),
    touches: countTouches(arrivals),
    robot: arrivals.length > 0 && arrivals.every((it) => it.robot !== null),
  }
}

function wordsOf({ subject, text }: Arrival): string {
  // "Re: Your quote" is our word, not theirs.
  const own = /^\s*(re|aw|sv|antw|fwd?|wg)\s*(\[\d+\])?:/i.test(subject) ? '' : subject
  return `${own}\n${text}`.slice(0, longestText)
}

function readForm({ at, known, fields }: Arrival) {
  const all = JSON.parse(fields ?? '[]') as { readonly value: string }[]
  const complete = all.length >= fewestFields && all.every((field) => field.value.trim() !== '')
  return { at, known: JSON.parse(known ?? '{}') as Partial<Record<FormField, string>>, complete }
}

function countTouches(arrivals: readonly Arrival[]): number {
  const lastOn = new Map<string, number>()
  let touches = 0
  for (const { at, channel } of arrivals) {
    const last = lastOn.get(channel)
    if (last === undefined || at - last > burst) touches += 1
    lastOn.set(channel, at)
  }
  return touches
}
