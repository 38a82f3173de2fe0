import type { Tier } from '../inbox/contract.ts'
import { hour, minute } from '../lib/durations.ts'
import type { ReadCalendars } from '../store/queries/calendars.ts'
import type { ReadStore, Store, WriteStore } from '../store/store.ts'
import type { Alert, Percent } from './alert.ts'
import type { Ladder as LadderSettings, LadderStep } from './contract.ts'
import { readLadder } from './ladder-settings.ts'
import { queueMemberText } from './member-texts.ts'
import { type Listening, readListening } from './who-listens.ts'

/**
 * Says aloud what the clocks announce: step by step, at hours when somebody may be called, once, and for hot leads again
 * until somebody looked. Every step is a row, so neither a restart nor a long sleep repeats or loses one.
 */
export type Ladder = {
  /** A step of a clock fell due. Belongs to the transaction that notes it on the clock. */
  readonly fell: (tx: WriteStore, step: Fallen) => Promise<void>
  /** Whether a lead of this tier goes to somebody else at this step. */
  readonly passesOn: (tx: WriteStore, tier: Tier, percent: Percent) => Promise<boolean>
  /** Announces what may be heard now. Answers whether there may be more. */
  readonly speak: (tx: WriteStore, now: number) => Promise<boolean>
}

type Fallen = { readonly clockId: number; readonly leadId: number; readonly percent: Percent; readonly at: number }

const atOnce = 500
/** More leads than this at one moment are told as one: nobody reads a wall of notifications. */
const mostApart = 3
const mostInDigest = 50
// Nobody is ever there, as far as the calendars know: look again.
const whenUnknown = hour
const fresh = 15 * minute

export function makeLadder(readCalendars: ReadCalendars): Ladder {
  return {
    fell: async (tx, { clockId, leadId, percent, at }) => {
      const row = { lead_id: leadId, fell_at: at, said_at: null, next_at: at, seen_at: null }
      await tx.db
        .insertInto('alert')
        .values({ clock_id: clockId, percent, ...row })
        .onConflict((conflict) => conflict.columns(['clock_id', 'percent']).doNothing())
        .execute()
    },
    passesOn: async (tx, tier, percent) => stepOf((await readLadder(tx)).ladder, tier, percent).passOn,
    speak: async (tx, now) => {
      const rows = await dueAlerts(tx, now).execute()
      if (rows.length === 0) return false
      const { ladder, alerts } = await readLadder(tx)
      const listening = await readListening(tx, await readCalendars(tx), now)
      const mutedUntil = alerts.mutedUntil !== null && alerts.mutedUntil > now ? alerts.mutedUntil : null
      const heard: Alert[] = []
      for (const [, group] of Map.groupBy(rows, (it) => it.lead_id)) {
        const live = group.filter((it) => it.state === 'running' && it.paused_at === null && it.status === 'open')
        await setNext(
          tx,
          group.filter((it) => !live.includes(it)),
          null,
        )
        const worst = live.toSorted((a, b) => b.percent - a.percent || a.due_at - b.due_at)[0]
        if (!worst) continue
        const later = hearLater(worst, now, listening)
        if (later !== null) {
          await setNext(tx, live, later)
          continue
        }
        const step = stepOf(ladder, worst.tier, worst.percent)
        if (step.text && worst.said_at === null && now - worst.fell_at <= fresh)
          await textTeam(tx, worst, ladder, listening, now)
        if (mutedUntil !== null) {
          await setNext(tx, live, mutedUntil)
          continue
        }
        await said(tx, worst, now, repeatAt(ladder, worst, step, now))
        if (step.notify || step.sound) heard.push(worst)
      }
      tell(tx, heard, ladder)
      return rows.length === atOnce
    },
  }
}

/** The earliest time at which a step wants to be said; null when none does. */
export async function nextAlert(store: ReadStore): Promise<number | null> {
  return (await nextAlertQuery(store).executeTakeFirstOrThrow()).at
}

export const nextAlertQuery = (store: ReadStore) =>
  store.db
    .selectFrom('alert')
    .select((it) => it.fn.min('next_at').as('at'))
    .where('next_at', 'is not', null)

/** Somebody looked at a person: nothing about them is repeated. */
export async function markSeen(store: Store, personId: number, now: number): Promise<void> {
  const waiting = await store.read.db
    .selectFrom('alert')
    .innerJoin('lead', 'lead.id', 'alert.lead_id')
    .select('alert.lead_id')
    .where('lead.person_id', '=', personId)
    .where('alert.next_at', 'is not', null)
    .execute()
  if (waiting.length === 0) return
  const leadIds = [...new Set(waiting.map((it) => it.lead_id))]
  await store.write((tx) =>
    tx.db
      .updateTable('alert')
      .set({ seen_at: now, next_at: null })
      .where('lead_id', 'in', leadIds)
      .where('next_at', 'is not', null)
      .execute(),
  )
}

