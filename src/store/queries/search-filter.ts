import { type RawBuilder, sql } from 'kysely'
import type { SearchAtom, SearchFactor, SearchQuery } from '../../inbox/search-query.ts'
import { missingCase } from '../../lib/assert.ts'
import type { ReadStore } from '../store.ts'
import type { Viewer } from './inbox.ts'
import { findPeople } from './search-find-people.ts'
import { matchAll, type Term, understand, wordsOf } from './search-words.ts'

/** A condition in SQL. */
export type Condition = RawBuilder<boolean>

/** A search with its names looked up, ready to become SQL. */
export type SearchFilter = {
  /** FTS5 expression of the words that must or must not be there; null when no word must be. */
  readonly match: string | null
  readonly terms: readonly Term[]
  /** Everything else, about one message (`interaction`). */
  readonly messages: readonly Condition[]
  /** The same about one lead (`lead`). */
  readonly leads: readonly Condition[]
  /** People that all messages found are with; null when that is not known. */
  readonly personIds: readonly number[] | null
  /** When all messages found were, ms UTC. */
  readonly from: number
  readonly to: number
  /** Leads that are open and awake, or all of them because it says itself which. */
  readonly scope: 'open' | 'all'
  /** Whether it asks for messages at all; else for leads only. */
  readonly aboutMessages: boolean
  /** Only words that all must be there: what people type without knowing of operators. */
  readonly plain: boolean
}

const mostPeople = 300
const mostForLeads = 20_000

/** Looks up who is meant and writes the conditions. Nothing typed becomes SQL text: values are bound, words quoted. */
export async function filterOf(store: ReadStore, query: SearchQuery, viewer: Viewer): Promise<SearchFilter> {
  const people = await findNamed(store, query)
  const around = { viewer, people }
  const wordClauses = query.clauses.filter((it) => it.every(isWords))
  const others = query.clauses.filter((it) => !it.every(isWords))
  const positive = wordClauses.filter((it) => it.some((factor) => !factor.not))
  const negative = wordClauses.filter((it) => it.every((factor) => factor.not))
  // FTS5 knows "and not", no "not" alone and none inside an "or".
  const indexable = positive.filter((it) => it.every((factor) => !factor.not))
  const rest = [...others, ...negative, ...positive.filter((it) => !indexable.includes(it))]
  const terms = indexable.flatMap((it) => it.flatMap(({ atom }) => termsOf(atom)))
  return {
    match: indexable.length === 0 ? null : indexable.map(matchOfClause).join(' AND '),
    terms,
    messages: rest.map((it) => anyOf(it, (atom) => onMessage(atom, around))),
    leads: query.clauses.map((it) => anyOf(it, (atom) => onLead(atom, around))),
    personIds: namedIn(query, people),
    ...spanOf(query),
    scope: scopeOf(query),
    aboutMessages: query.clauses.some((it) => it.some(({ atom }) => isAboutMessage(atom))),
    plain: query.clauses.every((it) => it.length === 1 && it.every((factor) => !factor.not && isWords(factor))),
  }
}

type Around = { readonly viewer: Viewer; readonly people: ReadonlyMap<string, readonly number[]> }

const isWords = ({ atom }: SearchFactor) => atom.kind === 'words'

const termsOf = (atom: SearchAtom): readonly Term[] => {
  if (atom.kind !== 'words') return []
  const words = wordsOf(atom.text)
  return words.length === 0 ? [] : [{ words, begins: atom.last && !atom.exact }]
}

const matchOfClause = (clause: readonly SearchFactor[]) =>
  `(${clause.map(({ atom }) => matchAll(termsOf(atom))).join(' OR ')})`

function anyOf(clause: readonly SearchFactor[], conditionOf: (atom: SearchAtom) => Condition): Condition {
  const parts = clause.map(({ not, atom }) => (not ? sql<boolean>`not (${conditionOf(atom)})` : conditionOf(atom)))
  return sql<boolean>`(${sql.join(parts, sql` or `)})`
}

function isAboutMessage(atom: SearchAtom): boolean {
  switch (atom.kind) {
    case 'words':
    case 'from':
    case 'to':
    case 'time':
    case 'intent':
    case 'channel':
      return true
    case 'has':
      return atom.what !== 'phone' && atom.what !== 'email'
    default:
      return false
  }
}

const spoken = sql<boolean>`interaction.delivery != 'cancelled'`

