import { type Selectable, sql } from 'kysely'
import type { LeadStage } from '../convert/contract.ts'
import type { ChannelKind, ClockKind, Tier } from '../inbox/contract.ts'
import { must } from '../lib/assert.ts'
import type { Clock } from '../lib/clock.ts'
import { minute } from '../lib/durations.ts'
import { makeReadCalendars, type ReadCalendars } from '../store/queries/calendars.ts'
import { insertRow } from '../store/queries/insert-row.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import type { ClockTable, PauseReason } from '../store/schema.ts'
import type { WriteStore } from '../store/store.ts'
import { canBeAnswered, leadsToSettle } from './can-be-answered.ts'
import { nextAnnouncement, type Pauses, timesOf } from './clock-times.ts'
import { endClocks, freezeClocks } from './end-clocks.ts'
import { isGoodbye } from './goodbye.ts'
import { recalculateEnded } from './recalculate-clocks.ts'
import { makeSlaSettings, type SlaSettings } from './sla-settings.ts'
import { type Target, targetOf } from './sla-target.ts'

/**
 * The SLA clocks of a lead, told what happened to it. Every function belongs to the transaction of what it is told of;
 * the caller refreshes the row of the lead.
 */
export type Clocks = {
  /** A lead was opened: starts `owned` and `first_contact` by its tier, channel and stage. */
  readonly opened: (tx: WriteStore, leadId: number, at: number) => Promise<void>
  /** It got an owner (or lost it: `owned` runs again). */
  readonly owned: (tx: WriteStore, leadId: number, at: number) => Promise<void>
  /** Its tier, stage, policy or calendar changed: running clocks get new deadlines from their old start. */
  readonly retargeted: (tx: WriteStore, leadId: number) => Promise<void>
  /** The calendars changed: clocks that ended get today's verdict beside the one that was decided then. */
  readonly recalculated: (tx: WriteStore) => Promise<void>
  /** They wrote or called: starts `next_reply` unless an answer is already owed. Whatever stood still runs on. */
  readonly asked: (tx: WriteStore, leadId: number, at: number) => Promise<void>
  /**
   * We answered, on any channel. Only a human answer stops clocks; an automatic one is recorded. A first one to which
   * they have yet to react (no call that came through) starts `second_touch`.
   */
  readonly answered: (tx: WriteStore, leadId: number, answer: Answer) => Promise<void>
  /** A call of theirs rang from `at`: filed as `speed_of_answer`, met or missed at once. */
  readonly rang: (tx: WriteStore, leadId: number, ring: Ring) => Promise<void>
  /** Nothing is owed for now: what is not late yet stands still. */
  readonly paused: (tx: WriteStore, leadId: number, at: number, reason: PauseReason) => Promise<void>
  /** What stands still for this reason runs on; for any reason when none is given. */
  readonly resumed: (tx: WriteStore, leadId: number, at: number, reason?: PauseReason) => Promise<void>
  /**
   * What we may write to or dial of a person changed: their clocks stand still while nobody could answer them (every
   * address and number refused or wrong), and run on as soon as somebody can. Answers the leads whose rows changed.
   */
  readonly reached: (tx: WriteStore, personId: number, at: number) => Promise<readonly number[]>
  /** Done or not a lead: everything freezes. */
  readonly closed: (tx: WriteStore, leadId: number, at: number) => Promise<void>
}

export type Answer = {
  readonly at: number
  readonly interactionId: number
  readonly human: boolean
}

export type Ring = { readonly at: number; readonly answeredAt: number | null; readonly interactionId: number }

// A second mail within this time completes the first; it is no second try.
const sameTouch = 10 * minute

export type ClocksDeps = { readonly clock: Clock; readonly readCalendars?: ReadCalendars }

