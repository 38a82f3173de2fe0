import { looksLikeMachine } from '../../channels/email/classify-robot.ts'
import { hour } from '../../lib/durations.ts'
import { lineType } from '../../lib/line-type.ts'
import { keptQuery } from '../../store/queries/kept-query.ts'
import type { ReadStore } from '../../store/store.ts'
import { type Reach, refusalOf } from '../refusal.ts'
import { type Asked, freshMs, slotOf } from './asked.ts'
import { readFirstAnswer } from './settings.ts'

/** Why nothing is sent: in words for the timeline, or null when there is nothing to tell. */
export type WhyNot = { readonly words: string | null }

/** What the message model takes for nobody who waits for an answer. */
const notMeant: ReadonlySet<string | null> = new Set(['spam', 'newsletter', 'vendor_pitch'])

/** What speaks against an answer by itself, now and again when it is about to leave. */
export async function whyNot(store: ReadStore, asked: Asked, now: number): Promise<WhyNot | null> {
  if (asked.blocked === 1) return { words: 'somebody blocked them' }
  if (asked.status !== 'open') return { words: 'the lead was closed before' }
  if (asked.origin === 'outbound') return { words: null }
  if (await humanSince(store, asked)) return { words: 'somebody was faster' }
  if (now - asked.at > freshMs) return { words: 'it came in too late for that' }
  if (notMeant.has(asked.intent)) return { words: 'it reads like advertising' }
  return null
}

/** What a message that waits is told when its time comes; null when it may leave. */
export async function refusalOfAutomatic(store: ReadStore, asked: Asked, now: number): Promise<WhyNot | null> {
  const { settings, state } = await readFirstAnswer(store)
  const slot = slotOf(asked)
  if (state.pausedAt !== null || slot === null || !settings.slots[slot].on) return { words: 'they were switched off' }
  return whyNot(store, asked, now)
}

/** What speaks against writing to this address or number by itself, beyond what forbids it to people. */
export async function refusalOfHandle(
  store: ReadStore,
  asked: Asked,
  reach: Exclude<Reach, 'call'>,
  value: string,
): Promise<WhyNot | null> {
  if (reach === 'email' && looksLikeMachine(value)) return { words: null }
  const line = reach === 'sms' ? lineType(value) : null
  if (line === 'landline' || line === 'toll_free') return { words: 'a landline takes no texts' }
  const refusal = await refusalOf(store, reach, value, asked.person_id)
  return refusal === null ? null : { words: refusal.charAt(0).toLowerCase() + refusal.slice(1) }
}

/** Whether they got something by itself lately, from us or from a mail program of ours. */
export const answeredLately = async (store: ReadStore, personId: number, since: number): Promise<boolean> =>
  (await automaticSince(store, { personId, since })).length > 0

const automaticSince = keptQuery<{ personId: number; since: number }, { readonly id: number }>((db, value) =>
  db
    .selectFrom('interaction')
    .select('id')
    .where('person_id', '=', value('personId'))
    // Written out: SQLite takes the partial index only for what it can read.
    .where((it) => it('automatic', '=', it.lit(1)))
    .where('at', '>', value('since'))
    .where('direction', '=', 'out')
    .where('delivery', 'not in', ['cancelled', 'failed'])
    .limit(1),
)

/** To how many people something went by itself in the last hour. */
export const answeredInHour = async (store: ReadStore, now: number): Promise<number> =>
  (await peopleSince(store, { since: now - hour }))[0]?.people ?? 0

const peopleSince = keptQuery<{ since: number }, { readonly people: number }>((db, value) =>
  db
    .selectFrom('job')
    .select((it) => it.fn.count<number>('person_id').distinct().as('people'))
    .where('answers_id', 'is not', null)
    .where('created_at', '>', value('since'))
    .where('state', '!=', 'cancelled'),
)

/** Somebody of us wrote, is writing (it waits to be taken back), called, or took a call of theirs. */
const humanSince = async (store: ReadStore, { person_id, at, id }: Asked): Promise<boolean> =>
  (await humansSince(store, { personId: person_id, at, id })).length > 0

type Since = { personId: number; at: number; id: number }

const humansSince = keptQuery<Since, { readonly id: number }>((db, value) =>
  db
    .selectFrom('interaction')
    .leftJoin('call', 'call.interaction_id', 'interaction.id')
    .select('interaction.id')
    .where('person_id', '=', value('personId'))
    .where('at', '>=', value('at'))
    .where('interaction.id', '!=', value('id'))
    .where('automatic', '=', 0)
    .where((it) =>
      it.or([
        it.and([it('direction', '=', 'out'), it('delivery', 'not in', ['cancelled', 'failed'])]),
        it.and([it('direction', '=', 'in'), it('call.result', 'in', ['answered', 'in_progress'])]),
      ]),
    )
    .limit(1),
)
