import { sql } from 'kysely'
import { must } from '../../lib/assert.ts'
import type { WriteStore } from '../store.ts'

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
  const lead = must(
    await tx.db.selectFrom('lead').select(['id', 'person_id', 'status']).where('id', '=', leadId).executeTakeFirst(),
    `lead ${leadId}`,
  )
  const clock = await tx.db
    .selectFrom('clock')
    .select(['kind', 'started_at', 'risk_at', 'due_at'])
    .where('lead_id', '=', leadId)
    .where('state', '=', 'running')
    .where('paused_at', 'is', null)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst()
  const recent = await tx.db
    .selectFrom('interaction')
    .leftJoin('call', 'call.interaction_id', 'interaction.id')
    .select(['at', 'channel', 'direction', 'automatic', 'delivery', 'subject', 'call.result', 'call.outcome'])
    .select(sql<string>`substr(interaction.text, 1, ${previewSource})`.as('text'))
    .where('lead_id', '=', leadId)
    .where('delivery', '!=', 'cancelled')
    .orderBy('at', 'desc')
    .orderBy('interaction.id', 'desc')
    .limit(recentLength)
    .execute()
  const last = recent[0]
  const jobs = await tx.db
    .selectFrom('job')
    .innerJoin('interaction', 'interaction.id', 'job.interaction_id')
    .select('job.state')
    .where('job.person_id', '=', lead.person_id)
    .where('interaction.lead_id', '=', leadId)
    .where('job.kind', '!=', 'call')
    .where('job.state', 'in', ['queued', 'sending', 'committing', 'failed'])
    .execute()
  const failed = jobs.some((job) => job.state === 'failed')

  await tx.db
    .updateTable('lead')
    .set({
      clock_kind: clock?.kind ?? null,
      clock_started_at: clock?.started_at ?? null,
      risk_at: clock?.risk_at ?? null,
      due_at: clock?.due_at ?? null,
      outbox: failed ? 'failed' : jobs.length > 0 ? 'sending' : 'idle',
      ...(last && {
        last_at: last.at,
        last_channel: last.channel,
        // A note of ours does not end the waiting for their answer.
        last_direction: (recent.find((it) => it.direction !== 'internal') ?? last).direction,
        preview: previewOf(last),
        missed_call: hasMissedCall(recent) ? 1 : 0,
      }),
    })
    .where('id', '=', leadId)
    .execute()
  tx.changed('lead', lead.person_id)
}

type Recent = {
  readonly direction: string
  readonly channel: string
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
