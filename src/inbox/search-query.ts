import type { LeadOutcome } from '../convert/contract.ts'
import type { Intent } from '../score/text/contract.ts'
import type { ChannelKind, Tier } from './contract.ts'
import { type SearchToken, tokensOf } from './search-tokens.ts'

/** A span of time, ms UTC; `to` is not part of it. */
export type TimeSpan = { readonly from: number; readonly to: number }

/** Reads "last week", "2026-03" and the like; null for what is no time. */
export type ReadTimeSpan = (text: string) => TimeSpan | null

export type HasWhat = 'attachment' | 'voicemail' | 'recording' | 'quote' | 'phone' | 'email'
export type LeadState =
  | 'overdue'
  | 'due'
  | 'open'
  | 'done'
  | 'snoozed'
  | 'waiting'
  | 'unassigned'
  | 'mine'
  | 'hot'
  | 'missed'
  | 'not_lead'
  | 'revisit'
  | 'any'

/** How it ended, or that it fits. */
export type SearchedOutcome = LeadOutcome | 'qualified'

export type TaskState = 'due' | 'open'

/** One thing that is asked for. */
export type SearchAtom =
  /** `last`: the last word may be the beginning of a longer one. */
  | { readonly kind: 'words' | 'subject'; readonly text: string; readonly exact: boolean; readonly last: boolean }
  | { readonly kind: 'from' | 'to' | 'owner' | 'source' | 'stage' | 'label' | 'reason'; readonly text: string }
  | { readonly kind: 'channel'; readonly channel: ChannelKind }
  | { readonly kind: 'has'; readonly what: HasWhat }
  /** `from` null: since ever; `to` null: until now and later. */
  | { readonly kind: 'time'; readonly from: number | null; readonly to: number | null }
  | { readonly kind: 'score'; readonly min: number; readonly max: number }
  | { readonly kind: 'tier'; readonly tier: Tier }
  | { readonly kind: 'is'; readonly state: LeadState }
  | { readonly kind: 'intent'; readonly intent: Intent }
  | { readonly kind: 'outcome'; readonly outcome: SearchedOutcome }
  /** Something to do for them whose time came, or that is to do at all. */
  | { readonly kind: 'task'; readonly state: TaskState }
  /** When it ended. */
  | ({ readonly kind: 'closed' } & TimeSpan)

export type SearchFactor = { readonly not: boolean; readonly atom: SearchAtom }

/** Every clause must hold; a clause holds when one of its factors does. */
export type SearchQuery = {
  readonly clauses: readonly (readonly SearchFactor[])[]
  /** What was not understood, in the user's words, and what was done about it. */
  readonly problems: readonly string[]
}

const channels: Readonly<Record<string, ChannelKind>> = {
  ...{ email: 'email', mail: 'email', 'e-mail': 'email', sms: 'sms', text: 'sms', whatsapp: 'whatsapp' },
  ...{ chat: 'chat', call: 'call', phone: 'call', form: 'form', note: 'note' },
}
const things: Readonly<Record<string, HasWhat>> = {
  ...{ attachment: 'attachment', file: 'attachment', voicemail: 'voicemail', recording: 'recording', quote: 'quote' },
  ...{ phone: 'phone', number: 'phone', email: 'email', address: 'email' },
}
const tiers: Readonly<Record<string, Tier>> = { hot: 'hot', warm: 'warm', nurture: 'nurture', cold: 'nurture' }
const states: Readonly<Record<string, LeadState>> = {
  ...{ overdue: 'overdue', late: 'overdue', due: 'due', open: 'open', done: 'done', closed: 'done' },
  ...{ snoozed: 'snoozed', waiting: 'waiting', unassigned: 'unassigned', mine: 'mine', hot: 'hot' },
  ...{ missed: 'missed', notlead: 'not_lead', 'not-a-lead': 'not_lead', any: 'any', anything: 'any' },
  ...{ revisit: 'revisit', 'ask-again': 'revisit' },
}
const outcomes: Readonly<Record<string, SearchedOutcome>> = {
  ...{ won: 'won', sold: 'won', lost: 'lost', qualified: 'qualified', disqualified: 'disqualified' },
}
const tasks: Readonly<Record<string, TaskState>> = { due: 'due', overdue: 'due', open: 'open', any: 'open' }
const intents: Readonly<Record<string, Intent>> = {
  ...{ quote: 'quote_request', quote_request: 'quote_request', booking: 'booking', question: 'question' },
  ...{ customer: 'existing_customer', existing_customer: 'existing_customer', complaint: 'complaint' },
  ...{ vendor: 'vendor_pitch', pitch: 'vendor_pitch', vendor_pitch: 'vendor_pitch', job: 'job_application' },
  ...{ job_application: 'job_application', newsletter: 'newsletter', spam: 'spam', wrong_number: 'wrong_number' },
}

