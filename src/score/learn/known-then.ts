import { DateTime } from 'luxon'
import { day } from '../../lib/durations.ts'
import type { WorkspaceSettings } from '../../store/queries/settings.ts'
import type { ReadStore } from '../../store/store.ts'
import type { Facts } from '../facts.ts'
import type { Cell } from '../predict/table.ts'
import { type FactsThen, readFactsThen } from '../read-facts.ts'

/** What a model looks at: by the names of `columnWords`; the answers of forms by {@link answerPrefix} and their label. */
export type Known = Readonly<Record<string, Cell>>

export const answerPrefix = 'answer '

/** When a lead is judged: a day after it came, or when the first of us spoke to them, whatever is first. */
export type Moments = {
  readonly openedAt: number
  readonly firstHumanAt: number | null
  /** When it ended. */
  readonly outcomeAt: number | null
}

/** What comes later says what we did, or how it ended, and never what could be known. ms UTC */
export const decisionOf = ({ openedAt, firstHumanAt, outcomeAt }: Moments): number =>
  Math.max(openedAt, Math.min(openedAt + day, firstHumanAt ?? Infinity, outcomeAt ?? Infinity))

export type KnowDeps = {
  /** The company somebody writes from, null for providers for everybody. */
  readonly companyFromEmail: (address: string) => string | null
}

export type KnownThen = { readonly facts: Facts; readonly known: Known }

/** What was known of a lead at a moment, ready to be learnt from. */
export async function readKnownThen(
  store: ReadStore,
  lead: { readonly leadId: number; readonly openedAt: number },
  then: number,
  business: WorkspaceSettings['business'],
  deps: KnowDeps,
): Promise<KnownThen> {
  const read = await readFactsThen(store, lead.leadId, then)
  return { facts: read.facts, known: knownOf(read, lead.openedAt, business, deps) }
}

const mostAnswers = 20

function knownOf(
  { facts, emails }: FactsThen,
  openedAt: number,
  business: WorkspaceSettings['business'],
  { companyFromEmail }: KnowDeps,
): Known {
  const { arrivals, fields, tracking, answers } = facts
  const local = DateTime.fromMillis(openedAt, { zone: business.zone })
  const postcode = fields.postcode?.replaceAll(' ', '') ?? null
  const area = business.localPostcodes.map((it) => it.toLowerCase().replaceAll(' ', ''))
  const intents = arrivals.flatMap((it) => it.intent ?? [])
  const urgencies = arrivals.map((it) => it.urgency)
  return {
    channel: arrivals[0]?.channel ?? null,
    channels: new Set(arrivals.map((it) => it.channel)).size,
    source: facts.sources[0] ?? null,
    campaign: tracking.utm_campaign ?? null,
    medium: tracking.utm_medium ?? null,
    'from an ad': ['gclid', 'fbclid', 'msclkid'].some((it) => tracking[it] !== undefined),
    hour: local.hour,
    weekday: local.weekdayLong,
    'fields filled in': Object.keys(fields).length,
    'form complete': facts.formComplete,
    budget: facts.budget,
    'days to start': facts.timelineDays,
    'postcode area': postcode === null ? null : postcode.slice(0, 3),
    'in our area': postcode === null || area.length === 0 ? null : area.some((it) => postcode.startsWith(it)),
    region: facts.region,
    messages: arrivals.filter((it) => it.visit).length,
    words: arrivals.reduce((sum, it) => sum + (it.words === '' ? 0 : it.words.split(' ').length), 0),
    'missed calls': arrivals.filter((it) => it.missed).length,
    'phone known': facts.lines.length > 0 || fields.phone !== undefined,
    line: facts.lines[0] ?? null,
    wants: intents.at(-1) ?? null,
    urgency: urgencies.includes('now') ? 'now' : urgencies.includes('soon') ? 'soon' : null,
    sender: emails.length === 0 ? null : emails.some((it) => companyFromEmail(it) !== null) ? 'company' : 'free mail',
    employees: facts.employees,
    ...Object.fromEntries(
      Object.entries(answers)
        .filter(([label]) => label !== '' && !isSomebody(label))
        .slice(0, mostAnswers)
        .map(([label, value]) => [answerPrefix + label, value]),
    ),
  }
}

// Who they are is told by nobody's name; the message counts by its words.
const isSomebody = (label: string) => /name|mail|phone|tel|mobile|message|comment|address|street/.test(label)
