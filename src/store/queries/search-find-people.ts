import { sql } from 'kysely'
import type { HandleKind } from '../../people/contract.ts'
import type { ReadStore } from '../store.ts'
import { exactly, matchAll, type SearchWords } from './search-words.ts'

export type FoundHandle = {
  readonly id: number
  readonly kind: HandleKind
  readonly value: string
  readonly label: string | null
  readonly valid: 0 | 1
  readonly optedOutAt: number | null
  readonly consent: 'none' | 'implied' | 'given'
}
export type FoundPerson = {
  readonly personId: number
  readonly name: string
  readonly company: string | null
  readonly handles: readonly FoundHandle[]
}

// Of more namesakes than this the newest are looked at.
const candidates = 300

/** People by name, company, address or number; those who were active last come first. An empty text finds the newest. */
export async function findPeople(store: ReadStore, words: SearchWords, limit: number): Promise<FoundPerson[]> {
  if (words.address) {
    const exact = await byHandle(store, words.address)
    if (exact.length > 0) return withHandles(store, exact)
  }
  if (words.digits) {
    const exact = await matching(store, `handles : ${matchAll([exactly(words.digits)])}`, limit)
    if (exact.length > 0) return withHandles(store, exact)
    return withHandles(
      store,
      await matching(store, `handles : ${matchAll([{ words: [words.digits], begins: true }])}`, limit),
    )
  }
  if (words.terms.length === 0) return withHandles(store, await newest(store, limit))
  return withHandles(store, await matching(store, matchAll(words.terms), limit))
}

type Person = Omit<FoundPerson, 'handles'>

async function byHandle(store: ReadStore, address: string): Promise<Person[]> {
  return store.db
    .selectFrom('handle')
    .innerJoin('person', 'person.id', 'handle.person_id')
    .select(['person.id as personId', 'person.name', 'person.company'])
    .where('handle.kind', '=', 'email')
    .where('handle.value', '=', address)
    .execute()
}

async function matching(store: ReadStore, match: string, limit: number): Promise<Person[]> {
  const { rows } = await sql<Person>`
    with found as materialized (
      select rowid as id from person_search where person_search match ${match} order by rowid desc limit ${candidates}
    )
    select person.id as "personId", person.name, person.company
    from found join person on person.id = found.id
    order by coalesce((select max(last_at) from lead where lead.person_id = person.id), person.created_at) desc, person.id desc
    limit ${limit}`.execute(store.db)
  return rows
}

async function newest(store: ReadStore, limit: number): Promise<Person[]> {
  return store.db
    .selectFrom('person')
    .select(['id as personId', 'name', 'company'])
    .where('merged_into', 'is', null)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

async function withHandles(store: ReadStore, people: readonly Person[]): Promise<FoundPerson[]> {
  const ids = JSON.stringify(people.map((it) => it.personId))
  const { rows } = await sql<FoundHandle & { readonly personId: number }>`
    select id, person_id as "personId", kind, value, label, valid, opted_out_at as "optedOutAt", consent from handle
    where person_id in (select value from json_each(${ids})) order by last_used_at desc, id`.execute(store.db)
  return people.map((person) => ({
    ...person,
    handles: rows.filter((it) => it.personId === person.personId).map(({ personId: _, ...handle }) => handle),
  }))
}