/** The clocks on the calendars and policies of the settings, read as they are in the transaction. */
export function makeClocks({ clock, readCalendars = makeReadCalendars() }: ClocksDeps): Clocks {
  const readSlaSettings = makeSlaSettings(readCalendars)

  const start = async (tx: WriteStore, lead: Lead, kinds: readonly ClockKind[], startedAt: number) => {
    if (kinds.length === 0) return
    const settings = await readSlaSettings(tx)
    const channel = (await lastWord(tx, lead.id, startedAt))?.channel ?? null
    for (const kind of kinds) {
      const { target, policy, calendar } = targetAt(settings, lead, channel, kind, startedAt)
      if (target === null) continue
      const times = timesOf(settings.calendars.timeOf(calendar), startedAt, target)
      await insertRow(tx, 'clock', {
        ...newClock(lead, kind, startedAt),
        ...{ channel, policy, calendar },
        target_ms: target,
        ...times,
        state: 'running',
        stopped_at: null,
        stopped_by: null,
        next_at: times.warn_at,
        decided_due_at: null,
        decided_state: null,
        owner_id: null,
      })
    }
  }

  const resume = async (tx: WriteStore, leadId: number, at: number, which: (it: Running) => boolean = () => true) => {
    const standing = (await runningClocks(tx, leadId)).filter((it) => it.paused_at !== null && which(it))
    if (standing.length === 0) return
    const { calendars } = await readSlaSettings(tx)
    for (const it of standing) {
      if (it.paused_at === null) continue
      const pauses: Pauses = [...pausesOf(it), [it.paused_at, Math.max(it.paused_at, at)]]
      const times = timesOf(calendars.timeOf(it.calendar), it.started_at, it.target_ms, pauses)
      const next_at = nextAnnouncement(times, it.announced)
      await tx.db
        .updateTable('clock')
        .set({ ...times, next_at, pauses: JSON.stringify(pauses), paused_at: null, pause_reason: null })
        .where('id', '=', it.id)
        .execute()
    }
  }

  const pause = async (tx: WriteStore, leadId: number, at: number, reason: PauseReason) => {
    await tx.db
      .updateTable('clock')
      .set({ paused_at: at, pause_reason: reason, next_at: null })
      .where('lead_id', '=', leadId)
      .where('state', '=', 'running')
      .where('paused_at', 'is', null)
      // What is late stays late.
      .where('due_at', '>', at)
      .execute()
  }

  return {
    opened: async (tx, leadId, at) => {
      const lead = await leadOf(tx, leadId)
      await start(tx, lead, lead.owner_id === null ? ['owned', 'first_contact'] : ['first_contact'], at)
    },

    owned: async (tx, leadId, at) => {
      const lead = await leadOf(tx, leadId)
      if (lead.owner_id !== null) {
        await endClocks(tx, leadId, ['owned'], { at, by: null })
        return
      }
      const running = await runningClocks(tx, leadId)
      if (lead.status === 'open' && !running.some((it) => it.kind === 'owned')) await start(tx, lead, ['owned'], at)
    },

    retargeted: async (tx, leadId) => {
      const lead = await leadOf(tx, leadId)
      const settings = await readSlaSettings(tx)
      const running = await runningClocks(tx, leadId)
      for (const it of running) {
        const target = targetAt(settings, lead, it.channel, it.kind, it.started_at)
        if (target.target === null) await freezeClocks(tx, [it.id], clock.now())
        else await setTarget(tx, it, lead.tier, { ...target, target: target.target }, settings)
      }
      // It was worth nobody's time and now is: the time starts now, since nobody could have known before.
      if (lead.status !== 'open' || lead.first_human_at !== null) return
      const kinds: ClockKind[] = lead.owner_id === null ? ['owned', 'first_contact'] : ['first_contact']
      const missing = kinds.filter((kind) => !running.some((it) => it.kind === kind))
      await start(tx, lead, missing, clock.now())
    },

    recalculated: async (tx) => {
      await recalculateEnded(tx, await readSlaSettings(tx), clock.now())
    },

    asked: async (tx, leadId, at) => {
      const lead = await leadOf(tx, leadId)
      // It is our turn again, whatever was promised before.
      await tx.db
        .updateTable('lead')
        .set({ waiting_since: null })
        .where('id', '=', leadId)
        .where('waiting_since', '<=', at)
        .execute()
      await resume(tx, leadId, at)
      const running = await runningClocks(tx, leadId)
      // They are not silent: there is nothing to try again.
      const tries = running.filter((it) => it.kind === 'second_touch' && it.started_at <= at)
      await freezeClocks(
        tx,
        tries.map((it) => it.id),
        at,
      )
      if (running.some((it) => it.kind !== 'owned' && it.kind !== 'second_touch')) return
      if (lead.first_human_at === null) return start(tx, lead, ['first_contact'], at)
      const word = await lastWord(tx, leadId, at)
      if (word && word.channel !== 'call' && isGoodbye(word.text)) return
      await start(tx, lead, ['next_reply'], at)
    },

    answered: async (tx, leadId, { at, interactionId, human }) => {
      const column = human ? 'first_human_at' : 'first_auto_at'
      await tx.db
        .updateTable('lead')
        .set({ [column]: at })
        .where('id', '=', leadId)
        // Providers tell late what was written early: before they came it answered nothing.
        .where('opened_at', '<=', at)
        .where((where) => where.or([where(column, 'is', null), where(column, '>', at)]))
        .execute()
      if (!human) return
      const { at: writtenAt, channel } = await tx.db
        .selectFrom('interaction')
        .select(['at', 'channel'])
        .where('id', '=', interactionId)
        .executeTakeFirstOrThrow()
      const by = { interactionId, writtenAt }
      const talked = channel === 'call'
      // What stood still has the time left that it had: answered in a snooze is not late.
      const ends = (it: Running) => it.started_at <= (it.kind === 'second_touch' && !talked ? at - sameTouch : at)
      await resume(tx, leadId, at, ends)
      const stopped = await endClocks(tx, leadId, ['owned', 'first_contact', 'next_reply'], { at, by })
      await endClocks(tx, leadId, ['second_touch'], { at: talked ? at : at - sameTouch, by, stoppedAt: at })
      const lead = await leadOf(tx, leadId)
      const first = stopped.includes('first_contact') && lead.first_human_at === at
      if (!first || talked || lead.status !== 'open') return
      const tries = (await runningClocks(tx, leadId)).some((it) => it.kind === 'second_touch')
      if (!tries) await start(tx, lead, ['second_touch'], at)
    },

    rang: async (tx, leadId, { at, answeredAt, interactionId }) => {
      const lead = await leadOf(tx, leadId)
      const settings = await readSlaSettings(tx)
      const { target, policy, calendar } = targetAt(settings, lead, 'call', 'speed_of_answer', at)
      const known = await tx.db
        .selectFrom('clock')
        .select('id')
        .where('lead_id', '=', leadId)
        .where('kind', '=', 'speed_of_answer')
        .where('stopped_by', '=', interactionId)
        .executeTakeFirst()
      const time = settings.calendars.timeOf(calendar)
      // Nobody has to pick up while nobody is there; who does all the same was in time.
      if (target === null || (answeredAt === null && time.nextOpen(at) !== at)) return
      const times = timesOf(time, at, target)
      const state = answeredAt !== null && answeredAt <= times.due_at ? 'met' : 'missed'
      if (known) {
        // Providers call a call missed first and find out later that another phone took it.
        const verdict = { state, stopped_at: answeredAt ?? times.due_at, decided_state: state } as const
        await tx.db.updateTable('clock').set(verdict).where('id', '=', known.id).execute()
        return
      }
      await insertRow(tx, 'clock', {
        ...newClock(lead, 'speed_of_answer', at),
        ...{ channel: 'call' as const, policy, calendar },
        target_ms: target,
        ...times,
        state,
        stopped_at: answeredAt ?? times.due_at,
        stopped_by: interactionId,
        next_at: null,
        decided_due_at: times.due_at,
        decided_state: state,
        owner_id: lead.owner_id,
      })
    },

    paused: pause,

    resumed: (tx, leadId, at, reason) => resume(tx, leadId, at, (it) => !reason || it.pause_reason === reason),

    reached: async (tx, personId, at) => {
      const answerable = await canBeAnswered(tx, personId)
      const leads = await leadsToSettle(tx, personId, answerable)
      for (const id of leads) {
        if (answerable) await resume(tx, id, at, (it) => it.pause_reason === 'opted_out')
        else await pause(tx, id, at, 'opted_out')
      }
      return leads
    },

    closed: async (tx, leadId, at) => {
      // Its deadline moves on by the pause: what was put aside in a snooze was not late.
      await resume(tx, leadId, at)
      const running = await runningClocks(tx, leadId)
      await freezeClocks(
        tx,
        running.map((it) => it.id),
        at,
      )
    },
  }
}

