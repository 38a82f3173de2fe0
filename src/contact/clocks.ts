import type { ClockKind, Tier } from '../inbox/contract.ts'
import type { BusinessTime } from '../lib/business-time.ts'
import type { Clock } from '../lib/clock.ts'
import type { SlaPolicy } from '../settings/contract.ts'
import { insertRow } from '../store/queries/insert-row.ts'
import type { WriteStore } from '../store/store.ts'
import { makeSlaSettings } from './sla-settings.ts'

/**
 * The SLA clocks of a lead, told what happened to it. Every function belongs to the transaction of what it is told of.
 */
export type Clocks = {
  /** A lead was opened: starts `owned` and `first_contact` by its tier. */
  readonly opened: (tx: WriteStore, leadId: number, at: number) => Promise<void>
  /** It got an owner (or lost it: `owned` runs again). */
  readonly owned: (tx: WriteStore, leadId: number, at: number) => Promise<void>
  /** Its tier or the policy changed: running clocks get new deadlines from their old start. */
  readonly retargeted: (tx: WriteStore, leadId: number) => Promise<void>
  /** They wrote or called: starts `next_reply` unless an answer is already owed. */
  readonly asked: (tx: WriteStore, leadId: number, at: number) => Promise<void>
  /** We answered, on any channel. Only a human answer stops clocks; an automatic one is recorded. */
  readonly answered: (
    tx: WriteStore,
    leadId: number,
    answer: { readonly at: number; readonly interactionId: number; readonly human: boolean },
  ) => Promise<void>
  /** Done or not a lead: everything freezes. */
  readonly closed: (tx: WriteStore, leadId: number, at: number) => Promise<void>
}

/** Parts of the time that are announced when they are gone, in percent. */
const warnPercent = 50
const riskPercent = 80