function onMessage(atom: SearchAtom, around: Around): Condition {
  switch (atom.kind) {
    case 'words':
      return matching(atom)
    case 'from':
      return isUs(atom.text)
        ? sql<boolean>`interaction.direction = 'out'`
        : sql<boolean>`(interaction.direction = 'in' and (${withOneOf(atom.text, around)} or ${mailFrom(atom.text)}))`
    case 'to':
      return isUs(atom.text)
        ? sql<boolean>`interaction.direction = 'in'`
        : sql<boolean>`((interaction.direction = 'out' and ${withOneOf(atom.text, around)}) or ${mailTo(atom.text)})`
    case 'channel':
      return sql<boolean>`interaction.channel = ${atom.channel}`
    case 'has':
      return hasOnMessage(atom.what)
    case 'time':
      return sql<boolean>`(interaction.at >= ${atom.from ?? 0} and interaction.at < ${atom.to ?? Number.MAX_SAFE_INTEGER})`
    case 'intent':
      return sql<boolean>`coalesce(
        (select intent from intent_example where intent_example.interaction_id = interaction.id),
        (select intent from message_insight where message_insight.interaction_id = interaction.id), '') = ${atom.intent}`
    default:
      // Of the person's lead: the open one, else the newest, is the one with the highest number.
      return sql<boolean>`exists (select 1 from lead where lead.person_id = interaction.person_id
        and lead.merged_into is null and ${isNewest} and ${onLead(atom, around)})`
  }
}

function onLead(atom: SearchAtom, around: Around): Condition {
  const { viewer } = around
  switch (atom.kind) {
    case 'channel':
      return sql<boolean>`lead.last_channel = ${atom.channel}`
    case 'score':
      // The plus signs here and below keep the planner on the index of the order: it would sort all that match.
      return sql<boolean>`(+lead.score >= ${atom.min} and +lead.score <= ${atom.max})`
    case 'tier':
      return sql<boolean>`lead.tier = ${atom.tier}`
    case 'is':
      return isState(atom.state, viewer)
    case 'owner':
      return ownedBy(atom.text, viewer)
    case 'source':
      return contains(sql.ref('lead.source'), atom.text)
    case 'stage':
      return contains(sql.ref('lead.stage'), atom.text)
    case 'has':
      if (atom.what === 'phone' || atom.what === 'email') {
        return sql<boolean>`exists (select 1 from handle
          where handle.person_id = lead.person_id and handle.kind = ${atom.what} and handle.valid = 1)`
      }
      break
    case 'words':
      // Looked up once, not once a lead; and counted anew with every message that comes in, so the newest must do.
      return sql<boolean>`(lead.person_id in (select interaction.person_id from interaction
        where interaction.id in (select rowid from interaction_search
          where interaction_search match ${matchAll(termsOf(atom))} order by rowid desc limit ${mostForLeads})
        and ${spoken}) or lead.person_id in (
          select rowid from person_search where person_search match ${matchAll(termsOf(atom))}))`
    default:
      break
  }
  return sql<boolean>`exists (select 1 from interaction
    where interaction.person_id = lead.person_id and ${spoken} and ${onMessage(atom, around)})`
}

function hasOnMessage(what: Extract<SearchAtom, { kind: 'has' }>['what']): Condition {
  const call = (condition: Condition) => sql<boolean>`exists (select 1 from call
    where call.interaction_id = interaction.id and ${condition})`
  switch (what) {
    case 'attachment':
      return sql<boolean>`(interaction.channel != 'call' and exists (
        select 1 from attachment where attachment.interaction_id = interaction.id))`
    case 'quote':
      // Known by the name of the file, as people name them.
      return sql<boolean>`exists (select 1 from attachment where attachment.interaction_id = interaction.id
        and (${sql.join(
          quoteNames.map((it) => contains(sql.ref('attachment.name'), it)),
          sql` or `,
        )}))`
    case 'voicemail':
      return call(sql<boolean>`call.result = 'voicemail'`)
    case 'recording':
      return call(sql<boolean>`call.recording_id is not null`)
    case 'phone':
    case 'email':
      return sql<boolean>`exists (select 1 from handle
        where handle.person_id = interaction.person_id and handle.kind = ${what} and handle.valid = 1)`
    default:
      return missingCase(what)
  }
}

const quoteNames = ['quote', 'quotation', 'estimate', 'proposal', 'offer']

const isNewest = sql<boolean>`not exists (
  select 1 from lead as newer where newer.person_id = lead.person_id and newer.id > lead.id and newer.merged_into is null)`

