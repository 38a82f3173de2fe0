import { type LineType, lineTold, lineType } from '../../lib/line-type.ts'
import type { FieldOrigin } from '../schema.ts'
import type { ReadStore } from '../store.ts'
import { bestOf, type FieldName, fieldRowsQuery, toldLines } from './person-fields.ts'

/** One thing that is known of a person. */
export type Fact<T> = {
  readonly value: T
  /** As they wrote it, where that says more than the value: "by the end of March". */
  readonly words: string | null
  /** When they said it, ms UTC. A timeline counts from here. */
  readonly at: number
  readonly origin: FieldOrigin
  /** 0 to 100 */
  readonly confidence: number
}

/** What scoring, routing and the composer may want to know of a person, the best value of each. */
export type PersonFacts = {
  readonly title: Fact<string> | null
  readonly company: Fact<string> | null
  readonly website: Fact<string> | null
  readonly address: Fact<string> | null
  readonly postcode: Fact<string> | null
  readonly industry: Fact<string> | null
  readonly location: Fact<string> | null
  readonly employees: Fact<number> | null
  /** Whole currency units. */
  readonly budget: Fact<number> | null
  /** Within how many days of `at` they want to start. */
  readonly timelineDays: Fact<number> | null
  /** The kind of line of each of their numbers, most recently used first. */
  readonly lines: readonly { readonly number: string; readonly type: LineType }[]
}

/**
 * The facts of a person by what was entered, read in their mail, filled into forms and answered by providers. A company
 * or title that the person row has from elsewhere (their domain, a list) is not among them: read the row for those.
 */
export async function readFacts(store: ReadStore, personId: number): Promise<PersonFacts> {
  const rows = await fieldRowsQuery(store, personId).execute()
  const numbers = await store.db
    .selectFrom('handle')
    .select('value')
    .where('person_id', '=', personId)
    .where('kind', '=', 'phone')
    .orderBy('last_used_at', 'desc')
    .orderBy('id')
    .execute()
  const fact = (field: FieldName): Fact<string> | null => {
    const best = bestOf(rows.filter((it) => it.field === field))
    if (!best || best.value === '') return null
    const { value, words, at, origin, confidence } = best
    return { value, words, at, origin, confidence }
  }
  const amount = (field: FieldName): Fact<number> | null => {
    const it = fact(field)
    const value = it === null ? Number.NaN : Number(it.value)
    return it === null || !Number.isFinite(value) ? null : { ...it, value }
  }
  const told = toldLines(rows)
  return {
    title: fact('title'),
    company: fact('company'),
    website: fact('website'),
    address: fact('address'),
    postcode: fact('postcode'),
    industry: fact('industry'),
    location: fact('location'),
    employees: amount('employees'),
    budget: amount('budget'),
    timelineDays: amount('timeline'),
    lines: numbers.flatMap(({ value }) => {
      const type = lineTold(value, told) ?? lineType(value)
      return type === null ? [] : [{ number: value, type }]
    }),
  }
}