/** What can follow an operator, for the suggestions of the search field. Operators with free text have none. */
export const operatorValues: Readonly<Record<SearchOperator, readonly string[]>> = {
  ...{ from: [], to: [], owner: ['me', 'nobody'], source: [], stage: [], score: ['>60', '<30', '30..60'] },
  ...{ subject: [], label: [], reason: [] },
  channel: ['email', 'sms', 'whatsapp', 'chat', 'call', 'form', 'note'],
  has: ['attachment', 'voicemail', 'quote', 'recording', 'phone', 'email'],
  before: ['today', 'this week', 'this month'],
  after: ['yesterday', 'last week', 'last month'],
  on: ['today', 'yesterday', 'last week'],
  tier: ['hot', 'warm', 'nurture'],
  is: ['overdue', 'open', 'done', 'snoozed', 'waiting', 'unassigned', 'mine', 'hot', 'missed', 'revisit', 'any'],
  outcome: ['won', 'lost', 'qualified', 'disqualified'],
  task: ['due', 'open'],
  closed: ['last week', 'last month', '6-12 months ago'],
  intent: ['quote', 'booking', 'question', 'customer', 'complaint', 'vendor', 'job', 'newsletter', 'spam'],
}

export const operators = [
  ...(['from', 'to', 'channel', 'has', 'before', 'after', 'on', 'score', 'tier', 'is', 'owner', 'source'] as const),
  ...(['stage', 'intent', 'subject', 'label', 'outcome', 'closed', 'reason', 'task'] as const),
] as const
export type SearchOperator = (typeof operators)[number]

// A paste of a page must not become a statement with a thousand conditions.
const mostFactors = 40

/**
 * Reads what was typed into the search field. Never throws: what is no operator is searched as text, and `problems`
 * says so.
 * @param readTime reads the values of before:, after: and on:
 */
export function parseSearch(text: string, readTime: ReadTimeSpan): SearchQuery {
  const problems: string[] = []
  const clauses: SearchFactor[][] = []
  const tokens = joinTimes(tokensOf(text), readTime)
  let or = false
  let count = 0
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'or') {
      or = clauses.length > 0
      continue
    }
    if (count === mostFactors) {
      problems.push(`Only the first ${mostFactors} parts of this search are used.`)
      break
    }
    const last = tokens.slice(at + 1).every((it) => it.kind === 'or')
    const atom = atomOf(token, last, readTime, problems)
    if (!atom) continue
    count += 1
    const factor = { not: token.not, atom }
    const before = clauses.at(-1)
    if (or && before) before.push(factor)
    else clauses.push([factor])
    or = false
  }
  return { clauses, problems }
}

type Token = Exclude<SearchToken, { kind: 'or' }>

