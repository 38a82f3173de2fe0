import { CompiledQuery, type Insertable } from 'kysely'
import { must } from '../../lib/assert.ts'
import type { Database } from '../schema.ts'
import type { WriteStore } from '../store.ts'

type TableWithId = {
  [T in keyof Database]: Database[T] extends { id: unknown } ? T : never
}[keyof Database]

/**
 * Adds one row without building a query: for the statements that run for each of a hundred thousand mails, where Kysely
 * takes longer to write the SQL than the database to run it. Checked against the schema like every other insert.
 *
 * Always give the columns of a table in the same order: the statement is kept by its text.
 * @returns the id of the row
 */
export async function insertRow<T extends TableWithId>(
  { run }: WriteStore,
  table: T,
  row: Insertable<Database[T]>,
): Promise<number> {
  const sql = `${insertInto(table, row)} returning id`
  const { rows } = await run(compiled<{ readonly id: number }>(sql, row))
  return must(rows[0], `the new row of ${table}`).id
}

/** The same for tables whose key is given. */
export async function insertKeyedRow<T extends Exclude<keyof Database, TableWithId>>(
  { run }: WriteStore,
  table: T,
  row: Insertable<Database[T]>,
): Promise<void> {
  await run(compiled(insertInto(table, row), row))
}

const compiled = <R>(sql: string, row: object) => CompiledQuery.raw(sql, Object.values(row)) as CompiledQuery<R>

// Names come from the types of the schema, never from outside; values are bound.
function insertInto(table: string, row: object): string {
  const columns = Object.keys(row)
  return `insert into "${table}" ("${columns.join('", "')}") values (${columns.map(() => '?').join(', ')})`
}