type Lead = {
  readonly id: number
  readonly tier: Tier
  readonly status: string
  readonly stage: LeadStage
  readonly owner_id: number | null
  readonly first_human_at: number | null
}

type OfLead = { leadId: number }

const leadOf = async (tx: WriteStore, leadId: number) => must((await leadRows(tx, { leadId }))[0], `lead ${leadId}`)

const leadRows = keptQuery<OfLead, Lead>((db, value) =>
  db
    .selectFrom('lead')
    .select(['id', 'tier', 'status', 'stage', 'owner_id', 'first_human_at'])
    .where('id', '=', value('leadId')),
)

// More than anybody needs to say thanks.
const wordLength = 200

/** What came from them last, up to then. */
const lastWord = async (tx: WriteStore, leadId: number, at: number) => (await lastWords(tx, { leadId, at }))[0]

const lastWords = keptQuery<OfLead & { at: number }, { readonly channel: ChannelKind; readonly text: string }>(
  (db, value) =>
    db
      .selectFrom('interaction')
      .select(['channel', sql<string>`substr(text, 1, ${wordLength})`.as('text')])
      .where('lead_id', '=', value('leadId'))
      .where('direction', '=', 'in')
      .where('at', '<=', value('at'))
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(1),
)

type Running = Selectable<ClockTable>