/** The clocks on one calendar and policy, both read from the settings as they are in the transaction. */
export function makeClocks({ clock }: { readonly clock: Clock }): Clocks {
  const readSlaSettings = makeSlaSettings()

  const start = async (tx: WriteStore, lead: Lead, kinds: readonly ClockKind[], startedAt: number) => {
    const { sla, businessTime } = await readSlaSettings(tx)
    for (const kind of kinds) {
      const target = targetOf(sla, lead.tier, kind)
      if (target === null) continue
      const times = deadlines(businessTime, startedAt, target)
      await insertRow(tx, 'clock', {
        lead_id: lead.id,
        kind,
        started_at: startedAt,
        target_ms: target,
        ...times,
        state: 'running',
        stopped_at: null,
        stopped_by: null,
        announced: 0,
        next_at: times.warn_at,
      })
    }
  }

  return {
    opened: async (tx, leadId, at) => {
      const lead = await leadOf(tx, leadId)
      await start(tx, lead, lead.owner_id === null ? ['owned', 'first_contact'] : ['first_contact'], at)
    },

    owned: async (tx, leadId, at) => {
      const lead = await leadOf(tx, leadId)
      if (lead.owner_id !== null) return stop(tx, leadId, ['owned'], { at, by: null })
      const running = await runningClocks(tx, leadId)
      if (lead.status === 'open' && !running.some((it) => it.kind === 'owned')) await start(tx, lead, ['owned'], at)
    },

    retargeted: async (tx, leadId) => {
      const lead = await leadOf(tx, leadId)
      const { sla, businessTime } = await readSlaSettings(tx)
      const running = await runningClocks(tx, leadId)
      for (const it of running) {
        const target = targetOf(sla, lead.tier, it.kind)
        if (target === null) await freeze(tx, [it.id], clock.now())
        else await setTarget(tx, it, target, deadlines(businessTime, it.started_at, target))
      }
      // It was worth nobody's time and now is: the time starts now, since nobody could have known before.
      if (lead.status !== 'open' || lead.first_human_at !== null) return
      const kinds: ClockKind[] = lead.owner_id === null ? ['owned', 'first_contact'] : ['first_contact']
      const missing = kinds.filter((kind) => !running.some((it) => it.kind === kind))
      await start(tx, lead, missing, clock.now())
    },

    asked: async (tx, leadId, at) => {
      const lead = await leadOf(tx, leadId)
      const running = await runningClocks(tx, leadId)
      if (running.some((it) => it.kind !== 'owned')) return
      await start(tx, lead, [lead.first_human_at === null ? 'first_contact' : 'next_reply'], at)
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
      const { at: writtenAt } = await tx.db
        .selectFrom('interaction')
        .select('at')
        .where('id', '=', interactionId)
        .executeTakeFirstOrThrow()
      await stop(tx, leadId, ['owned', 'first_contact', 'next_reply'], { at, by: { interactionId, writtenAt } })
    },

    closed: async (tx, leadId, at) => {
      const running = await runningClocks(tx, leadId)
      await freeze(
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
  readonly owner_id: number | null
  readonly first_human_at: number | null
}

const leadOf = (tx: WriteStore, leadId: number): Promise<Lead> =>
  tx.db
    .selectFrom('lead')
    .select(['id', 'tier', 'status', 'owner_id', 'first_human_at'])
    .where('id', '=', leadId)
    .executeTakeFirstOrThrow()

type Running = {
  readonly id: number
  readonly kind: ClockKind
  readonly started_at: number
  readonly announced: number
}

const runningClocks = (tx: WriteStore, leadId: number): Promise<Running[]> =>
  tx.db
    .selectFrom('clock')
    .select(['id', 'kind', 'started_at', 'announced'])
    .where('lead_id', '=', leadId)
    .where('state', '=', 'running')
    .execute()

/**
 * Stops what runs of these. What was done before they asked is no answer to it. What was frozen while the answer already
 * waited to leave (written, then "done" at once) was answered, and not only put aside.
 */
async function stop(
  tx: WriteStore,
  leadId: number,
  kinds: readonly ClockKind[],
  {
    at,
    by,
  }: { readonly at: number; readonly by: { readonly interactionId: number; readonly writtenAt: number } | null },
): Promise<void> {
  await tx.db
    .updateTable('clock')
    .set((it) => ({
      state: it
        .case()
        .when('due_at', '>=', at)
        .then('met' as const)
        .else('missed' as const)
        .end(),
      stopped_at: at,
      stopped_by: by?.interactionId ?? null,
      next_at: null,
    }))
    .where('lead_id', '=', leadId)
    .where((it) => {
      const runs = it('state', '=', 'running')
      if (by === null) return runs
      return it.or([runs, it.and([it('state', '=', 'cancelled'), it('stopped_at', '>=', by.writtenAt)])])
    })
    .where('kind', 'in', kinds)
    .where('started_at', '<=', at)
    .execute()
}

async function freeze(tx: WriteStore, ids: readonly number[], at: number): Promise<void> {
  if (ids.length === 0) return
  await tx.db
    .updateTable('clock')
    .set({ state: 'cancelled', stopped_at: at, next_at: null })
    .where('id', 'in', ids)
    .execute()
}

async function setTarget(tx: WriteStore, it: Running, target: number, times: Deadlines): Promise<void> {
  await tx.db
    .updateTable('clock')
    .set({ target_ms: target, ...times, next_at: nextAnnouncement(times, it.announced) })
    .where('id', '=', it.id)
    .execute()
}

type Deadlines = { readonly warn_at: number; readonly risk_at: number; readonly due_at: number }

function deadlines(businessTime: BusinessTime, startedAt: number, target: number): Deadlines {
  const spans = [(target * warnPercent) / 100, (target * riskPercent) / 100, target].map(Math.round)
  const [warn_at = 0, risk_at = 0, due_at = 0] = businessTime.add(startedAt, spans)
  return { warn_at, risk_at, due_at }
}

/**
 * When the next announcement of a clock is owed.
 * @param announced the highest one made: 0, 50, 80 or 100
 */
export function nextAnnouncement(times: Deadlines, announced: number): number | null {
  if (announced < warnPercent) return times.warn_at
  if (announced < riskPercent) return times.risk_at
  return announced < 100 ? times.due_at : null
}

function targetOf(sla: SlaPolicy, tier: Tier, kind: ClockKind): number | null {
  const targets = sla[tier]
  const byKind = { owned: targets.ownedMs, first_contact: targets.firstContactMs, next_reply: targets.nextReplyMs }
  return byKind[kind]
}
