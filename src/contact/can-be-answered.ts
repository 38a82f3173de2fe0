import type { ReadStore } from '../store/store.ts'

/** False when we know ways to a person and every one of them is refused or wrong. */
export async function canBeAnswered(store: ReadStore, personId: number): Promise<boolean> {
  const handles = await store.db
    .selectFrom('handle')
    .select(['valid', 'opted_out_at'])
    .where('person_id', '=', personId)
    .execute()
  return handles.length === 0 || handles.some((it) => it.valid === 1 && it.opted_out_at === null)
}

/** The open leads of a person with clocks that run, or that stand still because nobody could answer. */
export async function leadsToSettle(store: ReadStore, personId: number, answerable: boolean): Promise<number[]> {
  const rows = await store.db
    .selectFrom('clock')
    .innerJoin('lead', 'lead.id', 'clock.lead_id')
    .select('lead.id')
    .distinct()
    .where('lead.person_id', '=', personId)
    .where('lead.status', '=', 'open')
    .where('clock.state', '=', 'running')
    .where((it) => (answerable ? it('clock.pause_reason', '=', 'opted_out') : it('clock.paused_at', 'is', null)))
    .execute()
  return rows.map((it) => it.id)
}
