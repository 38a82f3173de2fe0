import type { HandleKind } from '../../people/contract.ts'
import type { ReadStore } from '../store.ts'

/** Whose address or number this is. */
export async function personByHandle(
  store: ReadStore,
  kind: HandleKind,
  value: string,
): Promise<{ readonly personId: number; readonly handleId: number; readonly name: string } | null> {
  const row = await personByHandleQuery(store, kind, value).executeTakeFirst()
  return row ?? null
}

export const personByHandleQuery = (store: ReadStore, kind: HandleKind, value: string) =>
  store.db
    .selectFrom('handle')
    .innerJoin('person', 'person.id', 'handle.person_id')
    .select(['handle.person_id as personId', 'handle.id as handleId', 'person.name as name'])
    .where('handle.kind', '=', kind)
    .where('handle.value', '=', value)

export const personById = (store: ReadStore, personId: number) =>
  store.db.selectFrom('person').selectAll().where('id', '=', personId).executeTakeFirst()

/** What a member put first, then used last first: that is where to answer. */
export const handlesOf = (store: ReadStore, personId: number) =>
  store.db
    .selectFrom('handle')
    .leftJoin('member as refuser', 'refuser.id', 'handle.opted_out_by')
    .leftJoin('member as doubter', 'doubter.id', 'handle.wrong_by')
    .leftJoin('member as blocker', 'blocker.id', 'handle.blocked_by')
    .select(['handle.id', 'kind', 'value', 'label', 'valid', 'opted_out_at as optedOutAt', 'consent'])
    .select(['opted_out_how as optedOutHow', 'refuser.name as optedOutBy', 'wrong_at as wrongAt'])
    .select(['doubter.name as wrongBy', 'first_at as firstAt', 'blocked_at as blockedAt', 'blocker.name as blockedBy'])
    .select('blocked_came as blockedCame')
    .where('person_id', '=', personId)
    .orderBy((it) => it.fn.coalesce('first_at', it.lit(0)), 'desc')
    .orderBy('last_used_at', 'desc')
    .orderBy('handle.id')
    .execute()

/** What the card says of a lead beside its row. */
export const leadDetails = (store: ReadStore, leadId: number) =>
  store.db
    .selectFrom('lead')
    .select(['stage', 'source', 'source_detail', 'owner_reason', 'opened_at'])
    .where('id', '=', leadId)
    .executeTakeFirst()

/** Of each kind the one that counts now: a lead that came back, or lost its owner, has had others before. */
export const clocksOf = (store: ReadStore, leadId: number) =>
  store.db
    .selectFrom('clock')
    .select([
      'kind',
      'started_at as startedAt',
      'target_ms as targetMs',
      'due_at as dueAt',
      'state',
      'stopped_at as stoppedAt',
    ])
    .where('id', 'in', (it) =>
      it
        .selectFrom('clock as same')
        .select(({ fn }) => fn.max('same.id').as('id'))
        .where('same.lead_id', '=', leadId)
        .groupBy('same.kind'),
    )
    .orderBy('started_at')
    .orderBy('id')
    .execute()

/** The last thing they did, which is what the next step answers. */
export const lastFromThem = (store: ReadStore, leadId: number) =>
  store.db
    .selectFrom('interaction')
    .leftJoin('call', 'call.interaction_id', 'interaction.id')
    .select(['interaction.channel', 'call.result'])
    .where('interaction.lead_id', '=', leadId)
    .where('interaction.direction', '=', 'in')
    .orderBy('interaction.at', 'desc')
    .orderBy('interaction.id', 'desc')
    .limit(1)
    .executeTakeFirst()

/** Their last visit to the chat of the website. */
export const chatOf = (store: ReadStore, personId: number) => chatOfQuery(store, personId).executeTakeFirst()

export const chatOfQuery = (store: ReadStore, personId: number) =>
  store.db
    .selectFrom('handle')
    .innerJoin('chat_visitor', 'chat_visitor.visitor', 'handle.value')
    .select(['handle.id as handleId', 'left_at as leftAt', 'page'])
    .where('handle.person_id', '=', personId)
    .where('handle.kind', '=', 'chat')
    .orderBy('seen_at', 'desc')
    .limit(1)
