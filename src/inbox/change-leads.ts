import type { Selectable } from 'kysely'
import { badInput, conflict, notFound } from '../rpc/errors.ts'
import { type ClockChange, changedClocks, clocksOf, restoreClock } from '../store/queries/clock-changes.ts'
import { recordEvent } from '../store/queries/events.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import type { LeadTable } from '../store/schema.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'

/** The columns that an action of the inbox sets and an undo brings back. */
const aspects = [
  ...(['status', 'done_at', 'snoozed_until', 'snooze_keep', 'owner_id', 'owner_reason'] as const),
  ...(['waiting_since', 'back_at'] as const),
  ...(['outcome', 'outcome_at', 'value_minor', 'currency', 'outcome_reason', 'outcome_note', 'competitor'] as const),
  ...(['revisit_at', 'mql_at', 'qualified_at', 'sql_at'] as const),
] as const
type Aspect = (typeof aspects)[number]
export type LeadAspects = Pick<Selectable<LeadTable>, Aspect>
export type LeadBefore = LeadAspects & Pick<Selectable<LeadTable>, 'id' | 'person_id' | 'rests_until'>

/** What a lead that goes on says of its end: nothing any more. */
export const noOutcome = {
  outcome: null,
  outcome_at: null,
  value_minor: null,
  currency: null,
  outcome_reason: null,
  outcome_note: null,
  competitor: null,
  revisit_at: null,
} as const satisfies Partial<LeadAspects>

/** What an action did to one lead, as it is kept in the event that an undo is made from. */
export type LeadChange = {
  readonly leadId: number
  readonly before: Partial<LeadAspects>
  readonly after: Partial<LeadAspects>
  readonly clocks: readonly ClockChange[]
}

export type Action = {
  /** Type of the event, as in `lead.done`. */
  readonly type: string
  /** The sentence in the timeline. */
  readonly text: string
  /** The new values for a lead, or null to leave it as it is. */
  readonly apply: (
    lead: LeadBefore,
    tx: WriteStore,
  ) => Partial<LeadAspects> | null | Promise<Partial<LeadAspects> | null>
  /** What it means for the clocks, after the columns are set. */
  readonly moveClocks?: (tx: WriteStore, lead: LeadBefore) => Promise<void>
}

type Doer = { readonly at: number; readonly me: number | null }

/**
 * Does one thing to many leads. Leads it would not change are left out.
 * @returns the id of the event that {@link undoChange} takes, and how many leads changed
 * @throws DeskbellError `NOT_FOUND` when one of the leads does not exist
 */
export async function changeLeads(
  tx: WriteStore,
  leadIds: readonly number[],
  { at, me }: Doer,
  action: Action,
): Promise<{ readonly undoId: number; readonly changed: number }> {
  const changes: ActionData['changes'][number][] = []
  for (const leadId of new Set(leadIds)) {
    const lead = await leadById(tx, leadId)
    if (!lead) throw notFound('This lead')
    const values = await action.apply(lead, tx)
    if (!values) continue
    const clocksBefore = await clocksOf(tx, leadId)
    await tx.db.updateTable('lead').set(values).where('id', '=', leadId).execute()
    await action.moveClocks?.(tx, lead)
    await refreshLeadRow(tx, leadId)
    const after = await leadById(tx, leadId)
    const change: LeadChange = {
      leadId,
      before: only(lead, values),
      after: only(after ?? lead, values),
      clocks: changedClocks(clocksBefore, await clocksOf(tx, leadId)),
    }
    const eventId = await recordEvent(tx, {
      at,
      type: action.type,
      personId: lead.person_id,
      leadId,
      authorId: me,
      text: action.text,
      data: change,
    })
    changes.push({ ...change, eventId })
  }
  const undoId = await recordEvent(tx, {
    at,
    type: 'inbox.action',
    authorId: me,
    data: { action: action.type, changes } satisfies ActionData,
  })
  return { undoId, changed: changes.length }
}

/** The data of an event that {@link undoChange} takes. */
export type ActionData = {
  readonly action: string
  readonly changes: readonly (LeadChange & { readonly eventId: number })[]
}

/**
 * Takes an action back: every lead gets exactly the values and clocks it had. A lead that was changed again meanwhile
 * in the same respect is left as it is.
 * @returns false when there was nothing to take back, or it was taken back before
 * @throws DeskbellError `CONFLICT` when all of its leads changed meanwhile
 */
export async function undoChange(tx: WriteStore, undoId: number, at: number): Promise<boolean> {
  const event = await tx.db
    .selectFrom('event')
    .select(['at', 'type', 'data', 'undone_at'])
    .where('id', '=', undoId)
    .executeTakeFirst()
  if (!event) throw notFound('What you want to undo')
  if (event.type !== 'inbox.action') throw badInput('This cannot be undone.')
  if (event.undone_at !== null) return false
  const { action, changes } = JSON.parse(event.data) as ActionData
  let undone = 0
  for (const change of changes) if (await undoOne(tx, { ...change, action, doneAt: event.at }, at)) undone += 1
  if (changes.length > 0 && undone === 0) {
    throw conflict('This changed again meanwhile, so it was not undone. Nothing was overwritten.')
  }
  await tx.db.updateTable('event').set({ undone_at: at }).where('id', '=', undoId).execute()
  return undone > 0
}

