import {
  type Compilable,
  type CompiledQuery,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Database } from '../schema.ts'
import type { ReadStore, WriteStore } from '../store.ts'

/** Stands in a query for a value that comes with each call. Bound, never written into the SQL. */
class Slot {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/**
 * SQLite thinks a plan over after every call in which a bound value could make another one better, and to prepare it
 * anew takes two to ten times as long as to run it: for each number that is compared with (it could be 0 or 1), each
 * limit, each condition that a partial index has. So what is the same in every call is written into the SQL, and the
 * sign, which changes no value of any type, keeps SQLite from looking at the others.
 */
class KeptCompiler extends SqliteQueryCompiler {
  protected override appendValue(value: unknown): void {
    if (value instanceof Slot) super.appendValue(value)
    else this.appendImmediateValue(value)
  }

  protected override getCurrentParameterPlaceholder(): string {
    return '+?'
  }
}

// Only writes SQL: a query that is run on it answers nothing.
const writer = new Kysely<Database>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new KeptCompiler(),
  },
})

/**
 * A query that is built and compiled once and then run with other values: what Kysely does for each query takes longer
 * than most of ours run. For those on the way of every message; elsewhere the plain way reads better. Values without a
 * slot are part of the SQL.
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
  const names = (parameters as readonly Slot[]).map((it) => it.name)
  return async (store, values) => {
    const given = values as Readonly<Record<string, unknown>>
    const filled: CompiledQuery<R> = { sql, parameters: names.map((name) => given[name]), query, queryId }
    const { rows } = 'run' in store ? await store.run(filled) : await store.db.getExecutor().executeQuery<R>(filled)
    return rows
  }
}
