import type { Tier } from '../inbox/contract.ts'
import { minute } from '../lib/durations.ts'
import type { RouteRule, Routing } from '../settings/contract.ts'
import type { ReadStore } from '../store/store.ts'
import type { Load, Teammate } from './availability.ts'
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
 * Deals the last leads out again, each at the time at which it came, with turns that go on from one to the next. Changes
 * nothing. Nobody has anything in hand at first and nobody is ever full: what was closed when is not known here.
 * @param situation read at or before the time of the oldest of them
 * @returns newest first
 */
export async function previewLeads(
  store: ReadStore,
  routing: Routing,
  { team, turns, zone }: Situation,
): Promise<PreviewedLead[]> {
  const leads = (await recentLeads(store)).toReversed()
  const members = team.members.map((it): Teammate => ({ ...it, capacity: null }))
  const loads = new Map<number, Load>()
  let going = turns
  const previewed: PreviewedLead[] = []
  for (const lead of leads) {
    const at = lead.opened_at
    const now = { members, loads, at, today: localDate(zone, at) }
    const former = members.find((it) => it.id === lead.last_owner_id)
    const kept = former && keptBy(former, { routing, team: now }, routing.keepOwnerMinutes * minute)
    const about = { id: lead.id, personId: lead.person_id, tier: lead.tier as Tier, source: lead.source }
    const choice = kept ?? chooseByRules(routing.rules, await readRouteFacts(store, about, routing.rules), now, going)
    going = afterMoves(going, choice.moves)
    const { owner } = choice
    if (owner) {
      const had = loads.get(owner.id)
      loads.set(owner.id, { open: (had?.open ?? 0) + 1, weight: (had?.weight ?? 0) + tierWeight(lead.tier) })
    }
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
    .select(['lead.id', 'lead.person_id', 'lead.opened_at', 'lead.tier', 'lead.source'])
    .select(['person.name', 'member.name as owner_name'])
    .select((it) => lastOwner(it).as('last_owner_id'))
    .where('lead.merged_into', 'is', null)
    .orderBy('lead.id', 'desc')
    .limit(most)

const recentLeads = (store: ReadStore) => recentLeadsQuery(store).execute()
