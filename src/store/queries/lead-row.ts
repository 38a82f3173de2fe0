import { sql } from 'kysely'
import { must } from '../../lib/assert.ts'
import type { ClockTable, JobTable, LeadTable } from '../schema.ts'
import type { WriteStore } from '../store.ts'
import { keptQuery } from './kept-query.ts'

// One line of the list; longer texts are cut where the row could not show them anyway.
const previewLength = 200
// Enough of a text to fill the line after runs of blanks are folded.
const previewSource = 1000
// How far back a missed call is looked for.
const recentLength = 30

/**
 * Brings the columns that the list shows in line with what they are derived from: the running clocks, the last
 * interaction and the outbox. Called in the transaction of every change of those.
 */
export async function refreshLeadRow(tx: WriteStore, leadId: number): Promise<void> {
  const lead = must((await leadToRefresh(tx, { leadId }))[0], `lead ${leadId}`)
  const recent = await recentOf(tx, { leadId })
  const jobs = await leavingJobs(tx, { leadId, personId: lead.person_id })
  const failed = jobs.some((job) => job.state === 'failed')
  const state: State = {
    leadId,
    kind: lead.kind,
    startedAt: lead.started_at,
    riskAt: lead.risk_at,
    dueAt: lead.due_at,
    outbox: failed ? 'failed' : jobs.length > 0 ? 'sending' : 'idle',
  }
  // What was sent by itself answers nothing, so it is not what the row tells either.
  const last = recent.find((it) => it.automatic === 0) ?? recent[0]
  if (last) {
    await saveRow(tx, {
      ...state,
      at: last.at,
      channel: last.channel,
      // A note of ours does not end the waiting for their answer.
      direction: (recent.find((it) => it.direction !== 'internal' && it.automatic === 0) ?? last).direction,
      preview: previewOf(last),
      missedCall: hasMissedCall(recent) ? 1 : 0,
      ourWordAt: ourWordAt(recent),
    })
  } else await saveState(tx, state)
  tx.changed('lead', lead.person_id)
}

/** {@link refreshLeadRow} of several. */
export async function refreshLeadRows(tx: WriteStore, leadIds: Iterable<number>): Promise<void> {
  for (const leadId of leadIds) await refreshLeadRow(tx, leadId)
}

type OfLead = { leadId: number }

type FirstDue = { readonly person_id: number } & {
  readonly [K in 'kind' | 'started_at' | 'risk_at' | 'due_at']: ClockTable[K] | null
}

/** The lead with the clock that is due first, when one runs. */
const leadToRefresh = keptQuery<OfLead, FirstDue>((db, value) =>
  db
    .selectFrom('lead')
    .leftJoin('clock', (join) =>
      join.onRef('clock.lead_id', '=', 'lead.id').on('clock.state', '=', 'running').on('clock.paused_at', 'is', null),
    )
    .select(['lead.person_id', 'clock.kind', 'clock.started_at', 'clock.risk_at', 'clock.due_at'])
    .where('lead.id', '=', value('leadId'))
    .orderBy('clock.due_at')
    .limit(1),
)

const recentOf = keptQuery<OfLead, Recent>((db, value) =>
  db
    .selectFrom('interaction')
    .leftJoin('call', 'call.interaction_id', 'interaction.id')
    .select(['at', 'channel', 'direction', 'automatic', 'delivery', 'subject', 'call.result', 'call.outcome'])
    .select(sql<string>`substr(interaction.text, 1, ${previewSource})`.as('text'))
    .where('lead_id', '=', value('leadId'))
    .where('delivery', '!=', 'cancelled')
    .orderBy('at', 'desc')
    .orderBy('interaction.id', 'desc')
    .limit(recentLength),
)

const leavingJobs = keptQuery<OfLead & { personId: number }, Pick<JobTable, 'state'>>((db, value) =>
  db
    .selectFrom('job')
    .innerJoin('interaction', 'interaction.id', 'job.interaction_id')
    .select('job.state')
    .where('job.person_id', '=', value('personId'))
    .where('interaction.lead_id', '=', value('leadId'))
    .where('job.kind', '!=', 'call')
    .where('job.state', 'in', ['queued', 'sending', 'committing', 'failed'])
    // What waits by itself is nobody's message under way; that it could not be sent is somebody's business.
    .where((it) => it.or([it('answers_id', 'is', null), it('job.state', '=', 'failed')])),
)

