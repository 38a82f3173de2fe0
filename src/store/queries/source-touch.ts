import type { ReadStore, WriteStore } from '../store.ts'
import { insertRow } from './insert-row.ts'

export type NewTouch = {
  readonly personId: number
  readonly leadId: number | null
  readonly interactionId: number | null
  readonly at: number
  /** Never empty: at the least the name of the channel. */
  readonly source: string
  /** utm_*, click ids, landing page, referrer, as they came. */
  readonly detail: Readonly<Record<string, string>>
  /** What a member logged by hand. */
  readonly byHand?: string | null
  readonly referrerId?: number | null
}

/** Writes down where somebody came from this time. What was written before is never changed. Answers its id. */
export function recordTouch(tx: WriteStore, touch: NewTouch): Promise<number> {
  return insertRow(tx, 'source_touch', {
    person_id: touch.personId,
    lead_id: touch.leadId,
    interaction_id: touch.interactionId,
    at: touch.at,
    source: touch.source,
    detail: JSON.stringify(touch.detail),
    by_hand: touch.byHand ?? null,
    referrer_id: touch.referrerId ?? null,
  })
}

/** Where a person came from at first and where they came from last; the same when they came once. */
export async function touchEnds(store: ReadStore, personId: number) {
  const first = await touchesOf(store, personId).orderBy('at').orderBy('id').limit(1).executeTakeFirst()
  const last = await touchesOf(store, personId).orderBy('at', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return { first: first ?? null, last: last ?? null }
}

const touchesOf = (store: ReadStore, personId: number) =>
  store.db.selectFrom('source_touch').select(['at', 'source', 'detail']).where('person_id', '=', personId)
