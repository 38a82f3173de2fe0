import { must } from '../lib/assert.ts'
import { badInput, notFound } from '../rpc/errors.ts'
import { recordEvent } from '../store/queries/events.ts'
import { refreshLeadRow, refreshLeadRows } from '../store/queries/lead-row.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { WriteStore } from '../store/store.ts'
import type { Clocks } from './clocks.ts'
import { callOutcomes } from './contract.ts'
import { insertOwn } from './insert-own.ts'
import { doNotCall } from './refusal.ts'
import { type ContactDeps, currentMember, personOf } from './surroundings.ts'
import { addTask, dropPromise } from './tasks/change-tasks.ts'
import { watchLead } from './watch-lead.ts'

const wrongNumber = 8
const callbackRequested = 5

type Said = {
  readonly interactionId: number
  readonly outcome: number
  readonly note?: string | undefined
  /** When they want to be called back. */
  readonly callBackAt?: number | undefined
}

/** Says how a call went; the effects of features C6 follow. Saying something else later takes the old effects back. */
export async function setOutcome({ store, clock, clocks }: ContactDeps, said: Said): Promise<void> {
  await store.write((tx) => applyOutcome(tx, clocks, said, clock.now()))
}

/** A call that Deskbell did not see: "I called from my phone". */
export async function logCall(
  { store, clock, clocks }: ContactDeps,
  call: {
    readonly personId: number
    readonly direction: 'in' | 'out'
    readonly outcome: number
    readonly note: string
    readonly at?: number | undefined
    readonly callBackAt?: number | undefined
  },
): Promise<{ interactionId: number }> {
  const now = clock.now()
  const at = call.at ?? now
  if (at > now) throw badInput('This call is in the future. Choose when it was.')
  return store.write(async (tx) => {
    const person = await personOf(tx, call.personId)
    const theirs = await lastNumber(tx, person.id)
    const { interactionId, member, lead } = await insertOwn(tx, {
      personId: person.id,
      accountId: null,
      channel: 'call',
      direction: call.direction,
      at,
      now,
      subject: '',
      text: '',
      delivery: call.direction === 'in' ? 'received' : 'sent',
    })
    await tx.db
      .insertInto('call')
      .values({
        interaction_id: interactionId,
        from_number: call.direction === 'in' ? theirs : (member?.mobile ?? ''),
        to_number: call.direction === 'in' ? (member?.mobile ?? '') : theirs,
        result: manualResult(call.outcome, call.direction),
        outcome: null,
        note: null,
        answered_at: null,
        ended_at: at,
        duration_ms: null,
        manual: 1,
        recording_id: null,
      })
      .execute()
    const { outcome, note, callBackAt } = call
    const moved = lead ? await watchLead(tx, lead.id) : null
    await applyOutcome(tx, clocks, { interactionId, outcome, note, callBackAt }, now)
    await recordEvent(tx, {
      at: now,
      type: 'call.logged',
      personId: person.id,
      leadId: lead?.id ?? null,
      authorId: member?.id ?? null,
      data: { interactionId, ...(await moved?.()) },
    })
    return { interactionId }
  })
}

/** What the network would have said of a call that only the member knows of. */
function manualResult(outcome: number, direction: 'in' | 'out'): string {
  switch (outcome) {
    case 2:
      return 'voicemail'
    case 3:
      return direction === 'in' ? 'missed' : 'no_answer'
    case 4:
      return 'busy'
    default:
      return 'answered'
  }
}

