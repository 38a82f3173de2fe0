import { type Selectable, sql } from 'kysely'
import { DateTime } from 'luxon'
import type { Routing } from '../settings/contract.ts'
import type { Calendars, ReadCalendars } from '../store/queries/calendars.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import { keptRead } from '../store/queries/kept-read.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { MemberTable, OpenLeadTable, RouteStateTable } from '../store/schema.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { type Load, noLoad, type Teammate } from './availability.ts'
import type { Move, Team, TurnState, Turns } from './choose-owner.ts'

/** Everything that giving out leads looks at, as it is at one instant. */
export type Situation = {
  readonly routing: Routing
  readonly team: Team
  readonly turns: Turns
  /** IANA, of the business. */
  readonly zone: string
}

export type ReadSituation = (store: ReadStore | WriteStore, at: number) => Promise<Situation>

/** Reads rules, people and turns. */
export function makeReadSituation(readCalendars: ReadCalendars): ReadSituation {
  const readTeam = keptRead(['setting', 'calendar_feed', 'member', 'absence'], async (store) => {
    const { routing, business } = await readSettings(store)
    const members = membersOf(await memberRows(store, {}), await readCalendars(store))
    return { routing, zone: business.zone, members }
  })
  return async (store, at) => {
    const { routing, zone, members } = await readTeam(store)
    const loads = countsLoads(routing, members) ? await readLoads(store, at) : new Map<number, Load>()
    return { routing, team: { members, loads, at, today: localDate(zone, at) }, turns: await readTurns(store), zone }
  }
}

/** How much a lead is to do. */
export const tierWeight = (tier: string) => (tier === 'hot' ? 3 : tier === 'warm' ? 2 : 1)

/** The date on the wall of a zone, as `2026-03-01`. */
export const localDate = (zone: string, at: number) => DateTime.fromMillis(at, { zone }).toISODate() ?? ''

function membersOf(rows: readonly MemberRow[], calendars: Calendars): Teammate[] {
  return [...Map.groupBy(rows, (it) => it.id).values()].flatMap((ofOne): Teammate[] => {
    const [first] = ofOne
    if (!first) return []
    const { id, name, on_duty, calendar, skills, capacity } = first
    const absences = ofOne.flatMap(({ from, to, reason }) =>
      from === null || to === null ? [] : [{ from, to, reason: reason ?? '' }],
    )
    const hours = calendar === null ? null : calendars.timeOf(calendar)
    const known = skills === '[]' ? [] : (JSON.parse(skills) as string[])
    return [{ id, name, onDuty: on_duty === 1, hours, absences, skills: known, capacity }]
  })
}

type MemberRow = Pick<Selectable<MemberTable>, 'id' | 'name' | 'on_duty' | 'calendar' | 'skills' | 'capacity'> & {
  readonly from: number | null
  readonly to: number | null
  readonly reason: string | null
}

/** One row an absence, at least one a member. */
const memberRows = keptQuery<object, MemberRow>((db) =>
  db
    .selectFrom('member')
    .leftJoin('absence', 'member_id', 'member.id')
    .select(['member.id', 'name', 'on_duty', 'calendar', 'skills', 'capacity'])
    .select(['starts_at as from', 'ends_at as to', 'reason'])
    .where('removed_at', 'is', null)
    .orderBy('member.id')
    .orderBy('starts_at'),
)

/** Whether it matters what people have in hand. */
function countsLoads({ rules }: Routing, members: readonly Teammate[]): boolean {
  return (
    members.some((it) => it.capacity !== null) ||
    rules.some(({ give }) => give.how === 'load' || (give.how === 'skill' && give.by === 'load'))
  )
}

/** What everybody has in hand, from what is counted as leads change; only what is late is looked up, in an index. */
export async function readLoads(store: ReadStore | WriteStore, at: number): Promise<Map<number, Load>> {
  const loads = new Map<number, Load>()
  const add = (id: number, open: number, weight: number) => {
    const had = loads.get(id) ?? noLoad
    loads.set(id, { open: had.open + open, weight: had.weight + weight })
  }
  for (const { owner_id, tier, leads } of await openRows(store, {})) add(owner_id, leads, leads * tierWeight(tier))
  for (const { owner_id, late } of await lateRows(store, { at })) if (owner_id !== null) add(owner_id, 0, late)
  return loads
}

const openRows = keptQuery<object, Selectable<OpenLeadTable>>((db) =>
  db.selectFrom('open_lead').selectAll().where('leads', '>', 0),
)

/** Late leads of each owner; reads no more than those, in an index alone. */
export const lateQuery = ({ db }: Pick<ReadStore, 'db'>, at: number) =>
  db
    .selectFrom('lead')
    .select(['owner_id', (it) => it.fn.countAll<number>().as('late')])
    .where('status', '=', sql.lit('open'))
    .where('due_at', '<', at)
    // The sign keeps SQLite from walking through all open leads in the order of their owners.
    .groupBy(sql`+owner_id`)

const lateRows = keptQuery<{ at: number }, { owner_id: number | null; late: number }>((db, value) =>
  lateQuery({ db }, value('at')),
)

const readTurns = keptRead(['route_state'], turnsOf)

const turnRows = keptQuery<object, Selectable<RouteStateTable>>((db) => db.selectFrom('route_state').selectAll())

async function turnsOf(store: ReadStore | WriteStore): Promise<Turns> {
  const rows = await turnRows(store, {})
  const turns = new Map<string, Map<number, TurnState>>()
  for (const { rule_id, member_id, credit, day, today, seq } of rows) {
    const ofRule = turns.get(rule_id) ?? new Map<number, TurnState>()
    ofRule.set(member_id, { credit, day, today, seq })
    turns.set(rule_id, ofRule)
  }
  return turns
}

/** Keeps how turns go on. */
export async function saveMoves(tx: WriteStore, moves: readonly Move[]): Promise<void> {
  for (const { ruleId, memberId, state } of moves) await saveTurn(tx, { ruleId, memberId, ...state })
}

const saveTurn = keptQuery<TurnState & { ruleId: string; memberId: number }, unknown>((db, value) => {
  const state = { credit: value('credit'), day: value('day'), today: value('today'), seq: value('seq') }
  return db
    .insertInto('route_state')
    .values({ rule_id: value('ruleId'), member_id: value('memberId'), ...state })
    .onConflict((conflict) => conflict.columns(['rule_id', 'member_id']).doUpdateSet(state))
})