type Undoing = ActionData['changes'][number] & { readonly action: string; readonly doneAt: number }

async function undoOne(tx: WriteStore, change: Undoing, at: number): Promise<boolean> {
  const { leadId, eventId, before, after, clocks, action, doneAt } = change
  const lead = await leadById(tx, leadId)
  if (!lead || aspects.some((aspect) => aspect in after && lead[aspect] !== after[aspect])) return false
  if (before.status === 'open' && (await hasOtherOpenLead(tx, lead))) return false
  await tx.db.updateTable('lead').set(before).where('id', '=', leadId).execute()
  if (!(await answeredSince(tx, leadId, doneAt))) for (const clock of clocks) await restoreClock(tx, clock)
  await endStalePauses(tx, leadId)
  await refreshLeadRow(tx, leadId)
  // What was taken back is no longer told in the timeline.
  await tx.db.updateTable('event').set({ undone_at: at }).where('id', '=', eventId).execute()
  await recordEvent(tx, { at, type: 'lead.undone', personId: lead.person_id, leadId, data: { action } })
  return true
}

/**
 * Taken back out of order, an action can bring back a clock that stands still for a snooze that was taken back before:
 * that pause never was.
 */
async function endStalePauses(tx: WriteStore, leadId: number): Promise<void> {
  await tx.db
    .updateTable('clock')
    .set((it) => ({
      paused_at: null,
      pause_reason: null,
      next_at: it
        .case()
        .when('announced', '<', 50)
        .then(it.ref('warn_at'))
        .when('announced', '<', 80)
        .then(it.ref('risk_at'))
        .when('announced', '<', 100)
        .then(it.ref('due_at'))
        .else(null)
        .end(),
    }))
    .where('lead_id', '=', leadId)
    .where('state', '=', 'running')
    .where((it) =>
      it.exists(
        it
          .selectFrom('lead')
          .select('lead.id')
          .whereRef('lead.id', '=', 'clock.lead_id')
          .where((lead) =>
            lead.or([
              lead.and([lead('clock.pause_reason', '=', 'snoozed'), lead('lead.snoozed_until', 'is', null)]),
              lead.and([lead('clock.pause_reason', '=', 'waiting'), lead('lead.waiting_since', 'is', null)]),
            ]),
          ),
      ),
    )
    .execute()
}

/**
 * Lets the clocks run on that stopped when a lead was last closed, unless a human answered since.
 * For a lead that is opened again by hand: what was owed before is still owed.
 */
export async function thawClocks(tx: WriteStore, lead: LeadBefore): Promise<void> {
  const closed = await tx.db
    .selectFrom('event')
    .select(['at', 'data'])
    .where('person_id', '=', lead.person_id)
    .where('lead_id', '=', lead.id)
    .where('type', 'in', ['lead.done', 'lead.not_lead', 'lead.won', 'lead.lost', 'lead.disqualified'])
    .where('undone_at', 'is', null)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!closed || (await answeredSince(tx, lead.id, closed.at))) return
  const { clocks } = JSON.parse(closed.data) as LeadChange
  for (const clock of clocks) await restoreClock(tx, clock)
}

/** By when we learned of it, too: an answer given elsewhere arrives later than it was sent. */
async function answeredSince(tx: WriteStore, leadId: number, since: number): Promise<boolean> {
  const answer = await tx.db
    .selectFrom('interaction')
    .select('id')
    .where('lead_id', '=', leadId)
    .where((it) => it.or([it('at', '>', since), it('created_at', '>', since)]))
    .where('direction', '=', 'out')
    .where('automatic', '=', 0)
    .where('delivery', 'not in', ['cancelled', 'failed'])
    .limit(1)
    .executeTakeFirst()
  return answer !== undefined
}

/** Whether the person has another lead that is open: at most one may be. */
export async function hasOtherOpenLead(tx: ReadStore, lead: LeadBefore): Promise<boolean> {
  const other = await tx.db
    .selectFrom('lead')
    .select('id')
    .where('person_id', '=', lead.person_id)
    .where('status', '=', 'open')
    .where('id', '!=', lead.id)
    .executeTakeFirst()
  return other !== undefined
}

async function leadById(tx: ReadStore, leadId: number): Promise<LeadBefore | undefined> {
  return tx.db
    .selectFrom('lead')
    .select(['id', 'person_id', 'rests_until', ...aspects])
    .where('id', '=', leadId)
    .executeTakeFirst()
}

/** The part of a lead that an action set. */
function only(lead: LeadAspects, values: Partial<LeadAspects>): Partial<LeadAspects> {
  return Object.fromEntries(aspects.filter((it) => it in values).map((it) => [it, lead[it]]))
}
