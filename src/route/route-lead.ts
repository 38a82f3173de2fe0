import type { ExpressionBuilder, Selectable } from 'kysely'
import type { Clocks } from '../contact/clocks.ts'
import { must } from '../lib/assert.ts'
import { minute } from '../lib/durations.ts'
import { recordEvent } from '../store/queries/events.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import type { Database, LeadTable } from '../store/schema.ts'
import type { WriteStore } from '../store/store.ts'
import { absentAt, awaySentence, noLoad, type Teammate } from './availability.ts'
import { type Choice, chooseByLoad, chooseByRules, mayKeep, type Team } from './choose-owner.ts'
import { readRouteFacts } from './read-facts.ts'
import { type ReadSituation, readLoads, type Situation, saveMoves } from './read-team.ts'

/**
 * Gives a lead an owner when it has none who is there, and says why in words. Belongs to the transaction of what
 * brought the lead, after its score (rules ask for the tier) and its clocks (`owned` stops here), and before anything is
 * written in the owner's name; the caller refreshes its row.
 * @returns whether the owner changed
 */
export type RouteLead = (tx: WriteStore, leadId: number, at: number) => Promise<boolean>

/**
 * A deadline of a lead passed. Nobody's goes to whoever has the least in hand of those who are there, whatever the rules
 * say; so does one whose owner is not there. Refreshes the row.
 * @returns whether the owner changed
 */
export type PassOn = (tx: WriteStore, leadId: number, at: number) => Promise<boolean>

export type RouteDeps = {
  readonly clocks: Pick<Clocks, 'owned'>
  readonly readSituation: ReadSituation
  /** Any clock that runs evenly, ms. Kept with each lead: how long it took to find its owner. */
  readonly stopwatch: () => number
}

export function makeRouteLead(deps: RouteDeps): { readonly routeLead: RouteLead; readonly passOn: PassOn } {
  const { readSituation, stopwatch } = deps
  return {
    routeLead: async (tx, leadId, at) => {
      const started = stopwatch()
      const lead = await leadToRoute(tx, leadId)
      const situation = await readSituation(tx, at)
      const { routing, team, turns } = situation
      const current = team.members.find((it) => it.id === lead.owner_id)
      const patience = routing.keepOwnerMinutes * minute
      if (current && mayKeep(current, at, patience) !== null) return false

      const former = current ? undefined : team.members.find((it) => it.id === lead.last_owner_id)
      const kept = former && keptBy(former, situation, patience)
      const facts = { id: leadId, personId: lead.person_id, tier: lead.tier, source: lead.source }
      const choice = kept ?? chooseByRules(routing.rules, await readRouteFacts(tx, facts, routing.rules), team, turns)
      const asked = absentOf(current ?? former, team)
      // Somebody who is not there is still better than nobody.
      if (choice.owner === null && lead.owner_id !== null) return false
      return give(tx, lead, {
        ...choice,
        words: withAway(choice, asked),
        by: 'rule',
        at,
        tookMs: stopwatch() - started,
      })
    },

    passOn: async (tx, leadId, at) => {
      const started = stopwatch()
      const lead = await leadToRoute(tx, leadId)
      if (lead.status !== 'open') return false
      const { team } = await readSituation(tx, at)
      const current = team.members.find((it) => it.id === lead.owner_id)
      const absent = current ? absentAt(current, at) : null
      if (current && absent === null) return false
      const loads = team.loads.size > 0 ? team.loads : await readLoads(tx, at)
      const choice = chooseByLoad({ ...team, loads }, lead.owner_id)
      if (choice === null) return false
      const why = current ? `${current.name} ${absent}, and time is up` : 'nobody took it in time'
      const words = `${why} → ${choice.how}`
      await give(tx, lead, {
        ...choice,
        ruleId: null,
        words,
        moves: [],
        by: 'deadline',
        at,
        tookMs: stopwatch() - started,
      })
      await refreshLeadRow(tx, leadId)
      return true
    },
  }

  async function give(tx: WriteStore, lead: Lead, { owner, ruleId, words, moves, by, at, tookMs }: Given) {
    const ownerId = owner?.id ?? null
    const reason = owner ? `${owner.name}: ${words}` : words
    if (ownerId === lead.owner_id && reason === lead.owner_reason) return false
    await saveOwner(tx, { leadId: lead.id, ownerId, reason })
    await saveMoves(tx, moves)
    await recordEvent(tx, {
      at,
      type: 'lead.routed',
      personId: lead.person_id,
      leadId: lead.id,
      text: owner
        ? `${owner.name} owns it: ${words}`
        : `Nobody owns it: ${words.charAt(0).toLowerCase()}${words.slice(1)}`,
      data: { from: lead.owner_id, to: ownerId, by, rule: ruleId, tookMs: Math.round(tookMs * 1000) / 1000 },
    })
    tx.changed('lead', lead.person_id)
    if (ownerId !== lead.owner_id) await deps.clocks.owned(tx, lead.id, at)
    return ownerId !== lead.owner_id
  }
}

