import {
  type Compilable,
  type CompiledQuery,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { BugError } from '../../lib/assert.ts'
import type { Database } from '../schema.ts'
import type { ReadStore, WriteStore } from '../store.ts'

/** Stands in a query for a value that comes with each call. Bound, never written into the SQL. */
class Slot {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

// Only writes SQL: a query that is run on it answers nothing.
const writer = new Kysely<Database>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

/**
 * A query that is built and compiled once and then run with other values: what Kysely does for each query takes longer
 * than most of ours run. For those on the way of every message; elsewhere the plain way reads better.
 *
 * `is null` and `= value` are different SQL, so a value must not be null where the query compares with it.
 *
 * @param build the query; `value('name')` wherever a value of the call belongs
 * @returns what runs it and answers its rows
 */
export function keptQuery<V extends object, R>(
  build: (db: Kysely<Database>, value: <K extends keyof V & string>(name: K) => V[K]) => Compilable<R>,
): (store: ReadStore | WriteStore, values: V) => Promise<R[]> {
  const { sql, parameters, query, queryId } = build(writer, (name) => new Slot(name) as never).compile()
  if (!parameters.some((it) => it instanceof Slot)) throw new BugError(`a kept query without a value: ${sql}`)
  return async (store, values) => {
    const given = values as Readonly<Record<string, unknown>>
    const bound = parameters.map((it) => (it instanceof Slot ? given[it.name] : it))
    const filled: CompiledQuery<R> = { sql, parameters: bound, query, queryId }
    const { rows } = 'run' in store ? await store.run(filled) : await store.db.getExecutor().executeQuery<R>(filled)
    return rows
  }
}