type State = OfLead & {
  kind: LeadTable['clock_kind']
  startedAt: number | null
  riskAt: number | null
  dueAt: number | null
  outbox: LeadTable['outbox']
}

const stateSet = (value: <K extends keyof State>(name: K) => State[K]) => ({
  clock_kind: value('kind'),
  clock_started_at: value('startedAt'),
  risk_at: value('riskAt'),
  due_at: value('dueAt'),
  outbox: value('outbox'),
})

const saveState = keptQuery<State, unknown>((db, value) =>
  db.updateTable('lead').set(stateSet(value)).where('id', '=', value('leadId')),
)

type Row = State & {
  at: number
  channel: LeadTable['last_channel']
  direction: LeadTable['last_direction']
  preview: string
  missedCall: 0 | 1
  ourWordAt: number | null
}

/** Both at once: each of the many indexes of leads is brought in line once. */
const saveRow = keptQuery<Row, unknown>((db, value) =>
  db
    .updateTable('lead')
    .set({
      ...stateSet(value),
      last_at: value('at'),
      last_channel: value('channel'),
      last_direction: value('direction'),
      preview: value('preview'),
      missed_call: value('missedCall'),
      our_word_at: value('ourWordAt'),
    })
    .where('id', '=', value('leadId')),
)

type Recent = {
  readonly at: number
  readonly direction: LeadTable['last_direction']
  readonly channel: LeadTable['last_channel']
  readonly automatic: 0 | 1
  readonly delivery: string
  readonly subject: string
  readonly text: string
  readonly result: string | null
  readonly outcome: number | null
}

/** A call of theirs that nobody took stays on the row until a human answers on any channel or gives it an outcome. */
function hasMissedCall(newestFirst: readonly Recent[]): boolean {
  const answer = newestFirst.findIndex(isAnswer)
  const unanswered = answer === -1 ? newestFirst : newestFirst.slice(0, answer)
  return unanswered.some(isMissed)
}

/** When we spoke last, unless they did since; notes and what went out by itself are no word to them. */
function ourWordAt(newestFirst: readonly Recent[]): number | null {
  const word = newestFirst.find((it) => it.automatic === 0 && (it.direction === 'in' || isAnswer(it)))
  return word?.direction === 'out' ? word.at : null
}

/** We tried to reach them, or they came through to somebody. What never left, and a phone of ours nobody took, is neither. */
const isAnswer = (it: Recent) =>
  it.direction === 'out'
    ? it.automatic === 0 && it.delivery !== 'failed' && it.result !== 'cancelled' && it.result !== 'failed'
    : it.direction === 'in' && it.result === 'answered' && (it.outcome === null || !machineTookIt.has(it.outcome))

// Left voicemail, no answer, busy.
const machineTookIt: ReadonlySet<number> = new Set([2, 3, 4])

const isMissed = (it: Recent) =>
  it.direction === 'in' && it.outcome === null && (it.result === 'missed' || it.result === 'voicemail')

function previewOf({ channel, subject, text, direction, result }: Recent): string {
  const body = text.replace(/\s+/g, ' ').trim()
  if (channel === 'call' && body === '') return callWords(direction, result)
  const line = channel === 'email' && subject ? (body ? `${subject} · ${body}` : subject) : body
  return line.length > previewLength ? `${line.slice(0, previewLength - 1)}…` : line
}

/** A call has no words of its own. */
function callWords(direction: string, result: string | null): string {
  const theirs = direction === 'in'
  switch (result) {
    case 'ringing':
      return theirs ? 'Is calling' : 'Ringing'
    case 'in_progress':
      return 'On the phone'
    case 'answered':
      return theirs ? 'Called, answered' : 'You called, answered'
    case 'voicemail':
      return theirs ? 'Left a voicemail' : 'You called, voicemail'
    case 'busy':
      return theirs ? 'Called, line busy' : 'You called, line busy'
    case 'failed':
      return theirs ? 'Called, did not get through' : 'Your call did not get through'
    default:
      return theirs ? 'Missed call' : 'You called, no answer'
  }
}