type Given = Pick<Choice, 'owner' | 'ruleId' | 'words' | 'moves'> & {
  readonly by: 'rule' | 'deadline'
  readonly at: number
  readonly tookMs: number
}

/** Their next lead for whoever looked after them before; null when the rules decide. */
export function keptBy(
  former: Teammate,
  { routing, team }: Pick<Situation, 'routing' | 'team'>,
  patience: number,
): Omit<Choice, 'steps'> | null {
  if (!routing.keepOwner) return null
  const words = mayKeep(former, team.at, patience, team.loads.get(former.id) ?? noLoad)
  return words === null ? null : { owner: former, ruleId: null, words, told: [], moves: [] }
}

/** Who would be expected to have it and is not there: a reader would ask. */
const absentOf = (expected: Teammate | undefined, { at }: Team) => {
  const away = expected ? absentAt(expected, at) : null
  return expected && away !== null ? { id: expected.id, name: expected.name, away } : null
}

function withAway({ owner, words, told }: Omit<Choice, 'steps'>, asked: ReturnType<typeof absentOf>): string {
  if (owner === null || asked === null || told.includes(asked.id)) return words
  return `${words}; ${awaySentence([asked])}`
}

type Lead = Pick<
  Selectable<LeadTable>,
  'id' | 'person_id' | 'status' | 'owner_id' | 'owner_reason' | 'tier' | 'source'
> & { readonly last_owner_id: number | null }

const leadToRoute = async (tx: WriteStore, leadId: number) =>
  must((await leadRows(tx, { leadId }))[0], `lead ${leadId}`)

const leadRows = keptQuery<{ leadId: number }, Lead>((db, value) =>
  db
    .selectFrom('lead')
    .select(['id', 'person_id', 'status', 'owner_id', 'owner_reason', 'tier', 'source'])
    .select((it) => lastOwner(it).as('last_owner_id'))
    .where('id', '=', value('leadId')),
)

const saveOwner = keptQuery<{ leadId: number; ownerId: number | null; reason: string }, unknown>((db, value) =>
  db
    .updateTable('lead')
    .set({ owner_id: value('ownerId'), owner_reason: value('reason') })
    .where('id', '=', value('leadId')),
)

/** Who looked after this person the last time. */
export function lastOwner(lead: ExpressionBuilder<Database, 'lead'>) {
  return lead
    .selectFrom('lead as earlier')
    .select('earlier.owner_id')
    .whereRef('earlier.person_id', '=', 'lead.person_id')
    .whereRef('earlier.id', '!=', 'lead.id')
    .whereRef('earlier.opened_at', '<=', 'lead.opened_at')
    .where('earlier.owner_id', 'is not', null)
    .orderBy('earlier.opened_at', 'desc')
    .limit(1)
}
