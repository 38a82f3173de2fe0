import { sql } from 'kysely'
import { minute } from '../../lib/durations.ts'
import type { ReadStore } from '../../store/store.ts'
import type { AnswerSlot } from './contract.ts'

/**
 * Older than this a first answer is none: "we have your message" hours later says that nobody looked. It is also how
 * long a text may follow a text of theirs at any time of day.
 */
export const freshMs = 15 * minute

/** What is to be answered. */
export type Asked = NonNullable<Awaited<ReturnType<typeof askedById>>>

export const askedById = (store: ReadStore, interactionId: number) =>
  askedQuery(store).where('interaction.id', '=', interactionId).executeTakeFirst()

/** What a lead was opened by: the first thing of theirs that came. */
export const openerOf = (store: ReadStore, leadId: number) =>
  askedQuery(store)
    .where('interaction.lead_id', '=', leadId)
    .where('interaction.direction', '=', 'in')
    .orderBy('interaction.at')
    .orderBy('interaction.id')
    .limit(1)
    .executeTakeFirst()

const askedQuery = (store: ReadStore) =>
  store.db
    .selectFrom('interaction')
    .innerJoin('lead', 'lead.id', 'interaction.lead_id')
    .leftJoin('mail', 'mail.interaction_id', 'interaction.id')
    .leftJoin('call', 'call.interaction_id', 'interaction.id')
    .leftJoin('message_insight', 'message_insight.interaction_id', 'interaction.id')
    .leftJoin('intent_example', 'intent_example.interaction_id', 'interaction.id')
    .select([
      'interaction.id',
      'interaction.person_id',
      'interaction.lead_id',
      'interaction.account_id',
      'interaction.channel',
      'interaction.at',
      'interaction.handle',
      'mail.robot',
      'call.result',
      'lead.status',
      'lead.owner_id',
      'lead.origin',
    ])
    .select(sql<string | null>`coalesce(intent_example.intent, message_insight.intent)`.as('intent'))

/** How something is answered: by which wording. Null for what is never answered by itself. */
export async function slotOf(store: ReadStore, asked: Asked): Promise<AnswerSlot | null> {
  switch (asked.channel) {
    case 'email':
      return asked.robot === null ? 'email' : null
    case 'form': {
      const mail = await store.db
        .selectFrom('handle')
        .select('id')
        .where('person_id', '=', asked.person_id)
        .where('kind', '=', 'email')
        .where('valid', '=', 1)
        .executeTakeFirst()
      return mail ? 'form' : 'formText'
    }
    case 'call':
      return asked.result === 'missed' || asked.result === 'voicemail' ? 'call' : null
    case 'sms':
    case 'whatsapp':
    case 'chat':
      return asked.channel
    default:
      // Written down by hand.
      return null
  }
}
