import { sql } from 'kysely'
import type { ChannelKind, LeadStatus } from '../../inbox/contract.ts'
import { minute } from '../../lib/durations.ts'
import { keptQuery } from '../../store/queries/kept-query.ts'
import type { ReadStore } from '../../store/store.ts'
import type { AnswerSlot } from './contract.ts'

/**
 * Older than this a first answer is none: "we have your message" hours later says that nobody looked. It is also how
 * long a text may follow a text of theirs at any time of day.
 */
export const freshMs = 15 * minute

/** What is to be answered. */
export type Asked = {
  readonly id: number
  readonly person_id: number
  readonly lead_id: number | null
  readonly channel: ChannelKind
  readonly at: number
  readonly handle: string | null
  readonly robot: string | null
  readonly result: string | null
  readonly status: LeadStatus
  readonly owner_id: number | null
  readonly origin: 'inbound' | 'outbound'
  /** What the text model, or a person, says that they want; null while nobody read it. */
  readonly intent: string | null
  /** An address that works, the one used last; null when there is none. */
  readonly email: string | null
  readonly phone: string | null
  /** Somebody blocked where it came from meanwhile. */
  readonly blocked: 0 | 1
}

export const askedById = async (store: ReadStore, interactionId: number): Promise<Asked | undefined> =>
  (await byId(store, { interactionId }))[0]

/** What a lead was opened by: the first thing of theirs that came. */
export const openerOf = async (store: ReadStore, leadId: number): Promise<Asked | undefined> =>
  (await byLead(store, { leadId }))[0]

const byId = keptQuery<{ interactionId: number }, Asked>((db, value) =>
  asked(db).where('interaction.id', '=', value('interactionId')),
)
const byLead = keptQuery<{ leadId: number }, Asked>((db, value) =>
  asked(db)
    .where('interaction.lead_id', '=', value('leadId'))
    .where('interaction.direction', '=', 'in')
    .orderBy('interaction.at')
    .orderBy('interaction.id')
    .limit(1),
)

function asked(db: ReadStore['db']) {
  const handle = (kind: 'email' | 'phone') =>
    sql<string | null>`(select value from handle where handle.person_id = interaction.person_id
      and kind = ${sql.lit(kind)} and valid = 1 order by last_used_at desc, handle.id desc limit 1)`
  return db
    .selectFrom('interaction')
    .innerJoin('lead', 'lead.id', 'interaction.lead_id')
    .leftJoin('mail', 'mail.interaction_id', 'interaction.id')
    .leftJoin('call', 'call.interaction_id', 'interaction.id')
    .leftJoin('message_insight', 'message_insight.interaction_id', 'interaction.id')
    .leftJoin('intent_example', 'intent_example.interaction_id', 'interaction.id')
    .select(['interaction.id', 'interaction.person_id', 'interaction.lead_id', 'interaction.channel'])
    .select(['interaction.at', 'interaction.handle', 'mail.robot', 'call.result'])
    .select(['lead.status', 'lead.owner_id', 'lead.origin'])
    .select(sql<string | null>`coalesce(intent_example.intent, message_insight.intent)`.as('intent'))
    .select([handle('email').as('email'), handle('phone').as('phone')])
    .select(
      sql<0 | 1>`exists (select 1 from handle where handle.person_id = interaction.person_id
        and handle.value = interaction.handle and handle.blocked_at is not null)`.as('blocked'),
    )
}

/** How something is answered: by which wording. Null for what is never answered by itself. */
export function slotOf({ channel, robot, result, email }: Asked): AnswerSlot | null {
  switch (channel) {
    case 'email':
      return robot === null ? 'email' : null
    case 'form':
      return email === null ? 'formText' : 'form'
    case 'call':
      return result === 'missed' || result === 'voicemail' ? 'call' : null
    case 'sms':
    case 'whatsapp':
    case 'chat':
      return channel
    default:
      // Written down by hand.
      return null
  }
}

/** Where they came from; of a form what it says. Null for who hides it. */
export function addressFor(asked: Asked, slot: AnswerSlot): string | null {
  if (slot === 'form') return asked.email
  return slot === 'formText' ? asked.phone : asked.handle
}
