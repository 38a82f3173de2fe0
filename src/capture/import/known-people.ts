import type { ReadStore } from '../../store/store.ts'
import { type HandleKey, kindIn, valueIn } from '../batch.ts'
import type { Candidate } from './candidate.ts'
import type { Known } from './judge.ts'

// Far below the most that a statement may have.
const perQuery = 500

/** Everybody in Deskbell whom these rows may be about, by address and number. */
export async function knownPeople(store: ReadStore, candidates: readonly Candidate[]): Promise<Map<HandleKey, Known>> {
  const found = new Map<HandleKey, Known>()
  const byId = new Map<number, Known>()
  const keys = [...new Set(candidates.flatMap((it) => it.keys))]
  for (const kind of ['email', 'phone'] as const) {
    for (const values of chunks(keys.filter((key) => kindIn(key) === kind).map(valueIn))) {
      const rows = await store.db
        .selectFrom('handle')
        .innerJoin('person', 'person.id', 'handle.person_id')
        .select(['value', 'person.id', 'name', 'name_rank', 'company', 'title'])
        .where('kind', '=', kind)
        .where('value', 'in', values)
        .execute()
      for (const { value, ...person } of rows) {
        const known = byId.get(person.id) ?? asKnown(person)
        byId.set(person.id, known)
        found.set(`${kind}:${value}`, known)
      }
    }
  }
  for (const ids of chunks([...byId.keys()])) await addHistory(store, ids, byId, candidates)
  return found
}

type Row = {
  readonly id: number
  readonly name: string
  readonly name_rank: number
  readonly company: string | null
  readonly title: string | null
}

const asKnown = ({ id, name, name_rank, company, title }: Row): Known => ({
  id,
  name,
  nameRank: name_rank,
  company,
  title,
  hasOpenLead: false,
  hadLead: false,
  sources: new Set(),
  notes: new Set(),
})

async function addHistory(
  { db }: ReadStore,
  ids: readonly number[],
  byId: ReadonlyMap<number, Known>,
  candidates: readonly Candidate[],
): Promise<void> {
  const leads = await db.selectFrom('lead').select(['person_id', 'status']).where('person_id', 'in', ids).execute()
  for (const { person_id, status } of leads) {
    const known = byId.get(person_id)
    if (!known) continue
    known.hadLead = true
    known.hasOpenLead ||= status === 'open'
  }
  const touches = await db
    .selectFrom('source_touch')
    .select(['person_id', 'source'])
    .where('person_id', 'in', ids)
    .execute()
  for (const { person_id, source } of touches) byId.get(person_id)?.sources.add(source)
  if (!candidates.some((it) => it.note !== null)) return
  const notes = await db
    .selectFrom('interaction')
    .select(['person_id', 'text'])
    .where('person_id', 'in', ids)
    .where('channel', '=', 'note')
    .execute()
  for (const { person_id, text } of notes) byId.get(person_id)?.notes.add(text)
}

function* chunks<T>(values: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < values.length; from += perQuery) yield values.slice(from, from + perQuery)
}