/** Within the transaction of whatever says so. */
export async function applyOutcome(tx: WriteStore, clocks: Clocks, said: Said, now: number): Promise<void> {
  const call = await tx.db
    .selectFrom('call')
    .innerJoin('interaction', 'interaction.id', 'call.interaction_id')
    .leftJoin('lead', 'lead.id', 'interaction.lead_id')
    .select(['call.outcome', 'call.note', 'call.from_number', 'call.to_number', 'call.ended_at', 'call.answered_at'])
    .select([
      'interaction.person_id',
      'interaction.lead_id',
      'interaction.direction',
      'interaction.at',
      'interaction.text',
    ])
    .select('lead.opened_at')
    .where('call.interaction_id', '=', said.interactionId)
    .executeTakeFirst()
  if (!call) throw notFound('This call')
  const meaning = must(
    callOutcomes.find((it) => it.digit === said.outcome),
    `outcome ${said.outcome}`,
  )
  const note = said.note ?? call.note ?? ''
  await tx.db
    .updateTable('call')
    .set({ outcome: said.outcome, note: note || null })
    .where('interaction_id', '=', said.interactionId)
    .execute()
  // The note stands for what was said, in the list and for the search, unless there is something better.
  if (call.text === '' || call.text === call.note) {
    await tx.db.updateTable('interaction').set({ text: note }).where('id', '=', said.interactionId).execute()
  }

  const theirs = call.direction === 'in' ? call.from_number : call.to_number
  if (call.outcome !== said.outcome) {
    await setValid(tx, theirs, said.outcome !== wrongNumber, call.outcome === wrongNumber)
    await setDoNotCall(tx, call.person_id, said.outcome === doNotCall, call.outcome === doNotCall, now)
    await refreshLeadRows(tx, await clocks.reached(tx, call.person_id, now))
  }
  // When they spoke, not when somebody pressed the digit; a call from before this lead answers nothing in it.
  const spokeAt = Math.max(call.answered_at ?? call.at, call.at)
  if (meaning.answered && call.lead_id !== null && spokeAt >= (call.opened_at ?? 0)) {
    await clocks.answered(tx, call.lead_id, { at: spokeAt, interactionId: said.interactionId, human: true })
  }
  // After the answer was counted, which else would keep the promise made in it.
  await keepPromise(tx, call.person_id, said, now)
  const member = await currentMember(tx)
  await recordEvent(tx, {
    at: now,
    type: 'call.outcome',
    personId: call.person_id,
    leadId: call.lead_id,
    authorId: member?.id ?? null,
    data: { interactionId: said.interactionId, outcome: said.outcome, before: call.outcome },
  })
  tx.changed('interaction', call.person_id)
  tx.changed('person', call.person_id)
  if (call.lead_id !== null) await refreshLeadRow(tx, call.lead_id)
}

/** They asked to be called back: a task, at their time, instead of what was promised in this call before. */
async function keepPromise(tx: WriteStore, personId: number, said: Said, now: number): Promise<void> {
  const { interactionId: callId, outcome, callBackAt } = said
  if (outcome !== callbackRequested || callBackAt !== undefined) await dropPromise(tx, personId, callId, now)
  if (outcome !== callbackRequested || callBackAt === undefined) return
  const { name } = await personOf(tx, personId)
  const words = `Call ${name || 'them'} back`
  await addTask(tx, { personId, kind: 'call', words, dueAt: callBackAt, ownerId: null, callId }, now)
}

/** A wrong number is never dialled or texted again, until the outcome is corrected. */
async function setValid(tx: WriteStore, number: string, valid: boolean, wasWrong: boolean): Promise<void> {
  if (valid && !wasWrong) return
  await tx.db
    .updateTable('handle')
    .set({ valid: valid ? 1 : 0 })
    .where('kind', '=', 'phone')
    .where('value', '=', number)
    // What a member marked by hand stays so.
    .where('wrong_at', 'is', null)
    .execute()
}

/** "Do not call" covers every number of the person. */
async function setDoNotCall(
  tx: WriteStore,
  personId: number,
  refused: boolean,
  wasRefused: boolean,
  now: number,
): Promise<void> {
  if (refused) {
    const { me } = await readSettings(tx)
    await tx.db
      .updateTable('handle')
      .set({ opted_out_at: now, opted_out_how: 'call', opted_out_by: me })
      .where('person_id', '=', personId)
      .where('kind', '=', 'phone')
      .where('opted_out_at', 'is', null)
      .execute()
    return
  }
  if (!wasRefused) return
  // Only what that outcome set: a STOP they texted themselves stays.
  const event = await tx.db
    .selectFrom('event')
    .select(['at', 'data'])
    .where('person_id', '=', personId)
    .where('type', '=', 'call.outcome')
    .orderBy('id', 'desc')
    .execute()
  const setAt = event.find((it) => (JSON.parse(it.data) as { outcome: number }).outcome === doNotCall)?.at
  if (setAt === undefined) return
  await tx.db
    .updateTable('handle')
    .set({ opted_out_at: null, opted_out_how: null, opted_out_by: null })
    .where('person_id', '=', personId)
    .where('kind', '=', 'phone')
    .where('opted_out_at', '=', setAt)
    .where((it) => it.or([it('opted_out_how', '=', 'call'), it('opted_out_how', 'is', null)]))
    .execute()
}

/** The number a person used last; empty when none is known: a call can be logged all the same. */
async function lastNumber(tx: WriteStore, personId: number): Promise<string> {
  const handle = await tx.db
    .selectFrom('handle')
    .select('value')
    .where('person_id', '=', personId)
    .where('kind', '=', 'phone')
    .orderBy('valid', 'desc')
    .orderBy((it) => it.fn.coalesce('first_at', it.lit(0)), 'desc')
    .orderBy('last_used_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return handle?.value ?? ''
}