const runningClocks = (tx: WriteStore, leadId: number) => runningRows(tx, { leadId })

const runningRows = keptQuery<OfLead, Running>((db, value) =>
  db.selectFrom('clock').selectAll().where('lead_id', '=', value('leadId')).where('state', '=', 'running'),
)

const pausesOf = (it: Running) => JSON.parse(it.pauses) as Pauses

function targetAt(
  { sla, exceptions, calendars }: SlaSettings,
  { tier, stage }: Lead,
  channel: ChannelKind | null,
  kind: ClockKind,
  startedAt: number,
): Target {
  const opening = calendars.timeOf('business').nextOpen(startedAt)
  return targetOf(sla, exceptions, { tier, stage, channel, outsideHours: opening !== startedAt }, kind)
}

async function setTarget(
  tx: WriteStore,
  it: Running,
  tier: Tier,
  { target, policy, calendar }: Target & { readonly target: number },
  { calendars }: SlaSettings,
): Promise<void> {
  const times = timesOf(calendars.timeOf(calendar), it.started_at, target, pausesOf(it))
  const next_at = it.paused_at === null ? nextAnnouncement(times, it.announced) : null
  await saveTarget(tx, { id: it.id, target_ms: target, policy, calendar, tier, ...times, next_at })
}

type Targeted = Pick<
  Running,
  'id' | 'target_ms' | 'policy' | 'calendar' | 'tier' | 'warn_at' | 'risk_at' | 'due_at' | 'next_at'
>

const saveTarget = keptQuery<Targeted, unknown>((db, value) =>
  db
    .updateTable('clock')
    .set({
      target_ms: value('target_ms'),
      policy: value('policy'),
      calendar: value('calendar'),
      tier: value('tier'),
      warn_at: value('warn_at'),
      risk_at: value('risk_at'),
      due_at: value('due_at'),
      next_at: value('next_at'),
    })
    .where('id', '=', value('id')),
)

const newClock = (lead: Lead, kind: ClockKind, startedAt: number) => ({
  lead_id: lead.id,
  kind,
  started_at: startedAt,
  tier: lead.tier,
  announced: 0,
  paused_at: null,
  pause_reason: null,
  excused: null,
})
