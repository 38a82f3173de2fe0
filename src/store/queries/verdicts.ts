import { type RawBuilder, sql } from 'kysely'
import type { Basis } from '../../analyze/contract.ts'
import type { ChannelKind, ClockKind, Tier } from '../../inbox/contract.ts'
import type { ReadStore } from '../store.ts'
import { keptQuery } from './kept-query.ts'

/** Clocks whose verdict fell in [from, to). */
export type VerdictRange = {
  readonly kind: ClockKind
  readonly basis: Basis
  readonly from: number
  readonly to: number
}

/**
 * When the verdict of a clock fell: when it was met, or when its deadline passed. Null: none did, because it was put
 * aside before or stands still. Word for word as in migration 0130, or the index does not serve it.
 */
const verdictAt: Readonly<Record<Basis, RawBuilder<number>>> = {
  decided: sql<number>`(case
    when clock.state = 'cancelled' and clock.stopped_at <= clock.due_at then null
    when clock.state = 'running' and clock.paused_at is not null then null
    when coalesce(clock.decided_state, clock.state) = 'met' then clock.stopped_at
    else coalesce(clock.decided_due_at, clock.due_at) end)`,
  today: sql<number>`(case
    when clock.state = 'cancelled' and clock.stopped_at <= clock.due_at then null
    when clock.state = 'running' and clock.paused_at is not null then null
    when clock.state = 'met' then clock.stopped_at
    else clock.due_at end)`,
}

const isMet: Readonly<Record<Basis, RawBuilder<0 | 1>>> = {
  decided: sql<0 | 1>`(case when coalesce(clock.decided_state, clock.state) = 'met' then 1 else 0 end)`,
  today: sql<0 | 1>`(case when clock.state = 'met' then 1 else 0 end)`,
}

const dueAt: Readonly<Record<Basis, RawBuilder<number>>> = {
  decided: sql<number>`coalesce(clock.decided_due_at, clock.due_at)`,
  today: sql<number>`clock.due_at`,
}

const tierThen = sql<Tier>`coalesce(clock.tier, lead.tier)`
/** Whose it was when it ended; of what nobody ended, whose it is. */
const ownerThen = sql<number | null>`(case
  when clock.state in ('running', 'cancelled') then lead.owner_id else clock.owner_id end)`

/** Null when nothing stopped it. A call that nobody took is filed as over when it was due. */
const stoppedAt = sql<number | null>`(case
  when clock.state in ('running', 'cancelled') then null
  when clock.kind = 'speed_of_answer' and clock.decided_state = 'missed' and clock.stopped_at = clock.decided_due_at
    then null
  else clock.stopped_at end)`

/** Every clock that counts, as what reports reckon with. Crossed, so that the index of the verdict leads. */
function judgedClocks({ db }: Pick<ReadStore, 'db'>, { kind, basis, from, to }: VerdictRange) {
  const at = verdictAt[basis]
  return (
    db
      .selectFrom('clock')
      .crossJoin('lead')
      .whereRef('lead.id', '=', 'clock.lead_id')
      .where('clock.kind', '=', kind)
      .where(sql<boolean>`${at} >= ${from}`)
      .where(sql<boolean>`${at} < ${to}`)
      .where('lead.origin', '=', 'inbound')
      .where('lead.status', '!=', 'not_lead')
      .where('lead.merged_into', 'is', null)
      // Opted out, and no other way to answer them was left.
      .where(
        sql<boolean>`not (exists (select 1 from handle
          where handle.person_id = lead.person_id and handle.opted_out_at is not null and handle.opted_out_at <= ${at})
        and not exists (select 1 from handle
          where handle.person_id = lead.person_id and (handle.opted_out_at is null or handle.opted_out_at > ${at})))`,
      )
  )
}

/** What each verdict was and how long it took; `stoppedAt` null when nothing stopped it. */
export function verdictsQuery(store: Pick<ReadStore, 'db'>, range: VerdictRange) {
  return judgedClocks(store, range).select([
    isMet[range.basis].as('met'),
    tierThen.as('tier'),
    ownerThen.as('ownerId'),
    'clock.channel',
    'clock.calendar',
    'clock.excused',
    'clock.started_at as startedAt',
    stoppedAt.as('stoppedAt'),
  ])
}

/** The same with the query kept: a report asks for some hundred spans. */
export const verdictsIn = (store: ReadStore, { basis, ...range }: VerdictRange): Promise<VerdictRow[]> =>
  keptVerdicts[basis](store, range)

