import { sql } from 'kysely'
import type { Tier } from '../inbox/contract.ts'
import { minute } from '../lib/durations.ts'
import type { RouteRule, Routing } from '../settings/contract.ts'
import type { ReadStore } from '../store/store.ts'
import { type Load, noLoad } from './availability.ts'
import { type Choice, chooseByRules, type TurnState, type Turns } from './choose-owner.ts'
import { readRouteFacts } from './read-facts.ts'
import { localDate, type Situation, tierWeight } from './read-team.ts'
import { keptBy, lastOwner } from './route-lead.ts'

// Enough to see what a rule does, few enough to be read.
const most = 50

export type PreviewedLead = {
  readonly leadId: number
  readonly personId: number
  readonly name: string
  readonly openedAt: number
  readonly now: string | null
  readonly would: string | null
  readonly ruleId: string | null
  readonly sentence: string
}

/**
 * Deals the last leads out again, each at the time at which it came, with turns that go on from one to the next, and
 * with what people had in hand by then: until it was closed, each lead is one more for whoever had it or would have had
 * it. Changes nothing.
 * @param situation read at or before the time of the oldest of them
 * @returns newest first
 */
export async function previewLeads(
  store: ReadStore,
  routing: Routing,
  { team, turns, zone }: Situation,
): Promise<PreviewedLead[]> {
  const leads = (await recentLeads(store)).toReversed()
  const { members } = team
  const held = await heldBefore(store, leads)
  let going = turns
  const previewed: PreviewedLead[] = []
  for (const lead of leads) {
    const at = lead.opened_at
    const now = { members, loads: loadsAt(held, at), at, today: localDate(zone, at) }
    const former = members.find((it) => it.id === lead.last_owner_id)
    const kept = former && keptBy(former, { routing, team: now }, routing.keepOwnerMinutes * minute)
    const about = { id: lead.id, personId: lead.person_id, tier: lead.tier as Tier, source: lead.source }
    const choice = kept ?? chooseByRules(routing.rules, await readRouteFacts(store, about, routing.rules), now, going)
    going = afterMoves(going, choice.moves)
    const { owner } = choice
    if (owner) held.push({ ownerId: owner.id, tier: lead.tier, leads: 1, until: lead.done_at })
    previewed.push({
      leadId: lead.id,
      personId: lead.person_id,
      name: lead.name,
      openedAt: at,
      now: lead.owner_name,
      would: owner?.name ?? null,
      ruleId: choice.ruleId,
      sentence: sentenceOf(choice),
    })
  }
  return previewed.toReversed()
}

/** When the oldest of the previewed leads came, ms UTC; null when there is none. */
export async function oldestPreviewed(store: ReadStore): Promise<number | null> {
  const times = (await recentLeads(store)).map((it) => it.opened_at)
  return times.length === 0 ? null : Math.min(...times)
}

/** "Dana: rule “ZIP 941” → fewest open leads (3)". */
export const sentenceOf = ({ owner, words }: Pick<Choice, 'owner' | 'words'>) =>
  owner ? `${owner.name}: ${words}` : words

/** How many of the leads each rule gave out. */
export const leadsOf = (rule: RouteRule, leads: readonly PreviewedLead[]) =>
  leads.filter((it) => it.ruleId === rule.id).length

/** Leads of one owner and tier; `until`: when they were closed, null for what is open. */
type Held = {
  readonly ownerId: number
  readonly tier: string
  readonly leads: number
  readonly until: number | null
}

function loadsAt(held: readonly Held[], at: number): ReadonlyMap<number, Load> {
  const loads = new Map<number, Load>()
  for (const { ownerId, tier, leads, until } of held) {
    if (until !== null && until <= at) continue
    const had = loads.get(ownerId) ?? noLoad
    loads.set(ownerId, { open: had.open + leads, weight: had.weight + leads * tierWeight(tier) })
  }
  return loads
}

/** What people had in hand when the first of these came. Whose a lead was before it changed hands is not known here. */
async function heldBefore(store: ReadStore, leads: readonly { readonly id: number; readonly opened_at: number }[]) {
  const first = leads[0]
  if (!first) return []
  const open = await openBeforeQuery(store, first.id).execute()
  const closed = await closedSinceQuery(store, first).execute()
  return [...open, ...closed].flatMap(({ ownerId, ...it }): Held[] => (ownerId === null ? [] : [{ ...it, ownerId }]))
}

export const openBeforeQuery = (store: ReadStore, leadId: number) =>
  store.db
    .selectFrom('lead')
    .select(['owner_id as ownerId', 'tier', (it) => it.fn.countAll<number>().as('leads'), sql<null>`null`.as('until')])
    .where('status', '=', sql.lit('open'))
    .where('owner_id', 'is not', null)
    .where('id', '<', leadId)
    .groupBy(['owner_id', 'tier'])

export const closedSinceQuery = (store: ReadStore, first: { readonly id: number; readonly opened_at: number }) =>
  store.db
    .selectFrom('lead')
    .select(['owner_id as ownerId', 'tier', sql<number>`1`.as('leads'), 'done_at as until'])
    .where('done_at', '>', first.opened_at)
    .where('id', '<', first.id)

function afterMoves(turns: Turns, moves: Choice['moves']): Turns {
  const next = new Map<string, ReadonlyMap<number, TurnState>>(turns)
  for (const { ruleId, memberId, state } of moves) {
    next.set(ruleId, new Map([...(next.get(ruleId) ?? []), [memberId, state]]))
  }
  return next
}

export const recentLeadsQuery = (store: ReadStore) =>
  store.db
    .selectFrom('lead')
    .innerJoin('person', 'person.id', 'lead.person_id')
    .leftJoin('member', 'member.id', 'lead.owner_id')
    .select(['lead.id', 'lead.person_id', 'lead.opened_at', 'lead.done_at', 'lead.tier', 'lead.source'])
    .select(['person.name', 'member.name as owner_name'])
    .select((it) => lastOwner(it).as('last_owner_id'))
    .where('lead.merged_into', 'is', null)
    .orderBy('lead.id', 'desc')
    .limit(most)

const recentLeads = (store: ReadStore) => recentLeadsQuery(store).execute()