function atomOf(token: Token, last: boolean, readTime: ReadTimeSpan, problems: string[]): SearchAtom | null {
  const { operator, value } = token
  if (operator === null) {
    if (!/[\p{L}\p{N}]/u.test(value)) return null
    return { kind: 'words', text: value, exact: token.quoted, last: last && !token.quoted && !token.not }
  }
  const asText = (problem: string): SearchAtom | null => {
    problems.push(problem)
    const words = `${operator} ${value}`
    return /[\p{L}\p{N}]/u.test(words) ? { kind: 'words', text: words, exact: false, last: false } : null
  }
  if (!isOperator(operator)) {
    return asText(`“${operator}:” is not a filter here, so it is searched as text.`)
  }
  if (value === '') {
    problems.push(`What should come after “${operator}:”?`)
    return null
  }
  const word = value.toLowerCase()
  const choose = <T>(from: Readonly<Record<string, T>>, asAtom: (found: T) => SearchAtom): SearchAtom | null => {
    const key = word.replaceAll(' ', '_')
    const found = Object.hasOwn(from, key) ? from[key] : undefined
    if (found !== undefined) return asAtom(found)
    const known = operatorValues[operator].join(', ')
    return asText(`“${operator}:${value}” is not known (${known}), so it is searched as text.`)
  }
  switch (operator) {
    case 'from':
    case 'to':
    case 'owner':
    case 'source':
    case 'stage':
    case 'label':
    case 'reason':
      return { kind: operator, text: value }
    case 'subject':
      if (!/[\p{L}\p{N}]/u.test(value)) return null
      return { kind: 'subject', text: value, exact: token.quoted, last: last && !token.quoted && !token.not }
    case 'channel':
      return choose(channels, (channel) => ({ kind: 'channel', channel }))
    case 'has':
      return choose(things, (what) => ({ kind: 'has', what }))
    case 'tier':
      return choose(tiers, (tier) => ({ kind: 'tier', tier }))
    case 'is':
      return choose(states, (state) => ({ kind: 'is', state }))
    case 'intent':
      return choose(intents, (intent) => ({ kind: 'intent', intent }))
    case 'task':
      return choose(tasks, (state) => ({ kind: 'task', state }))
    case 'outcome':
      return choose(outcomes, (outcome) => ({ kind: 'outcome', outcome }))
    case 'closed': {
      const span = readTime(value)
      return span ? { kind: 'closed', ...span } : asText(noDay(value))
    }
    case 'score':
      return scoreOf(word) ?? asText(`“score:${value}” is no score. Write score:>60 or score:30..60.`)
    case 'before':
    case 'after':
    case 'on': {
      const span = readTime(value)
      if (!span) return asText(noDay(value))
      return {
        kind: 'time',
        from: operator === 'before' ? null : span.from,
        to: operator === 'before' ? span.from : operator === 'on' ? span.to : null,
      }
    }
  }
}

const noDay = (value: string) => `“${value}” is no day. Write 2026-03-14, 2026-03, yesterday or last week.`

export const isOperator = (word: string): word is SearchOperator => (operators as readonly string[]).includes(word)

const highest = 100

function scoreOf(text: string): SearchAtom | null {
  const range = /^(\d{1,3})\.\.(\d{1,3})$/.exec(text)
  const one = /^(>=|<=|>|<|=)?(\d{1,3})$/.exec(text)
  if (range) return { kind: 'score', min: Number(range[1]), max: Number(range[2]) }
  if (!one) return null
  const number = Number(one[2])
  switch (one[1]) {
    case '>':
      return { kind: 'score', min: number + 1, max: highest }
    case '>=':
      return { kind: 'score', min: number, max: highest }
    case '<':
      return { kind: 'score', min: 0, max: number - 1 }
    case '<=':
      return { kind: 'score', min: 0, max: number }
    default:
      return { kind: 'score', min: number, max: number }
  }
}

const timeOperators: ReadonlySet<string | null> = new Set(['before', 'after', 'on', 'closed'])
const longestTime = 5

/** `after:last week` without quotes: the words behind belong to the time as long as they make one. */
function joinTimes(tokens: readonly SearchToken[], readTime: ReadTimeSpan): readonly SearchToken[] {
  const joined: SearchToken[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    if (!token) continue
    if (
      token.kind === 'or' ||
      !timeOperators.has(token.operator) ||
      token.quoted ||
      !/^[\p{L}\d-]+$/u.test(token.value)
    ) {
      joined.push(token)
      continue
    }
    const words = [token.value]
    let best = { words: 1, value: token.value }
    for (const next of tokens.slice(at + 1, at + longestTime)) {
      if (next.kind === 'or' || next.operator !== null || next.quoted || next.not) break
      words.push(next.value)
      const value = words.join(' ')
      if (isSpokenTime(value) && readTime(value)) best = { words: words.length, value }
    }
    joined.push({ ...token, value: best.value })
    at += best.words - 1
  }
  return joined
}

/** Only what cannot be meant otherwise: in `on:monday kitchen` the kitchen is searched. */
const isSpokenTime = (text: string) =>
  /^((last|this|past) [a-z]+|(last|past) \d+ [a-z]+|\d+( to \d+|-\d+)? [a-z]+ ago|[a-z]{3,9} (19|20)\d\d|[a-z]{3,9} \d{1,2}|\d{1,2} [a-z]{3,9}( (19|20)\d\d)?)$/i.test(
    text,
  )