const keptFor = (basis: Basis) =>
  keptQuery<Omit<VerdictRange, 'basis'>, VerdictRow>((db, value) =>
    verdictsQuery({ db }, { basis, kind: value('kind'), from: value('from'), to: value('to') }),
  )
const keptVerdicts = { decided: keptFor('decided'), today: keptFor('today') }

export type VerdictRow = Awaited<ReturnType<ReturnType<typeof verdictsQuery>['execute']>>[number]

/** Which of them; what is not given is not asked for. */
export type VerdictSlice = VerdictRange & {
  readonly tier?: Tier | undefined
  readonly channel?: ChannelKind | null | undefined
  readonly ownerId?: number | null | undefined
  readonly verdict?: 'met' | 'missed' | 'excused' | undefined
}

export type VerdictPage = {
  readonly after: { readonly at: number; readonly clockId: number } | null
  readonly limit: number
}

/** A page of them with their people, the newest verdict first. */
export function verdictPage(store: ReadStore, slice: VerdictSlice, { after, limit }: VerdictPage) {
  const { basis, tier, channel, ownerId, verdict } = slice
  const at = verdictAt[basis]
  const met = isMet[basis]
  const wanted = {
    met: sql<boolean>`${met} = 1`,
    missed: sql<boolean>`${met} = 0 and clock.excused is null`,
    excused: sql<boolean>`${met} = 0 and clock.excused is not null`,
  }
  return judgedClocks(store, slice)
    .leftJoin('person', 'person.id', 'lead.person_id')
    .leftJoin('member', (join) => join.on(sql`member.id`, '=', ownerThen))
    .$if(tier !== undefined, (it) => it.where(tierThen, '=', tier ?? 'hot'))
    .$if(channel !== undefined, (it) => it.where(same(sql`clock.channel`, channel)))
    .$if(ownerId !== undefined, (it) => it.where(same(ownerThen, ownerId)))
    .$if(verdict !== undefined, (it) => it.where(wanted[verdict ?? 'met']))
    .$if(after !== null, (it) =>
      it.where(sql<boolean>`(${at}, clock.id) < (${after?.at ?? 0}, ${after?.clockId ?? 0})`),
    )
    .select([
      'clock.id as clockId',
      'lead.id as leadId',
      'lead.person_id as personId',
      'person.name',
      tierThen.as('tier'),
      'clock.channel',
      'member.name as owner',
      'clock.started_at as startedAt',
      dueAt[basis].as('dueAt'),
      stoppedAt.as('stoppedAt'),
      met.as('met'),
      'clock.excused',
      at.as('at'),
    ])
    .orderBy(at, 'desc')
    .orderBy('clock.id', 'desc')
    .limit(limit + 1)
}

const same = (column: RawBuilder<unknown>, value: unknown) =>
  value === null ? sql<boolean>`${column} is null` : sql<boolean>`${column} = ${value}`

type Opened = { readonly from: number; readonly to: number }

/** When leads that came to us in [from, to) were answered first. */
export function firstAnswersQuery({ db }: Pick<ReadStore, 'db'>, { from, to }: Opened) {
  return db
    .selectFrom('lead')
    .select(['opened_at as openedAt', 'first_human_at as humanAt', 'first_auto_at as autoAt'])
    .where('opened_at', '>=', from)
    .where('opened_at', '<', to)
    .where('origin', '=', 'inbound')
    .where('status', '!=', 'not_lead')
    .where('merged_into', 'is', null)
}

export const firstAnswersIn = keptQuery<
  Opened,
  { readonly openedAt: number; readonly humanAt: number | null; readonly autoAt: number | null }
>((db, value) => firstAnswersQuery({ db }, { from: value('from'), to: value('to') }))

/** Who is owed an answer now: how many, and since when the one who waits longest. */
export function waitingQuery(store: ReadStore, now: number) {
  return store.db
    .selectFrom('lead')
    .select([sql<number>`count(*)`.as('leads'), sql<number | null>`min(clock_started_at)`.as('oldestAt')])
    .where(sql<boolean>`status = 'open' and due_at is not null`)
    .where('clock_kind', 'in', ['owned', 'first_contact', 'next_reply'])
    .where('origin', '=', 'inbound')
    .where(sql<boolean>`(snoozed_until is null or snoozed_until <= ${now})`)
}
