import { type RawBuilder, sql } from 'kysely'
import type { ViewSort } from '../../inbox/contract.ts'
import type { SearchAtom, SearchQuery } from '../../inbox/search-query.ts'
import type { ReadStore } from '../store.ts'
import type { Viewer } from './inbox.ts'
import { type Around, isIndexed, lookAround, matchOfAtom, termsOf } from './search-around.ts'
import { anyOf, type Condition, isOneOf, onLead, onMessage, spoken } from './search-conditions.ts'
import { matchAll } from './search-words.ts'

/** A search for leads, ready to become SQL. */
export type LeadFilter = {
  readonly conditions: readonly Condition[]
  /** Leads that are open and awake, or all of them because it says itself which. */
  readonly scope: 'open' | 'all'
  /** What holds of few leads, which an index finds, and of all that it can find: they are sorted, and no order is walked. */
  readonly few: Condition | null
  /** None of them is open, so none has a deadline. */
  readonly closed: boolean
}

// Of a word the newest messages must do: every message that comes in may change what a view counts.
const newestLookedAt = 3000
// More are found soon enough along the order.
const mostFew = 3000

/** Looks up who is meant and writes the conditions about one lead (`lead`). */
export async function leadFilterOf(
  store: ReadStore,
  query: SearchQuery,
  viewer: Viewer,
  sort: ViewSort,
): Promise<LeadFilter> {
  const around = await lookAround(store, query, viewer, sort === 'due')
  const people = new Map<SearchAtom, readonly number[]>()
  for (const { atom } of query.clauses.flat()) {
    const found = await peopleWith(store, atom, around)
    if (found) people.set(atom, found)
  }
  const alone = query.clauses.flatMap((it) => (it.length === 1 && it[0] && !it[0].not ? [it[0].atom] : []))
  const scope = query.clauses.some((it) => it.some(({ atom }) => saysWhich(atom))) ? 'all' : 'open'
  let few: Condition | null = null
  for (const atom of alone) few ??= await fewWith(store, atom, { around, scope, people: people.get(atom) })
  return {
    conditions: query.clauses.map((it) =>
      anyOf(it, (atom) => {
        const found = people.get(atom)
        return found ? isOneOf('lead.person_id', found) : onLead(atom, around)
      }),
    ),
    scope,
    few,
    closed: alone.some(isEnd),
  }
}

/** People of whom one of the newest messages has it; null where leads can be asked themselves. */
async function peopleWith(store: ReadStore, atom: SearchAtom, around: Around): Promise<readonly number[] | null> {
  const messages = newestWith(atom, around)
  if (messages === null) return null
  const named = atom.kind === 'words' ? matchAll(termsOf(atom)) : null
  const { rows } = await sql<{ readonly id: number }>`
    select distinct interaction.person_id as id from (${messages}) as newest
    cross join interaction on interaction.id = newest.id where ${spoken}
    ${named === null ? sql`` : sql`union select rowid from person_search where person_search match ${named}`}`.execute(
    store.db,
  )
  return rows.map((it) => it.id)
}

function newestWith(atom: SearchAtom, around: Around) {
  if (isIndexed(atom)) {
    return sql`select rowid as id from interaction_search
      where interaction_search match ${matchOfAtom(atom, around)} order by rowid desc limit ${newestLookedAt}`
  }
  if (atom.kind !== 'has') return null
  switch (atom.what) {
    case 'phone':
    case 'email':
      return null
    case 'attachment':
    case 'quote':
      return sql`select interaction_id as id from (
          select interaction_id from attachment order by id desc limit ${newestLookedAt}) as newest_file
        cross join interaction on interaction.id = newest_file.interaction_id where ${onMessage(atom, around)}`
    default:
      return sql`select interaction_id as id from (
          select interaction_id from call order by interaction_id desc limit ${newestLookedAt}) as newest_call
        cross join interaction on interaction.id = newest_call.interaction_id where ${onMessage(atom, around)}`
  }
}

/** The condition that finds the few leads that have it; null when they are more than {@link mostFew} or no index knows. */
async function fewWith(
  store: ReadStore,
  atom: SearchAtom,
  {
    around,
    scope,
    people,
  }: Pick<LeadFilter, 'scope'> & {
    readonly around: Around
    readonly people: readonly number[] | undefined
  },
): Promise<Condition | null> {
  if (people) return people.length > mostFew ? null : isOneOf('lead.person_id', people)
  const found =
    scope === 'open' && !around.byDue && isIndexedOfOpen(atom)
      ? openWith(onLead(atom, { ...around, byDue: true }))
      : narrow(atom, around)
  if (found === null) return null
  // Counted in the index alone: most often they are not few, and then nothing of this was of use.
  const { rows } = await sql<{ readonly count: number }>`
    select count(*) as count from (select 1 from (${found.ids}) limit ${mostFew + 1})`.execute(store.db)
  return (rows[0]?.count ?? 0) > mostFew ? null : sql<boolean>`${sql.ref(found.column)} in (${found.ids})`
}

type Found = { readonly column: 'lead.id' | 'lead.person_id'; readonly ids: RawBuilder<unknown> }

const ofLeads = (ids: RawBuilder<unknown>): Found => ({ column: 'lead.id', ids })
const openWith = (condition: Condition) =>
  ofLeads(sql`select lead.id from lead where lead.status = 'open' and ${condition}`)

/** Tiers and owners of open leads. */
function isIndexedOfOpen(atom: SearchAtom): boolean {
  if (atom.kind === 'is') return ['mine', 'unassigned', 'hot'].includes(atom.state)
  return atom.kind === 'tier' || atom.kind === 'owner'
}

/** What an index other than that of the order answers. */
function narrow(atom: SearchAtom, { labels, viewer }: Around): Found | null {
  switch (atom.kind) {
    case 'label':
      return {
        column: 'lead.person_id',
        ids: sql`select person_id from person_label where ${isOneOf('label_id', labels.get(atom) ?? [])}`,
      }
    case 'outcome':
      if (atom.outcome === 'qualified') return null
      return ofLeads(sql`select id from lead where outcome is not null and outcome = ${atom.outcome}`)
    case 'closed':
      return ofLeads(sql`select id from lead
          where outcome is not null and outcome_at >= ${atom.from} and outcome_at < ${atom.to}
        union all select id from lead
          where done_at is not null and outcome_at is null and done_at >= ${atom.from} and done_at < ${atom.to}`)
    case 'is':
      return atom.state === 'revisit'
        ? ofLeads(sql`select id from lead where revisit_at is not null and revisit_at <= ${viewer.now}`)
        : null
    default:
      return null
  }
}

/** Whether it says itself which leads a search is about. */
const saysWhich = (atom: SearchAtom) =>
  isEnd(atom) || (atom.kind === 'is' && ['any', 'snoozed', 'open'].includes(atom.state))

function isEnd(atom: SearchAtom): boolean {
  if (atom.kind === 'is') return ['done', 'not_lead', 'revisit'].includes(atom.state)
  return atom.kind === 'closed' || (atom.kind === 'outcome' && atom.outcome !== 'qualified')
}