function isState(state: Extract<SearchAtom, { kind: 'is' }>['state'], { now, me }: Viewer): Condition {
  const awake = sql<boolean>`(lead.snoozed_until is null or lead.snoozed_until <= ${now})`
  const open = sql<boolean>`lead.status = 'open'`
  switch (state) {
    case 'any':
      return sql<boolean>`true`
    case 'open':
      return open
    case 'done':
      return sql<boolean>`(lead.status = 'done' and lead.done_at is not null)`
    case 'not_lead':
      return sql<boolean>`lead.status = 'not_lead'`
    case 'due':
      return sql<boolean>`(${open} and +lead.due_at is not null and ${awake})`
    case 'overdue':
      return sql<boolean>`(${open} and +lead.due_at <= ${now} and ${awake})`
    case 'snoozed':
      return sql<boolean>`(${open} and lead.snoozed_until is not null and lead.snoozed_until > ${now})`
    case 'waiting':
      return sql<boolean>`(${open} and (lead.last_direction = 'out' or lead.waiting_since is not null)
        and (lead.clock_kind is null or lead.clock_kind = 'second_touch'))`
    case 'unassigned':
      return sql<boolean>`lead.owner_id is null`
    case 'mine':
      return me === null ? sql<boolean>`false` : sql<boolean>`lead.owner_id = ${me}`
    case 'hot':
      return sql<boolean>`lead.tier = 'hot'`
    case 'missed':
      return sql<boolean>`lead.missed_call = 1`
    default:
      return missingCase(state)
  }
}

function ownedBy(who: string, { me }: Viewer): Condition {
  const name = who.toLowerCase()
  if (name === 'me') return me === null ? sql<boolean>`false` : sql<boolean>`lead.owner_id = ${me}`
  if (['nobody', 'none', 'noone'].includes(name)) return sql<boolean>`lead.owner_id is null`
  return sql<boolean>`lead.owner_id in (select member.id from member where ${contains(sql.ref('member.name'), who)})`
}

const contains = (column: RawBuilder<unknown>, text: string): Condition =>
  sql<boolean>`${column} like ${`%${text.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`

const matching = (atom: SearchAtom): Condition => {
  const terms = termsOf(atom)
  if (terms.length === 0) return sql<boolean>`true`
  return sql<boolean>`interaction.id in (
    select rowid from interaction_search where interaction_search match ${matchAll(terms)})`
}

const isUs = (who: string) => ['me', 'us'].includes(who.toLowerCase())
const isAddress = (who: string) => /^[^\s@"]+@[^\s@"]+$/.test(who)

const withOneOf = (who: string, { people }: Around): Condition =>
  sql<boolean>`interaction.person_id in (select value from json_each(${JSON.stringify(people.get(keyOf(who)) ?? [])}))`

const mailFrom = (who: string): Condition =>
  isAddress(who)
    ? sql<boolean>`exists (select 1 from mail where mail.interaction_id = interaction.id
        and mail.from_address = ${who.toLowerCase()})`
    : sql<boolean>`false`

const mailTo = (who: string): Condition =>
  isAddress(who)
    ? sql<boolean>`exists (select 1 from mail where mail.interaction_id = interaction.id
        and instr(lower(mail.to_addresses), ${JSON.stringify(who.toLowerCase())}) > 0)`
    : sql<boolean>`false`

const keyOf = (who: string) => who.trim().toLowerCase()

/** Whom the names and addresses of from: and to: mean. */
async function findNamed(store: ReadStore, query: SearchQuery): Promise<ReadonlyMap<string, readonly number[]>> {
  const found = new Map<string, readonly number[]>()
  for (const { atom } of query.clauses.flat()) {
    if ((atom.kind !== 'from' && atom.kind !== 'to') || isUs(atom.text) || found.has(keyOf(atom.text))) continue
    const people = await findPeople(store, understand(atom.text.replace(/^@/, '')), mostPeople)
    found.set(
      keyOf(atom.text),
      people.map((it) => it.personId),
    )
  }
  return found
}

/** One clause that names people narrows everything to them, unless an address may stand in mail of others. */
function namedIn(query: SearchQuery, people: Around['people']): readonly number[] | null {
  for (const clause of query.clauses) {
    const [only, ...more] = clause
    if (!only || more.length > 0 || only.not || (only.atom.kind !== 'from' && only.atom.kind !== 'to')) continue
    if (isUs(only.atom.text) || isAddress(only.atom.text)) continue
    return people.get(keyOf(only.atom.text)) ?? []
  }
  return null
}

function spanOf(query: SearchQuery): { readonly from: number; readonly to: number } {
  let from = 0
  let to = Number.MAX_SAFE_INTEGER
  for (const clause of query.clauses) {
    const [only, ...more] = clause
    if (!only || more.length > 0 || only.not || only.atom.kind !== 'time') continue
    from = Math.max(from, only.atom.from ?? from)
    to = Math.min(to, only.atom.to ?? to)
  }
  return { from, to }
}

/** Whether a search says itself which leads it is about. */
const scopeOf = (query: SearchQuery): SearchFilter['scope'] =>
  query.clauses.some((it) =>
    it.some(({ atom }) => atom.kind === 'is' && ['done', 'not_lead', 'any', 'snoozed', 'open'].includes(atom.state)),
  )
    ? 'all'
    : 'open'
