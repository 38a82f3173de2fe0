import { sql } from 'kysely'
import { DateTime } from 'luxon'
import type { z } from 'zod'
import { minute } from '../lib/durations.ts'
import { displayPhone } from '../lib/handles.ts'
import { readSettings } from '../store/queries/settings.ts'
import { callUnderWay } from '../store/queries/under-way.ts'
import type { ReadStore } from '../store/store.ts'
import type { contactContract } from './contract.ts'
import { longestCall } from './dial.ts'
import type { ContactDeps } from './surroundings.ts'

/** A call that could not be placed needs no wrap-up, only to be seen. */
const problemShownFor = 2 * minute

type OpenCalls = z.input<(typeof contactContract)['contact.openCalls']['output']>

/**
 * The calls of the call bar: what rings or is on, and what was dialled today and still wants an outcome. All of it comes
 * from the store, so a restart forgets none (features 91).
 */
export async function openCalls({ store, clock }: ContactDeps): Promise<OpenCalls> {
  const now = clock.now()
  const { business, me } = await readSettings(store.read)
  const today = DateTime.fromMillis(now, { zone: business.zone }).startOf('day').toMillis()
  const rows = await openCallsQuery(store.read, Math.min(today, now - longestCall)).execute()
  const calls = rows.flatMap((row) => {
    // Who is blocked rings nowhere; whoever picked up all the same sees with whom they talk.
    if (row.result === 'ringing' && row.blocked === 1) return []
    const on = (row.result === 'ringing' || row.result === 'in_progress') && row.at > now - longestCall
    const mine = row.direction === 'out' && row.author_id !== null && (me === null || row.author_id === me)
    const wantsOutcome = mine && row.at >= today && row.outcome === null && row.result !== 'cancelled'
    const unseen = row.result !== 'failed' || (row.ended_at ?? row.at) > now - problemShownFor
    if (!on && !(wantsOutcome && unseen)) return []
    return [
      {
        interactionId: row.interaction_id,
        personId: row.person_id,
        name: row.name,
        number: displayPhone(row.direction === 'in' ? row.from_number : row.to_number, business.country),
        direction: row.direction === 'in' ? ('in' as const) : ('out' as const),
        result: on ? (row.result as 'ringing' | 'in_progress') : ('ended' as const),
        startedAt: row.at,
        answeredAt: row.answered_at,
        endedAt: row.ended_at,
        note: row.note ?? '',
        problem: row.problem,
      },
    ]
  })
  return { calls }
}

// More than anybody dials in a day: calls that nobody gave an outcome pile up for years, and the newest decide.
const mostWithoutOutcome = 2000

/** @param since when the oldest of them may have begun */
export const openCallsQuery = (store: ReadStore, since: number) =>
  store.db
    .selectFrom('call')
    .innerJoin('interaction', 'interaction.id', 'call.interaction_id')
    .innerJoin('person', 'person.id', 'interaction.person_id')
    .select(['call.interaction_id', 'call.from_number', 'call.to_number', 'call.result', 'call.outcome', 'call.note'])
    .select(['call.answered_at', 'call.ended_at', 'interaction.person_id', 'interaction.direction', 'interaction.at'])
    .select(['interaction.author_id', 'interaction.problem', 'interaction.blocked', 'person.name'])
    .where(
      'call.interaction_id',
      'in',
      sql<number>`(select interaction_id from call where ${callUnderWay} union select interaction_id from (
        select interaction_id from call where outcome is null order by interaction_id desc limit ${mostWithoutOutcome}
      ) as newest)`,
    )
    .where('interaction.at', '>=', since)
    .where('call.manual', '=', 0)
    .orderBy('interaction.at', 'desc')
    .orderBy('interaction.id', 'desc')