/** What waited for the end of the silence is said now. */
export async function unmute(tx: WriteStore, mutedUntil: number | null, now: number): Promise<void> {
  if (mutedUntil === null) return
  await tx.db.updateTable('alert').set({ next_at: now }).where('next_at', '=', mutedUntil).execute()
  tx.changed('lead')
}

export const dueAlerts = (store: ReadStore, now: number) =>
  store.db
    .selectFrom('alert')
    .innerJoin('clock', 'clock.id', 'alert.clock_id')
    .innerJoin('lead', 'lead.id', 'alert.lead_id')
    .innerJoin('person', 'person.id', 'lead.person_id')
    .select(['alert.clock_id', 'alert.percent', 'alert.lead_id', 'alert.fell_at', 'alert.said_at'])
    .select(['clock.kind', 'clock.due_at', 'clock.state', 'clock.paused_at'])
    .select(['lead.person_id', 'lead.owner_id', 'lead.status', 'lead.tier', 'lead.score', 'lead.preview'])
    .select(['lead.snoozed_until', 'person.name'])
    .where('alert.next_at', '<=', now)
    .orderBy('alert.next_at')
    .limit(atOnce)

/** Null when somebody may hear it now. */
function hearLater(it: Alert, now: number, { hears, hearsAt }: Listening): number | null {
  if (it.snoozed_until !== null && it.snoozed_until > now) return it.snoozed_until
  if (hears(it.owner_id)) return null
  return Math.max(now + 1, hearsAt(it.owner_id) ?? now + whenUnknown)
}

function repeatAt({ repeatHotMinutes }: LadderSettings, it: Alert, step: LadderStep, now: number): number | null {
  if (it.tier !== 'hot' || repeatHotMinutes === null || !(step.notify || step.sound)) return null
  return now + repeatHotMinutes * minute
}

async function setNext(tx: WriteStore, rows: readonly Alert[], next: number | null): Promise<void> {
  for (const it of rows) {
    await tx.db
      .updateTable('alert')
      .set({ next_at: next })
      .where('clock_id', '=', it.clock_id)
      .where('percent', '=', it.percent)
      .execute()
  }
}

/** The worst of a lead speaks for everything else of it that waited or was repeated. */
async function said(tx: WriteStore, worst: Alert, now: number, repeat: number | null): Promise<void> {
  await tx.db
    .updateTable('alert')
    .set({ said_at: now, next_at: null })
    .where('lead_id', '=', worst.lead_id)
    .where('next_at', 'is not', null)
    .execute()
  await setNext(tx, [worst], repeat)
}

function tell(tx: WriteStore, heard: readonly Alert[], ladder: LadderSettings): void {
  const [first, ...others] = hottestFirst(heard).map((it) => alertOf(it, stepOf(ladder, it.tier, it.percent)))
  if (!first) return
  if (heard.length > mostApart) {
    tx.announce('lead.digest', {
      count: heard.length,
      late: heard.filter((it) => it.percent === 100).length,
      since: Math.min(...heard.map((it) => it.fell_at)),
      hottest: { leadId: first.leadId, personId: first.personId, name: first.name },
      leads: [first, ...others].slice(0, mostInDigest),
      again: heard.every((it) => it.said_at !== null),
      ...loudest(heard.map((it) => stepOf(ladder, it.tier, it.percent))),
    })
    return
  }
  for (const it of [first, ...others]) tx.announce('lead.alert', it)
}

const alertOf = (it: Alert, { sound, notify }: LadderStep) => ({
  leadId: it.lead_id,
  personId: it.person_id,
  name: it.name,
  clock: it.kind,
  percent: it.percent,
  dueAt: it.due_at,
  ownerId: it.owner_id,
  tier: it.tier,
  preview: it.preview,
  again: it.said_at !== null,
  sound,
  notify,
})

const ranks: Readonly<Record<Tier, number>> = { hot: 2, warm: 1, nurture: 0 }
const hottestFirst = (heard: readonly Alert[]) =>
  heard.toSorted((a, b) => ranks[b.tier] - ranks[a.tier] || b.score - a.score || a.due_at - b.due_at)

const loudest = (steps: readonly LadderStep[]) => ({
  sound: steps.some((it) => it.sound),
  notify: steps.some((it) => it.notify),
})

function stepOf({ steps }: LadderSettings, tier: Tier, percent: Percent): LadderStep {
  const { half, risk, late } = steps[tier]
  return percent === 100 ? late : percent === 80 ? risk : half
}

/** To the owner's own phone; to everybody who is there for a lead that nobody took. Only to whoever asked for it. */
async function textTeam(
  tx: WriteStore,
  it: Alert,
  { textTo }: LadderSettings,
  { reachable }: Listening,
  now: number,
): Promise<void> {
  const members = (it.owner_id === null ? textTo : textTo.filter((id) => id === it.owner_id)).filter(reachable)
  for (const memberId of members) await queueMemberText(tx, it, memberId, now)
}
